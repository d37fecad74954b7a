#include "transcript.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "headgate/base/unicode.hpp"
#include "options.hpp"

namespace headgate::grade {
namespace {

// Thrown inside this file, where a turn has another shape than it must have.
struct Unreadable {
  std::string what;
};

struct Role {
  std::string_view word;
  Speaker speaker;
};
constexpr Role roles[] = {{"user", Speaker::user},       {"human", Speaker::user},    {"assistant", Speaker::agent},
                          {"agent", Speaker::agent},     {"ai", Speaker::agent},      {"model", Speaker::agent},
                          {"tool", Speaker::tool},       {"function", Speaker::tool}, {"system", Speaker::system},
                          {"developer", Speaker::system}};

// What is thought, shown or heard on the way is no word of the agent's and no call.
constexpr std::string_view silent_blocks[] = {
    "thinking", "redacted_thinking", "reasoning", "image", "image_url", "input_image",
    "audio",    "input_audio",       "document",  "file",  "input_file"};
constexpr std::string_view text_blocks[] = {"text", "input_text", "output_text", "refusal"};

template <class Words>
bool is_in(const Words& words, std::string_view word) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

// A member that is there and not null.
const Json* get(const Json& object, std::string_view key) {
  const Json* found = option(object, key);
  return found == nullptr || found->is_null() ? nullptr : found;
}

const Json* first_of(const Json& object, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) {
    if (const Json* found = get(object, key)) return found;
  }
  return nullptr;
}

std::string text_of(const Json& value) { return value.is_string() ? value.get<std::string>() : canonical(value); }

std::string id_of(const Json* value) {
  if (value == nullptr) return {};
  if (!value->is_string() && !value->is_number_integer()) throw Unreadable{"has an id that is neither text nor number"};
  return text_of(*value);
}

std::string type_of(const Json& item) {
  const Json* type = get(item, "type");
  return type != nullptr && type->is_string() ? type->get<std::string>() : std::string();
}

// Chat interfaces send arguments as a text of JSON, and nothing at all as an empty text.
std::optional<JsonText> arguments_in(const Json* value) {
  if (value == nullptr) return std::nullopt;
  if (!value->is_string()) return to_text(*value);
  const auto& text = value->get_ref<const std::string&>();
  if (is_blank(text)) return JsonText{"{}"};
  if (auto inner = parse_own(text); inner && inner->is_object()) return to_text(*inner);
  return to_text(*value);
}

class Reader {
 public:
  Transcript read(const Json& turns) {
    for (const Json& turn : turns) {
      ++turn_;
      try {
        read_turn(turn);
      } catch (Unreadable& why) {
        throw Unreadable{"turn " + std::to_string(turn_) + " " + why.what};
      }
    }
    return std::move(out_);
  }

 private:
  void read_turn(const Json& turn) {
    if (!turn.is_object()) throw Unreadable{"is no object"};
    const std::string type = type_of(turn);
    if (get(turn, "role") == nullptr && read_item(turn, type)) return;
    switch (speaker_of(turn, type)) {
      case Speaker::system:
        return say(Speaker::system, turn);
      case Speaker::user:
        if (calls_in(turn) != nullptr) throw Unreadable{"calls tools, and is not the assistant's"};
        return say(Speaker::user, turn);
      case Speaker::agent:
        return read_agent(turn);
      case Speaker::tool:
        return read_answer(turn, id_of(first_of(turn, {"tool_call_id", "call_id", "tool_use_id"})), named(turn));
    }
  }

  // Items that stand beside messages instead of inside them.
  bool read_item(const Json& turn, const std::string& type) {
    if (type == "function_call" || type == "custom_tool_call") {
      ++out_.agent_turns;
      call(turn, id_of(first_of(turn, {"call_id", "id"})));
    } else if (type == "function_call_output" || type == "custom_tool_call_output") {
      read_answer(turn, id_of(get(turn, "call_id")), {});
    } else if (type == "tool_use") {
      ++out_.agent_turns;
      call(turn, id_of(get(turn, "id")));
    } else if (type == "tool_result") {
      read_answer(turn, id_of(get(turn, "tool_use_id")), {});
    } else {
      return type == "reasoning";
    }
    return true;
  }

  static Speaker speaker_of(const Json& turn, const std::string& type) {
    const Json* role = get(turn, "role");
    if (role != nullptr && !role->is_string()) throw Unreadable{"has a role that is no text"};
    const std::string word = role != nullptr ? role->get<std::string>() : type;
    for (const Role& each : roles) {
      if (each.word == word) return each.speaker;
    }
    if (word.empty()) throw Unreadable{"has no role"};
    throw Unreadable{"has the role " + in_quotes(word) + ", which is none of user, assistant, tool and system"};
  }

  static std::string named(const Json& turn) {
    const Json* name = first_of(turn, {"name", "tool_name", "tool"});
    return name != nullptr && name->is_string() ? name->get<std::string>() : std::string();
  }

  static const Json* calls_in(const Json& turn) { return first_of(turn, {"tool_calls", "function_call"}); }
  static const Json* content_of(const Json& turn) { return first_of(turn, {"content", "text", "output"}); }

  void read_agent(const Json& turn) {
    ++out_.agent_turns;
    say(Speaker::agent, turn);
    const Json* calls = calls_in(turn);
    if (calls == nullptr) return;
    if (calls->is_object()) return call(*calls, {});  // as it was before tool_calls
    if (!calls->is_array()) throw Unreadable{"has tool_calls that are no list"};
    for (const Json& each : *calls) {
      if (each.is_string()) {
        add_call({{}, each.get<std::string>(), std::nullopt, turn_});
      } else {
        call(each, each.is_object() ? id_of(first_of(each, {"id", "call_id"})) : std::string());
      }
    }
  }

  // A text, or blocks of texts, calls and answers in the order they stand.
  void say(Speaker speaker, const Json& turn) {
    const Json* content = content_of(turn);
    if (content == nullptr) return;
    if (!content->is_array()) {
      if (!content->is_string()) throw Unreadable{"has content that is neither a text nor a list"};
      return add_text(speaker, content->get<std::string>());
    }
    for (const Json& block : *content) read_block(speaker, block);
  }

  void read_block(Speaker speaker, const Json& block) {
    if (block.is_string()) return add_text(speaker, block.get<std::string>());
    if (!block.is_object()) throw Unreadable{"has a block that is neither a text nor an object"};
    const std::string type = type_of(block);
    const Json* text = first_of(block, {"text", "refusal"});
    if (is_in(text_blocks, type) || (type.empty() && text != nullptr)) {
      if (text == nullptr || !text->is_string()) throw Unreadable{"has a block of text without text"};
      add_text(speaker, text->get<std::string>());
    } else if (type == "tool_use" || type == "tool_call") {
      if (speaker != Speaker::agent) throw Unreadable{"calls tools, and is not the assistant's"};
      call(block, id_of(get(block, "id")));
    } else if (type == "tool_result") {
      read_answer(block, id_of(get(block, "tool_use_id")), {});
    } else if (!is_in(silent_blocks, type)) {
      throw Unreadable{"has a block of an unknown type " + in_quotes(type)};
    }
  }

  void add_text(Speaker speaker, std::string text) {
    if (is_blank(text)) return;
    Event event;
    event.turn = turn_;
    event.speaker = speaker;
    event.text = std::move(text);
    out_.events.push_back(std::move(event));
  }

  void call(const Json& written, std::string id) {
    if (!written.is_object()) throw Unreadable{"has a tool call that is neither a name nor an object"};
    const Json* function = first_of(written, {"function", "custom"});
    const Json& inner = function != nullptr && function->is_object() ? *function : written;
    const Json* name = get(inner, "name");
    if (name == nullptr || !name->is_string() || name->get_ref<const std::string&>().empty()) {
      throw Unreadable{"has a tool call without a name"};
    }
    const Json* arguments = first_of(inner, {"arguments", "args", "input", "parameters"});
    add_call({std::move(id), name->get<std::string>(), arguments_in(arguments), turn_});
  }

  void add_call(MadeCall call) {
    if (call.name.empty()) throw Unreadable{"has a tool call without a name"};
    if (out_.calls.size() == max_calls_read)
      throw Unreadable{"is behind more than " + std::to_string(max_calls_read) + " tool calls"};
    Event event;
    event.kind = Event::Kind::called;
    event.turn = turn_;
    event.call = out_.calls.size();
    out_.events.push_back(std::move(event));
    out_.calls.push_back(std::move(call));
    answered_.push_back(false);
  }

  static bool says_error(const Json& answer) {
    const Json* error = get(answer, "error");
    const bool by_error = error != nullptr && *error != Json(false) && *error != Json("") && *error != Json::object();
    const Json* flag = first_of(answer, {"is_error", "isError"});
    const Json* status = get(answer, "status");
    return by_error || (flag != nullptr && *flag == Json(true)) ||
           (status != nullptr && (*status == Json("error") || *status == Json("failed")));
  }

  static std::string answer_text(const Json& answer) {
    const Json* content = first_of(answer, {"content", "text", "output"});
    const Json* error = get(answer, "error");
    if (content == nullptr) return error != nullptr && !error->is_boolean() ? text_of(*error) : std::string();
    if (!content->is_array()) return text_of(*content);
    std::string out;
    for (const Json& block : *content) {
      const Json* text = block.is_object() ? get(block, "text") : nullptr;
      if (text == nullptr || !text->is_string()) return canonical(*content);  // a list of the tool's own
      out += (out.empty() ? "" : "\n") + text->get<std::string>();
    }
    return content->empty() ? canonical(*content) : out;
  }

  void read_answer(const Json& answer, const std::string& id, const std::string& tool) {
    Event event;
    event.kind = Event::Kind::answered;
    event.turn = turn_;
    event.speaker = Speaker::tool;
    event.text = answer_text(answer);
    event.failed = says_error(answer);
    if (const Json* latency = get(answer, "latency_ms")) {
      if (!latency->is_number() || latency->get<double>() < 0.0) throw Unreadable{"has a latency_ms that is none"};
      event.latency_ms = latency->get<double>();
    }
    event.call = answered_by(id, tool);
    answered_[event.call] = true;
    out_.events.push_back(std::move(event));
  }

  // Ids may be used again in later turns: the last call of that id that has no answer yet. Without an id, the first
  // one.
  std::size_t answered_by(const std::string& id, const std::string& tool) {
    if (!id.empty()) {
      for (std::size_t i = out_.calls.size(); i-- > 0;) {
        if (!answered_[i] && out_.calls[i].id == id) return i;
      }
      throw Unreadable{"answers the call " + in_quotes(id) + ", which is not there or has its answer"};
    }
    while (first_open_ < answered_.size() && answered_[first_open_]) ++first_open_;
    for (std::size_t i = first_open_; i < out_.calls.size(); ++i) {
      if (!answered_[i] && (tool.empty() || out_.calls[i].name == tool)) return i;
    }
    throw Unreadable{tool.empty() ? std::string("is a tool's answer, and no call waits for one")
                                  : "is an answer of " + in_quotes(tool) + ", and no call of it waits for one"};
  }

  Transcript out_;
  std::vector<bool> answered_;  // by call
  std::size_t first_open_ = 0;  // no call before it waits
  std::size_t turn_ = 0;
};

}  // namespace

const char* name(Speaker speaker) {
  switch (speaker) {
    case Speaker::system:
      return "system";
    case Speaker::user:
      return "user";
    case Speaker::agent:
      return "assistant";
    case Speaker::tool:
      break;
  }
  return "tool";
}

Judged<Transcript> read_transcript(const JsonText& text) {
  const auto turns = parse_own(text.text);
  if (!turns || !turns->is_array()) return unjudged("the transcript is not a list of turns");
  if (turns->empty()) return unjudged("the transcript is empty");
  if (turns->size() > max_turns_read) {
    return unjudged("the transcript has more than " + std::to_string(max_turns_read) + " turns");
  }
  try {
    return Reader().read(*turns);
  } catch (const Unreadable& why) {
    return unjudged("the transcript cannot be read: " + why.what);
  }
}

namespace {

std::vector<MadeCall> own_calls(const Reply& reply) {
  std::vector<MadeCall> out;
  for (const ToolCall& call : reply.tool_calls) {
    out.push_back({call.id, call.name, call.arguments.absent() ? std::nullopt : std::optional(call.arguments), 0});
  }
  return out;
}

}  // namespace

Judged<std::vector<MadeCall>> calls_of(const Reply& reply) {
  if (reply.tool_calls.size() > max_calls_read) {
    return unjudged("the reply has more than " + std::to_string(max_calls_read) + " tool calls");
  }
  if (reply.transcript.absent()) return own_calls(reply);
  auto transcript = read_transcript(reply.transcript);
  if (!transcript) return tl::unexpected(transcript.error());
  if (transcript->calls.empty()) return own_calls(reply);
  std::vector<MadeCall> out = std::move(transcript->calls);
  const std::size_t known = out.size();
  for (MadeCall& call : own_calls(reply)) {
    const auto end = out.begin() + static_cast<std::ptrdiff_t>(known);
    const bool is_new =
        !call.id.empty() && std::none_of(out.begin(), end, [&](const MadeCall& each) { return each.id == call.id; });
    if (is_new) out.push_back(std::move(call));
  }
  return out;
}

Judged<Json> arguments_of(const MadeCall& call) {
  if (!call.arguments) return unjudged("of the call of " + in_quotes(call.name) + " no arguments were recorded");
  auto json = parse_own(call.arguments->text);
  if (!json) return unjudged("the arguments of " + in_quotes(call.name) + " are not JSON");
  return std::move(*json);
}

}  // namespace headgate::grade
