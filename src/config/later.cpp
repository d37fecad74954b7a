#include "later.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

namespace headgate::config {
namespace {

std::string dotted(std::string_view pointer) {
  std::string out(pointer.substr(1));
  for (char& c : out) c = c == '/' ? '.' : c;
  return out;
}

}  // namespace

const Json* value_at(const Json& root, std::string_view pointer) {
  const Json* here = &root;
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    const std::size_t end = std::min(pointer.find('/'), pointer.size());
    if (!here->is_object()) return nullptr;
    const auto found = here->find(std::string(pointer.substr(0, end)));
    if (found == here->end()) return nullptr;
    here = &*found;
    pointer.remove_prefix(end);
  }
  return here;
}

Tree without_later_value(Tree tree, const LaterValue& later, Complaints& complaints) {
  const Json* found = value_at(tree.root(), later.pointer);
  if (found == nullptr || *found != Json(later.refused)) return tree;
  complaints.add(not_built(tree, *found, later.what, later.hint));
  Json root = tree.root();
  root.at(Json::json_pointer(later.pointer)) = later.instead;
  return tree.with_root(std::move(root));
}

Tree without_later_keys(Tree tree, std::initializer_list<Later> later, Complaints& complaints) {
  std::vector<Json::json_pointer> found;
  for (const Later& each : later) {
    const Json* value = value_at(tree.root(), each.pointer);
    if (value == nullptr) continue;
    complaints.add(not_built(tree, *value, "'" + dotted(each.pointer) + "'", each.hint, At::key));
    found.emplace_back(each.pointer);
  }
  if (found.empty()) return tree;
  Json root = tree.root();
  for (const Json::json_pointer& pointer : found) root.at(pointer.parent_pointer()).erase(pointer.back());
  return tree.with_root(std::move(root));
}

Error not_built(const Tree& tree, const Json& value, std::string_view what, std::string hint, At at) {
  return tree.error(value, std::string(what) + " is not built yet in this version of headgate", std::move(hint), at);
}

}  // namespace headgate::config
