// Every row of what parses has as many cells as the header.
#include <cstdint>
#include <string_view>

#include "headgate/base/assert.hpp"
#include "headgate/base/csv.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace headgate;
  Complaints complaints;
  const auto rows = parse_csv("f.csv", std::string_view(reinterpret_cast<const char*>(data), size), complaints);
  HG_ASSERT(rows.has_value() == complaints.empty());
  if (rows) {
    for (const CsvRow& row : *rows) HG_ASSERT(row.cells.size() == rows->front().cells.size());
  }
  return 0;
}
