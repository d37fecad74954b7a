#include "source.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "headgate/base/text.hpp"

namespace headgate::suite {
namespace {

using Entries = std::vector<CaseEntry>;

std::string where(const Source& source, const CaseEntry& entry, std::uint32_t seen_from) {
  const Place place = source.place_of(entry, "id");
  const std::string file = entry.file == seen_from ? "" : place.file + ":";
  return file + std::to_string(place.line) + ":" + std::to_string(place.column);
}

// One id may stand several times, in windows that share no version.
void check_duplicates(const Source& source, Complaints& complaints) {
  for (auto first = source.entries.begin(); first != source.entries.end();) {
    const auto last = std::find_if(first, source.entries.end(),
                                   [&](const CaseEntry& each) { return each.item.id != first->item.id; });
    for (auto later = first; later != last; ++later) {
      const auto earlier = std::find_if(first, later, [&](const CaseEntry& each) {
        return each.window.overlaps(later->window);
      });
      if (earlier == later) continue;
      complaints.add({ErrorCode::input,
                      "duplicate id '" + later->item.id + "', first defined at " + where(source, *earlier, later->file),
                      source.place_of(*later, "id"),
                      "give it another id, or windows (since, retired) that share no version"});
    }
    first = last;
  }
}

// Follows variant_of to its end; complains about a parent that is not there and about circles.
void check_variants(const Source& source, Complaints& complaints) {
  std::map<std::string_view, const CaseEntry*> by_id;
  for (const CaseEntry& entry : source.entries) by_id.emplace(entry.item.id, &entry);
  for (const CaseEntry& entry : source.entries) {
    if (entry.variant_of.empty()) continue;
    std::vector<std::string> chain{entry.item.id};
    for (const CaseEntry* here = &entry; !here->variant_of.empty();) {
      const auto parent = by_id.find(here->variant_of);
      if (parent == by_id.end()) {
        if (here != &entry) break;  // said where that case stands
        std::vector<std::string> ids;
        for (const auto& [id, unused] : by_id) ids.emplace_back(id);
        complaints.add({ErrorCode::input, "case '" + entry.item.id + "' is a variant of '" + entry.variant_of +
                                              "', which is not in the suite",
                        source.place_of(entry, "variant_of"), did_you_mean(entry.variant_of, ids)});
        break;
      }
      here = parent->second;
      if (std::find(chain.begin(), chain.end(), here->item.id) != chain.end()) {
        if (here != &entry) break;  // a circle this case only leads to
        std::string shown;
        for (const std::string& id : chain) shown += id + " -> ";
        complaints.add({ErrorCode::input, "variants in a circle: " + shown + here->item.id,
                        source.place_of(entry, "variant_of"), "one of them must be the original"});
        break;
      }
      chain.push_back(here->item.id);
    }
  }
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
  std::stable_sort(source.entries.begin(), source.entries.end(),
                   [](const CaseEntry& a, const CaseEntry& b) { return a.item.id < b.item.id; });
  check_duplicates(source, complaints);
  // A parent on a line that could not be read would seem to be missing.
  if (complaints.total() == before) check_variants(source, complaints);
  source.lock = read_lock(folder, source.declared().name, *options.files, complaints);
  if (!source.declared().version || source.declared().name.empty()) return std::nullopt;
  return source;
}

}  // namespace headgate::suite
