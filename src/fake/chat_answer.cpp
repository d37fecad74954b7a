// Chat Completions, as one body and as chunks.

#include "said.hpp"
#include "written.hpp"

namespace headgate::fake {
namespace {

std::string_view finish_word(Finish finish) {
  switch (finish) {
    case Finish::stop:
    case Finish::refusal:
      return "stop";
    case Finish::length:
      return "length";
    case Finish::content_filter:
      return "content_filter";
    case Finish::tool_calls:
      return "tool_calls";
    case Finish::unknown:
      break;
  }
  return "something_new";
}

// Either of the two texts of a message.
bool has_content(const Said& said) {
  return said.behaviour->finish != Finish::content_filter && said.behaviour->finish != Finish::tool_calls &&
         said.behaviour->finish != Finish::refusal;
}

std::string text_value(const Said& said) {
  return joined({"\"", json_inside(said.text, said.behaviour->garble), "\""});
}

std::string usage_value(const Tokens& usage) {
  if (usage.null) return "null";
  return joined({R"({"prompt_tokens":)", usage.input, R"(,"completion_tokens":)", usage.output, R"(,"total_tokens":)",
                 usage.total, R"(,"prompt_tokens_details":{"cached_tokens":)", usage.cached,
                 R"(},"completion_tokens_details":{"reasoning_tokens":)", usage.reasoning, "}}"});
}

std::string call_id(const Said& said, std::size_t index) {
  return joined({"call_", said.id, "_", std::to_string(index)});
}

std::string tool_calls(const Said& said) {
  std::string out = R"(,"tool_calls":[)";
  for (std::size_t i = 0; i < said.behaviour->tools.size(); ++i) {
    const ToolUse& tool = said.behaviour->tools[i];
    out += joined({i == 0 ? "" : ",", R"({"id":")", call_id(said, i), R"(","type":"function","function":{"name":)",
                   quoted(tool.name), R"(,"arguments":)", quoted(tool.arguments), "}}"});
  }
  return out + "]";
}

std::string chunk(const Said& said, std::string_view choices, std::string_view usage = {}) {
  std::string out = joined({R"({"id":"chatcmpl-)", said.id, R"(","object":"chat.completion.chunk","created":)",
                            fixed_time, R"(,"model":)", quoted(said.question->model),
                            R"(,"system_fingerprint":"fp_fake","choices":[)", choices, "]"});
  if (!usage.empty()) out.append(R"(,"usage":)").append(usage);
  return out + "}";
}

std::string choice(std::string_view delta, std::string_view finish = {}) {
  const std::string reason = finish.empty() ? "null" : joined({"\"", finish, "\""});
  return joined({R"({"index":0,"delta":)", delta, R"(,"logprobs":null,"finish_reason":)", reason, "}"});
}

}  // namespace

std::string chat_body(const Said& said) {
  const Behaviour& how = *said.behaviour;
  const std::string text = text_value(said);
  std::string out =
      joined({R"({"id":"chatcmpl-)", said.id, R"(","object":"chat.completion","created":)", fixed_time, R"(,"model":)",
              quoted(said.question->model), R"(,"choices":[{"index":0,"message":{"role":"assistant","content":)",
              has_content(said) ? std::string_view(text) : "null", R"(,"refusal":)",
              how.finish == Finish::refusal ? std::string_view(text) : "null"});
  if (!how.tools.empty()) out += tool_calls(said);
  out += joined({R"(},"logprobs":null,"finish_reason":")", finish_word(how.finish), R"("}])"});
  if (!said.usage.absent()) out += joined({R"(,"usage":)", usage_value(said.usage)});
  return out + R"(,"system_fingerprint":"fp_fake"})";
}

std::vector<Event> chat_events(const Said& said) {
  const Behaviour& how = *said.behaviour;
  const bool counted = said.question->stream_usage && !said.usage.absent();
  const std::string_view none_yet = counted ? "null" : "";
  std::vector<Event> out;
  const auto add = [&](std::string_view choices, std::string_view usage) {
    out.push_back({"", chunk(said, choices, usage)});
  };
  add(choice(R"({"role":"assistant","content":"","refusal":null})"), none_yet);
  if (has_content(said) || how.finish == Finish::refusal) {
    const std::string_view key = how.finish == Finish::refusal ? R"({"refusal":")" : R"({"content":")";
    bool first = true;
    for (const std::string_view piece : pieces(said.text, how.stream.piece)) {
      const std::string inside = json_inside(piece, first ? how.garble : Garble::none);
      add(choice(joined({key, inside, "\"}"})), none_yet);
      first = false;
    }
  }
  for (std::size_t i = 0; i < how.tools.size(); ++i) {
    const std::string index = std::to_string(i);
    add(choice(joined({R"({"tool_calls":[{"index":)", index, R"(,"id":")", call_id(said, i),
                       R"(","type":"function","function":{"name":)", quoted(how.tools[i].name),
                       R"(,"arguments":""}}]})"})),
        none_yet);
    for (const std::string_view piece : pieces(how.tools[i].arguments, how.stream.piece)) {
      add(choice(joined({R"({"tool_calls":[{"index":)", index, R"(,"function":{"arguments":)", quoted(piece), "}}]}"})),
          none_yet);
    }
  }
  add(choice("{}", finish_word(how.finish)), none_yet);
  if (counted) add("", usage_value(said.usage));
  if (how.stream.done) out.push_back({"", "[DONE]"});
  return out;
}

}  // namespace headgate::fake
