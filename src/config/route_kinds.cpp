#include "route_kinds.hpp"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "headgate/base/sorted_fields.hpp"
#include "headgate/base/text.hpp"
#include "headgate/config/route_file.hpp"
#include "literal_secrets.hpp"
#include "well_shaped.hpp"

namespace headgate::config {
namespace {

struct Word {
  RouteKind kind;
  const char* word;
};
constexpr Word words[] = {{RouteKind::replay, "replay"},
                          {RouteKind::process, "process"},
                          {RouteKind::openai, "openai"},
                          {RouteKind::anthropic, "anthropic"},
                          {RouteKind::generic_http, "generic_http"}};

const char* word_of(RouteKind kind) {
  for (const Word& each : words) {
    if (each.kind == kind) return each.word;
  }
  return "";
}

// What people used to other tools or other kinds of route write, and what it is here.
struct Elsewhere {
  std::string_view key;
  const char* hint;
};
constexpr Elsewhere of_programs[] = {
    {"env", "write environment: {NAME: env:NAME}"},
    {"timeout", "write limits: {timeout: 30s}"},
    {"price", "let the program reply with its cost_usd"},
    {"endpoint", "hand it over in environment: {NAME: https://…}"},
    {"headers", "hand secrets over in environment: {NAME: env:NAME}"},
    {"key", "hand it over in environment: {NAME: env:NAME}"},
};
constexpr const char* among_params = "write it into params: {…}";
constexpr const char* in_prompt = "write it into prompt: {system: FILE, user: …}";
constexpr Elsewhere of_calls[] = {
    {"url", "write endpoint: https://…"},
    {"base_url", "write endpoint: https://…"},
    {"api_base", "write endpoint: https://…"},
    {"host", "write endpoint: https://…"},
    {"timeout", "write limits: {timeout: 30s}"},
    {"in_flight", "write limits: {in_flight: 64}"},
    {"concurrency", "write limits: {in_flight: 64}"},
    {"requests_per_minute", "write limits: {requests_per_minute: 3000}"},
    {"tokens_per_minute", "write limits: {tokens_per_minute: 200000}"},
    {"retry_after", "write limits: {retry_after: honour}"},
    {"streaming", "write stream: true"},
    {"temperature", among_params},
    {"max_tokens", among_params},
    {"max_completion_tokens", among_params},
    {"max_output_tokens", among_params},
    {"top_p", among_params},
    {"seed", among_params},
    {"system", in_prompt},
    {"messages", in_prompt},
    {"env", "a secret is written where it is used: key: env:NAME"},
};

template <std::size_t count>
const char* hint_in(const Elsewhere (&all)[count], std::string_view key) {
  for (const Elsewhere& each : all) {
    if (each.key == key) return each.hint;
  }
  return nullptr;
}

// Some kind has the key, this one has not.
bool is_of_others(RouteKind kind, std::string_view key) {
  const FieldTable& table = route_table();
  return field_of(table, Json::object(), key) != nullptr && !has_field(table, word_of(kind), key);
}

std::string kinds_with(std::string_view key) {
  std::vector<std::string> all;
  for (const Word& each : words) {
    if (has_field(route_table(), each.word, key)) all.emplace_back(each.word);
  }
  std::string out;
  for (const std::string& each : all) {
    if (!out.empty()) out += each == all.back() ? " or " : ", ";
    out += each;
  }
  return out;
}

// A key that no kind has, and people write all the same; of recorded replies and programs.
bool is_of_live_routes(std::string_view key) { return key == "env" || key == "timeout"; }

bool is_stray(RouteKind kind, const std::string& key) {
  if (kind == RouteKind::unknown) return false;
  if (is_of_others(kind, key)) return true;
  if (is_http(kind))
    return (hint_in(of_calls, key) != nullptr || is_key_word(key)) && !has_field(route_table(), word_of(kind), key);
  return is_of_live_routes(key);
}

Error stray_in_replay(const Tree& tree, const std::string& key, const Json& value) {
  const bool is_program_key = has_field(route_table(), "process", key) && !has_field(route_table(), "openai", key);
  return tree.error(value, "'" + key + "' means nothing for recorded replies (kind: replay)",
                    is_program_key ? "remove it; a program that is run is kind: process" : "remove it", At::key);
}

Error stray_in_process(const Tree& tree, const std::string& key, const Json& value) {
  if (has_field(route_table(), "replay", key)) {
    return tree.error(value, "'" + key + "' is for recorded replies (kind: replay); this route is a program",
                      "remove it, or write kind: replay", At::key);
  }
  const char* hint = hint_in(of_programs, key);
  return tree.error(value, "'" + key + "' means nothing for a program (kind: process)",
                    hint == nullptr ? "remove it" : hint, At::key);
}

Error stray_in_call(const Tree& tree, RouteKind kind, const std::string& key, const Json& value) {
  const std::string here = std::string("kind: ") + word_of(kind);
  if (is_of_others(kind, key)) {
    return tree.error(value, "'" + key + "' is for kind: " + kinds_with(key) + ", this route is " + here, "remove it",
                      At::key);
  }
  const char* hint = is_key_word(key) ? "write key: env:SUPPORT_API_KEY" : hint_in(of_calls, key);
  return tree.error(value, "unknown key '" + key + "' in route", hint, At::key);
}

Error stray(const Tree& tree, RouteKind kind, const std::string& key, const Json& value) {
  if (kind == RouteKind::replay) return stray_in_replay(tree, key, value);
  if (kind == RouteKind::process) return stray_in_process(tree, key, value);
  return stray_in_call(tree, kind, key, value);
}

RouteKind kind_named(std::string_view name) {
  for (const Word& each : words) {
    if (each.word == name) return each.kind;
  }
  return RouteKind::unknown;
}

std::string text_at(const Json& root, const char* key) {
  const Json* found = member(root, key);
  return found != nullptr && found->is_string() ? found->get<std::string>() : "";
}

}  // namespace

bool is_http(RouteKind kind) {
  return kind == RouteKind::openai || kind == RouteKind::anthropic || kind == RouteKind::generic_http;
}

RouteKind kind_of(const Tree& tree) {
  const Json& root = tree.root();
  const auto kind = root.is_object() ? root.find("kind") : root.end();
  if (kind == root.end() || !kind->is_string()) return RouteKind::unknown;
  return kind_named(kind->get_ref<const std::string&>());
}

RouteKind likely_kind(const Tree& tree) {
  const Json& root = tree.root();
  if (!root.is_object()) return RouteKind::unknown;
  std::vector<std::string> known;
  for (const Word& each : words) known.emplace_back(each.word);
  const RouteKind by_word = kind_named(nearest(text_at(root, "kind"), known));
  if (by_word != RouteKind::unknown) return by_word;
  if (member(root, "command") != nullptr) return RouteKind::process;
  if (member(root, "replies") != nullptr || member(root, "from") != nullptr) return RouteKind::replay;
  if (member(root, "request") != nullptr) return RouteKind::generic_http;
  const bool is_anthropic =
      text_at(root, "endpoint").find("anthropic") != std::string::npos || text_at(root, "model").starts_with("claude");
  if (member(root, "endpoint") == nullptr) return RouteKind::unknown;
  return is_anthropic ? RouteKind::anthropic : RouteKind::openai;
}

Tree with_kind(const Tree& tree, RouteKind kind) {
  Json root = tree.root();
  root["kind"] = word_of(kind);
  return tree.with_root(std::move(root));
}

Tree without_stray_keys(Tree tree, RouteKind kind, Complaints& complaints) {
  if (!tree.root().is_object()) return tree;
  Json root = tree.root();
  for (const auto& [key, value] : tree.root().get_ref<const Json::object_t&>()) {
    if (!is_stray(kind, key)) continue;
    root.erase(key);
    complaints.add(stray(tree, kind, key, value));
  }
  return tree.with_root(std::move(root));
}

}  // namespace headgate::config
