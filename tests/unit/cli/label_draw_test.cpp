#include "label_draw.hpp"

#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "support/evidence_builder.hpp"

using namespace headgate;
using namespace headgate::cli;
using namespace headgate::test;

namespace {

Evidence evidence(std::size_t plain, std::size_t severe, std::uint32_t trials = 1) {
  EvidenceBuilder builder(trials);
  builder.add_many(plain, "c", pass(), pass());
  builder.add_many(severe, "s", pass(), fail(), {.id = "", .severe_class = "harm"});
  Evidence out = builder.evidence();
  for (std::size_t i = 0; i < out.observations.size(); ++i) out.observations[i].reply_mark = 1000 + i;
  return out;
}

DrawWish wish(const Evidence& of, std::size_t replies, std::uint64_t seed = 5) {
  DrawWish out;
  out.replies = replies;
  out.seed = seed;
  out.suites.assign(of.plan.suites.size(), true);
  out.has_reply.assign(of.observations.size(), true);
  return out;
}

}  // namespace

TEST_CASE("half of what is drawn is severe, with the probabilities that it says") {
  const Evidence of = evidence(300, 40);
  const Drawing drawn = draw(of, wish(of, 60));
  CHECK(drawn.cases.size() == 30);
  std::map<bool, std::size_t> severe;
  for (const DrawnCase& each : drawn.cases) {
    const bool is_severe = of.cases[each.item].severity == Severity::severe;
    ++severe[is_severe];
    CHECK(each.probability == Approx(is_severe ? 15.0 / 40 : 15.0 / 300));
    CHECK(each.arms.size() == 2);
  }
  CHECK(severe[true] == 15);
  REQUIRE(drawn.strata.size() == 2);
  CHECK(drawn.strata[0].severe_class.empty());
  CHECK(drawn.strata[1].drawn == 15);
}

TEST_CASE("what one stratum has not, others give") {
  const Evidence few = evidence(300, 4);
  std::size_t severe = 0;
  for (const DrawnCase& each : draw(few, wish(few, 60)).cases)
    severe += few.cases[each.item].severity == Severity::severe ? 1U : 0U;
  CHECK(severe == 4);
  CHECK(draw(few, wish(few, 60)).cases.size() == 30);
  const Evidence all = evidence(10, 10);
  const Drawing drawn = draw(all, wish(all, 1000));
  CHECK(drawn.cases.size() == 20);
  for (const DrawnCase& each : drawn.cases) CHECK(each.probability == 1.0);
  CHECK(draw(evidence(0, 0), wish(evidence(0, 0), 10)).cases.empty());
}

TEST_CASE("every case of a stratum is drawn as often as its probability says") {
  const Evidence of = evidence(20, 0);
  std::map<CaseIndex, int> times;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    for (const DrawnCase& each : draw(of, wish(of, 10, seed)).cases) ++times[each.item];
  }
  for (CaseIndex item = 0; item < 20; ++item) CHECK(std::abs(times[item] - 500) < 120);
}

TEST_CASE("a case with one reply is drawn alone, and not for a judge that compares") {
  const Evidence of = evidence(3, 0);
  DrawWish wanted = wish(of, 100);
  wanted.has_reply[0] = false;
  wanted.has_reply[2] = wanted.has_reply[3] = false;
  CHECK(draw(of, wanted).cases.size() == 2);
  wanted.pairs_only = true;
  CHECK(draw(of, wanted).cases.size() == 1);
}

TEST_CASE("one trial of a case is drawn, and any of them") {
  const Evidence of = evidence(40, 0, 3);
  std::set<std::uint32_t> trials;
  std::set<CaseIndex> items;
  for (const DrawnCase& each : draw(of, wish(of, 80)).cases) {
    trials.insert(each.trial);
    CHECK(items.insert(each.item).second);
  }
  CHECK(trials.size() == 3);
}

TEST_CASE("keys tell replies apart, and nothing of the arm") {
  Evidence of = evidence(50, 0);
  std::set<std::string> keys, pairs;
  std::map<Arm, int> first;
  for (CellIndex cell = 0; cell < of.observations.size(); ++cell) {
    keys.insert(reply_key(of, cell));
    pairs.insert(pair_key(of, cell));
  }
  CHECK(keys.size() == 100);
  CHECK(pairs.size() == 50);
  for (const std::string& key : pairs) ++first[shown_first(key)];
  CHECK(first[Arm::baseline] > 10);
  CHECK(first[Arm::candidate] > 10);
  const std::string before = reply_key(of, 0);
  of.plan.seed = 99;
  CHECK(reply_key(of, 0) == before);
  of.observations[0].reply_mark ^= 1;
  CHECK(reply_key(of, 0) != before);
}
