#include "source.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <tuple>
#include <utility>

#include "headgate/base/text.hpp"

namespace headgate::suite {
namespace {

using Entries = std::vector<CaseEntry>;

// A rewording of a rewording is plausible, a long chain is a mistake, and following it for every case would take ages.
constexpr std::size_t max_variant_depth = 16;

// "1:8", with the file's name where it is another one.
std::string where(const Source& source, const CaseEntry& entry, const CaseEntry& seen_from,
                  const Complaints& complaints) {
  const Place place = source.place_of(entry, "id", complaints);
  const std::string file = entry.file == seen_from.file ? "" : place.file + ":";
  return file + std::to_string(place.line) + ":" + std::to_string(place.column);
}

// One id may stand several times, in windows that share no version.
void check_duplicates(const Source& source, Complaints& complaints) {
  for (auto first = source.entries.begin(); first != source.entries.end();) {
    const auto last = std::find_if(first, source.entries.end(),
                                   [&](const CaseEntry& each) { return each.item.id != first->item.id; });
    for (auto later = first; later != last; ++later) {
      const auto earlier =
          std::find_if(first, later, [&](const CaseEntry& each) { return each.window.overlaps(later->window); });
      if (earlier == later) continue;
      complaints.add(
          {ErrorCode::input,
           "duplicate id '" + later->item.id + "', first defined at " + where(source, *earlier, *later, complaints),
           source.place_of(*later, "id", complaints),
           "give it another id, or windows (since, retired) that share no version"});
    }
    first = last;
  }
}

using ById = std::map<std::string_view, const CaseEntry*>;

std::string nearest_id(const ById& by_id, const std::string& wanted) {
  std::vector<std::string> ids;
  for (const auto& [id, entry] : by_id) ids.emplace_back(id);
  return did_you_mean(wanted, ids);
}

// Follows variant_of to its end. A fault is complained about once, at the case where it begins.
void check_variant(const Source& source, const CaseEntry& entry, const ById& by_id, Complaints& complaints) {
  const auto complain = [&](const std::string& message, std::string hint) {
    complaints.add({ErrorCode::input, message, source.place_of(entry, "variant_of", complaints), std::move(hint)});
  };
  std::vector<std::string> chain{entry.item.id};
  for (const CaseEntry* here = &entry; !here->variant_of.empty();) {
    const auto parent = by_id.find(here->variant_of);
    if (parent == by_id.end()) {
      if (here != &entry) return;
      const bool heard = complaints.keeps_more_of(source.files[entry.file].name);
      return complain(
          "case '" + entry.item.id + "' is a variant of '" + entry.variant_of + "', which is not in the suite",
          heard ? nearest_id(by_id, entry.variant_of) : "");
    }
    here = parent->second;
    if (here == &entry) {
      std::string shown;
      for (const std::string& id : chain) shown += id + " -> ";
      return complain("variants in a circle: " + shown + entry.item.id, "one of them must be the original");
    }
    if (chain.size() > max_variant_depth) {
      // Either a chain too long, or a way into a circle of others, which is said there.
      return complain("variants nest deeper than " + std::to_string(max_variant_depth),
                      "name the original in variant_of");
    }
    chain.push_back(here->item.id);
  }
}

void check_variants(const Source& source, Complaints& complaints) {
  ById by_id;
  for (const CaseEntry& entry : source.entries) by_id.emplace(entry.item.id, &entry);
  for (const CaseEntry& entry : source.entries) check_variant(source, entry, by_id, complaints);
}

}  // namespace

std::optional<Source> read_source(const std::string& folder, const LoadOptions& options, Complaints& complaints) {
  std::optional<SuiteFiles> suite = read_suite_files(folder, options, complaints);
  if (!suite) return std::nullopt;
  Source source;
  source.folder = folder;
  source.suite = std::move(*suite);

  const std::size_t before = complaints.total();
  CaseFiles files = read_case_files(folder, source.suite, options, complaints);
  source.files = std::move(files.files);
  source.entries = std::move(files.entries);
  const auto stands_before = [](const CaseEntry& a, const CaseEntry& b) {
    return std::tie(a.item.id, a.file, a.line) < std::tie(b.item.id, b.file, b.line);
  };
  // In place: a stable sort would set the same memory aside once more.
  std::sort(source.entries.begin(), source.entries.end(), stands_before);
  check_duplicates(source, complaints);
  // A parent on a line that could not be read would seem to be missing.
  if (complaints.total() == before) check_variants(source, complaints);
  source.lock = read_lock(folder, source.declared().name, *options.files, complaints);
  if (!source.declared().version || source.declared().name.empty()) return std::nullopt;
  return source;
}

}  // namespace headgate::suite
