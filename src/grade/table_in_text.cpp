#include "table_in_text.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include "headgate/base/text.hpp"
#include "headgate/base/unicode.hpp"
#include "verdict.hpp"

namespace headgate::grade {
namespace {

using Row = std::vector<std::string>;
using Read = tl::expected<TextTable, std::string>;

// Takes rows one by one, the first as the header.
class Gathering {
 public:
  // False after a fault.
  bool add(Row row) {
    cells_ += row.size();
    if (cells_ > max_table_cells) return fails("has more than " + std::to_string(max_table_cells) + " cells");
    if (!has_header_) {
      has_header_ = true;
      std::set<std::string> names;
      for (const std::string& name : row) {
        if (!names.insert(name).second) return fails("has the column " + in_quotes(name) + " twice");
      }
      table_.columns = std::move(row);
      return true;
    }
    if (row.size() != table_.columns.size()) {
      return fails("has " + plural(row.size(), "cell") + " in row " + std::to_string(table_.rows.size() + 1) +
                   ", and " + plural(table_.columns.size(), "column"));
    }
    table_.rows.push_back(std::move(row));
    return true;
  }

  bool fails(std::string why) {
    fault_ = std::move(why);
    return false;
  }

  bool has_header() const { return has_header_; }

  Read result() {
    if (!fault_.empty()) return tl::unexpected(fault_);
    if (!has_header_) return tl::unexpected(std::string("has no table"));
    return std::move(table_);
  }

 private:
  TextTable table_;
  std::string fault_;
  std::size_t cells_ = 0;
  bool has_header_ = false;
};

class Separated {
 public:
  Separated(std::string_view text, char separator) : text_(text), separator_(separator) {}

  Read run() {
    while (at_ < text_.size()) {
      const std::size_t end = std::min(text_.find('\n', at_), text_.size());
      if (trimmed_line(text_.substr(at_, end - at_)).empty()) {
        at_ = end + 1;
        continue;
      }
      auto row = one();
      if (!row || !gathering_.add(std::move(*row))) break;
    }
    return gathering_.result();
  }

 private:
  // A separator may itself be white space.
  std::string_view trimmed_line(std::string_view line) const {
    const std::string_view out = trimmed(line);
    return separator_ == '\t' && out.empty() && line.find('\t') != line.npos ? line : out;
  }

  bool at_end() const { return at_ >= text_.size() || text_[at_] == '\n' || text_.substr(at_, 2) == "\r\n"; }

  void skip_spaces() {
    while (at_ < text_.size() && (text_[at_] == ' ' || (text_[at_] == '\t' && separator_ != '\t'))) ++at_;
  }

  std::optional<Row> one() {
    Row row;
    while (true) {
      skip_spaces();
      if (at_ < text_.size() && text_[at_] == '"') {
        auto cell = quoted();
        if (!cell) return std::nullopt;
        row.push_back(std::move(*cell));
      } else {
        const std::size_t start = at_;
        while (!at_end() && text_[at_] != separator_ && text_[at_] != '"') ++at_;
        if (at_ < text_.size() && text_[at_] == '"') return fails("has a quote inside an unquoted cell");
        row.emplace_back(trimmed(text_.substr(start, at_ - start)));
      }
      if (row.size() > max_table_cells) return fails("has more than " + std::to_string(max_table_cells) + " cells");
      if (at_end()) break;
      ++at_;  // the separator
    }
    if (at_ < text_.size()) at_ += text_[at_] == '\r' ? 2U : 1U;
    return row;
  }

  std::optional<std::string> quoted() {
    std::string cell;
    for (++at_;;) {
      const std::size_t quote = text_.find('"', at_);
      if (quote == text_.npos) return fails_as<std::string>("has a quote that never closes");
      cell += text_.substr(at_, quote - at_);
      at_ = quote + 1;
      if (at_ >= text_.size() || text_[at_] != '"') break;
      cell += '"';
      ++at_;
    }
    skip_spaces();
    if (!at_end() && text_[at_] != separator_) return fails_as<std::string>("has text behind a closing quote");
    return std::string(trimmed(cell));
  }

  template <class T>
  std::optional<T> fails_as(std::string why) {
    gathering_.fails(std::move(why));
    return std::nullopt;
  }
  std::optional<Row> fails(std::string why) { return fails_as<Row>(std::move(why)); }

  std::string_view text_;
  const char separator_;
  std::size_t at_ = 0;
  Gathering gathering_;
};

// The cells of a line with pipes.
Row piped(std::string_view line) {
  line = trimmed(line);
  if (line.starts_with('|')) line.remove_prefix(1);
  if (line.ends_with('|') && !line.ends_with("\\|")) line.remove_suffix(1);
  Row out(1);
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\' && i + 1 < line.size() && line[i + 1] == '|') {
      out.back() += line[++i];
    } else if (line[i] == '|') {
      out.emplace_back();
    } else {
      out.back() += line[i];
    }
  }
  for (std::string& cell : out) cell = std::string(trimmed(cell));
  return out;
}

bool is_dashes(std::string_view cell) {
  if (cell.starts_with(':')) cell.remove_prefix(1);
  if (cell.ends_with(':')) cell.remove_suffix(1);
  return !cell.empty() && cell.find_first_not_of('-') == cell.npos;
}

bool is_rule(std::string_view line) {
  if (line.find('-') == line.npos || line.find_first_not_of("|-: \t\r") != line.npos) return false;
  const Row cells = piped(line);
  return std::all_of(cells.begin(), cells.end(), is_dashes);
}

}  // namespace

tl::expected<TextTable, std::string> read_separated(std::string_view text, char separator) {
  return Separated(text, separator).run();
}

tl::expected<TextTable, std::string> read_markdown_table(std::string_view text) {
  Gathering gathering;
  std::string_view before;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    at = end + 1;
    if (gathering.has_header()) {
      if (line.find('|') == line.npos || !gathering.add(piped(line))) break;
    } else if (before.find('|') != before.npos && is_rule(line)) {
      Row header = piped(before);
      if (header.size() == piped(line).size() && !gathering.add(std::move(header))) break;
    }
    before = line;
  }
  return gathering.result();
}

}  // namespace headgate::grade
