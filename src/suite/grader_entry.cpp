#include "grader_entry.hpp"

#include <nlohmann/json.hpp>
#include <utility>

namespace headgate::suite {
namespace {

std::optional<SemVer> read_version(const Tree& tree, const Json& object, const char* key, Complaints& complaints) {
  const auto found = object.find(key);
  if (found == object.end()) return std::nullopt;
  const std::optional<SemVer> version =
      found->is_string() ? parse_version(found->get_ref<const std::string&>()) : std::nullopt;
  if (!version) {
    complaints.add(tree.error(*found, "'" + std::string(key) + "' is no version",
                              R"(write three numbers in quotes, such as "1.2.0")"));
  }
  return version;
}

bool has_window(const Json& grader) { return grader.contains("since") || grader.contains("retired"); }

void add_grader(const Tree& tree, const Json& grader, const grade::Registry& registry, GoodGraders& good,
                Complaints& complaints, std::vector<GraderEntry>& out) {
  GraderEntry entry;
  std::string key;
  // What is not even shaped like a grader goes to the registry, which knows what to say.
  if (grader.is_object() && grader.contains("kind") && grader.at("kind").is_string()) {
    entry.spec = registry.spec(grader);
    key = entry.spec.written_kind() + entry.spec.options.text;
    if (const auto known = good.find(key); known != good.end()) entry.built = known->second;
  }
  if (entry.built == nullptr) {
    entry.built = registry.build(tree, grader, complaints);
    if (entry.built == nullptr) return;
    good.emplace(std::move(key), entry.built);
  }
  if (has_window(grader)) entry.window = read_window(tree, grader, complaints);
  out.push_back(std::move(entry));
}

}  // namespace

Window read_window(const Tree& tree, const Json& object, Complaints& complaints) {
  const Window window{read_version(tree, object, "since", complaints),
                      read_version(tree, object, "retired", complaints)};
  if (window.since && window.retired && *window.since >= *window.retired) {
    complaints.add(tree.error(object.at("retired"),
                              "retired " + window.retired->text() + " is not after since " + window.since->text(),
                              "such an entry is in no version; remove it or correct its window"));
  }
  return window;
}

std::vector<GraderEntry> read_graders(const Tree& tree, const grade::Registry& registry, GoodGraders& good,
                                      Complaints& complaints) {
  std::vector<GraderEntry> out;
  const auto list = tree.root().find("graders");
  if (list == tree.root().end() || !list->is_array()) return out;

  for (const Json& grader : *list) add_grader(tree, grader, registry, good, complaints, out);
  return out;
}

}  // namespace headgate::suite
