#include "route_kinds.hpp"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "headgate/base/fields.hpp"
#include "headgate/config/route_file.hpp"

namespace headgate::config {
namespace {

constexpr std::string_view later_kinds[] = {"openai", "anthropic", "generic_http"};
// Of live routes of any kind, as people write them.
constexpr std::string_view live_keys[] = {"command", "endpoint", "env",   "fallback", "headers",
                                          "key",     "limits",   "price", "timeout"};

bool is_only_for(std::string_view kind, std::string_view key) {
  const auto& fields = route_table().fields;
  return std::any_of(fields.begin(), fields.end(),
                     [&](const Field& field) { return field.name == key && field.only_for == kind; });
}
bool is_program_key(std::string_view key) { return is_only_for("process", key); }
bool is_replay_key(std::string_view key) { return is_only_for("replay", key); }

template <class Words>
bool is_in(const Words& words, std::string_view word) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

Error stray_in_replay(const Tree& tree, const std::string& key, const Json& value) {
  Error error =
      tree.error(value, "'" + key + "' means nothing for recorded replies (kind: replay)",
                 is_program_key(key) ? "remove it; a program that is run is kind: process" : "remove it", At::key);
  if (key == "key") error.place.excerpt.clear();  // it may hold a secret
  return error;
}

// What people used to other kinds of route write, and what it is here.
struct Elsewhere {
  std::string_view key;
  const char* hint;
};
constexpr Elsewhere elsewhere[] = {
    {"env", "write environment: {NAME: env:NAME}"},
    {"timeout", "write limits: {timeout: 30s}"},
    {"price", "let the program reply with its cost_usd"},
    {"endpoint", "hand it over in environment: {NAME: https://…}"},
    {"headers", "hand secrets over in environment: {NAME: env:NAME}"},
    {"key", "hand it over in environment: {NAME: env:NAME}"},
};

Error stray_in_process(const Tree& tree, const std::string& key, const Json& value) {
  if (is_replay_key(key)) {
    return tree.error(value, "'" + key + "' is for recorded replies (kind: replay); this route is a program",
                      "remove it, or write kind: replay", At::key);
  }
  std::string hint = "remove it";
  for (const Elsewhere& each : elsewhere) {
    if (each.key == key) hint = each.hint;
  }
  Error error =
      tree.error(value, "'" + key + "' means nothing for a program (kind: process)", std::move(hint), At::key);
  if (key == "key" || key == "headers") error.place.excerpt.clear();  // they may hold a secret
  return error;
}

bool is_stray(RouteKind kind, const std::string& key) {
  switch (kind) {
    case RouteKind::replay:
    case RouteKind::later:
      return is_in(live_keys, key) || is_program_key(key);
    case RouteKind::unknown:
      return false;
    case RouteKind::process:
      return is_replay_key(key) || (is_in(live_keys, key) && !is_program_key(key));
  }
  return false;
}

}  // namespace

RouteKind kind_of(const Tree& tree) {
  const Json& root = tree.root();
  const auto kind = root.is_object() ? root.find("kind") : root.end();
  if (kind == root.end() || !kind->is_string()) return RouteKind::unknown;
  const auto& word = kind->get_ref<const std::string&>();
  if (is_in(later_kinds, word)) return RouteKind::later;
  if (word == "replay") return RouteKind::replay;
  return word == "process" ? RouteKind::process : RouteKind::unknown;
}

Tree without_stray_keys(Tree tree, RouteKind kind, Complaints& complaints) {
  if (!tree.root().is_object()) return tree;
  Json root = tree.root();
  for (const auto& [key, value] : tree.root().get_ref<const Json::object_t&>()) {
    if (!is_stray(kind, key)) continue;
    root.erase(key);
    if (kind == RouteKind::replay) complaints.add(stray_in_replay(tree, key, value));
    if (kind == RouteKind::process) complaints.add(stray_in_process(tree, key, value));
  }
  return tree.with_root(std::move(root));
}

}  // namespace headgate::config
