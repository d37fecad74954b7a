// The reference of graders, read from the registry that builds them.

#include <algorithm>
#include <nlohmann/json.hpp>

#include "headgate/base/text.hpp"
#include "headgate/grade/registry.hpp"
#include "output.hpp"
#include "verbs.hpp"

namespace headgate::cli {
namespace {

Json to_json(const grade::Kind& kind) {
  Json value = {{"kind", kind.name}, {"summary", kind.summary}, {"help", kind.help}, {"example", kind.example}};
  Json options = Json::array();
  if (kind.options != nullptr) {
    for (const auto& field : kind.options->fields) {
      options.push_back({{"name", field.name},
                         {"help", field.help},
                         {"required", field.required},
                         {"default", field.fallback},
                         {"example", field.example}});
    }
  }
  value["options"] = std::move(options);
  return value;
}

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(text.size() + 2, width), ' ');
  return text;
}

std::string list() {
  std::string text;
  for (const auto& kind : grade::registry().kinds()) text += padded(kind.name, 16) + kind.summary + "\n";
  return text + "\nEach also as not_<kind>. `headgate graders KIND` shows options and an example.\n";
}

std::string page(const grade::Kind& kind) {
  std::string text = kind.name + ": " + kind.summary + "\n\n" + kind.help + "\n";
  if (kind.options != nullptr && !kind.options->fields.empty()) {
    text += "\nOptions:\n";
    for (const auto& field : kind.options->fields) {
      text += "  " + padded(field.name, 18) + field.help;
      if (field.required) text += " (required)";
      if (!field.fallback.empty()) text += " (default: " + field.fallback + ")";
      text += "\n";
    }
  }
  return text + "\nExample:\n  " + kind.example + "\n";
}

Error unknown(const std::string& word) {
  std::vector<std::string> names;
  for (const auto& kind : grade::registry().kinds()) names.push_back(kind.name);
  const std::string guess = did_you_mean(word, names);
  return Error{ErrorCode::input, "unknown grader '" + word + "'", Place{},
               guess.empty() ? "`headgate graders` lists all" : guess};
}

}  // namespace

Result<ExitCode> verb_graders(const Context& context) {
  const bool json = context.arguments.flag("--json");
  if (context.arguments.operands.empty()) {
    Json all = Json::array();
    for (const auto& kind : grade::registry().kinds()) all.push_back(to_json(kind));
    write_out(json ? canonical_pretty({{"format", "headgate/graders/1"}, {"graders", all}}) : list());
    return ExitCode::yes;
  }
  const std::string& word = context.arguments.operands[0];
  const auto* kind = grade::registry().find(word.starts_with("not_") ? word.substr(4) : word);
  if (kind == nullptr) return failure(unknown(word));
  write_out(json ? canonical_pretty(to_json(*kind)) : page(*kind));
  return ExitCode::yes;
}

}  // namespace headgate::cli
