// A template of a request is read once, with all that is wrong with it.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "generic_request.hpp"
#include "headgate/base/json.hpp"
#include "headgate/base/json_append.hpp"
#include "headgate/base/text.hpp"
#include "headgate/base/unicode.hpp"
#include "judged.hpp"

namespace headgate::route {
namespace {

constexpr std::string_view call_variable_names[] = {"messages", "prompt", "model", "params", "trial"};
constexpr std::size_t most_columns = 80;
constexpr std::string_view open = "{{";
constexpr std::string_view close = "}}";

std::optional<CallVariable> call_variable(std::string_view name) {
  const auto found = std::find(std::begin(call_variable_names), std::end(call_variable_names), name);
  if (found == std::end(call_variable_names)) return std::nullopt;
  return static_cast<CallVariable>(found - std::begin(call_variable_names));
}

}  // namespace

std::string braced(std::string_view name) { return "{{" + std::string(name) + "}}"; }
std::string braced(CallVariable variable) { return braced(call_variable_names[static_cast<std::size_t>(variable)]); }

class GenericRequest::Compiler {
 public:
  Compiler(const GenericDialect& what, GenericRequest& out, std::vector<Error>& complaints)
      : what_(what), out_(out), complaints_(complaints) {}

  void compile() {
    const Result<Json> request = parse_own(what_.request.text);
    if (what_.request.absent() || !request) {
      complain("the request is no JSON value", "write what is to be sent, such as {\"question\": \"{{prompt}}\"}");
      return;
    }
    const std::size_t before = complaints_.size();
    add(*request);
    if (complaints_.size() == before && !names_the_call_) {
      complain(
          "every case would be asked the same: the request holds neither {{messages}} nor {{prompt}} nor anything "
          "of the case",
          "write {{prompt}} where the question belongs");
    }
  }

 private:
  void complain(std::string message, std::string hint) {
    complaints_.push_back(Error{ErrorCode::input, std::move(message), {}, std::move(hint)});
  }

  void literal(std::string_view json) {
    if (out_.pieces_.empty() || !std::holds_alternative<std::string>(out_.pieces_.back())) {
      out_.pieces_.emplace_back(std::string());
    }
    std::get<std::string>(out_.pieces_.back()) += json;
  }

  void literal_text(std::string_view text) {
    std::string quoted_text;
    append_json_string(quoted_text, text);
    literal(quoted_text);
  }

  void add(const Json& value) {
    if (value.is_string()) {
      add_text(value.get_ref<const std::string&>());
    } else if (value.is_object()) {
      literal("{");
      bool first = true;
      for (const auto& [key, member] : value.items()) {
        if (!std::exchange(first, false)) literal(",");
        if (key.find(open) != key.npos) {
          complain("the request has a variable in a name: " + quoted(key, most_columns),
                   "variables stand in values, not in names");
        }
        literal_text(key);
        literal(":");
        add(member);
      }
      literal("}");
    } else if (value.is_array()) {
      literal("[");
      bool first = true;
      for (const Json& each : value) {
        if (!std::exchange(first, false)) literal(",");
        add(each);
      }
      literal("]");
    } else {
      literal(canonical(value));
    }
  }

  void add_text(std::string_view text) {
    std::vector<Word> words;
    std::string plain;
    while (!text.empty()) {
      const std::size_t start = std::min(text.find(open), text.size());
      plain += text.substr(0, start);
      text.remove_prefix(start);
      if (text.empty()) break;
      const std::size_t end = text.find(close);
      if (end == text.npos) {
        complain("'{{' is never closed in the request: " + quoted(text, most_columns),
                 "close it with }}, or write {{open}} for the two braces themselves");
        return;
      }
      const std::string_view name = trimmed(text.substr(open.size(), end - open.size()));
      text.remove_prefix(end + close.size());
      if (name == "open") {
        plain += open;
      } else if (std::optional<Word> variable = variable_of(name)) {
        if (!plain.empty()) words.emplace_back(std::exchange(plain, {}));
        words.push_back(std::move(*variable));
      }
    }
    if (words.empty()) {
      literal_text(plain);
    } else if (words.size() == 1 && plain.empty()) {
      add_whole(std::move(words.front()));
    } else {
      if (!plain.empty()) words.emplace_back(std::move(plain));
      add_parts(std::move(words));
    }
  }

  void add_whole(Word word) {
    std::visit([&](auto&& only) { out_.pieces_.emplace_back(std::forward<decltype(only)>(only)); }, std::move(word));
  }

  void add_parts(std::vector<Word> words) {
    for (const Word& word : words) {
      const auto* variable = std::get_if<CallVariable>(&word);
      if (variable == nullptr || (*variable != CallVariable::messages && *variable != CallVariable::params)) continue;
      complain(braced(*variable) + " stands inside other text of the request",
               "it is no text: make it a value of its own, \"" + braced(*variable) + "\"");
    }
    out_.pieces_.emplace_back(Text{std::move(words)});
  }

  std::optional<Word> variable_of(std::string_view name) {
    if (const auto own = call_variable(name)) {
      names_the_call_ = names_the_call_ || *own == CallVariable::messages || *own == CallVariable::prompt;
      if (*own == CallVariable::model && what_.model.empty()) {
        complain("the request names {{model}}, and the route has none", "write model: in the route file");
      }
      return Word(*own);
    }
    const auto compiled = Template::compile(braced(name), [](std::size_t, std::string, std::string) {});
    const Variable* variable = compiled ? compiled->only_variable() : nullptr;
    if (variable == nullptr) {
      complain("unknown variable " + quoted(name, most_columns) + " in the request", known_variables(name));
      return std::nullopt;
    }
    if (variable->source == Variable::Source::expected) {
      complain("a request must not give {{" + variable->written + "}} away", "what is expected is for graders alone");
      return std::nullopt;
    }
    names_the_call_ = true;
    remember(*variable);
    return Word(*variable);
  }

  void remember(const Variable& variable) {
    const bool known = std::any_of(out_.variables_.begin(), out_.variables_.end(),
                                   [&](const Variable& each) { return each.written == variable.written; });
    if (!known) out_.variables_.push_back(variable);
  }

  static std::string known_variables(std::string_view name) {
    std::vector<std::string> known(std::begin(call_variable_names), std::end(call_variable_names));
    for (const char* each : {"case.context", "case.id", "case.input", "case.vars.NAME"}) known.emplace_back(each);
    const std::string near = did_you_mean(name, known);
    return (near.empty() ? "" : near + " ") + "there are " + join_words(known, known.size()) +
           "; {{open}} writes {{ itself";
  }

  const GenericDialect& what_;
  GenericRequest& out_;
  std::vector<Error>& complaints_;
  bool names_the_call_ = false;
};

GenericRequest::GenericRequest(const GenericDialect& what, std::vector<Error>& complaints)
    : model_(what.model), params_(what.params.absent() ? "{}" : what.params.text) {
  Compiler(what, *this, complaints).compile();
}

}  // namespace headgate::route
