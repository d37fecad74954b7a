#include "view.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "headgate/base/text.hpp"

namespace headgate::suite {
namespace {

SuiteHead head_at(const Declarations& declared, const SemVer& version) {
  SuiteHead head;
  head.name = declared.name;
  head.version = version.text();
  for (const GraderEntry& grader : declared.graders) {
    if (grader.window.contains(version)) head.graders.push_back(grader.spec);
  }
  head.pass = declared.pass;
  for (const auto& [dimension, rule] : declared.segments) head.segments[dimension] = rule.values;
  head.severe_classes = declared.severe_classes;
  head.traffic = declared.traffic;
  head.reviewed_at = declared.reviewed_at;
  return head;
}

void keep_graders_at(const CaseEntry& entry, const SemVer& version, Case& item) {
  if (entry.grader_windows.empty()) return;
  std::vector<GraderSpec> graders;
  for (std::size_t i = 0; i < item.graders.size(); ++i) {
    if (entry.grader_windows[i].contains(version)) graders.push_back(std::move(item.graders[i]));
  }
  item.graders = std::move(graders);
}

// Before the case is taken out of its entry.
void add_needs_at(const CaseEntry& entry, const SemVer& version, Needs& needs) {
  for (const auto& [grader, own] : entry.needs) {
    if (entry.grader_windows.empty() || entry.grader_windows[grader].contains(version)) needs.add(own);
  }
}

// Dimensions that take any value are declared with the values they have.
void declare_open_values(const Declarations& declared, Suite& suite) {
  std::map<std::string, std::set<std::string>> found;
  for (const auto& [dimension, rule] : declared.segments) {
    if (rule.any) found[dimension].insert(rule.values.begin(), rule.values.end());
  }
  if (found.empty()) return;
  for (const Case& item : suite.cases) {
    for (const SegmentValue& segment : item.segments) {
      const auto open = found.find(segment.dimension);
      if (open != found.end()) open->second.insert(segment.value);
    }
  }
  for (const auto& [dimension, values] : found) suite.head.segments[dimension] = {values.begin(), values.end()};
}

// Variants join the cluster of the case they reword, and give it one where it has none.
class Clusters {
 public:
  Clusters(const Source& source, const SemVer& version) {
    const auto is_variant = [](const CaseEntry& entry) { return !entry.variant_of.empty(); };
    if (std::none_of(source.entries.begin(), source.entries.end(), is_variant)) return;
    std::unordered_map<std::string_view, const CaseEntry*> by_id;
    for (const CaseEntry& entry : source.entries) by_id.emplace(entry.item.id, &entry);
    for (const CaseEntry& entry : source.entries) {
      if (!is_variant(entry) || !entry.window.contains(version)) continue;
      const CaseEntry* original = &entry;
      while (is_variant(*original)) original = by_id.at(original->variant_of);  // the chain was seen to end
      const Case& root = original->item;
      const std::string cluster = root.cluster.empty() ? root.id : root.cluster;
      joined_[entry.item.id] = cluster;
      if (root.cluster.empty()) joined_[root.id] = cluster;
    }
  }

  std::string of(const CaseEntry& entry) const {
    const auto found = joined_.find(entry.item.id);
    return found == joined_.end() ? entry.item.cluster : found->second;
  }

 private:
  std::unordered_map<std::string, std::string> joined_;  // by id
};

void complain_empty(const Source& source, const SemVer& version, Complaints& complaints) {
  const bool no_lines = source.entries.empty();
  Place place = source.declared().version_place;
  if (no_lines && source.files.size() == 1) place = Place{source.files[0].name, 1, 1, "", 1, 1};
  const std::string where = no_lines ? "" : " in version " + version.text();
  complaints.add({ErrorCode::input, "suite '" + source.declared().name + "' has 0 cases" + where, place,
                  no_lines ? "a case is one JSON object a line" : "look at since and retired of the cases"});
}

// `take(entry)` gives the case of an entry: a copy, or the case itself.
template <class Entries, class Take>
std::optional<VersionView> view_of(const Source& source, Entries& entries, const SemVer& version,
                                   Complaints& complaints, const Take& take) {
  const std::size_t before = complaints.total();
  VersionView view;
  Suite& suite = view.suite;
  suite.head = head_at(source.declared(), version);
  const Clusters clusters(source, version);
  for (const GraderEntry& grader : source.declared().graders) {
    if (!grader.window.contains(version)) continue;
    suite.needs.add(grader.built->needs());
  }

  suite.cases.reserve(entries.size());
  for (auto& entry : entries) {
    if (!entry.window.contains(version)) continue;
    const std::string cluster = clusters.of(entry);
    add_needs_at(entry, version, suite.needs);
    for (const auto& [path, digest] : entry.referenced) view.files[path] = digest;
    Case item = take(entry);
    item.cluster = cluster;
    item.variant_of = entry.variant_of;
    keep_graders_at(entry, version, item);
    if (item.graders.empty() && suite.head.graders.empty()) {
      complaints.add({ErrorCode::input, "case '" + item.id + "' has no grader in version " + version.text(),
                      source.place_of(entry, "id", complaints), "add graders to the case or to suite.yaml"});
    }
    item.digest = case_digest(item);
    suite.cases.push_back(std::move(item));
  }
  if (suite.cases.empty()) complain_empty(source, version, complaints);
  if (complaints.total() != before) return std::nullopt;
  declare_open_values(source.declared(), suite);
  seal(suite);
  return view;
}

}  // namespace

std::optional<VersionView> view_at(const Source& source, const SemVer& version, Complaints& complaints) {
  return view_of(source, source.entries, version, complaints, [](const CaseEntry& entry) { return entry.item; });
}

std::optional<VersionView> take_view(Source& source, const SemVer& version, Complaints& complaints) {
  return view_of(source, source.entries, version, complaints, [](CaseEntry& entry) { return std::move(entry.item); });
}

bool holds_lock(const VersionView& view, const LockedVersion& locked, const Source& source, Complaints& complaints) {
  const std::vector<std::string> changes = differences(locked, lock_entry(view, locked.date));
  if (changes.empty()) return true;
  complaints.add({ErrorCode::input,
                  "version " + view.suite.head.version + " of suite '" + view.suite.head.name +
                      "' is not what was released: " + join_words(changes),
                  Place{source.lock->file, 1, 1, "", 1, 1},
                  "undo the change, give it a window (since, retired) and release a new version, or run @draft"});
  return false;
}

}  // namespace headgate::suite
