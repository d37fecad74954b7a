// What plans of every shape can carry, rule by rule: to the last case, and in the words that a plan prints. The numbers
// that can be had by other means stand in the tests below and in feasibility_test.cpp; this text holds the rest.
#include <cmath>
#include <functional>
#include <set>

#include "approved.hpp"
#include "decided.hpp"
#include "headgate/gate/feasibility.hpp"
#include "headgate/stats/clusters.hpp"

using namespace headgate;
using namespace headgate::gate;
using namespace headgate::test;

namespace {

// Random cases of one released suite; nothing is asked but what every gate asks.
Plan plan_of(std::size_t n) {
  Plan plan;
  plan.head.suites.emplace_back();
  plan.head.suites[0].name = "s";
  plan.head.suites[0].version = "1.0.0";
  plan.head.suites[0].released = true;
  plan.head.routes[1].name = "b";
  plan.head.rules.evidence.min_cases = 20;
  for (std::size_t i = 0; i < n; ++i) {
    Case item;
    item.id = "c" + std::to_string(i);
    plan.cases.push_back(item);
    plan.case_suite.push_back(0);
  }
  return plan;
}

Plan quality_plan(std::size_t n, std::optional<double> max_loss, std::optional<double> min_gain = std::nullopt) {
  Plan plan = plan_of(n);
  plan.head.rules.quality = QualityRule{Metric::pass, max_loss, min_gain, false, false};
  return plan;
}

Plan clustered(Plan plan, std::size_t clusters) {
  for (std::size_t i = 0; i < plan.cases.size(); ++i) plan.cases[i].cluster = "k" + std::to_string(i % clusters);
  return plan;
}

// Every tenth case counts for as many.
Plan weighted(Plan plan, double weight) {
  for (std::size_t i = 0; i < plan.cases.size(); i += 10) plan.cases[i].weight = weight;
  return plan;
}

Plan severe(Plan plan, std::size_t n, const std::string& severe_class = "harm") {
  for (std::size_t i = 0; i < n; ++i) {
    plan.cases[i].severity = Severity::severe;
    plan.cases[i].severe_class = severe_class;
  }
  return plan;
}

Measured measured(double discordance, std::optional<double> pass_rate = std::nullopt,
                  std::optional<double> error_rate = std::nullopt) {
  Measured out;
  out.run = "earlier";
  out.pairs.push_back({std::nullopt, discordance, 200, pass_rate});
  out.error_rate = error_rate;
  return out;
}

// Chances to the sixth digit after the point: what is rarer still is as good as never.
std::string chance(double passes) { return number(std::round(passes * 1e6) / 1e6); }

std::string told(const Need& need) {
  std::string out = "  " + need.rule + ": " + name(need.carry) + (need.statistical ? "" : ", whatever the stage") +
                    "; has " + std::to_string(need.has) + " of " + (need.needs ? std::to_string(*need.needs) : "none");
  if (!need.limit.empty()) out += "; " + need.limit;
  if (need.asks) out += " " + number(*need.asks);
  if (need.tightest) out += "; tightest " + number(*need.tightest);
  if (need.passes) out += "; passes " + chance(*need.passes);
  out += "\n";
  for (const Assumed& each : need.assumed) {
    out += "    where they differ on " + number(each.discordance) + ": needs " +
           (each.needs ? std::to_string(*each.needs) : "no number") + ", tightest " +
           (each.tightest ? number(*each.tightest) : "none") + ", passes " + chance(each.passes) + "\n";
  }
  return out + "    " + need.says + "\n";
}

struct Scenes {
  Told told;

  // Of the needs only those of `rules`; all where none is named. The headline only where all are told.
  void add(const std::string& name, const Plan& plan, const std::set<std::string>& rules = {},
           const std::optional<Measured>& measured = std::nullopt) {
    const Feasibility all = feasibility(plan, measured);
    std::string out;
    if (rules.empty()) out += std::string("  ") + gate::name(all.carry) + ": " + all.headline + "\n";
    for (const Need& need : all.needs) {
      const std::string rule = need.rule.substr(0, need.rule.find(' '));
      if (rules.empty() || rules.contains(rule)) out += ::told(need);
    }
    told.emplace_back(name, out);
  }
};

void add_quality(Scenes& scenes) {
  const auto add = [&](const std::string& name, const Plan& plan, const std::optional<Measured>& earlier = {}) {
    scenes.add("quality: " + name, plan, {"quality"}, earlier);
  };
  add("a loss, plenty of cases", quality_plan(1000, 0.05));
  add("a loss, few cases", quality_plan(100, 0.05));
  add("no loss at all", quality_plan(400, 0.0));
  add("twenty-nine cases", quality_plan(29, 0.5));
  add("thirty cases", quality_plan(30, 0.5));
  add("no case", quality_plan(0, 0.5));
  add("more often than not", quality_plan(126, 0.08));
  add("less often than not", quality_plan(120, 0.08));
  add("measured, near relatives", quality_plan(300, 0.03), measured(0.04));
  add("measured, just below a tenth", quality_plan(300, 0.03), measured(0.0994));
  add("measured, a tenth", quality_plan(300, 0.03), measured(0.0996));
  add("a gain", quality_plan(1000, std::nullopt, 0.05));
  add("a gain that the routes do not differ by", quality_plan(1000, std::nullopt, 0.15));
  add("a gain that no candidate could have", quality_plan(1000, std::nullopt, 0.25));
  add("a great gain, one case too few", quality_plan(72, std::nullopt, 0.9));
  add("a great gain, just enough", quality_plan(73, std::nullopt, 0.9));
  add("a small gain, thirty cases", quality_plan(30, std::nullopt, 0.01));
  add("a great gain of clusters", clustered(quality_plan(200, std::nullopt, 0.9), 100));
  add("nineteen clusters", clustered(quality_plan(400, 0.1), 19));
  add("twenty clusters", clustered(quality_plan(400, 0.1), 20));
  add("thirty clusters", clustered(quality_plan(400, 0.1), 30));
  add("many clusters", clustered(quality_plan(400, 0.1), 150));
  add("a case in a cluster of its own", clustered(quality_plan(100, 0.2), 100));
  add("weights", weighted(quality_plan(400, 0.1), 4.0));
  add("weights that leave little", weighted(quality_plan(100, 0.1), 90.0));
  add("weights and clusters", clustered(weighted(quality_plan(400, 0.1), 4.0), 150));
  Plan suites = quality_plan(300, 0.1);
  suites.head.suites.push_back(suites.head.suites[0]);
  suites.head.suites[1].name = "t";
  for (std::size_t i = 200; i < 300; ++i) suites.case_suite[i] = 1;
  add("two suites together", suites);
  suites.head.rules.quality->per_suite = true;
  add("two suites, each for itself", suites);
  Measured by_suite = measured(0.05);
  by_suite.pairs[0].suite = "s";
  by_suite.pairs.push_back({"t", 0.3, 100, std::nullopt});
  add("two suites, each as measured", suites, by_suite);
  by_suite.pairs.pop_back();
  add("two suites, one of them measured", suites, by_suite);
  suites.head.rules.quality->per_suite = false;
  by_suite.pairs.push_back({"t", 0.3, 100, std::nullopt});
  add("two suites together, each measured", suites, by_suite);
  Plan same_names = clustered(suites, 150);  // a cluster is of one suite
  for (std::size_t i = 200; i < 300; ++i) same_names.cases[i].cluster = "k" + std::to_string(i - 200);
  add("clusters of one name in two suites", same_names);
}

void add_segments(Scenes& scenes) {
  const auto plan = [](std::size_t german, std::size_t english) {
    Plan out = plan_of(german + english);
    for (std::size_t i = 0; i < out.cases.size(); ++i) {
      out.cases[i].segments = {{"language", i < german ? "de" : "en"}, {"risk", i % 2 == 0 ? "high" : "low"}};
    }
    out.head.suites[0].segments = {{"language", {"de", "en", "ja"}}, {"risk", {"high", "low", "none"}}};
    out.head.rules.segments = SegmentsRule{{"language"}, 0.1, 30, {}, false};
    return out;
  };
  const auto add = [&](const std::string& name, const Plan& what, const std::optional<Measured>& earlier = {}) {
    scenes.add("segments: " + name, what, {"segments"}, earlier);
  };
  add("one too small", plan(29, 300));
  add("just large enough", plan(30, 300));
  add("as measured", plan(100, 300), measured(0.05));
  Plan bent = plan(29, 300);
  bent.head.rules.segments->required = {"language=de", "risk=high", "tone=dry"};
  add("required ones", bent);
  bent = plan(2, 3);
  bent.head.rules.segments->max_loss = 0.3;
  bent.head.rules.segments->min_cases = 2;
  add("of two cases no loss would be noticed", bent);
  bent.head.rules.segments->min_cases = 0;
  add("at least one case is asked", bent);
  bent = plan(100, 300);
  for (std::size_t i = 0; i < 100; ++i) bent.cases[i].cluster = "one";
  add("a single cluster", bent);
  bent.cases[0].cluster.clear();
  add("two clusters", bent);
  bent = plan(100, 300);
  for (std::size_t i = 0; i < 80; ++i) bent.cases[i].sampling = Sampling::targeted;
  add("targeted cases do not count", bent);
  bent = plan(20, 20);
  add("none that can be tested", bent);
  bent.head.rules.segments->by = {"tone"};
  add("none at all", bent);
  bent = clustered(plan(100, 300), 40);
  add("shared clusters", bent);
}

void add_rates(Scenes& scenes) {
  const auto floor = [](Plan plan, double least) {
    plan.head.rules.floor = FloorRule{least, false};
    return plan;
  };
  const auto add_floor = [&](const std::string& name, const Plan& plan, const std::optional<Measured>& earlier = {}) {
    scenes.add("floor: " + name, plan, {"floor"}, earlier);
  };
  add_floor("thirty-five cases", floor(plan_of(35), 0.9));
  add_floor("thirty-six cases", floor(plan_of(36), 0.9));
  add_floor("one failure", floor(plan_of(54), 0.9));
  add_floor("several failures", floor(plan_of(500), 0.9));
  add_floor("twenty-nine cases", floor(plan_of(29), 0.8));
  add_floor("thirty cases", floor(plan_of(30), 0.8));
  add_floor("clusters", floor(clustered(plan_of(400), 100), 0.9));
  add_floor("too few clusters", floor(clustered(plan_of(400), 19), 0.9));
  add_floor("clusters, never enough", floor(clustered(plan_of(400), 50), 0.995));
  add_floor("weights", floor(weighted(plan_of(400), 3.0), 0.9));
  add_floor("weights, never enough", floor(weighted(plan_of(100), 3.0), 0.99));
  Plan trials = floor(plan_of(36), 0.9);
  trials.head.trials = 2;
  add_floor("two trials", trials);
  trials.cases.resize(34);
  trials.case_suite.resize(34);
  add_floor("two trials, one case too few", trials);
  add_floor("a good baseline", floor(plan_of(200), 0.9), measured(0.1, 0.97));
  add_floor("a baseline at the floor", floor(plan_of(200), 0.9), measured(0.1, 0.9));
  add_floor("a baseline without a rate", floor(plan_of(200), 0.9), measured(0.1));

  const auto errors = [](Plan plan, double most) {
    plan.head.rules.errors = RateRule{most, false};
    return plan;
  };
  const auto add_errors = [&](const std::string& name, const Plan& plan, const std::optional<Measured>& earlier = {}) {
    scenes.add("errors: " + name, plan, {"errors"}, earlier);
  };
  add_errors("one case too few", errors(plan_of(182), 0.02));
  add_errors("just enough", errors(plan_of(183), 0.02));
  add_errors("none allowed", errors(plan_of(400), 0.0));
  add_errors("no case", errors(plan_of(0), 0.02));
  add_errors("clusters", errors(clustered(plan_of(800), 250), 0.02));
  add_errors("too few clusters", errors(clustered(plan_of(400), 100), 0.02));
  add_errors("events that clusters do not share", errors(clustered(plan_of(4000), 150), 0.02));
  const std::size_t trusted = stats::trusted_informative_clusters;
  add_errors("just enough clusters to be told apart from their cases", errors(clustered(plan_of(8000), trusted), 0.02));
  add_errors("one cluster too few for that", errors(clustered(plan_of(8000), trusted - 1), 0.02));
  add_errors("a good baseline", errors(plan_of(500), 0.02), measured(0.1, 0.9, 0.002));
  add_errors("a bad baseline", errors(plan_of(500), 0.02), measured(0.1, 0.9, 0.02));
  add_errors("a bad baseline, and too few cases", errors(plan_of(100), 0.02), measured(0.1, 0.9, 0.02));
  add_errors("a baseline without a rate", errors(plan_of(500), 0.02), measured(0.1, 0.9));

  const auto fallback = [](Plan plan, const std::string& route, bool recorded) {
    plan.head.rules.fallback_rate = RateRule{0.05, false};
    plan.head.rules.latency = LatencyRule{800.0, false};
    plan.head.routes[1].fallback = route;
    plan.head.routes[1].recorded = recorded;
    plan.head.fallback_tested = {"c0", "c1", "gone"};
    return plan;
  };
  const std::set<std::string> both{"fallback_rate", "latency"};
  scenes.add("fallback: one", fallback(plan_of(74), "spare", false), both);
  scenes.add("fallback: one, a case too few", fallback(plan_of(73), "spare", false), both);
  scenes.add("fallback: none", fallback(plan_of(120), "", false), both);
  scenes.add("fallback: recorded replies", fallback(plan_of(120), "", true), both);
}

void add_others(Scenes& scenes) {
  const auto latency = [](Plan plan) {
    plan.head.rules.latency = LatencyRule{1000.0, false};
    return plan;
  };
  scenes.add("latency: one case too few", latency(plan_of(71)), {"latency"});
  scenes.add("latency: just enough", latency(plan_of(72)), {"latency"});
  scenes.add("latency: clusters", latency(clustered(plan_of(400), 110)), {"latency"});
  scenes.add("latency: too few clusters", latency(clustered(plan_of(400), 15)), {"latency"});

  const auto cost = [](Plan plan) {
    plan.head.rules.cost = CostRule{0.01, false};
    return plan;
  };
  scenes.add("cost: one case too few", cost(plan_of(199)), {"cost"});
  scenes.add("cost: just enough", cost(plan_of(200)), {"cost"});
  scenes.add("cost: one cluster too few", cost(clustered(plan_of(600), 199)), {"cost"});
  scenes.add("cost: enough clusters", cost(clustered(plan_of(600), 200)), {"cost"});

  const auto add_severe = [&](const std::string& name, std::size_t n, const SevereRule& rule,
                              std::size_t clusters = 0) {
    Plan plan = severe(plan_of(300), n);
    if (clusters > 0) plan = clustered(plan, clusters);
    plan.head.rules.severe.push_back(rule);
    scenes.add("severe: " + name, plan, {"severe"});
  };
  add_severe("a rate, one case too few", 58, {"*", std::nullopt, std::nullopt, 0.05, false});
  add_severe("a rate, just enough", 59, {"*", std::nullopt, std::nullopt, 0.05, false});
  add_severe("a rate, some may fail", 200, {"harm", std::nullopt, std::nullopt, 0.05, false});
  add_severe("a rate, some may fail but none is allowed", 200, {"harm", 0, 1, 0.05, false});
  add_severe("a rate, fewer may fail than are allowed", 200, {"harm", std::nullopt, 50, 0.05, false});
  add_severe("a rate of clusters", 200, {"harm", std::nullopt, std::nullopt, 0.05, false}, 70);
  add_severe("a rate of too few clusters", 200, {"harm", std::nullopt, std::nullopt, 0.05, false}, 40);
  add_severe("a rate of no case", 0, {"harm", std::nullopt, std::nullopt, 0.05, false});
  add_severe("no new failure", 40, {"*", 0, std::nullopt, std::nullopt, false});
  add_severe("no failure", 40, {"*", std::nullopt, 0, std::nullopt, false});
  add_severe("one new failure", 40, {"*", 1, std::nullopt, std::nullopt, false});
  add_severe("no limit", 40, {"*", std::nullopt, std::nullopt, std::nullopt, false});
  add_severe("another class", 40, {"leak", 0, std::nullopt, std::nullopt, false});

  const auto must_pass = [](std::size_t tagged, MustPassRule rule) {
    Plan plan = plan_of(100);
    for (std::size_t i = 0; i < tagged; ++i) plan.cases[i].tags = {"old", "regression"};
    plan.head.rules.must_pass = std::move(rule);
    return plan;
  };
  const std::set<std::string> only{"must_pass"};
  scenes.add("must_pass: by tag", must_pass(3, {{"regression", "other"}, {}, false}), only);
  scenes.add("must_pass: by tag and id", must_pass(3, {{"regression"}, {"c1", "c7"}, false}), only);
  scenes.add("must_pass: more than are listed", must_pass(7, {{"regression"}, {}, false}), only);
  scenes.add("must_pass: no such tag", must_pass(3, {{"other"}, {}, false}), only);
  scenes.add("must_pass: no such case", must_pass(3, {{"regression"}, {"nowhere", "gone"}, false}), only);
  Plan excused = must_pass(2, {{"regression"}, {}, false});
  excused.head.rules.known_failures = {{"c0", "ana", "2030-01-01", "", true}, {"c1", "ana", "2020-01-01", "", false}};
  scenes.add("must_pass: one is excused", excused, only);
  excused.head.rules.known_failures[1].active = true;
  scenes.add("must_pass: all are excused", excused, only);
}

void add_gates(Scenes& scenes) {
  const auto with = [](Plan plan, const std::function<void(Plan&)>& bend) {
    bend(plan);
    return plan;
  };
  const auto stage = [&](const Plan& plan, Stage to) { return with(plan, [&](Plan& p) { p.head.stage = to; }); };
  const Plan good = quality_plan(1000, 0.05);
  scenes.add("gate: nothing but quality", good);
  scenes.add("gate: a shadow", stage(good, Stage::shadow));
  scenes.add("gate: a canary", stage(good, Stage::canary));
  scenes.add("gate: nothing binding", with(good, [](Plan& p) { p.head.rules.quality->advisory = true; }));
  scenes.add("gate: nothing asked of quality", plan_of(1000));
  scenes.add("gate: hardly", quality_plan(100, 0.02));
  scenes.add("gate: hardly, which a shadow does not mind", stage(quality_plan(100, 0.02), Stage::shadow));
  scenes.add("gate: nineteen cases", stage(quality_plan(19, 0.5), Stage::shadow));
  scenes.add("gate: twenty cases", stage(quality_plan(20, 0.5), Stage::shadow));
  scenes.add("gate: a part of the suites", with(good, [](Plan& p) { p.head.partial = true; }));
  scenes.add("gate: a draft where released suites are asked", with(good, [](Plan& p) {
               p.head.rules.evidence.released = true;
               p.head.suites.push_back(p.head.suites[0]);
               p.head.suites[1].name = "t";
               p.head.suites[1].released = false;
             }));
  scenes.add("gate: released suites are asked", with(good, [](Plan& p) { p.head.rules.evidence.released = true; }));
  scenes.add("gate: one case too few", with(good, [](Plan& p) { p.head.rules.evidence.min_cases = 1001; }));
  scenes.add("gate: just enough cases", with(good, [](Plan& p) { p.head.rules.evidence.min_cases = 1000; }));
  scenes.add("gate: fewer asked than none", with(good, [](Plan& p) { p.head.rules.evidence.min_cases = -1; }));
  scenes.add("gate: shared clusters", clustered(good, 200));
  scenes.add("gate: shared clusters, too few cases",
             with(clustered(good, 200), [](Plan& p) { p.head.rules.evidence.min_cases = 2000; }));
  scenes.add("gate: advisory rules do not count", with(severe(good, 10), [](Plan& p) {
               Rules& rules = p.head.rules;
               rules.floor = FloorRule{0.999, true};
               rules.severe.push_back({"*", std::nullopt, std::nullopt, 0.01, true});
               rules.must_pass = MustPassRule{{}, {"gone"}, true};
               rules.segments = SegmentsRule{{"language"}, 0.1, 30, {}, true};
               rules.latency = LatencyRule{100.0, true};
               rules.cost = CostRule{0.1, true};
               rules.errors = RateRule{0.0, true};
               rules.fallback_rate = RateRule{0.0, true};
             }));
}

}  // namespace

TEST_CASE("what plans can carry is as approved") {
  Scenes scenes;
  add_quality(scenes);
  add_segments(scenes);
  add_rates(scenes);
  add_others(scenes);
  add_gates(scenes);
  check_approved("plans.txt", scenes.told);
}
