#include "operator_keys.hpp"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string_view>

namespace headgate::suite {
namespace {

constexpr std::string_view operator_keys[] = {
    "api_key",  "baseline", "budget",         "candidate", "candidates",  "command",   "data",
    "embeddings", "endpoint", "env",      "evidence",       "fallback",  "gate",        "handoff",   "headers",
    "judges",   "key",      "known_failures", "ledger",    "limits",      "model",     "params",
    "plugins",  "price",    "prompt",         "readiness", "replies",     "retrieval", "route",
    "rules",    "sandbox",  "sequential",     "stage",     "tool_policy", "trials",    "url",
};

bool is_operator_key(std::string_view key) {
  return std::find(std::begin(operator_keys), std::end(operator_keys), key) != std::end(operator_keys);
}

}  // namespace

Tree without_operator_keys(Tree tree, Complaints& complaints) {
  if (!tree.root().is_object()) return tree;
  std::vector<std::string> found;
  for (const auto& [key, value] : tree.root().get_ref<const Json::object_t&>()) {
    if (!is_operator_key(key)) continue;
    found.push_back(key);
    complaints.add(tree.error(
        value, "'" + key + "' is the operator's to say, not a suite's",
        "write it in the gate or route file; a suite only says what is asked and how it is graded", At::key));
  }
  if (found.empty()) return tree;
  Json root = tree.root();
  for (const std::string& key : found) root.erase(key);
  return tree.with_root(std::move(root));
}

}  // namespace headgate::suite
