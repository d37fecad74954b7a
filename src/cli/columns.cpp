#include "columns.hpp"

#include <algorithm>

#include "headgate/base/text.hpp"

namespace headgate::cli {

std::string Columns::text() const {
  std::vector<std::size_t> widths;
  for (const auto& row : rows_) {
    widths.resize(std::max(widths.size(), row.size()), 0);
    for (std::size_t i = 0; i + 1 < row.size(); ++i) widths[i] = std::max(widths[i], columns_of(row[i]));
  }
  std::string text;
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      text += "  " + row[i];
      if (i + 1 < row.size()) text += std::string(widths[i] - columns_of(row[i]), ' ');
    }
    text += "\n";
  }
  return text;
}

}  // namespace headgate::cli
