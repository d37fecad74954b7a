// Columns of what only some graders tell: measures and classes, cell by cell. They cost nothing until one tells.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "headgate/domain/evidence.hpp"

namespace headgate::journal {

// Whatever the order in which cells come, the same columns are kept: those with the first names by the alphabet. A name
// that was given up lies behind all that are kept, so it never comes back with half of its values.
class MeasureColumns {
 public:
  void add(CellIndex cell, std::size_t cells, const std::string& name, double value);
  void take(Evidence& evidence);

 private:
  std::map<std::string, std::vector<float>> columns_;
  bool left_out_ = false;
};

class LabelTable {
 public:
  void add(CellIndex cell, std::size_t cells, const std::string& given, const std::string& expected);
  LabelColumns take();

 private:
  std::uint16_t index_of(const std::string& name);

  std::map<std::string, std::uint16_t, std::less<>> index_;  // in the order of arrival
  LabelColumns columns_;
};

}  // namespace headgate::journal
