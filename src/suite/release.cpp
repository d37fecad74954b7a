#include "headgate/suite/release.hpp"

#include <utility>

#include "headgate/base/clock.hpp"
#include "headgate/base/text.hpp"
#include "suite_names.hpp"
#include "view.hpp"

namespace headgate::suite {
namespace {

bool is_version_character(char c) { return (c >= '0' && c <= '9') || c == '.'; }

// The version as a word of its own: 1.4.0 is not in 11.4.0 or 1.4.0.1, but in "1.4.0." and "v1.4.0".
bool mentions(std::string_view text, const std::string& version) {
  for (std::size_t at = text.find(version); at != std::string_view::npos; at = text.find(version, at + 1)) {
    const bool begins = at == 0 || !is_version_character(text[at - 1]);
    const std::string_view rest = text.substr(at + version.size());
    const bool ends = rest.empty() || !is_version_character(rest[0]) ||
                      (rest[0] == '.' && (rest.size() == 1 || !is_version_character(rest[1])));
    if (begins && ends) return true;
  }
  return false;
}

Result<void> check_changelog(const std::string& folder, const std::string& version, const FileReader& files) {
  const std::string path = join_path(folder, changelog_name);
  const std::string hint =
      "write the heading '## " + version + "' there, and a line on what changed, for those whose gates use the suite";
  const Result<std::string> text = files.read_beneath(folder, changelog_name);
  if (!text) return failure(Error{text.error().code, text.error().message, Place{path, 1, 1, "", 1, 1}, hint});
  if (mentions(*text, version)) return {};
  return failure(
      Error{ErrorCode::input, "'" + path + "' says nothing of " + version, Place{path, 1, 1, "", 1, 1}, hint});
}

Result<SemVer> version_to_release(const Source& source, const std::string& version) {
  const SemVer stated = *source.declared().version;
  if (version.empty()) return stated;
  const std::optional<SemVer> asked = parse_version(version);
  if (!asked) return failure(ErrorCode::input, "'" + version + "' is no version", "write three numbers: 1.4.0");
  if (*asked > stated) {
    return failure(Error{ErrorCode::input, "the suite is at " + stated.text() + ", it cannot be released as " + version,
                         source.declared().version_place, "raise version in suite.yaml first"});
  }
  if (source.suite.mapped && *asked != stated) {
    return failure(Error{ErrorCode::input, "a suite with fields has its newest version only, " + stated.text(),
                         source.declared().version_place, ""});
  }
  return *asked;
}

Error not_ready(const Complaints& complaints, std::size_t before) {
  return {ErrorCode::input, "not released: " + plural(complaints.total() - before, "complaint"), {}, ""};
}

// Older releases must still be what they were. A suite over foreign files keeps none.
bool check_older(const Source& source, const SemVer& version, Complaints& complaints) {
  const std::size_t before = complaints.total();
  if (!source.lock || source.suite.mapped) return true;
  for (const auto& [older, locked] : source.lock->versions) {
    if (older == version) continue;
    const std::optional<VersionView> view = view_at(source, older, complaints);
    if (view) holds_lock(*view, locked, source, complaints);
  }
  return complaints.total() == before;
}

}  // namespace

Result<Released> release(const std::string& folder, const std::string& version, const std::string& date,
                         const LoadOptions& options, Complaints& complaints) {
  if (!is_date(date)) return failure(ErrorCode::input, "'" + date + "' is no date", "write YYYY-MM-DD");
  const std::size_t before = complaints.total();
  const std::optional<Source> source = read_source(folder, options, complaints);
  if (!source || complaints.total() != before) return failure(not_ready(complaints, before));
  HG_TRY(chosen, version_to_release(*source, version));
  const std::optional<VersionView> view = view_at(*source, chosen, complaints);
  if (!view) return failure(not_ready(complaints, before));

  const LockedVersion entry = lock_entry(*view, date);
  Released released{view->suite.head.name, chosen.text(), entry.cases, entry.digest, false};
  std::map<SemVer, LockedVersion> all;
  if (source->lock && !(source->suite.mapped && !source->lock->versions.contains(chosen))) all = source->lock->versions;
  if (const auto known = all.find(chosen); known != all.end()) {
    if (!holds_lock(*view, known->second, *source, complaints)) return failure(not_ready(complaints, before));
    released.already = true;
    return released;
  }
  if (!check_older(*source, chosen, complaints)) return failure(not_ready(complaints, before));
  HG_CHECK(check_changelog(folder, chosen.text(), *options.files));
  all.emplace(chosen, entry);
  HG_CHECK(write_file_atomically(join_path(folder, lock_file_name), lock_text(released.name, all), Access::everyone));
  return released;
}

}  // namespace headgate::suite
