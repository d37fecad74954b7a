#include "columns.hpp"

#include <catch2/catch.hpp>

using headgate::cli::Columns;

TEST_CASE("columns line up, wide characters counted, and no line ends in blanks") {
  Columns table({"a", "bb", "c"});
  table.add({"言語", "x", "y"});
  table.add({"long word", "", "z"});
  CHECK(table.text() ==
        "  a          bb  c\n"
        "  言語       x   y\n"
        "  long word      z\n");
  CHECK(Columns().text().empty());
}
