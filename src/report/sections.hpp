// Trials, classes, measures and rewordings as tables, the same in every rendering.
#pragma once

#include <string>
#include <vector>

#include "headgate/domain/decision.hpp"
#include "headgate/report/story.hpp"

namespace headgate::report {

struct Section {
  std::string title;
  std::vector<std::vector<std::string>> rows;  // the first is the heading; texts may be hostile
  std::vector<bool> right;                     // columns of numbers
  std::vector<std::string> lines;              // below the table
};

// `most_rows` bounds each table; what is left out is counted in a line below it.
std::vector<Section> sections_of(const Decision& decision, const Story& story, std::size_t most_rows);

}  // namespace headgate::report
