// Which calibration a plan seals for a judge, and why there is none.
#include "headgate/domain/codec.hpp"
#include "http_gate.hpp"

using namespace headgate;
using namespace headgate::run;
using namespace headgate::run::samples;

namespace {

struct Scene {
  test::TempFolder files;
  config::Gate gate;
  JudgeUse use{"rubric", sha256("a rubric"), false};

  Scene() : gate(gate_of(files, 4)) {
    gate.suites[0].needs.judges = {use};
    gate.judges["rubric"].route = model_route("judge");
  }
  Calibration calibration() const {
    Calibration out;
    out.use = use;
    out.route = "judge";
    out.route_digest = gate.judges.at("rubric").route->use.digest;
    out.labels = 60;
    return out;
  }
  SealedJudge sealed() const { return plan_of(gate).head.judges.at(0); }
  std::string why_not(Calibration calibration) {
    gate.judges["rubric"].calibrations = {std::move(calibration)};
    CHECK_FALSE(sealed().calibration);
    return sealed().why_not;
  }
};

}  // namespace

TEST_CASE("a calibration of exactly this rubric and route is sealed into the plan") {
  Scene scene;
  const Plan bare = plan_of(scene.gate);
  CHECK(bare.head.judges.at(0).why_not == "no calibration is named");
  Calibration other = scene.calibration();
  other.use.rubric = sha256("another");
  scene.gate.judges["rubric"].calibrations = {other, scene.calibration()};
  const Plan plan = plan_of(scene.gate);
  REQUIRE(plan.head.judges.at(0).calibration);
  CHECK(plan.head.judges[0].calibration->labels == 60);
  CHECK(plan.head.judges[0].route == "judge");
  CHECK(plan.head.digest != bare.head.digest);

  const auto back = plan_head_from_json(to_json(plan.head));
  REQUIRE(back);
  CHECK(canonical(to_json(*back)) == canonical(to_json(plan.head)));
  Json edited = to_json(plan.head);
  edited["judges"][0]["rubric"] = sha256("a third").text();
  CHECK_FALSE(plan_head_from_json(edited));
}

TEST_CASE("a calibration of something else is not, and the plan says of what it is") {
  Scene scene;
  Calibration it = scene.calibration();
  it.use.judge = "tone";
  CHECK(scene.why_not(it) == "its calibration is of judge 'tone'");
  it = scene.calibration();
  it.use.rubric = sha256("another");
  CHECK(scene.why_not(it) == "its calibration is of another rubric");
  it = scene.calibration();
  it.route_digest = sha256("as it was");
  CHECK(scene.why_not(it) == "its calibration is of route 'judge' as it was before it was changed");
  it.route = "judge_b";
  CHECK(scene.why_not(it) == "its calibration is of another route, 'judge_b'");
  it = scene.calibration();
  it.use.recorded = true;
  it.route.clear();
  it.route_digest = {};
  CHECK(scene.why_not(it) == "it is asked, and its calibration is of recorded verdicts");
}

TEST_CASE("recorded verdicts need no route, and their calibration has none") {
  Scene scene;
  scene.use.recorded = true;
  scene.gate.suites[0].needs.judges = {scene.use};
  scene.gate.judges.clear();
  CHECK(scene.sealed().why_not == "no calibration is named");
  Calibration it;
  it.use = scene.use;
  scene.gate.judges["rubric"].calibrations = {it};
  CHECK(scene.sealed().calibration);
  it.use.recorded = false;
  CHECK(scene.why_not(it) == "its verdicts are recorded, and its calibration is of a judge that is asked");
  CHECK(helpers_of(scene.gate).judges.empty());
}

TEST_CASE("whom nobody asks is no part of the plan, and is not called") {
  Scene scene;
  scene.gate.judges["spare"].route = model_route("spare");
  scene.gate.embeddings["small"] = model_route("small");
  CHECK(plan_of(scene.gate).head.judges.size() == 1);
  CHECK(plan_of(scene.gate).head.embeddings.empty());
  CHECK(helpers_of(scene.gate).judges.size() == 1);
  CHECK(helpers_of(scene.gate).embeddings.empty());
  scene.gate.suites[0].needs.embeddings = {"small"};
  CHECK(plan_of(scene.gate).head.embeddings.at("small") == model_route("small").use.digest);
  CHECK(helpers_of(scene.gate).embeddings.size() == 1);
}
