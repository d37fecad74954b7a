// The Responses API, as one body and as events.

#include "said.hpp"
#include "written.hpp"

namespace headgate::fake {
namespace {

bool is_incomplete(Finish finish) { return finish == Finish::length || finish == Finish::content_filter; }

std::string_view status_word(Finish finish) {
  if (finish == Finish::unknown) return "something_new";
  return is_incomplete(finish) ? "incomplete" : "completed";
}

std::string_view details(Finish finish) {
  if (finish == Finish::length) return R"({"reason":"max_output_tokens"})";
  if (finish == Finish::content_filter) return R"({"reason":"content_filter"})";
  return "null";
}

bool has_message(const Said& said) {
  return said.behaviour->finish != Finish::content_filter && said.behaviour->tools.empty();
}

bool is_refusal(const Said& said) { return said.behaviour->finish == Finish::refusal; }

std::string usage_value(const Tokens& usage) {
  if (usage.null || usage.absent()) return "null";
  return joined({R"({"input_tokens":)", usage.input, R"(,"input_tokens_details":{"cached_tokens":)", usage.cached,
                 R"(},"output_tokens":)", usage.output, R"(,"output_tokens_details":{"reasoning_tokens":)",
                 usage.reasoning, R"(},"total_tokens":)", usage.total, "}"});
}

std::string part(const Said& said, std::string_view inside) {
  if (is_refusal(said)) return joined({R"({"type":"refusal","refusal":")", inside, "\"}"});
  return joined({R"({"type":"output_text","text":")", inside, R"(","annotations":[]})"});
}

std::string message_item(const Said& said, std::string_view status, std::string_view content) {
  return joined({R"({"type":"message","id":"msg_)", said.id, R"(","status":")", status,
                 R"(","role":"assistant","content":[)", content, "]}"});
}

std::string call_item(const Said& said, std::size_t index, std::string_view status, std::string_view arguments) {
  const ToolUse& tool = said.behaviour->tools[index];
  const std::string number = std::to_string(index);
  return joined({R"({"type":"function_call","id":"fc_)", said.id, "_", number, R"(","call_id":"call_)", said.id, "_",
                 number, R"(","name":)", quoted(tool.name), R"(,"arguments":)", quoted(arguments), R"(,"status":")",
                 status, "\"}"});
}

std::string response(const Said& said, std::string_view status, std::string_view incomplete, std::string_view output,
                     std::string_view usage) {
  return joined({R"({"id":"resp_)", said.id, R"(","object":"response","created_at":)", fixed_time, R"(,"status":")",
                 status, R"(","error":null,"incomplete_details":)", incomplete, R"(,"model":)",
                 quoted(said.question->model), R"(,"output":[)", output, R"(],"parallel_tool_calls":true,"usage":)",
                 usage, "}"});
}

std::string reasoning_item(const Said& said) {
  return joined({R"({"type":"reasoning","id":"rs_)", said.id, R"(","summary":[]})"});
}

bool has_reasoning(const Said& said) { return said.behaviour->usage.reasoning > 0; }

std::string whole_output(const Said& said) {
  std::string out;
  const auto add = [&](const std::string& item) { out += (out.empty() ? "" : ",") + item; };
  if (has_reasoning(said)) add(reasoning_item(said));
  const std::string_view status = is_incomplete(said.behaviour->finish) ? "incomplete" : "completed";
  if (has_message(said)) add(message_item(said, status, part(said, json_inside(said.text, said.behaviour->garble))));
  for (std::size_t i = 0; i < said.behaviour->tools.size(); ++i) {
    add(call_item(said, i, "completed", said.behaviour->tools[i].arguments));
  }
  return out;
}

std::string whole_response(const Said& said) {
  const Finish finish = said.behaviour->finish;
  return response(said, status_word(finish), details(finish), whole_output(said), usage_value(said.usage));
}

class Events {
 public:
  explicit Events(const Said& said) : said_(said) {}

  std::vector<Event> all() {
    const std::string begun = response(said_, "in_progress", "null", "", "null");
    add("response.created", joined({R"("response":)", begun}));
    add("response.in_progress", joined({R"("response":)", begun}));
    if (has_reasoning(said_)) {
      add_item("response.output_item.added", reasoning_item(said_));
      add_item("response.output_item.done", reasoning_item(said_));
      ++index_;
    }
    if (has_message(said_)) message();
    for (std::size_t i = 0; i < said_.behaviour->tools.size(); ++i) call(i);
    if (said_.behaviour->stream.done) {
      const bool incomplete = is_incomplete(said_.behaviour->finish);
      add(incomplete ? "response.incomplete" : "response.completed", joined({R"("response":)", whole_response(said_)}));
    }
    return std::move(out_);
  }

 private:
  void add(std::string name, std::string_view members) {
    std::string data =
        joined({R"({"type":")", name, R"(","sequence_number":)", std::to_string(out_.size()), ",", members, "}"});
    out_.push_back({std::move(name), std::move(data)});
  }

  void add_item(std::string name, std::string_view item) {
    add(std::move(name), joined({R"("output_index":)", std::to_string(index_), R"(,"item":)", item}));
  }

  void message() {
    const Behaviour& how = *said_.behaviour;
    const std::string kind = is_refusal(said_) ? "refusal" : "output_text";
    const std::string at = joined(
        {R"("item_id":"msg_)", said_.id, R"(","output_index":)", std::to_string(index_), R"(,"content_index":0)"});
    const std::string inside = json_inside(said_.text, how.garble);
    add_item("response.output_item.added", message_item(said_, "in_progress", ""));
    add("response.content_part.added", joined({at, R"(,"part":)", part(said_, "")}));
    bool first = true;
    for (const std::string_view piece : pieces(said_.text, how.stream.piece)) {
      add("response." + kind + ".delta",
          joined({at, R"(,"delta":")", json_inside(piece, first ? how.garble : Garble::none), "\""}));
      first = false;
    }
    add("response." + kind + ".done",
        joined({at, is_refusal(said_) ? R"(,"refusal":")" : R"(,"text":")", inside, "\""}));
    add("response.content_part.done", joined({at, R"(,"part":)", part(said_, inside)}));
    add_item("response.output_item.done", message_item(said_, "completed", part(said_, inside)));
    ++index_;
  }

  void call(std::size_t i) {
    const std::string& arguments = said_.behaviour->tools[i].arguments;
    const std::string at =
        joined({R"("item_id":"fc_)", said_.id, "_", std::to_string(i), R"(","output_index":)", std::to_string(index_)});
    add_item("response.output_item.added", call_item(said_, i, "in_progress", ""));
    for (const std::string_view piece : pieces(arguments, said_.behaviour->stream.piece)) {
      add("response.function_call_arguments.delta", joined({at, R"(,"delta":)", quoted(piece)}));
    }
    add("response.function_call_arguments.done", joined({at, R"(,"arguments":)", quoted(arguments)}));
    add_item("response.output_item.done", call_item(said_, i, "completed", arguments));
    ++index_;
  }

  const Said& said_;
  std::vector<Event> out_;
  std::size_t index_ = 0;
};

}  // namespace

std::string responses_body(const Said& said) { return whole_response(said); }

std::vector<Event> responses_events(const Said& said) { return Events(said).all(); }

}  // namespace headgate::fake
