#include <catch2/catch.hpp>

#include "headgate/base/csv.hpp"
#include "headgate/base/random.hpp"
#include "headgate/base/text.hpp"

using namespace headgate;

namespace {

using Cells = std::vector<std::vector<std::string>>;

Cells good(const std::string& text) {
  Complaints complaints;
  const auto rows = parse_csv("a.csv", text, complaints);
  INFO((complaints.empty() ? std::string() : complaints.errors().front().message));
  REQUIRE(rows.has_value());
  Cells cells;
  for (const CsvRow& row : *rows) cells.push_back(row.cells);
  return cells;
}

}  // namespace

TEST_CASE("csv: RFC 4180") {
  CHECK(good("a,b\r\n1,2\r\n") == Cells{{"a", "b"}, {"1", "2"}});
  CHECK(good("\xEF\xBB\xBF"
             "a,b\n1,") == Cells{{"a", "b"}, {"1", ""}});
  CHECK(good("a\n\"x,\"\"y\"\"\r\nz\"\n") == Cells{{"a"}, {"x,\"y\"\r\nz"}});
  CHECK(good("a,b\n\"\",\"\"\n\n,\n") == Cells{{"a", "b"}, {"", ""}, {"", ""}});
  CHECK(good("a\rb\n") == Cells{{"a\rb"}});
}

TEST_CASE("csv: rows know their lines") {
  Complaints complaints;
  const auto rows = parse_csv("a.csv", "a\r\n\r\n\"x\ny\"\nz", complaints);
  REQUIRE(rows);
  REQUIRE(rows->size() == 3);
  CHECK((*rows)[0].line == 1);
  CHECK((*rows)[1].line == 3);
  CHECK((*rows)[2].line == 5);
}

TEST_CASE("csv: faults") {
  struct Row {
    std::string text;
    std::size_t line, column;
    std::string part;
  };
  const std::vector<Row> rows{
      {"", 1, 1, "no header row"},
      {"\n\n", 3, 1, "no header row"},
      {"a,b\n1\n", 2, 1, "this row has 1 cells, the header has 2"},
      {"a\n\"x\ny", 2, 1, "a quote that is never closed"},
      {"a,b\n\"x\"y,2\n", 2, 4, "text after a closing quote"},
      {"a\nx\"y\n", 2, 2, "a quote inside an unquoted cell"},
      {std::string("a\nx\0\n", 5), 2, 2, "NUL"},
      {"a\ncaf\xE9\n", 2, 4, "invalid UTF-8 byte 0xE9"},
  };
  for (const Row& row : rows) {
    INFO(row.part);
    Complaints complaints;
    CHECK_FALSE(parse_csv("a.csv", row.text, complaints));
    REQUIRE(complaints.total() == 1);
    const Error& error = complaints.errors().front();
    CHECK(error.message.find(row.part) != std::string::npos);
    CHECK(error.place.line == row.line);
    CHECK(error.place.column == row.column);
  }
  Complaints two;
  CHECK_FALSE(parse_csv("a.csv", "a,b\n1\n1,2\n1,2,3\n", two));
  CHECK(two.total() == 2);
}

TEST_CASE("csv: what csv_cell writes comes back") {
  Random random(21);
  for (int i = 0; i < 2000; ++i) {
    std::string text;
    for (auto n = random.below(8); n > 0; --n) text.push_back("ab ,\"\n\r;"[random.below(8)]);
    const std::string expected = text.starts_with('\r') ? "'" + text : text;
    CHECK(good("h,g\n" + csv_cell(text) + ",x\n").at(1).at(0) == expected);
  }
}

TEST_CASE("csv: damaged texts never crash") {
  const std::string base = "a,b\r\n\"x\"\"\n\",2\r\n,é\n";
  const auto feed = [](const std::string& text) {
    Complaints complaints;
    const bool read = parse_csv("x", text, complaints).has_value();
    CHECK(read == complaints.empty());
  };
  for (std::size_t at = 0; at < base.size(); ++at) {
    std::string text = base;
    for (int byte = 0; byte < 256; ++byte) {
      text[at] = static_cast<char>(byte);
      feed(text);
    }
    feed(base.substr(0, at));
  }
}

TEST_CASE("a header that names a column twice is refused") {
  Complaints complaints;
  CHECK_FALSE(parse_csv("c.csv", "n,severity,severity\n1,severe,normal\n", complaints));
  REQUIRE(complaints.total() == 1);
  CHECK(complaints.errors()[0].message.find("'severity' twice") != std::string::npos);
}

TEST_CASE("a file of another spreadsheet has another separator") {
  CHECK(csv_separator("a,b\n1;2;3") == ',');
  CHECK(csv_separator("a;b\r\n1,5;2") == ';');
  CHECK(csv_separator("a\tb") == '\t');
  CHECK(csv_separator("key") == ',');
  CHECK(csv_separator("") == ',');
  Complaints complaints;
  const auto rows = parse_csv("a.csv", "key;label\n\"x;y\";1,5\n", complaints, ';');
  REQUIRE(rows);
  CHECK(rows->at(1).cells == std::vector<std::string>{"x;y", "1,5"});
}
