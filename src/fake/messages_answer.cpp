// Anthropic's Messages, as one body and as events.

#include "said.hpp"
#include "written.hpp"

namespace headgate::fake {
namespace {

std::string_view stop_word(Finish finish) {
  switch (finish) {
    case Finish::stop:
      return "end_turn";
    case Finish::length:
      return "max_tokens";
    case Finish::content_filter:
    case Finish::refusal:
      return "refusal";
    case Finish::tool_calls:
      return "tool_use";
    case Finish::unknown:
      break;
  }
  return "something_new";
}

bool has_text(const Said& said) {
  return said.behaviour->finish != Finish::content_filter && said.behaviour->tools.empty();
}

std::string input_usage(const Tokens& usage) {
  return joined({R"("input_tokens":)", usage.fresh, R"(,"cache_creation_input_tokens":0,"cache_read_input_tokens":)",
                 usage.cached});
}

std::string tool_block(const Said& said, std::size_t index, std::string_view input) {
  return joined({R"({"type":"tool_use","id":"toolu_)", said.id, "_", std::to_string(index), R"(","name":)",
                 quoted(said.behaviour->tools[index].name), R"(,"input":)", input, "}"});
}

std::string head(const Said& said) {
  return joined(
      {R"({"id":"msg_)", said.id, R"(","type":"message","role":"assistant","model":)", quoted(said.question->model)});
}

class Events {
 public:
  explicit Events(const Said& said) : said_(said) {}

  std::vector<Event> all() {
    start();
    if (has_text(said_)) text();
    for (std::size_t i = 0; i < said_.behaviour->tools.size(); ++i) tool(i);
    std::string end =
        joined({R"("delta":{"stop_reason":")", stop_word(said_.behaviour->finish), R"(","stop_sequence":null})"});
    if (said_.usage.null) end += R"(,"usage":null)";
    if (!said_.usage.absent() && !said_.usage.null)
      end += joined({R"(,"usage":{"output_tokens":)", said_.usage.output, "}"});
    add("message_delta", end);
    if (said_.behaviour->stream.done) out_.push_back({"message_stop", R"({"type":"message_stop"})"});
    return std::move(out_);
  }

 private:
  void add(std::string name, std::string_view members) {
    std::string data = joined({R"({"type":")", name, R"(",)", members, "}"});
    out_.push_back({std::move(name), std::move(data)});
  }

  void start() {
    std::string message =
        joined({R"("message":)", head(said_), R"(,"content":[],"stop_reason":null,"stop_sequence":null)"});
    if (said_.usage.null) message += R"(,"usage":null)";
    if (!said_.usage.absent() && !said_.usage.null) {
      message += joined({R"(,"usage":{)", input_usage(said_.usage), R"(,"output_tokens":1})"});
    }
    add("message_start", message + "}");
    out_.push_back({"ping", R"({"type":"ping"})"});
  }

  void block(std::string_view begun) {
    add("content_block_start", joined({R"("index":)", std::to_string(index_), R"(,"content_block":)", begun}));
  }
  void delta(std::string_view delta) {
    add("content_block_delta", joined({R"("index":)", std::to_string(index_), R"(,"delta":)", delta}));
  }
  void stop() { add("content_block_stop", joined({R"("index":)", std::to_string(index_++)})); }

  void text() {
    const Behaviour& how = *said_.behaviour;
    block(R"({"type":"text","text":""})");
    bool first = true;
    for (const std::string_view piece : pieces(said_.text, how.stream.piece)) {
      delta(joined({R"({"type":"text_delta","text":")", json_inside(piece, first ? how.garble : Garble::none), "\"}"}));
      first = false;
    }
    stop();
  }

  void tool(std::size_t i) {
    block(tool_block(said_, i, "{}"));
    for (const std::string_view piece : pieces(said_.behaviour->tools[i].arguments, said_.behaviour->stream.piece)) {
      delta(joined({R"({"type":"input_json_delta","partial_json":)", quoted(piece), "}"}));
    }
    stop();
  }

  const Said& said_;
  std::vector<Event> out_;
  std::size_t index_ = 0;
};

}  // namespace

std::string messages_body(const Said& said) {
  std::string content;
  if (has_text(said)) {
    content = joined({R"({"type":"text","text":")", json_inside(said.text, said.behaviour->garble), "\"}"});
  }
  for (std::size_t i = 0; i < said.behaviour->tools.size(); ++i) {
    content += joined({content.empty() ? "" : ",", tool_block(said, i, said.behaviour->tools[i].arguments)});
  }
  std::string out = joined({head(said), R"(,"content":[)", content, R"(],"stop_reason":")",
                            stop_word(said.behaviour->finish), R"(","stop_sequence":null)"});
  if (said.usage.null) out += R"(,"usage":null)";
  if (!said.usage.absent() && !said.usage.null) {
    out += joined({R"(,"usage":{)", input_usage(said.usage), R"(,"output_tokens":)", said.usage.output, "}"});
  }
  return out + "}";
}

std::vector<Event> messages_events(const Said& said) { return Events(said).all(); }

}  // namespace headgate::fake
