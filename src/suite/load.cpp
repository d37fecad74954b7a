#include "headgate/suite/load.hpp"

#include <algorithm>
#include <utility>

#include "headgate/base/text.hpp"
#include "suite_names.hpp"
#include "view.hpp"

namespace headgate::suite {
namespace {

struct Choice {
  SemVer version;
  const LockedVersion* locked = nullptr;  // null: the draft
};

Choice draft_of(const Source& source) { return {*source.declared().version, nullptr}; }

std::vector<std::string> released_names(const Lock& lock) {
  std::vector<std::string> names;
  for (const auto& [version, locked] : lock.versions) names.push_back(version.text());
  return names;
}

// The newest released version in the range; without any release, the draft.
std::optional<Choice> choose(const Source& source, const std::string& range, Complaints& complaints) {
  if (range == draft_range) return draft_of(source);
  const std::optional<Range> wanted = Range::parse(range);
  if (!wanted) {
    complaints.add({ErrorCode::input, "'" + range + "' is no version or range of versions",
                    source.declared().version_place, "write 1.4.0, ^1.4 or draft"});
    return std::nullopt;
  }
  const bool any_release = source.lock && !source.lock->versions.empty();
  if (any_release) {
    for (auto each = source.lock->versions.rbegin(); each != source.lock->versions.rend(); ++each) {
      if (wanted->contains(each->first)) return Choice{each->first, &each->second};
    }
  } else if (wanted->contains(*source.declared().version)) {
    return draft_of(source);
  }
  const std::string have = any_release ? "released are " + join_words(released_names(*source.lock))
                                       : "nothing is released, the draft is " + source.declared().version->text();
  complaints.add({ErrorCode::input, "suite '" + source.declared().name + "' has no version '" + range + "': " + have,
                  source.declared().version_place, "release it with `headgate suite release`, or ask for @draft"});
  return std::nullopt;
}

}  // namespace

std::optional<Suite> load(const std::string& folder, const std::string& range, const LoadOptions& options,
                          Complaints& complaints) {
  const std::size_t before = complaints.total();
  std::optional<Source> source = read_source(folder, options, complaints);
  if (!source || complaints.total() != before) return std::nullopt;
  const std::optional<Choice> choice = choose(*source, range, complaints);
  if (!choice) return std::nullopt;
  std::optional<VersionView> view = take_view(*source, choice->version, complaints);
  if (!view) return std::nullopt;
  if (choice->locked != nullptr && !holds_lock(*view, *choice->locked, *source, complaints)) return std::nullopt;
  SuiteHead& head = view->suite.head;
  head.released = choice->locked != nullptr;
  const SemVer stated = *source->declared().version;
  const bool is_newer = head.released && stated > choice->version && !source->lock->versions.contains(stated);
  if (is_newer) head.unreleased = stated.text();
  return std::move(view->suite);
}

std::vector<Version> versions(const std::string& folder, const LoadOptions& options, Complaints& complaints) {
  std::vector<Version> out;
  const std::optional<Source> source = read_source(folder, options, complaints);
  if (!source) return out;
  if (source->lock) {
    for (const auto& [version, locked] : source->lock->versions) out.push_back({version.text(), true, locked.date});
  }
  const SemVer draft = *source->declared().version;
  if (!source->lock || !source->lock->versions.contains(draft)) out.push_back({draft.text(), false, ""});
  return out;
}

}  // namespace headgate::suite
