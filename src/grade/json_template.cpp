#include "json_template.hpp"

#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "headgate/domain/template.hpp"

namespace headgate::grade {

struct JsonTemplate::State {
  Json value;
  std::vector<std::pair<Json::json_pointer, Template>> templates;

  bool collect(const Tree& tree, const Json& written, Json& own, const Json::json_pointer& at, Complaints& complaints) {
    if (written.is_string()) {
      auto text = Template::compile(tree, written, complaints);
      if (!text) return false;
      if (text->constant()) {
        std::string scratch;
        own = std::string(*text->fill(Case{}, scratch));
      } else {
        templates.emplace_back(at, std::move(*text));
      }
      return true;
    }
    bool good = true;
    if (written.is_array()) {
      for (std::size_t i = 0; i < written.size(); ++i) {
        good = collect(tree, written[i], own[i], at / i, complaints) && good;
      }
    } else if (written.is_object()) {
      for (const auto& [key, member] : written.items()) {
        good = collect(tree, member, own[key], at / key, complaints) && good;
      }
    }
    return good;
  }
};

std::optional<JsonTemplate> JsonTemplate::build(const Tree& tree, const Json& value, Complaints& complaints) {
  auto state = std::make_shared<State>();
  state->value = value;
  if (!state->collect(tree, value, state->value, Json::json_pointer(), complaints)) return std::nullopt;
  return JsonTemplate(std::move(state));
}

Judged<Json> JsonTemplate::fill(const Case& item) const {
  Json out = state_->value;
  for (const auto& [pointer, text] : state_->templates) {
    std::string scratch;
    const Variable* variable = text.only_variable();
    if (variable != nullptr && variable->source != Variable::Source::id) {
      const auto json = json_of(*variable, item, scratch);
      if (!json) return tl::unexpected(json.error());
      auto parsed = parse_own(*json);
      if (!parsed) return unjudged("{{" + variable->written + "}} is not JSON");
      out[pointer] = std::move(*parsed);
      continue;
    }
    const auto filled = text.fill(item, scratch);
    if (!filled) return tl::unexpected(filled.error());
    out[pointer] = std::string(*filled);
  }
  return out;
}

const Json* JsonTemplate::constant() const { return state_->templates.empty() ? &state_->value : nullptr; }

std::string JsonTemplate::lacks(const Case& item) const {
  if (constant() != nullptr) return {};
  const auto filled = fill(item);
  return filled ? std::string() : filled.error().message;
}

}  // namespace headgate::grade
