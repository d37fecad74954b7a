#include "headgate/suite/version.hpp"

#include <catch2/catch.hpp>

using namespace headgate::suite;

TEST_CASE("a version is three numbers without leading zeros") {
  CHECK(parse_version("1.4.0") == SemVer{1, 4, 0});
  CHECK(parse_version("0.0.10")->text() == "0.0.10");
  for (const char* bad :
       {"", "1", "1.4", "1.4.0.0", "1.04.0", "v1.4.0", "1.4.x", "1..0", "1.4.", "1.4.0 ", "-1.4.0", "1.4.9999999999"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_version(bad).has_value());
  }
  CHECK(SemVer{1, 9, 0} < SemVer{1, 10, 0});
}

TEST_CASE("ranges hold the versions they say") {
  struct Row {
    const char* range;
    const char* inside;
    const char* outside;
  };
  for (const Row& row : {Row{"1.4.0", "1.4.0", "1.4.1"}, Row{"1.4", "1.4.9", "1.5.0"}, Row{"1", "1.9.9", "2.0.0"},
                         Row{"^1.4", "1.9.0", "2.0.0"}, Row{"^1.4", "1.4.0", "1.3.9"}, Row{"^1.4.2", "1.4.2", "1.4.1"},
                         Row{"^0.3", "0.3.7", "0.4.0"}, Row{"^0.0.3", "0.0.3", "0.0.4"}, Row{"^1", "1.0.0", "2.0.0"},
                         Row{"~1.4.2", "1.4.9", "1.5.0"}, Row{"~1.4", "1.4.0", "1.5.0"}, Row{"~1", "1.9.0", "2.0.0"},
                         Row{">=1.2.0", "7.0.0", "1.1.9"}}) {
    CAPTURE(row.range, row.inside, row.outside);
    const auto range = Range::parse(row.range);
    REQUIRE(range.has_value());
    CHECK(range->contains(*parse_version(row.inside)));
    CHECK_FALSE(range->contains(*parse_version(row.outside)));
  }
  CHECK(Range::parse("")->contains(SemVer{9, 9, 9}));
  for (const char* bad : {"latest", "^", ">=", ">1.0", "1.x", "^1.4.2.1", "draft", "1,4"}) {
    CAPTURE(bad);
    CHECK_FALSE(Range::parse(bad).has_value());
  }
}

TEST_CASE("a window holds since and not retired") {
  const Window middle{SemVer{1, 2, 0}, SemVer{1, 4, 0}};
  CHECK_FALSE(middle.contains({1, 1, 9}));
  CHECK(middle.contains({1, 2, 0}));
  CHECK(middle.contains({1, 3, 99}));
  CHECK_FALSE(middle.contains({1, 4, 0}));
  CHECK(Window{}.contains({0, 0, 0}));
}

TEST_CASE("windows overlap exactly where some version is in both") {
  const SemVer some[] = {{0, 0, 0}, {1, 0, 0}, {1, 1, 0}, {1, 2, 0}, {2, 0, 0}};
  std::vector<Window> windows{{}};
  for (const SemVer& a : some) {
    windows.push_back({a, {}});
    windows.push_back({{}, a});
    for (const SemVer& b : some) windows.push_back({a, b});
  }
  for (const Window& a : windows) {
    for (const Window& b : windows) {
      bool shared = false;
      for (const SemVer& version : some) shared = shared || (a.contains(version) && b.contains(version));
      CHECK(a.overlaps(b) == shared);
      CHECK(a.overlaps(b) == b.overlaps(a));
    }
  }
}
