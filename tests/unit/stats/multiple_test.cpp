#include "headgate/stats/multiple.hpp"

#include <catch2/catch.hpp>
#include <limits>
#include <vector>

#include "unit/stats/random_values.hpp"

using headgate::stats::benjamini_hochberg;
using headgate::stats::holm;

TEST_CASE("five evenly spaced p values") {
  const std::vector<double> p{0.05, 0.01, 0.04, 0.02, 0.03};
  const auto h = holm(p);
  const auto bh = benjamini_hochberg(p);
  REQUIRE(h);
  REQUIRE(bh);
  const std::vector<double> expected{0.09, 0.05, 0.09, 0.08, 0.09};
  for (std::size_t i = 0; i < p.size(); ++i) {
    CHECK((*h)[i] == Approx(expected[i]));
    CHECK((*bh)[i] == Approx(0.05));
  }
}

TEST_CASE("one p value needs no adjusting, none gives none") {
  const std::vector<double> one{0.3};
  CHECK(*holm(one) == one);
  CHECK(*benjamini_hochberg(one) == one);
  CHECK(holm({})->empty());
  CHECK(benjamini_hochberg({})->empty());
}

TEST_CASE("adjusting never lowers p, keeps its order, and Holm is the stricter") {
  headgate::test::RandomValues random(12);
  std::vector<double> p(25);
  for (double& value : p) value = random.uniform() * random.uniform();
  const auto h = *holm(p);
  const auto bh = *benjamini_hochberg(p);
  for (std::size_t i = 0; i < p.size(); ++i) {
    CHECK(bh[i] >= p[i]);
    CHECK(h[i] >= bh[i]);
    CHECK(h[i] <= 1.0);
    for (std::size_t j = 0; j < p.size(); ++j) {
      if (p[i] <= p[j]) {
        CHECK(h[i] <= h[j]);
        CHECK(bh[i] <= bh[j]);
      }
    }
  }
}

TEST_CASE("what is not a probability gives nothing") {
  const std::vector<double> nan{0.1, std::numeric_limits<double>::quiet_NaN()};
  const std::vector<double> large{0.1, 1.1};
  const std::vector<double> negative{-0.1};
  CHECK_FALSE(holm(nan));
  CHECK_FALSE(benjamini_hochberg(nan));
  CHECK_FALSE(holm(large));
  CHECK_FALSE(holm(negative));
}
