// Columns of text that line up on a terminal.
#pragma once

#include <string>
#include <vector>

namespace headgate::cli {

// Cells must be safe for a terminal. Two blanks before each line and between columns; the last column is not padded.
class Columns {
 public:
  Columns() = default;
  explicit Columns(std::vector<std::string> head) { rows_.push_back(std::move(head)); }

  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  bool empty() const { return rows_.empty(); }
  std::string text() const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace headgate::cli
