#include "reduce.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>

#include "decided.hpp"
#include "headgate/domain/codec.hpp"
#include "headgate/gate/feasibility.hpp"
#include "headgate/gate/flips.hpp"
#include "headgate/gate/part.hpp"

using namespace headgate;
using namespace headgate::gate;
using namespace headgate::test;

namespace {

using Kind = Reducer::Kind;
constexpr Reducer by_mean{Kind::mean}, by_majority{Kind::majority}, by_worst{Kind::worst}, by_best{Kind::best};

double by(const Reducer& reduce, std::vector<double> values) {
  std::ranges::sort(values);
  return reduced(values, reduce).value();
}

// The definition itself: the mean, over all ways to draw k trials, of the best or the worst of them.
double over_all_draws(const std::vector<double>& values, std::size_t k, bool best) {
  std::vector<bool> drawn(values.size());
  std::fill(drawn.end() - static_cast<std::ptrdiff_t>(k), drawn.end(), true);
  double sum = 0.0, ways = 0.0;
  do {
    double extreme = best ? 0.0 : 1.0;
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (drawn[i]) extreme = best ? std::max(extreme, values[i]) : std::min(extreme, values[i]);
    }
    sum += extreme;
    ways += 1.0;
  } while (std::next_permutation(drawn.begin(), drawn.end()));
  return sum / ways;
}

// So many of each case's trials pass on each arm, the first ones.
CaseIndex add(EvidenceBuilder& builder, const CaseFacts& facts, std::uint32_t baseline, std::uint32_t candidate) {
  const CaseIndex item = builder.add(facts, fail(), fail());
  for (std::uint32_t trial = 0; trial < baseline; ++trial) builder.at(item, trial, Arm::baseline) = pass();
  for (std::uint32_t trial = 0; trial < candidate; ++trial) builder.at(item, trial, Arm::candidate) = pass();
  return item;
}

Rules reducing(const Reducer& reduce, Metric metric = Metric::pass) {
  Rules rules = quality_rules(0.05);
  rules.quality->metric = metric;
  rules.reduce = reduce;
  return rules;
}

}  // namespace

TEST_CASE("reduce: each way gives what its name says") {
  CHECK(by(by_mean, {1, 0, 0, 1}) == 0.5);
  CHECK(by(by_worst, {1, 0.25, 0.5}) == 0.25);
  CHECK(by(by_best, {1, 0.25, 0.5}) == 1.0);
  CHECK(by(by_majority, {1, 0, 1}) == 1.0);
  CHECK(by(by_majority, {1, 0, 0}) == 0.0);
  CHECK(by(by_majority, {1, 0}) == 0.0);  // a tie fails
  CHECK(by(by_majority, {1, 0, 0, 1}) == 0.0);
  CHECK(by(by_majority, {1, 1, 0, 1}) == 1.0);
  CHECK(by(by_majority, {0.9, 0.2, 0.4, 0.3}) == 0.3);
  // Of 5 trials 3 pass: a pair of them both pass in 3 of 10 ways, and one of a pair does in 9 of 10.
  CHECK(by({Kind::pass_hat_k, 2}, {1, 1, 1, 0, 0}) == Approx(0.3));
  CHECK(by({Kind::pass_at_k, 2}, {1, 1, 1, 0, 0}) == Approx(0.9));
  CHECK(by({Kind::pass_hat_k, 5}, {1, 1, 1, 1, 1}) == 1.0);
  CHECK(by({Kind::pass_hat_k, 4}, {1, 1, 1, 0, 0}) == 0.0);
  CHECK(by({Kind::pass_at_k, 3}, {1, 1, 1, 0, 0}) == 1.0);
}

TEST_CASE("reduce: of scores, pass@k and pass^k are the best and the worst of a draw, on average") {
  const std::vector<double> scores = {0.1, 0.9, 0.4, 0.4, 0.75};
  for (std::uint32_t k = 1; k <= 5; ++k) {
    CHECK(by({Kind::pass_at_k, k}, scores) == Approx(over_all_draws(scores, k, true)));
    CHECK(by({Kind::pass_hat_k, k}, scores) == Approx(over_all_draws(scores, k, false)));
  }
  CHECK(by({Kind::pass_at_k, 1}, scores) == Approx(by(by_mean, scores)));
}

TEST_CASE("reduce: more trials than there are is nothing, neither 0 nor 1") {
  const std::vector<double> two = {0.0, 1.0};
  CHECK_FALSE(reduced(two, {Kind::pass_at_k, 3}).has_value());
  CHECK_FALSE(reduced(two, {Kind::pass_hat_k, 3}).has_value());
  CHECK_FALSE(reduced({}, by_worst).has_value());
  CHECK(reduce_problem({Kind::pass_hat_k, 4}, 2) == "pass^4 takes at least 4 trials, and there are 2");
  CHECK(reduce_problem({Kind::pass_hat_k, 2}, 2).empty());
  EvidenceBuilder builder(2);
  for (int i = 0; i < 200; ++i) add(builder, {"c" + std::to_string(i)}, 0, 2);
  const Decision decision = decided(builder, reducing({Kind::pass_hat_k, 3}));
  CHECK(finding(decision, "quality").verdict == Verdict::inconclusive);
  CHECK(decision.answer == Outlook::inconclusive);
}

TEST_CASE("reduce: the rule's estimate is the mean of what each case comes to") {
  EvidenceBuilder builder(4);
  for (int i = 0; i < 120; ++i) add(builder, {"c" + std::to_string(i)}, static_cast<std::uint32_t>(i % 5), 3);
  const auto estimate = [&](const Reducer& reduce) {
    return finding(decided(builder, reducing(reduce)), "quality").estimate.value();
  };
  CHECK(estimate(by_mean) == Approx(0.75 - 0.5));
  CHECK(estimate(by_worst) == Approx(0.0 - 0.2));
  CHECK(estimate(by_best) == Approx(1.0 - 0.8));
  CHECK(estimate(by_majority) == Approx(1.0 - 0.4));
  CHECK(estimate({Kind::pass_hat_k, 2}) == Approx(0.5 - (0.0 + 0.0 + 1.0 / 6 + 0.5 + 1.0) / 5));
  CHECK(estimate({Kind::pass_at_k, 2}) == Approx(1.0 - (0.0 + 0.5 + 5.0 / 6 + 1.0 + 1.0) / 5));
}

TEST_CASE("reduce: what is missing is filled in before the trials are reduced") {
  EvidenceBuilder builder(3);
  for (int i = 0; i < 200; ++i) {
    const CaseIndex item = add(builder, {"c" + std::to_string(i)}, 2, 2);  // the majority passes on both arms
    builder.at(item, 2, Arm::candidate) = broken(ErrorKind::timeout);      // and does so whatever this was
  }
  CHECK(finding(decided(builder, reducing(by_majority)), "quality").estimate == 0.0);
  for (CaseIndex item = 0; item < 200; ++item) builder.at(item, 1, Arm::candidate) = broken(ErrorKind::timeout);
  const Decision decision = decided(builder, reducing(by_majority));
  const Finding& quality = finding(decision, "quality");
  CHECK(quality.estimate == -1.0);                  // the errors count as failures for a pass,
  CHECK(quality.verdict == Verdict::inconclusive);  // and as passes for a fail
  CHECK(quality.code == "quality_missing_decides");
}

TEST_CASE("reduce: findings name the way, except for the mean") {
  EvidenceBuilder builder(4);
  for (int i = 0; i < 200; ++i) add(builder, {"c" + std::to_string(i), 0, {{"lang", "de"}}}, 4, 4);
  Rules rules = reducing({Kind::pass_hat_k, 4});
  rules.floor = FloorRule{0.8, false};
  rules.segments = SegmentsRule{{"lang"}, 0.1, 30, {"lang=de"}, false};
  const Decision decision = decided(builder, rules);
  for (const char* rule : {"quality", "floor", "segments"}) {
    INFO(rule);
    CHECK(mentions(finding(decision, rule).notes, "pass^4: a case counts as the worst of 4 of 4 trials"));
  }
  CHECK(finding(decision, "quality").sentence.find("200 cases by pass^4") != std::string::npos);
  CHECK(finding(decision, "floor").sentence.find("200 cases by pass^4") != std::string::npos);
  CHECK(finding(decision, "floor").method == "clopper_pearson");  // one yes or no a case
  CHECK(finding(decision, "segments", "lang=de").sentence.find("by pass^4") != std::string::npos);
  REQUIRE(decision.trials);
  CHECK(decision.trials->reduce == rules.reduce);
  rules.reduce = by_mean;
  const Decision plain = decided(builder, rules);
  CHECK(finding(plain, "quality").sentence.find(" by ") == std::string::npos);
  CHECK_FALSE(mentions(finding(plain, "quality").notes, "trial"));
  CHECK(finding(plain, "floor").method == "score");
}

TEST_CASE("reduce: severity acts on the worst trial, whatever the rules reduce by") {
  for (const Reducer& reduce : {by_mean, by_majority, by_best, Reducer{Kind::pass_at_k, 2}}) {
    INFO(reduce.text());
    EvidenceBuilder builder(3);
    for (int i = 0; i < 150; ++i) add(builder, {"c" + std::to_string(i)}, 3, 3);
    add(builder, {"s1", 0, {}, "harm"}, 3, 2);
    Rules rules = reducing(reduce);
    rules.severe.push_back({"*", 0, std::nullopt, std::nullopt, false});
    const Decision decision = decided(builder, rules);
    CHECK(decision.answer == Outlook::not_eligible);
    CHECK(finding(decision, "severe").cases == std::vector<std::string>{"s1"});
    CHECK(severe_failures(builder.evidence()).at(0).regression);
    rules.severe.clear();
    rules.must_pass = MustPassRule{{}, {"s1"}, false};
    CHECK(finding(decided(builder, rules), "must_pass").verdict == Verdict::fail);
  }
}

TEST_CASE("reduce: a case flips when what it comes to does") {
  EvidenceBuilder builder(3);
  add(builder, {"wobbles"}, 3, 2);
  add(builder, {"falls"}, 2, 1);
  builder.plan().rules = reducing(by_mean);
  CHECK(flips(builder.evidence()).size() == 1);
  builder.plan().rules = reducing(by_majority);
  REQUIRE(flips(builder.evidence()).size() == 1);
  CHECK(flips(builder.evidence())[0].item == 1);
  CHECK(flips(builder.evidence())[0].trial == 1);
  builder.plan().rules = reducing(by_best);
  CHECK(flips(builder.evidence()).empty());
  const auto parts = parts_of(builder.evidence(), reducing(by_majority), 1);
  CHECK(parts.at(0).sentence.starts_with("majority: candidate 0 - baseline 1 = -1"));
}

TEST_CASE("reduce: the rules say it in one word, and only where it is not the mean") {
  Rules rules = quality_rules();
  const Digest plain = policy_digest(rules);
  CHECK_FALSE(to_json(rules).contains("reduce"));
  for (const char* word : {"pass@3", "pass^4", "majority", "worst", "best"}) {
    REQUIRE(parse(word, rules.reduce));
    CHECK(policy_digest(rules) != plain);
    const auto again = rules_from_json(to_json(rules));
    REQUIRE(again);
    CHECK(again->reduce == rules.reduce);
  }
  Reducer untouched;
  for (const char* word : {"", "pass@", "pass@0", "pass^-1", "pass^2.5", "pass@99999999999", "pass", "median"}) {
    CHECK_FALSE(parse(word, untouched));
  }
  CHECK(untouched == by_mean);
}
