#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <set>

#include "headgate/base/assert.hpp"
#include "headgate/base/bug_error.hpp"
#include "headgate/base/clock.hpp"
#include "headgate/base/complaints.hpp"
#include "headgate/base/for_each.hpp"
#include "headgate/base/lines.hpp"
#include "headgate/base/random.hpp"
#include "headgate/base/result.hpp"

using namespace headgate;

namespace {

Error error_at(const std::string& file, std::size_t line, std::size_t column, const std::string& message = "m") {
  return {ErrorCode::input, message, {file, line, column, {}, 1, 1}, {}};
}

Result<int> half(int n) {
  if (n % 2 != 0) return failure(ErrorCode::input, "odd");
  return n / 2;
}

Result<int> quarter(int n) {
  HG_TRY(once, half(n));
  HG_TRY(twice, half(once));
  return twice;
}

Result<void> is_even(int n) {
  HG_CHECK(half(n));
  return {};
}

}  // namespace

TEST_CASE("result: the macros pass values and errors on") {
  CHECK(quarter(8).value() == 2);
  CHECK(quarter(6).error().message == "odd");
  CHECK(is_even(2).has_value());
  CHECK_FALSE(is_even(3).has_value());
}

TEST_CASE("assert: throws BugError that names the condition") {
  CHECK_NOTHROW(HG_ASSERT(true));
  try {
    HG_ASSERT(1 + 1 == 3);
    FAIL("must throw");
  } catch (const BugError& bug) {
    CHECK(std::string(bug.what()).find("1 + 1 == 3") != std::string::npos);
    CHECK(std::string(bug.what()).find("small_parts_test.cpp") != std::string::npos);
  }
}

TEST_CASE("complaints: bounded for each file, counted in full") {
  Complaints complaints;
  for (std::size_t i = 1; i <= 1000; ++i) complaints.add(error_at("a", i, 1));
  complaints.add(error_at("b", 1, 1));
  CHECK(complaints.total() == 1001);
  CHECK(complaints.errors().size() == 21);
  Complaints more;
  more.append(std::move(complaints));
  CHECK(more.total() == 1001);
  CHECK(more.errors().size() == 21);
  Complaints third;
  third.add(error_at("a", 7, 7));
  third.append(std::move(more));
  CHECK(third.total() == 1002);
  CHECK(third.errors().size() == 21);
  CHECK(third.errors().front().place.line == 7);
}

TEST_CASE("complaints: sorted, each once") {
  Complaints complaints;
  complaints.add(error_at("b", 1, 1));
  complaints.add(error_at("a", 2, 1));
  complaints.add(error_at("a", 1, 9, "x"));
  complaints.add(error_at("a", 1, 9, "y"));
  complaints.add(error_at("a", 1, 9, "x"));
  complaints.sort();
  CHECK(complaints.total() == 4);
  std::string order;
  for (const Error& error : complaints.errors())
    order += error.place.file + std::to_string(error.place.line) + error.message + " ";
  CHECK(order == "a1x a1y a2m b1m ");
}

TEST_CASE("lines: marks, endings and blank lines") {
  const std::string text =
      "\xEF\xBB\xBF"
      "a\r\n\n  \t\r\nb\n\nc";
  const std::vector<Line> lines = split_lines(text);
  REQUIRE(lines.size() == 3);
  CHECK((lines[0].number == 1 && lines[0].text == "a"));
  CHECK((lines[1].number == 4 && lines[1].text == "b"));
  CHECK((lines[2].number == 6 && lines[2].text == "c"));
  CHECK(split_lines("").empty());
  CHECK(split_lines("\n\n  \n").empty());
  CHECK(split_lines(std::string_view("\0\0\n", 3)).size() == 1);
  CHECK(split_lines("a\rb").front().text == "a\rb");
}

TEST_CASE("clock: stamps and dates") {
  CHECK(utc_stamp(0) == "1970-01-01T00:00:00Z");
  CHECK(utc_stamp(1'795'176'000) == "2026-11-20T12:00:00Z");
  CHECK(utc_compact(1'795'176'000) == "20261120T120000Z");
  CHECK(utc_date(951'782'399) == "2000-02-28");
  CHECK(utc_date(951'782'400) == "2000-02-29");
  CHECK(utc_stamp(-1) == "1969-12-31T23:59:59Z");
  CHECK(real_clock().wall_seconds() > 1'700'000'000);
  const Instant first = real_clock().now();
  CHECK(first <= real_clock().now());
  ManualClock clock;
  const Instant before = clock.now();
  clock.advance(Millis(1500));
  CHECK(clock.now() - before == Millis(1500));
  for (const std::string good : {"2026-11-20", "2024-02-29", "2000-02-29"}) CHECK(is_date(good));
  for (const std::string bad : {"", "2026-02-29", "1900-02-29", "2026-13-01", "2026-00-01", "2026-01-00", "2026-1-01",
                                "2026-01-32", "2026/01/01", "2026-01-01 ", "20x6-01-01"}) {
    CHECK_FALSE(is_date(bad));
  }
}

TEST_CASE("serial: every index once, in order") {
  std::vector<std::size_t> seen;
  serial()(5, [&](std::size_t i) { seen.push_back(i); });
  CHECK(seen == std::vector<std::size_t>{0, 1, 2, 3, 4});
}

TEST_CASE("random: the same numbers everywhere") {
  // splitmix64 from 0 is 16294208416658607535, 7960286522194355700, 487617019471545679, 17909611376780542444;
  // the first output of xoshiro256** is rotl(second * 5, 7) * 9.
  Random zero(0);
  CHECK(zero.next() == 11091344671253066420ULL);
  Random a(42, 7);
  Random b(42, 7);
  for (int i = 0; i < 100; ++i) CHECK(a.next() == b.next());
  std::set<std::uint64_t> firsts;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    for (std::uint64_t index = 0; index < 100; ++index) firsts.insert(Random(seed, index).next());
  }
  CHECK(firsts.size() == 10'000);
}

TEST_CASE("random: ranges and fairness") {
  Random random(1);
  std::vector<int> counts(7);
  for (int i = 0; i < 70'000; ++i) ++counts.at(random.below(7));
  for (const int count : counts) CHECK((count > 9'500 && count < 10'500));
  CHECK(random.below(1) == 0);
  double sum = 0;
  for (int i = 0; i < 10'000; ++i) {
    const double value = random.uniform();
    CHECK((value >= 0 && value < 1));
    sum += value;
  }
  CHECK(sum / 10'000 == Approx(0.5).margin(0.02));
  CHECK_THROWS_AS(random.below(0), BugError);
  std::vector<int> items{1, 2, 3, 4, 5, 6, 7, 8};
  random.shuffle(items);
  CHECK(std::set<int>(items.begin(), items.end()).size() == 8);
}
