// Lists of cases for `show`: what flipped, what failed, what a filter selects.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "headgate/base/result.hpp"
#include "headgate/domain/evidence.hpp"
#include "headgate/gate/flips.hpp"
#include "headgate/report/story.hpp"

namespace headgate::cli {

struct CaseListWish {
  bool flips = false;
  bool failed = false;  // the candidate does not pass it, or a cell of it is no graded reply
  std::string where;    // in the grammar of run/filter.hpp; empty: none
  bool any() const { return flips || failed || !where.empty(); }
};

struct CaseList {
  CaseListWish wish;
  std::vector<gate::Flip> flips;    // worst first
  std::vector<CaseIndex> failed;    // severe first
  std::vector<CaseIndex> matching;  // where only a filter was given; in the order of the plan
};

// Fails (input) where the filter does not parse; its place names the option.
Result<CaseList> list_cases(const Evidence& evidence, const CaseListWish& wish);

// Sections of one line a case, or with all its texts; at most `most` cases a section (0: all), then how many more.
std::string case_list_text(const CaseList& list, const Evidence& evidence, const report::Quotes& quotes, bool full,
                           std::size_t most);
// {"format":"headgate/show/1","decision":…,"cases":[…]}: every listed case once, with "flip": regression, improvement
// or null. `decision` is the text of decision.json.
std::string case_list_json(const CaseList& list, const Evidence& evidence, const report::Quotes& quotes,
                           const std::string& decision);

}  // namespace headgate::cli
