#include "headgate/domain/template.hpp"

#include <nlohmann/json.hpp>

#include "headgate/base/json_pointer.hpp"
#include "headgate/base/text.hpp"
#include "headgate/base/unicode.hpp"

namespace headgate {
namespace {

constexpr std::string_view open = "{{";
constexpr std::string_view close = "}}";
constexpr std::string_view literal_open = "open";  // {{open}} writes {{ itself

tl::unexpected<CallError> missing(std::string why) {
  return tl::unexpected(CallError{ErrorKind::grader_failed, std::move(why)});
}

bool is_pointer(const std::string& text) {
  try {
    return !text.empty() && (static_cast<void>(Json::json_pointer(text)), true);
  } catch (const Json::exception&) {
    return false;
  }
}

// "expected./a/b" after its name: "./a/b" gives the pointer; for vars also ".name".
std::optional<std::string> pointer_after(std::string_view rest, bool key_allowed) {
  if (rest.size() < 2 || rest.front() != '.') return std::nullopt;
  const std::string path(rest.substr(1));
  if (path.front() == '/') return is_pointer(path) ? std::optional(path) : std::nullopt;
  return key_allowed ? std::optional(pointer_step(path)) : std::nullopt;
}

std::optional<Variable> parse_variable(std::string_view name) {
  using Source = Variable::Source;
  const std::string written(name);
  if (name == "case.id") return Variable{Source::id, "", written};
  if (name == "case.input") return Variable{Source::input, "", written};
  if (name == "case.expected") return Variable{Source::expected, "", written};
  if (name == "case.context") return Variable{Source::context, "", written};
  for (const auto& [start, source] : {std::pair{std::string_view("case.expected"), Source::expected},
                                      std::pair{std::string_view("case.vars"), Source::vars}}) {
    if (!name.starts_with(start)) continue;
    const auto pointer = pointer_after(name.substr(start.size()), source == Source::vars);
    if (pointer) return Variable{source, *pointer, written};
  }
  return std::nullopt;
}

std::string known_variables(std::string_view name) {
  const std::string known[] = {"case.context", "case.expected", "case.id", "case.input", "case.vars.NAME"};
  const std::string near = did_you_mean(name, known);
  return (near.empty() ? "" : near + " ") +
         "there are case.context, case.expected, case.expected./pointer, case.id, case.input, case.vars.NAME; "
         "{{open}} writes {{ itself";
}

std::string absent(const Variable& variable) {
  if (variable.written == "case.expected") return "the case has no expected value";
  return "the case has no {{" + variable.written + "}}";
}

// "[kb-12] its text", a blank line between two passages.
std::string passages(const Json& context) {
  std::string out;
  for (const Json& passage : context) {
    if (!out.empty()) out += "\n\n";
    if (passage.contains("id")) out += "[" + passage.at("id").get<std::string>() + "] ";
    if (passage.contains("text")) out += passage.at("text").get<std::string>();
  }
  return out;
}

std::string_view whole(const Variable& variable, const Case& item) {
  switch (variable.source) {
    case Variable::Source::id:
      return item.id;
    case Variable::Source::input:
      return item.input.text;
    case Variable::Source::expected:
      return item.expected.text;
    case Variable::Source::vars:
      return item.vars.text;
    case Variable::Source::context:
      return item.context.text;
  }
  return {};
}

}  // namespace

Template::Template(std::string literal) : parts_{Part{std::move(literal), std::nullopt}} {}
Template::Template(Variable variable) : parts_{Part{{}, std::move(variable)}} {}

std::optional<Template> Template::compile(const Tree& tree, const Json& value, Complaints& complaints) {
  return compile(value.get_ref<const std::string&>(), [&](std::size_t offset, std::string message, std::string hint) {
    complaints.add(tree.error_inside(value, offset, std::move(message), std::move(hint)));
  });
}

std::optional<Template> Template::compile(std::string_view text, const Complain& complain) {
  Template out{std::string()};
  bool good = true;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t start = text.find(open, at);
    const std::size_t end = start == text.npos ? text.npos : text.find(close, start + open.size());
    if (end == text.npos) {
      if (start != text.npos) {
        complain(start, "'{{' is never closed", "close it with }}, or write {{open}} for the two braces themselves");
        good = false;
      }
      break;
    }
    out.parts_.back().literal += text.substr(at, start - at);
    at = end + close.size();
    const std::string_view name = trimmed(text.substr(start + open.size(), end - start - open.size()));
    if (name == literal_open) {
      out.parts_.back().literal += open;
    } else if (auto variable = parse_variable(name)) {
      variable->offset = start;
      if (out.parts_.back().literal.empty()) out.parts_.pop_back();
      out.parts_.push_back({{}, std::move(variable)});
      out.parts_.push_back({});
    } else {
      complain(start, "unknown template variable '" + std::string(name) + "'", known_variables(name));
      good = false;
    }
  }
  out.parts_.back().literal += text.substr(at);
  if (out.parts_.size() > 1 && out.parts_.back().literal.empty()) out.parts_.pop_back();
  return good ? std::optional(std::move(out)) : std::nullopt;
}

const Variable* Template::only_variable() const {
  return parts_.size() == 1 && parts_.front().variable ? &*parts_.front().variable : nullptr;
}

Filled<std::string_view> Template::fill(const Case& item, std::string& scratch) const {
  if (constant()) return parts_.front().literal;
  if (const Variable* variable = only_variable()) return text_of(*variable, item, scratch);
  std::string all;
  for (const Part& part : parts_) {
    if (!part.variable) {
      all += part.literal;
      continue;
    }
    std::string piece;
    const auto text = text_of(*part.variable, item, piece);
    if (!text) return tl::unexpected(text.error());
    all += *text;
  }
  scratch = std::move(all);
  return scratch;
}

Filled<std::string_view> json_of(const Variable& variable, const Case& item, std::string& scratch) {
  const std::string_view json = whole(variable, item);
  if (json.empty() || json == "null") return missing(absent(variable));
  if (variable.pointer.empty()) return json;
  const auto parsed = parse_own(json);
  if (!parsed) return missing("the case's " + variable.written + " is not JSON");
  const Json::json_pointer pointer(variable.pointer);
  try {
    if (!parsed->contains(pointer) || parsed->at(pointer).is_null()) return missing(absent(variable));
    scratch = canonical(parsed->at(pointer));
  } catch (const Json::exception&) {  // a pointer that does not fit, such as /01 into a list
    return missing(absent(variable));
  }
  return scratch;
}

Filled<std::string_view> text_of(const Variable& variable, const Case& item, std::string& scratch) {
  if (variable.source == Variable::Source::id) return item.id;
  std::string json_scratch;
  const auto json = json_of(variable, item, json_scratch);
  if (!json) return tl::unexpected(json.error());
  if (variable.source == Variable::Source::context) {
    const auto context = parse_own(*json);
    if (!context || !context->is_array()) return missing("the case's context is not a list");
    return scratch = passages(*context);
  }
  const std::string_view text = text_of_json(*json, scratch);
  // Where the JSON was cut out of the case, the text must not borrow from a scratch that ends here.
  if (json->data() == json_scratch.data() && text.data() != scratch.data()) return scratch = std::string(text);
  return text;
}

std::string_view text_of_json(std::string_view json, std::string& scratch) {
  if (json.size() < 2 || json.front() != '"') return json;
  const std::string_view inside = json.substr(1, json.size() - 2);
  if (inside.find('\\') == inside.npos) return inside;
  auto parsed = parse_own(json);
  if (!parsed || !parsed->is_string()) return json;
  scratch = std::move(parsed->get_ref<std::string&>());
  return scratch;
}

}  // namespace headgate
