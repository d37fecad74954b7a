#include "headgate/route/prompt.hpp"

#include <nlohmann/json.hpp>
#include <utility>

namespace headgate::route {
namespace {

using Source = Variable::Source;

bool is_conversation(const Case& item) { return item.input.text.starts_with('['); }

// The text parts of a message's content, a line each; nothing where one is an image.
std::optional<std::string> text_of_content(const Json& content) {
  if (content.is_string()) return content.get<std::string>();
  std::string out;
  for (const Json& part : content) {
    if (!part.contains("text")) return std::nullopt;
    if (!out.empty()) out += '\n';
    out += part.at("text").get_ref<const std::string&>();
  }
  return out;
}

// Nothing where a message holds an image.
std::optional<std::vector<Message>> conversation_of(const Case& item) {
  const Result<Json> input = parse_own(item.input.text);
  if (!input || !input->is_array()) return std::nullopt;
  std::vector<Message> out;
  for (const Json& message : *input) {
    std::optional<std::string> text = text_of_content(message.at("content"));
    if (!text) return std::nullopt;
    out.push_back({message.at("role").get<std::string>(), std::move(*text)});
  }
  return out;
}

tl::unexpected<Error> lacking(const Case& item, PromptLack lack, const Variable& variable, const std::string& where) {
  const std::string said = "{{" + variable.written + "}}" + (where.empty() ? "" : " in " + where);
  switch (lack) {
    case PromptLack::conversation:
      return failure(ErrorCode::input,
                     "case " + item.id + " is a conversation, which does not fit inside other text: " + said,
                     "make {{case.input}} a message of its own");
    case PromptLack::image:
      return failure(ErrorCode::input,
                     "case " + item.id + " holds an image, which a message of text cannot carry: " + said);
    case PromptLack::none:
    case PromptLack::missing:
      break;
  }
  return failure(ErrorCode::input, "case " + item.id + " has no " + said);
}

Result<void> add_part(const PromptPart& part, const Case& item, std::vector<Message>& out) {
  const Variable* only = part.text.only_variable();
  for (const Template::Part& piece : part.text.parts()) {
    if (!piece.variable) continue;
    const PromptLack lack = prompt_lack(*piece.variable, only != nullptr, item);
    if (lack != PromptLack::none) return lacking(item, lack, *piece.variable, part.where);
  }
  if (only != nullptr && only->source == Source::input && is_conversation(item)) {
    auto messages = conversation_of(item);
    for (Message& message : *messages) out.push_back(std::move(message));
    return {};
  }
  std::string scratch;
  const auto text = part.text.fill(item, scratch);
  if (!text) return failure(ErrorCode::input, "case " + item.id + ": " + text.error().message);
  out.push_back({part.role, std::string(*text)});
  return {};
}

const Prompt& input_alone() {
  static const Prompt prompt{{{"user", Template(Variable{Source::input, "", "case.input"}), ""}}};
  return prompt;
}

}  // namespace

PromptLack prompt_lack(const Variable& variable, bool whole, const Case& item) {
  if (variable.source != Source::input) {
    std::string scratch;
    return text_of(variable, item, scratch) ? PromptLack::none : PromptLack::missing;
  }
  if (!is_conversation(item)) return item.input.absent() ? PromptLack::missing : PromptLack::none;
  if (!whole) return PromptLack::conversation;
  return conversation_of(item) ? PromptLack::none : PromptLack::image;
}

Result<std::vector<Message>> Prompt::render(const Case& item) const {
  std::vector<Message> out;
  for (const PromptPart& part : parts.empty() ? input_alone().parts : parts) HG_CHECK(add_part(part, item, out));
  return out;
}

}  // namespace headgate::route
