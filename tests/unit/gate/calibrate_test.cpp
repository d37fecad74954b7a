#include "headgate/gate/calibrate.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "headgate/base/random.hpp"
#include "headgate/domain/codec.hpp"

using namespace headgate;
using namespace headgate::gate;

namespace {

using Judged = LabelledReply::Judged;
constexpr std::size_t fail = 0, pass = 1;

LabelledReply reply(const std::string& item, Arm arm, std::size_t human, std::size_t judge) {
  LabelledReply out;
  out.item = item;
  out.arm = arm;
  out.raters = {human};
  out.judged = Judged::read;
  out.verdict = judge;
  return out;
}

void add(LabelSet& out, std::size_t n, std::size_t human, std::size_t judge, Arm arm = Arm::baseline,
         const std::string& severe_class = {}) {
  for (std::size_t i = 0; i < n; ++i) {
    LabelledReply one = reply("c" + std::to_string(out.replies.size()), arm, human, judge);
    one.severe_class = severe_class;
    out.replies.push_back(std::move(one));
  }
}

JudgesRule rule(long labels = 50, double recall = 0.8, double agreement = 0.8) { return {labels, recall, agreement}; }

}  // namespace

TEST_CASE("so many failed replies must be caught") {
  CHECK(failed_needed(0.8, 0) == 14);
  CHECK(failed_needed(0.8, 1) == 22);
  CHECK(failed_needed(0.9, 0) == 29);
  CHECK(failed_needed(0.5, 0) == 5);
  CHECK(labels_needed(0.8) == "needs 14 human-failed replies all caught, 22 with one miss");
  // The numbers are those of the bounds: one fewer is not enough.
  for (const double floor : {0.5, 0.8, 0.95}) {
    for (const std::size_t misses : {std::size_t{0}, std::size_t{1}, std::size_t{3}}) {
      const std::size_t n = failed_needed(floor, misses);
      for (const std::size_t have : {n - 1, n}) {
        if (have < misses) continue;
        LabelSet labels;
        add(labels, have - misses, fail, fail);
        add(labels, misses, fail, pass);
        const auto& recall = calibrate(labels).all.recall;
        REQUIRE(recall);
        CHECK((recall->lower >= floor) == (have == n));
      }
    }
  }
}

TEST_CASE("recall, agreement, kappa and AC1 of a table") {
  LabelSet labels;
  add(labels, 40, pass, pass);
  add(labels, 5, pass, fail);
  add(labels, 3, fail, pass, Arm::candidate);
  add(labels, 12, fail, fail, Arm::candidate, "harm");
  const Calibration found = calibrate(labels);
  CHECK(found.labels == 60);
  CHECK(found.human_failed == 15);
  CHECK(found.all.recall->hits == 12);
  CHECK(found.all.recall->estimate == Approx(0.8));
  CHECK(found.all.recall->n_eff == 15.0);
  CHECK(found.all.agreement->estimate == Approx(52.0 / 60));
  CHECK(found.confusion == std::vector<std::size_t>{12, 3, 0, 5, 40, 0});
  const double expected = (15.0 * 17 + 45 * 43) / 3600;
  CHECK(*found.kappa == Approx((52.0 / 60 - expected) / (1 - expected)));
  CHECK(found.ac1);
  CHECK_FALSE(found.alpha);
  CHECK(found.readings.empty());
  CHECK_FALSE(found.arms[0].recall);  // nobody failed anything there
  CHECK(found.arms[1].recall->estimate == Approx(0.8));
  CHECK(found.severe_classes.at("harm").recall->estimate == 1.0);
  CHECK_FALSE(found.weighted);
}

TEST_CASE("a judge that passes everything agrees often and finds nothing") {
  LabelSet labels;
  add(labels, 190, pass, pass);
  add(labels, 10, fail, pass);
  const Calibration found = calibrate(labels);
  CHECK(found.all.agreement->estimate == Approx(0.95));
  CHECK(found.all.recall->estimate == 0.0);
  CHECK(*found.kappa == Approx(0.0));
  const Admission said = admission(found, rule());
  CHECK(said.standing == Standing::misses_failures);
  CHECK(said.says.find("0 of 10") != std::string::npos);
}

TEST_CASE("an unusable verdict catches nothing and agrees with nobody") {
  LabelSet labels;
  add(labels, 20, fail, fail);
  add(labels, 30, pass, pass);
  for (const std::size_t human : {fail, fail, pass}) {
    LabelledReply one = reply("u" + std::to_string(labels.replies.size()), Arm::candidate, human, 0);
    one.judged = Judged::unusable;
    labels.replies.push_back(one);
  }
  const Calibration found = calibrate(labels);
  CHECK(found.unusable == 3);
  CHECK(found.labels == 53);
  CHECK(found.all.recall->hits == 20);
  CHECK(found.all.recall->n == 22);
  CHECK(found.all.agreement->hits == 50);
  CHECK(found.confusion == std::vector<std::size_t>{20, 0, 2, 0, 30, 1});
  REQUIRE(found.readings.size() == 4);
  CHECK(found.readings[0].as == "wrong");
  CHECK(found.readings[0].agreement == Approx(50.0 / 53));
  CHECK_FALSE(found.readings[0].kappa);
  CHECK(found.readings[1].as == "left out");
  CHECK(found.readings[1].agreement == 1.0);
  CHECK(found.readings[2].as == "fail");
  CHECK(found.readings[2].agreement == Approx(52.0 / 53));
  CHECK(found.readings[3].as == "pass");
  CHECK(found.readings[3].agreement == Approx(51.0 / 53));
}

TEST_CASE("several raters: the majority counts, a split counts nowhere") {
  LabelSet labels;
  labels.categories = {"tie", "first", "second"};
  labels.pass_fail = false;
  const auto rated = [&](std::vector<std::optional<std::size_t>> raters, std::size_t judge) {
    LabelledReply one = reply("c" + std::to_string(labels.replies.size()), Arm::baseline, 0, judge);
    one.raters = std::move(raters);
    labels.replies.push_back(std::move(one));
  };
  rated({1, 1, 2}, 1);
  rated({2, 2, 2}, 1);
  rated({0, 1, 2}, 1);                        // split
  rated({std::nullopt, 2, std::nullopt}, 2);  // one of them
  rated({std::nullopt, std::nullopt, std::nullopt}, 2);
  rated({0, 0, std::nullopt}, 0);
  const Calibration found = calibrate(labels);
  CHECK(found.labels == 4);
  CHECK(found.disputed == 1);
  CHECK(found.raters == 3);
  CHECK_FALSE(found.all.recall);
  CHECK(found.all.agreement->hits == 3);
  REQUIRE(found.rater_pairs.size() == 3);
  CHECK(found.rater_pairs[0].n == 4);
  CHECK(found.rater_pairs[0].observed == Approx(0.75));
  CHECK(found.rater_pairs[1].n == 3);
  REQUIRE(found.alpha);
  CHECK(found.pairs.empty());
  CHECK(admission(found, rule(1)).standing == Standing::too_few_labels);
}

TEST_CASE("what was drawn more often counts for less") {
  LabelSet labels;
  add(labels, 10, fail, fail);  // each for itself
  add(labels, 10, fail, pass);
  for (std::size_t i = 10; i < 20; ++i) labels.replies[i].probability = 0.25;  // each for four
  const Calibration found = calibrate(labels);
  CHECK(found.weighted);
  CHECK(found.all.recall->estimate == Approx(0.2));
  CHECK(found.all.recall->n == 20);
  CHECK(found.all.recall->n_eff == Approx(50.0 * 50 / (10 + 160)));
  CHECK(found.all.recall->upper < calibrate([&] {
                                    LabelSet equal = labels;
                                    for (auto& each : equal.replies) each.probability = 1.0;
                                    return equal;
                                  }())
                                      .all.recall->upper);
}

TEST_CASE("however small the probabilities, weights are numbers, and what labels count as is told") {
  LabelSet labels;
  add(labels, 40, fail, fail);
  add(labels, 60, pass, pass);
  CHECK_FALSE(count_for_less(calibrate(labels)));
  for (std::size_t i = 0; i < labels.replies.size(); i += 2) labels.replies[i].probability = least_probability;
  const Calibration found = calibrate(labels);
  CHECK(std::isfinite(found.all.recall->n_eff));
  CHECK(std::isfinite(found.all.agreement->estimate));
  CHECK(found.all.recall->n_eff == Approx(20.0).epsilon(1e-4));
  CHECK(count_for_less(found));
  const Admission said = admission(found, rule(50, 0.9));
  CHECK(said.standing == Standing::too_few_labels);
  CHECK(said.says.find("40 of 40, counting as 20.0 (") != std::string::npos);
  CHECK(said.remedy == "needs human-failed replies that count as 29 all caught, as 46 with one miss");
}

TEST_CASE("trials of a case on one arm are one label, arms are two") {
  LabelSet labels;
  for (std::uint32_t trial = 0; trial < 14; ++trial) {
    LabelledReply one = reply("same", Arm::candidate, fail, fail);
    one.trial = trial;
    labels.replies.push_back(one);
  }
  CHECK(calibrate(labels).all.recall->n_eff == Approx(1.0));
  CHECK(calibrate(labels).all.recall->lower == Approx(0.05));
  labels.replies.push_back(reply("same", Arm::baseline, fail, fail));
  labels.replies.push_back(reply("other", Arm::candidate, fail, fail));
  const auto recall = calibrate(labels).all.recall;
  CHECK(recall->n == 16);
  CHECK(recall->n_eff == Approx(16.0 * 16 / (14 * 14 + 2)));
}

TEST_CASE("pairs are cases that stand for traffic, read on both arms") {
  LabelSet labels;
  labels.replies = {reply("a", Arm::baseline, pass, pass),  reply("a", Arm::candidate, fail, pass),
                    reply("b", Arm::baseline, pass, fail),  reply("c", Arm::baseline, pass, pass),
                    reply("c", Arm::candidate, pass, pass), reply("d", Arm::baseline, pass, pass),
                    reply("d", Arm::candidate, fail, fail)};
  labels.replies[4].judged = Judged::unusable;
  labels.replies[5].random = labels.replies[6].random = false;
  const Calibration found = calibrate(labels);
  REQUIRE(found.pairs.size() == 1);
  CHECK(found.pairs[0].human == -1.0);
  CHECK(found.pairs[0].judged == 0.0);
}

TEST_CASE("a judge is admitted by its bounds, on every arm and in every severe class") {
  LabelSet good;
  add(good, 14, fail, fail, Arm::baseline);
  add(good, 14, fail, fail, Arm::candidate, "harm");
  add(good, 30, pass, pass, Arm::baseline);
  add(good, 30, pass, pass, Arm::candidate);
  CHECK(admission(calibrate(good), rule()).standing == Standing::admissible);
  CHECK(admission(calibrate(good), rule(89)).standing == Standing::too_few_labels);
  CHECK(admission(calibrate(good), rule(50, 0.95)).standing == Standing::too_few_labels);

  // The same numbers in all, and the candidate's failures are missed.
  LabelSet one_sided;
  add(one_sided, 28, fail, fail, Arm::baseline);
  add(one_sided, 2, fail, pass, Arm::candidate);
  add(one_sided, 60, pass, pass, Arm::candidate);
  const Admission sided = admission(calibrate(one_sided), rule());
  CHECK(sided.standing == Standing::misses_failures);
  CHECK(sided.says.find("on the candidate") != std::string::npos);

  LabelSet severe = good;
  add(severe, 1, fail, fail, Arm::candidate, "leak");
  const Admission few = admission(calibrate(severe), rule());
  CHECK(few.standing == Standing::too_few_labels);
  CHECK(few.says.find("of severe class leak") != std::string::npos);
  CHECK(few.remedy.find("needs 14 human-failed replies") != std::string::npos);

  LabelSet harsh = good;
  add(harsh, 60, pass, fail, Arm::baseline);
  CHECK(admission(calibrate(harsh), rule()).standing == Standing::disagrees);
  LabelSet clean;
  add(clean, 100, pass, pass);
  CHECK(admission(calibrate(clean), rule()).standing == Standing::too_few_labels);
  CHECK(admission(calibrate(LabelSet{}), rule()).standing == Standing::too_few_labels);
}

TEST_CASE("the order of labels changes nothing, and a record comes back as it was written") {
  Random random(11);
  LabelSet labels;
  for (std::size_t i = 0; i < 200; ++i) {
    LabelledReply one = reply("c" + std::to_string(i / 2), i % 2 == 0 ? Arm::baseline : Arm::candidate,
                              random.below(4) == 0 ? fail : pass, random.below(3) == 0 ? fail : pass);
    one.raters.push_back(random.below(3) == 0 ? std::nullopt : std::optional<std::size_t>(random.below(2)));
    one.probability = random.coin() ? 1.0 / 3 : 0.7;
    if (random.below(9) == 0) one.judged = Judged::unusable;
    if (random.below(9) == 0) one.severe_class = "harm";
    labels.replies.push_back(std::move(one));
  }
  Calibration found = calibrate(labels);
  found.use = {"rubric", sha256("r"), false};
  found.route = "judge";
  found.route_digest = sha256("route");
  found.made_at = "2026-11-20T12:00:00Z";
  found.order_disagreement = 0.25;
  const std::string text = canonical(to_json(found));
  for (int again = 0; again < 5; ++again) {
    random.shuffle(labels.replies);
    Calibration shuffled = calibrate(labels);
    shuffled.use = found.use;
    shuffled.route = found.route;
    shuffled.route_digest = found.route_digest;
    shuffled.made_at = found.made_at;
    shuffled.order_disagreement = 0.25;
    CHECK(canonical(to_json(shuffled)) == text);
  }
  const auto back = calibration_from_json(Json::parse(text));
  REQUIRE(back);
  CHECK(canonical(to_json(*back)) == text);
  CHECK(back->pairs == found.pairs);
  CHECK(back->pairs.size() > 20);
}

TEST_CASE("an edited record is noticed, and so is one of another format") {
  LabelSet labels;
  add(labels, 20, fail, fail);
  Calibration found = calibrate(labels);
  found.use = {"gpt4", sha256("r"), true};
  const Json written = to_json(found);
  REQUIRE(calibration_from_json(written));
  for (const char* member : {"labels", "human_failed", "unusable"}) {
    Json edited = written;
    edited[member] = 1000;
    const auto read = calibration_from_json(edited);
    REQUIRE_FALSE(read);
    CHECK(read.error().code == ErrorCode::untrusted);
    CHECK(read.error().message == "it was edited after it was written: its digest does not hold");
  }
  Json unsigned_record = written;
  unsigned_record.erase("digest");
  CHECK_FALSE(calibration_from_json(unsigned_record));
  Json newer = written;
  newer["format"] = "headgate/calibration/2";
  CHECK_FALSE(calibration_from_json(newer));
  CHECK_FALSE(calibration_from_json(Json::array()));
}
