#include "headgate/suite/lint.hpp"

#include <utility>

#include "view.hpp"

namespace headgate::suite {

std::optional<Linted> lint(const std::string& folder, const LoadOptions& options, Complaints& complaints) {
  const std::size_t before = complaints.total();
  const std::optional<Source> source = read_source(folder, options, complaints);
  // What the versions hold is only known when every line was read.
  if (!source || complaints.total() != before) return std::nullopt;

  Linted out;
  out.name = source->declared().name;
  const SemVer draft = *source->declared().version;
  bool is_draft_released = false;
  if (source->lock) {
    for (const auto& [version, locked] : source->lock->versions) {
      is_draft_released = is_draft_released || version == draft;
      const std::optional<VersionView> view = view_at(*source, version, complaints);
      if (!view || !holds_lock(*view, locked, *source, complaints)) continue;
      out.versions.push_back({{version.text(), true, locked.date}, view->suite.head.cases});
    }
  }
  if (!is_draft_released) {
    if (const std::optional<VersionView> view = view_at(*source, draft, complaints)) {
      out.versions.push_back({{draft.text(), false, ""}, view->suite.head.cases});
    }
  }
  if (complaints.total() != before) return std::nullopt;
  return out;
}

}  // namespace headgate::suite
