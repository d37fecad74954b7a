#include <catch2/catch.hpp>
#include <limits>

#include "headgate/base/random.hpp"
#include "headgate/base/text.hpp"
#include "headgate/base/unicode.hpp"

using namespace headgate;

TEST_CASE("elide: at most that many columns, whole characters") {
  CHECK(elide("short", 5) == "short");
  CHECK(elide("a long text", 7) == "a l…ext");
  CHECK(elide("abcdef", 1) == "…");
  CHECK(elide("abcdef", 0).empty());
  CHECK(elide("abcdef", 2) == "a…");
  CHECK(elide("éééééé", 4) == "éé…é");
  CHECK(elide("日本語日本語", 7) == "日…語");
  CHECK(elide("e\xCC\x81xyzw", 3) == "e\xCC\x81…w");
  CHECK(elide("", 0).empty());
  const std::string mixed = "aé日😀e\xCC\x81\xFFzé日本x";
  for (std::size_t max = 0; max < 20; ++max) {
    const std::string cut = elide(mixed, max);
    CHECK(elide(cut, max) == cut);
    CHECK(is_utf8(elide("aé日😀ze日本x", max)));
  }
}

TEST_CASE("plural and join_words") {
  CHECK(plural(1, "case") == "1 case");
  CHECK(plural(0, "case") == "0 cases");
  CHECK(plural(2, "reply", "replies") == "2 replies");
  const std::vector<std::string> words{"a", "b", "c", "d"};
  const auto first = [&](std::size_t n) { return std::span<const std::string>(words).first(n); };
  CHECK(join_words(first(0)).empty());
  CHECK(join_words(first(1)) == "a");
  CHECK(join_words(first(2)) == "a and b");
  CHECK(join_words(first(3)) == "a, b and c");
  CHECK(join_words(words, 2) == "a, b and 2 more");
  CHECK(join_words(words, 1) == "a and 3 more");
}

TEST_CASE("edit_distance: swaps of neighbours count one") {
  CHECK(edit_distance("", "") == 0);
  CHECK(edit_distance("abc", "") == 3);
  CHECK(edit_distance("regx", "regex") == 1);
  CHECK(edit_distance("sevrity", "severity") == 1);
  CHECK(edit_distance("teh", "the") == 1);
  CHECK(edit_distance("kitten", "sitting") == 3);
  CHECK(edit_distance("ca", "abc") == 3);  // no part is edited twice
  Random random(3);
  for (int i = 0; i < 2000; ++i) {
    std::string a;
    std::string b;
    for (auto n = random.below(8); n > 0; --n) a.push_back(static_cast<char>('a' + random.below(3)));
    for (auto n = random.below(8); n > 0; --n) b.push_back(static_cast<char>('a' + random.below(3)));
    const std::size_t distance = edit_distance(a, b);
    CHECK(distance == edit_distance(b, a));
    CHECK((distance == 0) == (a == b));
    CHECK(distance <= std::max(a.size(), b.size()));
  }
}

TEST_CASE("nearest and did_you_mean") {
  const std::vector<std::string> known{"severity", "expected", "regex", "equals", "id"};
  CHECK(nearest("sevrity", known) == "severity");
  CHECK(nearest("SEVERITY", known) == "severity");
  CHECK(nearest("regx", known) == "regex");
  CHECK(nearest("temperature", known).empty());
  CHECK(nearest("ix", known).empty());
  CHECK(nearest("", known).empty());
  CHECK(nearest(std::string(100'000, 'a'), known).empty());
  CHECK(did_you_mean("regx", known) == "did you mean 'regex'?");
  CHECK(did_you_mean("zzz", known).empty());
}

TEST_CASE("numbers for people") {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  CHECK(shortest(0.1721) == "0.1721");
  CHECK(shortest(1e-32) == "1e-32");
  CHECK(shortest(0) == "0");
  CHECK(shortest(-0.0) == "0");
  CHECK(shortest(100) == "100");
  CHECK(shortest(infinity) == "inf");
  CHECK(shortest(-infinity) == "-inf");
  CHECK(shortest(std::numeric_limits<double>::quiet_NaN()) == "nan");
  CHECK(fixed(1.005, 2) == "1.00");
  CHECK(fixed(2.5, 0) == "2");
  CHECK(fixed(-0.04, 1) == "0.0");
  CHECK(fixed(-0.05, 2) == "-0.05");
  CHECK(fixed(infinity, 2) == "inf");
  CHECK(fixed(1e308, 60).size() == 309 + 61);
  CHECK(fixed(1.5, -3) == "2");
  CHECK(percent(0.1234) == "12.3 %");
  CHECK(percent(1, 0) == "100 %");
}
