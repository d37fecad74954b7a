// Words for findings: one plain sentence each, with the numbers a reader needs.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "view.hpp"

namespace headgate::gate {

// A share of 1 as points of 100, one decimal: "17.2".
std::string points(double share);
// "1319 cases", "1 case".
std::string cases_of(std::size_t n);
// The verb after a count: "1 cluster is", "2 clusters are".
std::string is_or_are(std::size_t n);
// " (95 % interval -7.1 to -1.5)" in points; empty without an interval.
std::string interval_in_points(const Finding& finding);
// A rate as "0.75 %", with as many decimals as a small one needs.
std::string rate(double share);
// "; about 1234 cases would settle it if the estimate holds", or that more cases will not help.
std::string outlook_of(const Finding& finding);
// " by pass^4" behind a number of cases whose trials are reduced so; empty for the mean.
std::string by_reducer(const View& view);
// What that means, as a note of the finding; none for the mean.
void note_reducer(const View& view, Finding& finding);
// "3 of the cells are missing" as words for a note; empty when nothing is missing.
std::string missing_note(const Finding& finding);

}  // namespace headgate::gate
