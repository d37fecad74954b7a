#include <catch2/catch.hpp>

#include "gate_folder.hpp"

using namespace headgate;
using namespace headgate::config;

TEST_CASE("the shortest gate has defaults for the rest") {
  GateFolder folder;
  const auto gate = folder.load();
  REQUIRE(folder.said == Said{});
  CHECK(gate->name == "g");
  CHECK(gate->stage == Stage::internal);
  CHECK(gate->trials == 1);
  CHECK(gate->rules.quality->max_loss == 0.03);
  CHECK(gate->rules.quality->metric == Metric::score);
  CHECK_FALSE(gate->rules.floor.has_value());
  CHECK(gate->rules.evidence.min_cases == 100);
  CHECK(gate->rules.evidence.provider_errors_max_rate == 0.02);
  CHECK_FALSE(gate->rules.evidence.released);
  CHECK(gate->suites.at(0).cases.size() == 2);
  CHECK(gate->routes[0].use.name == "a");
  CHECK(gate->routes[1].use.name == "b");
  CHECK(gate->routes[1].replies->size() == 1);
}

TEST_CASE("a whole gate is read") {
  GateFolder folder;
  folder.write("away/x", "");
  folder.environment["ROOT"] = folder.path("");
  const auto gate = folder.load(
      "gate: g-1.x\nrelease_question: may it?\nstage: shadow\nbaseline: a.yaml\ncandidate: b.yaml\nsuites: [./s]\n"
      "trials: 3\n"
      "rules:\n"
      "  quality: {metric: pass, min_gain: 0.01, per_suite: true, advisory: true}\n"
      "  floor: {min_pass_rate: 0.8}\n"
      "  severe:\n"
      "    - {class: \"*\", max_new_failures: 0}\n"
      "    - {class: leak, max_failures: 1, max_rate: 0.05, advisory: true}\n"
      "  must_pass: {tags: [regression], cases: [c2]}\n"
      "  segments: {by: [language, risk], max_loss: 0.1, min_cases: 20, required: [language=en, risk=high]}\n"
      "  latency: {p95_max_ms: 2500, clock: reply}\n"
      "  cost: {max_per_case_usd: 0.004}\n"
      "  errors: {max_rate: 0}\n"
      "known_failures:\n"
      "  - {case: c1, owner: somebody@example.com, until: 2026-11-20, reason: being repaired}\n"
      "  - {case: c2, owner: somebody@example.com, until: 2026-11-19, reason: was to be repaired}\n"
      "evidence: {min_cases: 20, provider_errors: {max_rate: 0.01}, ungraded: {max_rate: 0}, released: true}\n"
      "data: {far: \"${ROOT}/away\", near: away}\n");
  REQUIRE(folder.said == Said{});
  const Rules& rules = gate->rules;
  CHECK(gate->stage == Stage::shadow);
  CHECK(gate->trials == 3);
  CHECK(rules.quality->metric == Metric::pass);
  CHECK(rules.quality->min_gain == 0.01);
  CHECK(rules.quality->per_suite);
  CHECK(rules.quality->advisory);
  CHECK(rules.floor->min_pass_rate == 0.8);
  REQUIRE(rules.severe.size() == 2);
  CHECK(rules.severe[0].max_new_failures == 0);
  CHECK_FALSE(rules.severe[0].max_rate.has_value());
  CHECK(rules.severe[1].max_failures == 1);
  CHECK(rules.severe[1].max_rate == 0.05);
  CHECK(rules.severe[1].advisory);
  CHECK(rules.must_pass->tags == Said{"regression"});
  CHECK(rules.must_pass->cases == Said{"c2"});
  CHECK(rules.segments->by == Said{"language", "risk"});
  CHECK(rules.segments->min_cases == 20);
  CHECK(rules.segments->required == Said{"language=en", "risk=high"});
  CHECK(rules.latency->p95_max_ms == 2500);
  CHECK(rules.cost->max_per_case_usd == 0.004);
  CHECK(rules.errors->max_rate == 0);
  CHECK(rules.known_failures.at(0).active);
  CHECK_FALSE(rules.known_failures.at(1).active);
  CHECK(rules.evidence.min_cases == 20);
  CHECK(rules.evidence.released);
  CHECK(gate->data.at("far") == folder.path("away"));
  CHECK(gate->data.at("near") == folder.path("away"));
}

TEST_CASE("a limit that is no limit is refused where it stands") {
  GateFolder folder;
  const auto with_quality = [&](const std::string& quality) {
    return folder.said_of("gate: g\nbaseline: a.yaml\ncandidate: b.yaml\nsuites: [./s]\nrules:\n  quality: " + quality +
                          "\n");
  };
  CHECK(with_quality("{max_loss: .nan}").at(0).starts_with("gate.yaml:6:23: "));
  CHECK(with_quality("{max_loss: -0.1}") ==
        Said{"gate.yaml:6:23: 'max_loss' must be at least 0 and below 1, not -0.1"});
  CHECK(with_quality("{max_loss: \"0.9\"}") == Said{"gate.yaml:6:23: 'max_loss' must be a number, not the text '0.9'"});
  CHECK(with_quality("{max_loss: 1}") == Said{"gate.yaml:6:23: 'max_loss' must be at least 0 and below 1, not 1"});
  CHECK(with_quality("{max_loss: 1e999}").at(0).starts_with("gate.yaml:6:23: "));
  CHECK(with_quality("{max_los: 0.1}").at(0) == "gate.yaml:6:13: unknown key 'max_los' in quality rule");
  CHECK(with_quality("{metric: pass}") ==
        Said{"gate.yaml:6:12: the quality rule needs exactly one of max_loss and min_gain"});
  CHECK(with_quality("{max_loss: 0.1, min_gain: 0.1}").size() == 1);

  const auto with_rule = [&](const std::string& rule) { return folder.said_of(plain_gate + "  " + rule + "\n"); };
  CHECK(with_rule("floor: {min_pass_rate: 0}") ==
        Said{"gate.yaml:7:26: 'min_pass_rate' must be above 0 and below 1, not 0"});
  CHECK(with_rule("floor: {min_pass_rate: 1}") ==
        Said{"gate.yaml:7:26: 'min_pass_rate' must be above 0 and below 1, not 1"});
  CHECK(with_rule("severe: [{class: \"*\"}]") == Said{"gate.yaml:7:12: a severe rule needs a limit"});
  CHECK(with_rule("severe: [{class: \"*\", max_failures: 0.5}]") ==
        Said{"gate.yaml:7:39: 'max_failures' must be a whole number, not the number 0.5"});
  CHECK(with_rule("severe: []") == Said{"gate.yaml:7:11: 'severe' must not be empty"});
  CHECK(with_rule("must_pass: {}") == Said{"gate.yaml:7:14: the must_pass rule needs tags or cases"});
  CHECK(with_rule("latency: {p95_max_ms: 0}") == Said{"gate.yaml:7:25: 'p95_max_ms' must be above 0, not 0"});
  CHECK(with_rule("errors: {max_rate: 1}") == Said{"gate.yaml:7:22: 'max_rate' must be at least 0 and below 1, not 1"});
  CHECK(with_rule("segments: {by: [], max_loss: 0.1}") == Said{"gate.yaml:7:18: 'by' must not be empty"});
}

TEST_CASE("trials may say how they become one outcome") {
  GateFolder folder;
  const auto gate = folder.load(plain_gate + "trials: {count: 5, reduce: pass^3}\n");
  REQUIRE(gate.has_value());
  CHECK(gate->trials == 5);
  CHECK(gate->rules.reduce == Reducer{Reducer::Kind::pass_hat_k, 3});
  CHECK(folder.load(plain_gate + "trials: {count: 2}\n")->rules.reduce == Reducer{});
  CHECK(folder.load(plain_gate + "trials: 4\n")->rules.reduce == Reducer{});
  CHECK(folder.said_of(plain_gate + "trials: {count: 2, reduce: pass@3}\n") ==
        Said{"gate.yaml:7:28: pass@3 takes at least 3 trials, and there are 2"});
  CHECK(folder.said_of(plain_gate + "trials: {count: 2, reduce: median}\n") ==
        Said{"gate.yaml:7:28: 'median' is no way to reduce trials"});
  CHECK(folder.said_of(plain_gate + "trials: {reduce: worst}\n").size() == 1);
  CHECK(folder.said_of(plain_gate + "trials: {count: 0}\n").size() == 1);
  CHECK(folder.said_of(plain_gate + "trials: {count: 2, reduced: worst}\n").size() == 1);
}

TEST_CASE("mistakes outside the rules") {
  GateFolder folder;
  CHECK(folder.said_of("gate: ..\n" + plain_gate.substr(8)) ==
        Said{"gate.yaml:1:7: a gate's name is made of letters, digits, _ . and -, as it names a folder"});
  CHECK(folder.said_of("gate: a/b\n" + plain_gate.substr(8)).size() == 1);
  CHECK(folder.said_of(plain_gate + "stages: internal\n") == Said{"gate.yaml:7:1: unknown key 'stages' in gate"});
  CHECK(folder.hints == Said{"did you mean 'stage'?"});
  CHECK(folder.said_of(plain_gate + "trials: 0\n") ==
        Said{"gate.yaml:7:9: 'trials' must be between 1 and 1000, not 0"});
  CHECK(folder.said_of(plain_gate + "known_failures: [{case: c1, owner: o, until: 2026-02-30, reason: r}]\n") ==
        Said{"gate.yaml:7:46: 'until' is no date"});
  CHECK(folder.said_of("gate: g\n") ==
        Said{"gate.yaml:1:1: missing key 'baseline' in gate", "gate.yaml:1:1: missing key 'candidate' in gate",
             "gate.yaml:1:1: missing key 'suites' in gate", "gate.yaml:1:1: missing key 'rules' in gate"});
  CHECK(folder.said_of("[]\n").size() == 1);
  CHECK(folder.said_of("gate: [\n").size() == 1);
}

TEST_CASE("what a later version has is refused, never ignored") {
  GateFolder folder;
  const std::string later = " is not built yet in this version of headgate";
  for (const char* key : {"candidates", "handoff", "ledger", "sequential"}) {
    CAPTURE(key);
    CHECK(folder.said_of(plain_gate + key + ": x\n") == Said{"gate.yaml:7:1: '" + std::string(key) + "'" + later});
  }
  CHECK(folder.said_of(plain_gate + "  any_of: {max_rate: 0.1}\n") == Said{"gate.yaml:7:3: 'rules.any_of'" + later});
  CHECK(folder.said_of(plain_gate + "  latency: {p95_max_ms: 100, p95_max_ratio: 1.2}\n") ==
        Said{"gate.yaml:7:30: 'rules.latency.p95_max_ratio'" + later});
  CHECK(folder.said_of(plain_gate + "  latency: {p95_max_ms: 100, clock: total}\n") ==
        Said{"gate.yaml:7:37: a latency rule over the total time" + later});
  CHECK(folder.said_of(plain_gate + "  cost: {max_per_case_usd: 1, max_ratio: 1.2}\n") ==
        Said{"gate.yaml:7:31: 'rules.cost.max_ratio'" + later});
  for (const char* key : {"max_suite_age_days", "max_baseline_age_days", "traffic_mix", "contamination"}) {
    CAPTURE(key);
    CHECK(folder.said_of(plain_gate + "evidence: {" + key + ": 1}\n") ==
          Said{"gate.yaml:7:12: 'evidence." + std::string(key) + "'" + later});
  }
  CHECK(folder.said_of(plain_gate + "stage: canary\n") == Said{"gate.yaml:7:8: the stage canary" + later});
}

TEST_CASE("a rule about something that is not there would demand nothing") {
  GateFolder folder;
  const auto with_rule = [&](const std::string& rule) { return folder.said_of(plain_gate + "  " + rule + "\n"); };
  CHECK(with_rule("severe: [{class: laek, max_failures: 0}]") ==
        Said{"gate.yaml:7:20: no suite of this gate declares the severe class 'laek'"});
  CHECK(folder.hints == Said{"did you mean 'leak'?"});
  CHECK(with_rule("segments: {by: [langage], max_loss: 0.1}") ==
        Said{"gate.yaml:7:19: no suite of this gate declares the segment dimension 'langage'"});
  CHECK(with_rule("segments: {by: [language], max_loss: 0.1, required: [language=fr]}") ==
        Said{"gate.yaml:7:56: no suite of this gate declares the value of language 'fr'"});
  CHECK(with_rule("segments: {by: [language], max_loss: 0.1, required: [risk=high]}") ==
        Said{"gate.yaml:7:56: 'risk' is not among the dimensions in 'by'"});
  CHECK(with_rule("segments: {by: [language], max_loss: 0.1, required: [en]}") ==
        Said{"gate.yaml:7:56: 'en' is no dimension=value"});
  CHECK(with_rule("must_pass: {tags: [regresion]}") ==
        Said{"gate.yaml:7:22: no suite of this gate has the tag 'regresion'"});
  CHECK(with_rule("must_pass: {cases: [c9]}") == Said{"gate.yaml:7:23: no suite of this gate has the case 'c9'"});
  CHECK(folder.said_of(plain_gate + "known_failures: [{case: c9, owner: o, until: 2027-01-01, reason: r}]\n") ==
        Said{"gate.yaml:7:25: no suite of this gate has the case 'c9'"});
}

TEST_CASE("suites and routes that are not there, and suites named twice") {
  GateFolder folder;
  const auto with = [&](const std::string& suites, const std::string& candidate = "b.yaml") {
    return folder.said_of("gate: g\nbaseline: a.yaml\ncandidate: " + candidate + "\nsuites: " + suites +
                          "\nrules: {quality: {max_loss: 0.1}}\n");
  };
  CHECK(with("[./gone]").at(0).starts_with("gate.yaml:4:10: there is no suite folder"));
  CHECK(with("[\"./s@newest\"]") == Said{"gate.yaml:4:10: 'newest' is no version or range of versions"});
  CHECK(with("[./s, ./s@draft]") == Said{"gate.yaml:4:15: suite 's' is named twice"});
  CHECK(with("[]") == Said{"gate.yaml:4:9: 'suites' must not be empty"});
  CHECK(with("[./s]", "gone.yaml").at(0).starts_with("gate.yaml:3:12: there is no route file"));
  CHECK(with("[./s@^2.0]").at(0).starts_with("s/suite.yaml:2:10: suite 's' has no version '^2.0'"));
}

TEST_CASE("complaints about all files come in one go") {
  GateFolder folder;
  folder.write("a.yaml", "route: a\nkind: replay\nreplies: a.jsonl\nmodle: m\n");
  folder.write("s/cases.jsonl", R"({"id":"c1","input":"x","tag":[]})"
                                "\n");
  CHECK(folder.said_of(plain_gate + "trails: 2\n") == Said{"a.yaml:4:1: unknown key 'modle' in route",
                                                           "gate.yaml:7:1: unknown key 'trails' in gate",
                                                           "s/cases.jsonl:1:24: unknown key 'tag' in case"});
}

TEST_CASE("a data root comes from the environment or stands beside the gate") {
  GateFolder folder;
  CHECK(folder.said_of(plain_gate + "data: {far: \"${NOWHERE}/x\"}\n") ==
        Said{"gate.yaml:7:14: the environment variable NOWHERE is not set"});
  CHECK(folder.said_of(plain_gate + "data: {far: gone}\n")
            .at(0)
            .starts_with("gate.yaml:7:13: data root 'far' is no folder"));
  CHECK(folder.said_of(plain_gate + "data: {far: \"${X\"}\n") == Said{"gate.yaml:7:14: a variable is written ${NAME}"});
}

TEST_CASE("overrides are laid over the file before anything is checked") {
  GateFolder folder;
  folder.options.overrides = {"rules.quality.max_loss=0.2", "trials=2", "rules.floor.min_pass_rate=0.5"};
  const auto gate = folder.load();
  REQUIRE(folder.said == Said{});
  CHECK(gate->rules.quality->max_loss == 0.2);
  CHECK(gate->trials == 2);
  CHECK(gate->rules.floor->min_pass_rate == 0.5);
  CHECK(gate->overrides == folder.options.overrides);
}

TEST_CASE("a mistake in an override is named as it was typed") {
  GateFolder folder;
  const auto said_of = [&](std::vector<std::string> overrides, const std::string& gate = plain_gate) {
    folder.options.overrides = std::move(overrides);
    return folder.said_of(gate);
  };
  CHECK(said_of({"rules.quality.max_loss=-1"}) ==
        Said{"--set:1:24: 'max_loss' must be at least 0 and below 1, not -1"});
  CHECK(said_of({"rules.quality.max_los=0.1"}) == Said{"--set:1:1: unknown key 'max_los' in quality rule"});
  CHECK(said_of({"trials"}) == Said{"--set:1:1: 'trials' is no key=value"});
  CHECK(said_of({"trials=[1"}).at(0).starts_with("--set:1:"));
  CHECK(said_of({"gate.name=x"}) == Said{"--set:1:1: 'gate.name' leads nowhere in '" + folder.path() + "'"});
  CHECK(said_of({"ledger=x"}) == Said{"--set:1:1: 'ledger' is not built yet in this version of headgate"});
  // The file's own mistakes keep their places in the file.
  CHECK(said_of({"trials=2"}, plain_gate + "stages: x\n") == Said{"gate.yaml:7:1: unknown key 'stages' in gate"});
  CHECK(said_of({"suites.0=./gone"}).at(0).starts_with("--set:1:10: there is no suite folder"));
}

TEST_CASE("rules alone need neither routes nor suites") {
  GateFolder folder;
  folder.write("gate.yaml",
               "gate: g\nbaseline: here\ncandidate: there\nsuites: [nowhere]\nrules: {quality: {max_loss: 0.2}}\n");
  Complaints complaints;
  const auto rules = load_rules(folder.path(), folder.options, complaints);
  REQUIRE(rules.has_value());
  CHECK(rules->quality->max_loss == 0.2);
  folder.write("gate.yaml",
               "gate: g\nbaseline: here\ncandidate: there\nsuites: [nowhere]\nrules: {quality: {max_loss: 2}}\n");
  CHECK_FALSE(load_rules(folder.path(), folder.options, complaints).has_value());
}

TEST_CASE("the shape of a gate hides nothing of what its well-shaped parts name") {
  GateFolder folder;
  const Said said = folder.said_of(
      "gate: g\nbaseline: a.yaml\ncandidate: b.yaml\nsuites: [./s]\ntrials: many\nstage: intern\n"
      "rules:\n"
      "  quality: {max_loss: 5}\n"
      "  severe: [{class: 5, max_failures: 0}, 7, {class: leek, max_failures: -1}]\n"
      "  segments: {by: [5, langage], max_loss: x, required: [language=fr]}\n"
      "  must_pass: {tags: [regresion, 5]}\n"
      "known_failures: [5, {case: c9, until: soon}]\n");
  const auto says = [&](const std::string& text) {
    return std::count_if(said.begin(), said.end(),
                         [&](const std::string& each) { return each.find(text) != std::string::npos; });
  };
  CHECK(says("'trials' must be") == 1);
  CHECK(says("'max_loss' must be") == 2);
  CHECK(says("gate.yaml:9:52: no suite of this gate declares the severe class 'leek'") == 1);
  CHECK(says("gate.yaml:10:22: no suite of this gate declares the segment dimension 'langage'") == 1);
  CHECK(says("gate.yaml:11:22: no suite of this gate has the tag 'regresion'") == 1);
  CHECK(says("no suite of this gate has the case 'c9'") == 1);
  CHECK(says("'until' is no date") == 1);
  CHECK(says("is not among the dimensions") == 0);
}

TEST_CASE("every value of a gate may be of a wrong type") {
  GateFolder folder;
  for (const char* value : {"5", "null", "true", "[]", "[null, {}]", "{}", "{x: [y]}", "{x: {command: [5]}}", "''"}) {
    for (const char* key : {"gate", "baseline", "candidate", "suites", "trials", "stage", "rules", "known_failures",
                            "evidence", "plugins", "data", "release_question", "readiness", "budget"}) {
      std::string text = "rulez: x\n";
      for (const char* line : {"gate: g", "baseline: a.yaml", "candidate: b.yaml", "suites: [./s]"}) {
        if (!std::string(line).starts_with(std::string(key) + ":")) text += std::string(line) + "\n";
      }
      CHECK(folder.said_of(text + key + ": " + value + "\n").front() != "no complaint");
    }
    for (const char* rule :
         {"quality", "floor", "severe", "must_pass", "segments", "latency", "cost", "errors", "fallback_rate"}) {
      const std::string text = plain_gate.substr(0, plain_gate.find("  quality"));
      CHECK(folder.said_of(text + "  " + rule + ": " + value + "\n  x: y\n").front() != "no complaint");
    }
  }
}
