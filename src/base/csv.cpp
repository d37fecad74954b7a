#include "headgate/base/csv.hpp"

#include <algorithm>
#include <utility>

#include "fault.hpp"
#include "json_lexis.hpp"
#include "text_place.hpp"
#include "utf8.hpp"

namespace headgate {
namespace {

class CsvReader {
 public:
  CsvReader(const std::string& name, std::string_view text, char separator, Complaints& complaints)
      : name_(name), text_(text), separator_(separator), at_(byte_order_mark_length(text)), complaints_(complaints) {}

  std::optional<std::vector<CsvRow>> read() {
    if (!are_bytes_good()) return std::nullopt;
    const std::size_t before = complaints_.total();
    while (at_ < text_.size()) {
      if (skip_blank_line()) continue;
      if (!row()) return std::nullopt;
    }
    if (rows_.empty()) complain(at_, 1, "no header row", "the first row names the columns");
    if (complaints_.total() != before) return std::nullopt;
    return std::move(rows_);
  }

 private:
  void complain(std::size_t offset, std::size_t width, std::string message, std::string hint) {
    complaints_.add(fault_error(name_, text_, 1, Fault{offset, width, std::move(message), std::move(hint)}));
  }

  bool are_bytes_good() {
    const std::size_t bad = std::min(first_bad_utf8(text_), text_.find('\0'));
    if (bad >= text_.size()) return true;
    complaints_.add(fault_error(name_, text_, 1, *odd_byte(text_, bad)));
    return false;
  }

  bool skip_blank_line() {
    const std::size_t length = text_.substr(at_, 2) == "\r\n" ? 2 : text_[at_] == '\n' ? 1 : 0;
    at_ += length;
    line_ += length > 0 ? 1U : 0U;
    return length > 0;
  }

  // Of two columns with one name a reader would silently take one.
  void names_differ(std::size_t start, const std::vector<std::string>& names) {
    for (std::size_t i = 1; i < names.size(); ++i) {
      if (std::find(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(i), names[i]) ==
          names.begin() + static_cast<std::ptrdiff_t>(i)) {
        continue;
      }
      complain(start, 1, "the header names column '" + names[i] + "' twice", "give each column a name of its own");
    }
  }

  bool row() {
    const std::size_t start = at_;
    CsvRow row{line_, {}};
    bool more = true;
    while (more) {
      row.cells.emplace_back();
      const bool read = at_ < text_.size() && text_[at_] == '"' ? quoted(row.cells.back()) : bare(row.cells.back());
      if (!read) return false;
      more = at_ < text_.size() && text_[at_] == separator_;
      if (more) ++at_;
    }
    if (at_ < text_.size()) skip_blank_line();
    if (!rows_.empty() && row.cells.size() != rows_.front().cells.size()) {
      complain(start, 1,
               "this row has " + std::to_string(row.cells.size()) + " cells, the header has " +
                   std::to_string(rows_.front().cells.size()),
               "a cell with a comma needs quotes");
    } else {
      if (rows_.empty()) names_differ(start, row.cells);
      rows_.push_back(std::move(row));
    }
    return true;
  }

  bool at_row_end() const { return at_ >= text_.size() || text_[at_] == '\n' || text_.substr(at_, 2) == "\r\n"; }

  bool bare(std::string& cell) {
    const std::size_t start = at_;
    while (!at_row_end() && text_[at_] != separator_) {
      if (text_[at_] == '"') {
        complain(at_, 1, "a quote inside an unquoted cell", "quote the whole cell and double the quotes in it");
        return false;
      }
      ++at_;
    }
    cell = text_.substr(start, at_ - start);
    return true;
  }

  bool quoted(std::string& cell) {
    const std::size_t start = at_++;
    while (true) {
      const std::size_t quote = text_.find('"', at_);
      if (quote == std::string_view::npos) {
        complain(start, 1, "a quote that is never closed", "double the quotes inside a quoted cell");
        return false;
      }
      for (std::size_t i = at_; i < quote; ++i) line_ += text_[i] == '\n' ? 1U : 0U;
      cell.append(text_, at_, quote - at_);
      at_ = quote + 1;
      if (at_ >= text_.size() || text_[at_] != '"') break;
      cell.push_back('"');
      ++at_;
    }
    if (at_row_end() || text_[at_] == separator_) return true;
    complain(at_, 1, "text after a closing quote", "double the quotes inside a quoted cell");
    return false;
  }

  const std::string& name_;
  std::string_view text_;
  char separator_;
  std::size_t at_;
  Complaints& complaints_;
  std::size_t line_ = 1;
  std::vector<CsvRow> rows_;
};

}  // namespace

std::optional<std::vector<CsvRow>> parse_csv(const std::string& name, std::string_view text, Complaints& complaints,
                                             char separator) {
  return CsvReader(name, text, separator, complaints).read();
}

char csv_separator(std::string_view text) {
  const std::string_view header = text.substr(0, std::min(text.find('\n'), text.size()));
  char most = ',';
  for (const char each : {';', '\t'}) {
    if (std::count(header.begin(), header.end(), each) > std::count(header.begin(), header.end(), most)) most = each;
  }
  return most;
}

}  // namespace headgate
