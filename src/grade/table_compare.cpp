#include "table_compare.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "comparable.hpp"
#include "headgate/base/text.hpp"
#include "headgate/base/unicode.hpp"
#include "matching.hpp"
#include "value_check.hpp"

namespace headgate::grade {
namespace {

tl::expected<WantedTable, std::string> from_text(const std::string& text) {
  auto table = read_separated(text, ',');
  if (!table) return tl::unexpected(table.error());
  WantedTable out{std::move(table->columns), {}};
  for (const auto& row : table->rows) out.rows.emplace_back(row.begin(), row.end());
  return out;
}

tl::expected<WantedTable, std::string> from_objects(const Json& list) {
  WantedTable out;
  for (const Json& row : list) {
    if (!row.is_object()) return tl::unexpected(std::string("mixes objects with other rows"));
    for (const auto& [key, cell] : row.items()) {
      if (std::find(out.columns.begin(), out.columns.end(), key) == out.columns.end()) out.columns.push_back(key);
    }
  }
  for (const Json& row : list) {
    auto& cells = out.rows.emplace_back();
    for (const std::string& column : out.columns) cells.push_back(row.contains(column) ? row[column] : Json());
  }
  return out;
}

tl::expected<WantedTable, std::string> from_lists(const Json& list) {
  WantedTable out;
  for (const Json& row : list) {
    if (!row.is_array()) return tl::unexpected(std::string("mixes lists with other rows"));
    if (&row == &list.front()) {
      for (const Json& name : row) {
        if (!name.is_string()) return tl::unexpected(std::string("has a first row that names no columns"));
        out.columns.push_back(name.get<std::string>());
      }
    } else if (row.size() != out.columns.size()) {
      return tl::unexpected(std::string("has rows of several widths"));
    } else {
      out.rows.emplace_back(row.begin(), row.end());
    }
  }
  return out;
}

class Comparing {
 public:
  Comparing(const TextTable& found, const WantedTable& wanted, const TableComparison& how)
      : found_(found), wanted_(wanted), how_(how) {}

  Judged<TableLikeness> run() {
    out_.rows = std::max(found_.rows.size(), wanted_.rows.size());
    out_.cells = out_.rows * wanted_.columns.size();
    for (const std::string& name : wanted_.columns) {
      const auto place = std::find(found_.columns.begin(), found_.columns.end(), name);
      if (place == found_.columns.end()) {
        first("there is no column " + in_quotes(name));
        columns_.emplace_back();
      } else {
        columns_.emplace_back(static_cast<std::size_t>(place - found_.columns.begin()));
      }
    }
    if (found_.rows.size() != wanted_.rows.size()) {
      first("has " + plural(found_.rows.size(), "row") + ", expected " + std::to_string(wanted_.rows.size()));
    }
    if (!how_.keys.empty()) {
      by_keys();
    } else if (!how_.any_order) {
      for (std::size_t i = 0; i < std::min(found_.rows.size(), wanted_.rows.size()); ++i) count(i, i);
    } else if (const auto done = in_any_order(); !done) {
      return tl::unexpected(done.error());
    }
    return out_;
  }

 private:
  void first(std::string difference) {
    if (out_.first_difference.empty()) out_.first_difference = std::move(difference);
  }

  bool is_same(const std::string& found, const Json& wanted) const {
    if (wanted.is_null()) return found.empty();
    if (text_is(found, wanted, how_.tolerance)) return true;
    if (!how_.numeric || !wanted.is_string()) return false;
    const auto a = number_in(found), b = number_in(wanted.get_ref<const std::string&>());
    return a && b && near(*a, *b, how_.tolerance);
  }

  bool is_same(std::size_t found, std::size_t wanted, std::size_t column) const {
    return columns_[column] && is_same(found_.rows[found][*columns_[column]], wanted_.rows[wanted][column]);
  }

  bool fits(std::size_t found, std::size_t wanted) const {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (!is_same(found, wanted, i)) return false;
    }
    return true;
  }

  // One wanted row against the one that answers it.
  void count(std::size_t found, std::size_t wanted) {
    std::size_t good = 0;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (is_same(found, wanted, i)) {
        ++good;
      } else if (columns_[i]) {
        first("row " + std::to_string(found + 1) + " has " + in_quotes(found_.rows[found][*columns_[i]]) + " in " +
              in_quotes(wanted_.columns[i]) + ", expected " + on_one_line(canonical(wanted_.rows[wanted][i])));
      }
    }
    out_.matching_cells += good;
    out_.matching_rows += good == columns_.size() ? 1U : 0U;
  }

  static std::string text_of(const Json& cell) {
    return cell.is_null() ? std::string() : cell.is_string() ? cell.get<std::string>() : canonical(cell);
  }

  // Of rows with equal keys the first found answers the first wanted, and so on.
  void by_keys() {
    std::vector<std::size_t> places;  // in the wanted table
    for (const std::string& key : how_.keys) {
      const auto place = std::find(wanted_.columns.begin(), wanted_.columns.end(), key) - wanted_.columns.begin();
      places.push_back(static_cast<std::size_t>(place));
      if (!columns_[places.back()]) return;  // said already: no such column
    }
    std::multimap<std::vector<std::string>, std::size_t> rows;
    for (std::size_t i = 0; i < found_.rows.size(); ++i) {
      std::vector<std::string> key;
      for (const std::size_t place : places) key.push_back(key_of(found_.rows[i][*columns_[place]]));
      rows.emplace(std::move(key), i);
    }
    for (std::size_t i = 0; i < wanted_.rows.size(); ++i) {
      std::vector<std::string> key;
      for (const std::size_t place : places) key.push_back(key_of(text_of(wanted_.rows[i][place])));
      const auto row = rows.find(key);
      if (row == rows.end()) {
        first("there is no row with " + in_quotes(how_.keys.front()) + " " + in_quotes(key.front()));
        continue;
      }
      count(row->second, i);
      rows.erase(row);
    }
    if (!rows.empty()) first("row " + std::to_string(rows.begin()->second + 1) + " is not expected");
  }

  static std::string key_of(const std::string& text) { return comparable_copy(trimmed(text), false); }

  Judged<bool> in_any_order() {
    if (wanted_.rows.size() * wanted_.rows.size() > max_table_pairs) {
      return unjudged("the expected table is too long to be tried in any order; name `keys`");
    }
    // A reply of a thousand times the rows is no match whichever of them would fit.
    const std::size_t tried =
        std::min(found_.rows.size(), max_table_pairs / std::max<std::size_t>(1, wanted_.rows.size()));
    const auto partners =
        matched(wanted_.rows.size(), tried, [&](std::size_t wanted, std::size_t found) { return fits(found, wanted); });
    for (std::size_t i = 0; i < partners.size(); ++i) {
      if (partners[i] != no_partner) {
        count(partners[i], i);
      } else {
        first("no row is the expected " + in_quotes(joined(wanted_.rows[i])));
      }
    }
    return true;
  }

  static std::string joined(const std::vector<Json>& row) {
    std::string out;
    for (const Json& cell : row) out += (out.empty() ? "" : ", ") + text_of(cell);
    return out;
  }

  const TextTable& found_;
  const WantedTable& wanted_;
  const TableComparison& how_;
  std::vector<std::optional<std::size_t>> columns_;  // where each wanted column stands in the found table
  TableLikeness out_;
};

}  // namespace

tl::expected<WantedTable, std::string> wanted_table(const Json& value) {
  auto out = value.is_string() ? from_text(value.get_ref<const std::string&>())
             : value.is_array() && !value.empty() && value.front().is_object() ? from_objects(value)
             : value.is_array() && !value.empty() && value.front().is_array()
                 ? from_lists(value)
                 : tl::unexpected(std::string("is no CSV text and no list of rows"));
  if (!out) return out;
  if (out->columns.empty()) return tl::unexpected(std::string("has no columns"));
  for (const auto& row : out->rows) {
    if (std::any_of(row.begin(), row.end(), [](const Json& cell) { return cell.is_structured(); })) {
      return tl::unexpected(std::string("has a cell that is a list or an object"));
    }
  }
  return out;
}

Judged<TableLikeness> likeness(const TextTable& found, const WantedTable& wanted, const TableComparison& how) {
  return Comparing(found, wanted, how).run();
}

}  // namespace headgate::grade
