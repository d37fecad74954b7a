// csv: the reply has a table with the columns, rows and cells that are asked for.
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "code_blocks.hpp"
#include "comparable.hpp"
#include "headgate/base/text.hpp"
#include "json_template.hpp"
#include "options.hpp"
#include "pattern.hpp"
#include "schema_formats.hpp"
#include "table_compare.hpp"
#include "text_grader.hpp"
#include "value_check.hpp"

namespace headgate::grade {
namespace {

enum class TableFrom { whole, fenced, either };
enum class ColumnsMatch { contains, same_set, exact };
enum class CellType { any, number, integer, date, date_time, boolean };

// What is asked of every cell of a column.
struct CellCheck {
  std::string column;
  CellType type = CellType::any;
  bool empty_ok = false;
  bool unique = false;
  std::optional<Pattern> matches;
  std::vector<std::string> one_of;
  std::optional<double> least, most;
};

struct Asked {
  TableFrom from = TableFrom::either;
  bool markdown = false;
  char separator = ',';
  std::vector<std::string> columns;
  ColumnsMatch match = ColumnsMatch::contains;
  std::size_t min_rows = 0;
  std::optional<std::size_t> max_rows;
  std::vector<CellCheck> cells;
  std::optional<JsonTemplate> equals;
  TableComparison comparison;
  bool score_by_cells = false;
  double min_share = 1.0;

  bool looks_inside() const { return !columns.empty() || min_rows > 0 || max_rows || !cells.empty() || equals; }
};

std::string type_name(CellType type) {
  switch (type) {
    case CellType::any:
      return "text";
    case CellType::number:
      return "number";
    case CellType::integer:
      return "whole number";
    case CellType::date:
      return "date YYYY-MM-DD";
    case CellType::date_time:
      return "date and time with offset";
    case CellType::boolean:
      return "true or false";
  }
  return {};
}

bool is_of_type(const std::string& cell, CellType type) {
  switch (type) {
    case CellType::any:
      return true;
    case CellType::number:
      return number_in(cell).has_value();
    case CellType::integer:
      return number_in(cell).has_value() && cell.find_first_not_of("+-0123456789") == cell.npos;
    case CellType::date:
      return has_format(cell, "date");
    case CellType::date_time:
      return has_format(cell, "date-time");
    case CellType::boolean:
      return cell == "true" || cell == "false";
  }
  return false;
}

// The first block marked as such a table, else the first block.
std::optional<std::string_view> from_block(std::string_view text, bool markdown) {
  std::optional<std::string_view> first;
  std::size_t at = 0;
  while (const auto block = next_block(text, at)) {
    const bool marked = markdown ? is_marked(*block, "markdown") || is_marked(*block, "md")
                                 : is_marked(*block, "csv") || is_marked(*block, "tsv");
    if (marked) return block->content;
    if (!first) first = block->content;
  }
  return first;
}

class CsvGrader : public TextGrader {
 public:
  CsvGrader(TextOptions options, Asked asked) : TextGrader(std::move(options)), asked_(std::move(asked)) {}

  std::string lacks(const Case& item) const override {
    if (!asked_.equals) return {};
    const auto wanted = expected(item);
    return wanted ? std::string() : wanted.error().message;
  }

 protected:
  Step judge(std::string_view text, const Case& item) const override {
    auto table = found_table(text);
    if (table && is_no_table(*table)) table = tl::unexpected(std::string("has no table"));
    // Where only form is asked, no table is an answer; where cells are, there is nothing to look at.
    if (!table && asked_.looks_inside()) return Absent{"the reply " + table.error()};
    if (!table) return verdict(false, "the reply " + table.error());
    std::string fault = fault_of_columns(*table);
    if (fault.empty()) fault = fault_of_rows(*table);
    for (const CellCheck& check : asked_.cells) {
      if (fault.empty()) fault = fault_of_cells(*table, check);
    }
    if (!fault.empty()) return verdict(false, fault);
    if (asked_.equals) return compare(*table, item);
    return verdict(
        true, "a table of " + plural(table->columns.size(), "column") + " and " + plural(table->rows.size(), "row"));
  }

 private:
  tl::expected<TextTable, std::string> found_table(std::string_view text) const {
    if (asked_.from != TableFrom::whole) {
      const auto block = from_block(text, asked_.markdown);
      if (!block && asked_.from == TableFrom::fenced) return tl::unexpected(std::string("has no ``` block"));
      // A Markdown table needs no fence, and other blocks may stand around it.
      if (block && asked_.markdown && asked_.from == TableFrom::either) {
        if (auto table = read_markdown_table(*block)) return table;
      } else if (block) {
        text = *block;
      }
    }
    return asked_.markdown ? read_markdown_table(text) : read_separated(text, asked_.separator);
  }

  // One line of prose is a table of one column to a reader of CSV.
  bool is_no_table(const TextTable& table) const {
    return !asked_.markdown && table.columns.size() == 1 && asked_.columns != table.columns;
  }

  std::string fault_of_columns(const TextTable& table) const {
    for (const std::string& name : asked_.columns) {
      if (std::find(table.columns.begin(), table.columns.end(), name) == table.columns.end()) {
        return "there is no column " + in_quotes(name) + " among " + join_words(shortened(table.columns));
      }
    }
    if (asked_.match == ColumnsMatch::contains) return {};
    for (const std::string& name : table.columns) {
      if (std::find(asked_.columns.begin(), asked_.columns.end(), name) == asked_.columns.end()) {
        return "the column " + in_quotes(name) + " is not expected";
      }
    }
    if (asked_.match == ColumnsMatch::exact && table.columns != asked_.columns) {
      return "the columns are in the order " + join_words(shortened(table.columns));
    }
    return {};
  }

  static std::vector<std::string> shortened(const std::vector<std::string>& names) {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < names.size() && i < 16; ++i) out.push_back(in_quotes(names[i]));
    return out;
  }

  std::string fault_of_rows(const TextTable& table) const {
    const std::size_t rows = table.rows.size();
    if (rows < asked_.min_rows) {
      return "has " + plural(rows, "row") + ", at least " + std::to_string(asked_.min_rows) + " asked";
    }
    if (asked_.max_rows && rows > *asked_.max_rows) {
      return "has " + plural(rows, "row") + ", at most " + std::to_string(*asked_.max_rows) + " asked";
    }
    return {};
  }

  static std::string fault_of_cells(const TextTable& table, const CellCheck& check) {
    const auto place = std::find(table.columns.begin(), table.columns.end(), check.column);
    if (place == table.columns.end()) return "there is no column " + in_quotes(check.column);
    const auto column = static_cast<std::size_t>(place - table.columns.begin());
    std::set<std::string_view> seen;
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
      const std::string& cell = table.rows[i][column];
      std::string fault = fault_of_cell(cell, check);
      if (fault.empty() && check.unique && !seen.insert(cell).second) fault = "is there twice";
      if (!fault.empty()) {
        return "row " + std::to_string(i + 1) + ", " + in_quotes(check.column) + ": " + in_quotes(cell) + " " + fault;
      }
    }
    return {};
  }

  static std::string fault_of_cell(const std::string& cell, const CellCheck& check) {
    if (cell.empty()) return check.empty_ok ? "" : "is empty";
    if (!is_of_type(cell, check.type)) return "is no " + type_name(check.type);
    if (check.matches && !check.matches->covers(cell)) return "does not match";
    if (!check.one_of.empty() && std::find(check.one_of.begin(), check.one_of.end(), cell) == check.one_of.end()) {
      return "is none of " + join_words(check.one_of);
    }
    if (!check.least && !check.most) return {};
    const auto number = number_in(cell);
    if (!number) return "is no number";
    if (check.least && number->approximate() < *check.least) return "is below " + shortest(*check.least);
    if (check.most && number->approximate() > *check.most) return "is above " + shortest(*check.most);
    return {};
  }

  Judged<WantedTable> expected(const Case& item) const {
    const auto value = asked_.equals->fill(item);
    if (!value) return tl::unexpected(value.error());
    auto table = wanted_table(*value);
    if (!table) return unjudged("the expected table " + table.error());
    for (const std::string& key : asked_.comparison.keys) {
      if (std::find(table->columns.begin(), table->columns.end(), key) == table->columns.end()) {
        return unjudged("the expected table has no key column " + in_quotes(key));
      }
    }
    return *table;
  }

  Step compare(const TextTable& table, const Case& item) const {
    const auto wanted = expected(item);
    if (!wanted) return wanted.error();
    const auto alike = likeness(table, *wanted, asked_.comparison);
    if (!alike) return alike.error();
    const std::size_t all = asked_.score_by_cells ? alike->cells : alike->rows;
    const std::size_t good = asked_.score_by_cells ? alike->matching_cells : alike->matching_rows;
    const bool same = alike->first_difference.empty();
    // No rows where none are expected is all that was asked; a missing column is not.
    const double share = all == 0 ? (same ? 1.0 : 0.0) : static_cast<double>(good) / static_cast<double>(all);
    const bool pass = asked_.min_share < 1.0 ? share >= asked_.min_share : same;
    std::string reason =
        std::to_string(good) + " of " + plural(all, asked_.score_by_cells ? "cell" : "row") + " as expected";
    if (!same) reason += "; " + alike->first_difference;
    return Grade{pass, share, std::move(reason)};
  }

  Asked asked_;
};

const FieldTable& cell_table() {
  static const FieldTable table{
      "cells",
      "What is asked of every cell of a column.",
      {{"type", one_of({"number", "integer", "date", "date_time", "boolean"}), "what it must be; a date is YYYY-MM-DD"},
       {"matches", string_shape(), "an RE2 pattern for the whole cell"},
       {"one_of", list_of(string_or_empty()).at_least(1), "texts of which it must be one"},
       {"min", number_shape(), "the least number"},
       {"max", number_shape(), "the greatest number"},
       {"empty", boolean_shape(), "whether it may be empty", false, "false"},
       {"unique", boolean_shape(), "whether no two cells may be the same", false, "false"}}};
  return table;
}

const FieldTable& options_table() {
  static const FieldTable table{
      "csv",
      "Options of csv.",
      {{"extract", either({one_of({"whole", "fenced", "either"}), object_of(extract_table())}),
        "where the table is: the whole reply; its first ``` block marked csv or tsv (of Markdown: markdown), else its "
        "first block; such a block where there is one, else the whole; or the extract of text graders",
        false, "\"either\""},
       {"format", one_of({"csv", "tsv", "markdown"}),
        "commas (RFC 4180), tabs, or the first pipe table of a Markdown text", false, "\"csv\""},
       {"separator", one_of({",", ";", "|"}), "what stands between the cells of csv", false, "\",\""},
       {"columns", list_of(string_shape()).at_least(1), "names in the first row"},
       {"columns_match", one_of({"contains", "same_set", "exact"}),
        "whether further columns are welcome, or none, or none and the order counts", false, "\"contains\""},
       {"min_rows", integer_shape().at_least(0), "rows below the first, at least", false, "0"},
       {"max_rows", integer_shape().at_least(0), "rows below the first, at most"},
       {"cells",
        map_of(object_of(cell_table())),
        "by column: what is asked of its cells",
        false,
        {},
        R"({"amount":{"type":"number","min":0},"state":{"one_of":["open","closed"]}})"},
       {"equals",
        any_shape(),
        "the expected table: CSV text with commas, a list of objects, or a list of lists whose first names the "
        "columns; "
        "further columns of the reply are not compared",
        false,
        {},
        "\"{{case.expected}}\""},
       {"keys", list_of(string_shape()).at_least(1), "columns that say which rows belong together, in any order"},
       {"any_order", boolean_shape(), "without `keys`: rows are compared with whichever fits", false, "false"},
       {"tolerance", number_shape().at_least(0),
        "how far off a number may be, inclusive; where written, also texts that are numbers are compared as numbers",
        false, "0"},
       {"relative", number_shape().at_least(0), "the same as a share of the expected number"},
       {"score", one_of({"rows", "cells"}), "the share of which is the score", false, "\"rows\""},
       {"min_share", fraction(), "the score that passes; 1: only a table that is the same", false, "1"}}};
  return table;
}

class Builder {
 public:
  explicit Builder(const BuildContext& context) : context_(context), options_(context.options) {}

  GraderPtr build() {
    TextOptions text;
    const Json* extract = option(options_, "extract");
    if (extract != nullptr && extract->is_object()) {
      text.extract = Extract::build(context_.tree, *extract, context_.complaints);
      good_ = good_ && text.extract;
      asked_.from = TableFrom::whole;
    } else if (extract != nullptr) {
      asked_.from = *extract == "fenced"  ? TableFrom::fenced
                    : *extract == "whole" ? TableFrom::whole
                                          : TableFrom::either;
    }
    // A first cell may be empty, and with tabs only white space says so.
    text.trim = false;
    form();
    columns();
    rows();
    cells();
    comparison();
    if (!good_) return nullptr;
    return std::make_unique<CsvGrader>(std::move(text), std::move(asked_));
  }

 private:
  void complain(const Json& at, std::string message, std::string hint = {}, At where = At::key) {
    context_.complaints.add(context_.tree.error(at, std::move(message), std::move(hint), where));
    good_ = false;
  }

  void form() {
    const std::string format = word(options_, "format", "csv");
    asked_.markdown = format == "markdown";
    asked_.separator = format == "tsv" ? '\t' : word(options_, "separator", ",").front();
    const Json* separator = option(options_, "separator");
    if (separator != nullptr && format != "csv") complain(*separator, "`separator` is for csv");
  }

  std::vector<std::string> names(const char* field) {
    std::vector<std::string> out;
    const Json* written = option(options_, field);
    if (written == nullptr) return out;
    for (const Json& one : *written) {
      std::string name = comparable_copy(one.get_ref<const std::string&>(), false);
      if (std::find(out.begin(), out.end(), name) != out.end()) complain(one, "the same name twice", {}, At::value);
      out.push_back(std::move(name));
    }
    return out;
  }

  void columns() {
    asked_.columns = names("columns");
    const std::string match = word(options_, "columns_match", "contains");
    asked_.match = match == "exact"      ? ColumnsMatch::exact
                   : match == "same_set" ? ColumnsMatch::same_set
                                         : ColumnsMatch::contains;
    const Json* written = option(options_, "columns_match");
    if (written != nullptr && asked_.columns.empty())
      complain(*written, "`columns_match` says nothing without `columns`");
  }

  void rows() {
    if (const Json* least = option(options_, "min_rows")) asked_.min_rows = least->get<std::size_t>();
    const Json* most = option(options_, "max_rows");
    if (most == nullptr) return;
    asked_.max_rows = most->get<std::size_t>();
    if (*asked_.max_rows < asked_.min_rows) complain(*most, "`max_rows` is below `min_rows`", {}, At::value);
  }

  void cells() {
    const Json* all = option(options_, "cells");
    if (all == nullptr) return;
    if (all->empty()) complain(*all, "`cells` is empty", "name a column", At::value);
    for (const auto& [column, written] : all->items()) {
      CellCheck check;
      check.column = comparable_copy(column, false);
      const std::string type = word(written, "type", "");
      check.type = type == "number"      ? CellType::number
                   : type == "integer"   ? CellType::integer
                   : type == "date"      ? CellType::date
                   : type == "date_time" ? CellType::date_time
                   : type == "boolean"   ? CellType::boolean
                                         : CellType::any;
      check.empty_ok = flag(written, "empty", false);
      check.unique = flag(written, "unique", false);
      if (const Json* matches = option(written, "matches")) {
        check.matches = Pattern::compile(context_.tree, *matches, false, context_.complaints);
        good_ = good_ && check.matches;
      }
      if (const Json* one_of = option(written, "one_of")) {
        for (const Json& one : *one_of)
          check.one_of.push_back(comparable_copy(one.get_ref<const std::string&>(), false));
      }
      if (const Json* least = option(written, "min")) check.least = least->get<double>();
      if (const Json* most = option(written, "max")) check.most = most->get<double>();
      if (check.least && check.most && *check.least > *check.most) {
        complain(written, "no number lies between `min` and `max`", {}, At::value);
      }
      asked_.cells.push_back(std::move(check));
    }
  }

  void comparison() {
    const Json* equals = option(options_, "equals");
    if (equals == nullptr) {
      for (const char* name : {"keys", "any_order", "tolerance", "relative", "score", "min_share"}) {
        if (const Json* written = option(options_, name)) {
          complain(*written, std::string("`") + name + "` says nothing without `equals`", "the expected table");
        }
      }
      return;
    }
    asked_.equals = JsonTemplate::build(context_.tree, *equals, context_.complaints);
    good_ = good_ && asked_.equals;
    TableComparison& how = asked_.comparison;
    how.keys = names("keys");
    how.any_order = flag(options_, "any_order", false);
    how.tolerance = {quantity(options_, "tolerance", 0.0), quantity(options_, "relative", 0.0)};
    how.numeric = options_.contains("tolerance") || options_.contains("relative");
    asked_.score_by_cells = word(options_, "score", "rows") == "cells";
    asked_.min_share = quantity(options_, "min_share", 1.0);
    if (asked_.min_share <= 0.0) {
      complain(*option(options_, "min_share"), "a share of 0 passes every table", {}, At::value);
    }
    if (how.any_order && !how.keys.empty()) complain(*option(options_, "any_order"), "`keys` have no order anyway");
    if (const Json* fixed = asked_.equals ? asked_.equals->constant() : nullptr) check_fixed(*equals, *fixed);
  }

  void check_fixed(const Json& at, const Json& fixed) {
    const auto table = wanted_table(fixed);
    if (!table) return complain(at, "the expected table " + table.error(), {}, At::value);
    for (const std::string& key : asked_.comparison.keys) {
      if (std::find(table->columns.begin(), table->columns.end(), key) == table->columns.end()) {
        complain(at, "the expected table has no key column '" + key + "'", did_you_mean(key, table->columns),
                 At::value);
      }
    }
  }

  const BuildContext& context_;
  const Json& options_;
  Asked asked_;
  bool good_ = true;
};

GraderPtr build(const BuildContext& context) { return Builder(context).build(); }

}  // namespace

Kind csv_kind() {
  return {
      "csv",
      "the reply has a table (CSV, TSV, Markdown) with the columns, rows and cells asked for",
      "Passes when the reply has one table whose first row names its columns, every row is as wide as that, and "
      "`columns`, `min_rows`, `max_rows`, `cells` and `equals` hold. White space around cells does not count. With "
      "`equals` the expected table's columns are compared, row by row in order, by `keys`, or in any order; it passes "
      "when nothing differs, or with `min_share` when the score reaches it. A reply without a table (one line of prose "
      "is none) fails, and where anything of it is asked for not_csv fails too. Score: 1 or 0; with `equals` the "
      "share of matching rows, or cells, of the longer table.",
      R"({"kind":"csv","columns":["id","amount"],"cells":{"amount":{"type":"number"}},"equals":[{"id":"a","amount":1.5}],"keys":["id"],"tolerance":0.01})",
      &options_table(),
      &build,
      Basis::text,
      {}};
}

}  // namespace headgate::grade
