#include "headgate/stats/completion.hpp"

#include <catch2/catch.hpp>
#include <limits>
#include <optional>
#include <vector>

using headgate::stats::complete_differences;

namespace {
using Scores = std::vector<std::optional<double>>;
constexpr auto missing = std::nullopt;
}  // namespace

TEST_CASE("the four ways to have or miss a pair") {
  const Scores candidate{0.75, missing, 0.75, missing};
  const Scores baseline{0.5, 0.5, missing, missing};
  const auto result = complete_differences(candidate, baseline);
  REQUIRE(result);
  CHECK(result->adverse == std::vector<double>{0.25, -0.5, -0.25, -1.0});
  CHECK(result->favourable == std::vector<double>{0.25, 0.5, 0.75, 1.0});
  CHECK(result->missing_candidate == 1);
  CHECK(result->missing_baseline == 1);
  CHECK(result->missing_both == 1);
}

TEST_CASE("what is no score is missing") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  for (const double bad : {nan, infinity, -infinity, -0.01, 1.01}) {
    const auto result = complete_differences(Scores{bad}, Scores{1.0});
    REQUIRE(result);
    CHECK(result->missing_candidate == 1);
    CHECK(result->adverse.front() == -1.0);
    CHECK(result->favourable.front() == 0.0);
  }
}

TEST_CASE("no pairs, and pairs without a partner") {
  CHECK(complete_differences({}, {})->adverse.empty());
  CHECK_FALSE(complete_differences(Scores{1.0}, {}));
}
