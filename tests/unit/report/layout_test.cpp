#include "layout.hpp"

#include <catch2/catch.hpp>
#include <sstream>

#include "headgate/base/text.hpp"

using namespace headgate;
using namespace headgate::report;

namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

}  // namespace

TEST_CASE("layout: text is broken at spaces and long words are elided") {
  CHECK(wrapped("one two three", 7) == std::vector<std::string>{"one two", "three"});
  CHECK(wrapped("", 7) == std::vector<std::string>{""});
  for (const std::string& line : wrapped("short " + std::string(200, 'w') + " end", 30)) CHECK(columns_of(line) <= 30);
}

TEST_CASE("layout: a break never moves a command to the start of a line") {
  for (const std::string& line : wrapped("aaaa ::error::x bbbb ##[group]c dddd ##vso[task]e", 10)) {
    CHECK(line.substr(0, 2) != "::");
    CHECK(line.find("##[") == std::string::npos);
    CHECK(line.find("##vso[") == std::string::npos);
  }
}

TEST_CASE("layout: wide characters count as wide") {
  CHECK(columns_of("abc") == 3);
  CHECK(columns_of("返金") == 4);
  CHECK(columns_of("é") == 1);
  CHECK(columns_of("") == 0);
}

TEST_CASE("layout: columns stand in line and fit the page") {
  Table table;
  table.right = {false, false, true};
  table.elastic = 1;
  table.rows = {{{"verdict"}, {"rule"}, {"n"}},
                {{"pass", Hue::good}, {"返金の" + std::string(200, 'r')}, {"7"}},
                {{"fail", Hue::bad}, {"short"}, {"1234"}}};
  for (const bool colour : {false, true}) {
    Page page(60, colour);
    print(page, table);
    const std::string text = page.take();
    CHECK((text.find('\x1b') != std::string::npos) == colour);
    if (colour) continue;
    const auto lines = lines_of(text);
    REQUIRE(lines.size() == 3);
    for (const std::string& line : lines) CHECK(columns_of(line) == 60);
    CHECK(lines[1].ends_with("    7"));
    CHECK(lines[2].ends_with(" 1234"));
  }
}

TEST_CASE("layout: nothing that a page is given reaches the terminal raw") {
  Page page(40, false);
  page.item("label:", "a\x1b[2Jb\nc\r\xff");
  page.heading("h\x07");
  CHECK(page.take() == "label: a\\x1b[2Jb\\nc\\r\\xff\n\nh\\x07\n");
}
