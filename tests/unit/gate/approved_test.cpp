// Whole decisions over small scenes, one for every way a rule can end, compared with an approved text. What a rule says
// in words, where its limits lie to the last case, and which cases it names stand here; the other tests say why.
#include <array>
#include <functional>
#include <set>

#include "approved.hpp"
#include "decided.hpp"
#include "headgate/gate/part.hpp"

using namespace headgate;
using namespace headgate::test;

namespace {

std::string joined(const std::vector<std::string>& words, const char* between = ", ") {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : between) + word;
  return out;
}

class Text {
 public:
  void field(const char* name, const std::optional<double>& value) {
    if (value) out_ += std::string(" ") + name + "=" + number(*value);
  }
  void field(const char* name, const std::optional<std::size_t>& value) {
    if (value) out_ += std::string(" ") + name + "=" + std::to_string(*value);
  }
  void line(const std::string& text) { out_ += text + "\n"; }
  void add(const std::string& text) { out_ += text; }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

std::string named(const Finding& finding) {
  std::vector<std::string> first(
      finding.cases.begin(),
      finding.cases.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(4, finding.cases.size())));
  return joined(first, " ") + " of " + std::to_string(finding.cases_total);
}

void tell(const Finding& finding, Text& out) {
  out.add(finding.rule + (finding.segment ? " [" + *finding.segment + "]" : "") +
          (finding.suite ? " (" + *finding.suite + ")" : "") + (finding.advisory ? " advisory" : "") + ": " +
          name(finding.verdict) + " " + finding.code + " " + finding.method + " " + finding.estimand + "\n   ");
  out.field("estimate", finding.estimate);
  out.field("lower", finding.lower);
  out.field("upper", finding.upper);
  out.field("threshold", finding.threshold);
  out.field("alpha", std::optional(finding.alpha_pass));
  out.field("n", std::optional(finding.n));
  out.field("n_eff", finding.n_eff);
  out.field("clusters", std::optional(finding.clusters));
  out.field("informative", finding.informative_clusters);
  out.field("df", finding.df);
  out.field("statistic", finding.statistic);
  out.field("p_pass", finding.p_pass);
  out.field("p_harm", finding.p_harm);
  out.field("needed", finding.needed_n);
  out.line("");
  if (const auto& table = finding.discordant) {
    out.line("    pairs " + std::to_string(table->both) + " " + std::to_string(table->candidate_only) + " " +
             std::to_string(table->baseline_only) + " " + std::to_string(table->neither));
  }
  if (const auto& missing = finding.missing) {
    out.line("    missing " + std::to_string(missing->candidate) + " " + std::to_string(missing->baseline) + " " +
             std::to_string(missing->both));
  }
  if (const auto& errors = finding.route_errors) {
    out.line("    route errors " + std::to_string(errors->candidate) + " " + std::to_string(errors->baseline));
  }
  if (finding.cases_total > 0) out.line("    cases " + named(finding));
  out.line("    " + finding.sentence);
  for (const std::string& note : finding.notes) out.line("    note: " + note);
}

void tell_arms(const Decision& decision, Text& out) {
  for (const ArmSummary& arm : decision.arms) {
    out.line("  " + arm.route + ": " + std::to_string(arm.cells) + " cells, " + std::to_string(arm.passed) + " pass, " +
             std::to_string(arm.failed) + " fail, " + std::to_string(arm.route_errors) + " route, " +
             std::to_string(arm.provider_errors) + " provider, " + std::to_string(arm.ungraded) + " ungraded, " +
             std::to_string(arm.not_run) + " not run, score " + (arm.score_mean ? number(*arm.score_mean) : "none"));
  }
}

// The whole decision; findings only of the rules asked for, all of them where none is named.
std::string told(const Decision& decision, const std::vector<std::string>& rules) {
  Text out;
  std::vector<std::string> stages;
  for (const Stage stage : decision.eligible_for) stages.emplace_back(name(stage));
  out.line(std::string(name(decision.answer)) + ", " + name(decision.action) + ", holds for: " + joined(stages) +
           "; flips " + std::to_string(decision.flips.regressions) + " " + std::to_string(decision.flips.improvements));
  // Elsewhere these repeat what the findings say.
  const bool whole = std::find(rules.begin(), rules.end(), "evidence.plan") != rules.end() || rules.empty();
  if (whole) tell_arms(decision, out);
  for (const Reason& reason : decision.reasons) {
    const bool own_words = whole || reason.rule == "stage" || reason.code == "segments_not_covered";
    out.line("  because " + reason.rule + " " + name(reason.verdict) + " " + reason.code +
             (own_words ? ": " + reason.text : ""));
  }
  for (const std::string& lacking : decision.next_stage)
    out.line("  lacks " + (whole ? lacking : lacking.substr(0, 30)));
  for (const std::string& note : decision.notes) {
    if (!note.starts_with("no ledger")) out.line("  note " + note);
  }
  if (whole) out.line("  not asked: " + joined(decision.not_asked));
  for (const Finding& finding : decision.findings) {
    const bool wanted = rules.empty() || std::find(rules.begin(), rules.end(), finding.rule) != rules.end();
    if (wanted) {
      out.add("  ");
      tell(finding, out);
    }
  }
  return out.take();
}

struct Played {
  Decision decision;
  Evidence evidence;
  Rules rules;
};

Played played(EvidenceBuilder& builder, const Rules& rules) {
  return {decided(builder, rules), builder.evidence(), rules};
}

struct Scene {
  std::string name;
  std::vector<std::string> rules;  // whose findings are told
  std::function<Played()> play;
};

Observation cell(double latency_ms, double cost_usd, bool passes = true) {
  Observation seen = passes ? pass() : fail();
  seen.latency_ms = latency_ms;
  seen.cost_usd = cost_usd;
  return seen;
}

CaseFacts of_cluster(std::size_t i) {
  CaseFacts facts;
  facts.cluster = "k" + std::to_string(i);
  return facts;
}
CaseFacts in_segment(const std::string& language) {
  CaseFacts facts;
  facts.segments = {{"language", language}};
  return facts;
}
CaseFacts severe(const std::string& severe_class) {
  CaseFacts facts;
  facts.severe_class = severe_class;
  return facts;
}
CaseFacts tagged(const std::string& tag) {
  CaseFacts facts;
  facts.tags = {tag};
  return facts;
}

Rules quality_by(Metric metric, std::optional<double> max_loss, std::optional<double> min_gain = std::nullopt) {
  Rules rules;
  rules.quality = QualityRule{metric, max_loss, min_gain, false, false};
  return rules;
}

Played quality_scene(const Rules& rules, std::array<std::size_t, 4> pairs, std::size_t candidate_broken = 0,
                     std::size_t baseline_broken = 0, std::size_t both_broken = 0) {
  EvidenceBuilder builder;
  add_pairs(builder, pairs[0], pairs[1], pairs[2], pairs[3]);
  builder.add_many(candidate_broken, "candidate-broken-", pass(), broken(ErrorKind::timeout));
  builder.add_many(baseline_broken, "baseline-broken-", broken(ErrorKind::timeout), pass());
  builder.add_many(both_broken, "both-broken-", broken(ErrorKind::server_error), broken(ErrorKind::server_error));
  return played(builder, rules);
}

void add_quality(std::vector<Scene>& scenes) {
  const auto add = [&](const std::string& name, const Rules& rules, std::array<std::size_t, 4> pairs,
                       std::size_t candidate = 0, std::size_t baseline = 0, std::size_t both = 0) {
    scenes.push_back({"quality: " + name, {"quality", "evidence.min_cases"}, [=] {
                        return quality_scene(rules, pairs, candidate, baseline, both);
                      }});
  };
  add("not worse than allowed", quality_by(Metric::pass, 0.03), {300, 40, 30, 30});
  add("worse within the margin", quality_by(Metric::score, 0.10), {900, 0, 40, 60});
  add("worse by more than allowed", quality_by(Metric::score, 0.03), {300, 10, 70, 20});
  add("any loss, shown", quality_by(Metric::score, 0.0), {300, 10, 70, 20});
  add("any loss, ruled out", quality_by(Metric::pass, 0.0), {300, 70, 10, 20});
  add("a gain, shown", quality_by(Metric::pass, std::nullopt, 0.05), {300, 70, 10, 20});
  add("a gain, ruled out", quality_by(Metric::score, std::nullopt, 0.20), {300, 10, 10, 80});
  add("a gain, neither", quality_by(Metric::score, std::nullopt, 0.05), {300, 30, 10, 60});
  add("neither shown nor ruled out", quality_by(Metric::pass, 0.03), {100, 12, 10, 30});
  add("at the margin, where more cases will not help", quality_by(Metric::pass, 0.10), {100, 0, 20, 80});
  add("beyond the margin, not proven", quality_by(Metric::pass, 0.03), {100, 2, 10, 30});
  add("twenty-nine cases", quality_by(Metric::score, 0.5), {29, 0, 0, 0});
  add("thirty cases", quality_by(Metric::score, 0.5), {30, 0, 0, 0});
  add("the candidate's errors decide", quality_by(Metric::score, 0.03), {280, 60, 30, 30}, 40);
  add("the baseline's errors decide", quality_by(Metric::score, 0.03), {280, 30, 32, 30}, 0, 40);
  add("both arms' errors decide", quality_by(Metric::score, 0.03), {280, 60, 30, 30}, 0, 0, 40);
  add("errors on both sides decide nothing", quality_by(Metric::score, 0.03), {280, 160, 10, 30}, 2, 3, 4);
  add("no case", quality_by(Metric::score, 0.03), {0, 0, 0, 0});

  scenes.push_back({"quality: suite by suite", {"quality"}, [] {
                      Rules rules = quality_by(Metric::score, 0.03);
                      rules.quality->per_suite = true;
                      EvidenceBuilder builder;
                      builder.suite("billing");
                      add_pairs(builder, 300, 40, 10, 10);
                      CaseFacts second;
                      second.suite = 1;
                      builder.add_many(100, "second-", pass(), pass(), second);
                      builder.add_many(60, "second-lost-", pass(), fail(), second);
                      return played(builder, rules);
                    }});
  scenes.push_back({"quality: losses are named worst first, and severe first among equals", {"quality"}, [] {
                      EvidenceBuilder builder;
                      builder.add_many(200, "same-", pass(), pass());
                      CaseFacts facts;
                      facts.id = "half";
                      builder.add(facts, graded(0.75, true), graded(0.25, false));
                      facts.id = "plain";
                      builder.add(facts, pass(), fail());
                      facts.id = "major";
                      facts.severity = Severity::major;
                      builder.add(facts, pass(), fail());
                      facts.id = "gained";
                      builder.add(facts, fail(), pass());
                      return played(builder, quality_by(Metric::score, 0.03));
                    }});
  for (const std::size_t clusters : {std::size_t{19}, std::size_t{20}, std::size_t{40}}) {
    scenes.push_back(
        {"quality: " + std::to_string(clusters) + " clusters", {"quality", "floor", "evidence.min_cases"}, [=] {
           EvidenceBuilder builder;
           for (std::size_t i = 0; i < clusters; ++i) {
             add_pairs(builder, 10, i % 2, i % 5 == 0 ? 1 : 0, 1, of_cluster(i));
           }
           Rules rules = quality_by(Metric::score, 0.05);
           rules.floor = FloorRule{0.85, false};
           return played(builder, rules);
         }});
  }
  scenes.push_back({"quality: weights and two trials", {"quality", "floor", "evidence.min_cases"}, [] {
                      EvidenceBuilder builder(2);
                      CaseFacts heavy;
                      heavy.weight = 3.0;
                      builder.add_many(40, "heavy-", pass(), pass(), heavy);
                      builder.add_many(10, "heavy-lost-", pass(), fail(), heavy);
                      builder.add_many(100, "light-", fail(), pass());
                      builder.at(3, 1, Arm::candidate) = fail();
                      builder.at(4, 0, Arm::baseline) = broken(ErrorKind::malformed_reply);
                      Rules rules = quality_by(Metric::score, 0.05);
                      rules.floor = FloorRule{0.7, false};
                      return played(builder, rules);
                    }});
  scenes.push_back({"quality: advisory, and nothing else", {}, [] {
                      Rules rules = quality_by(Metric::score, 0.03);
                      rules.quality->advisory = true;
                      return quality_scene(rules, {100, 0, 60, 0});
                    }});
}

void add_limits(std::vector<Scene>& scenes) {
  for (const auto& [name, least, passing, failing, errored] :
       {std::tuple("reached", 0.80, 180, 10, 0), std::tuple("missed", 0.90, 150, 50, 0),
        std::tuple("open", 0.93, 188, 12, 0), std::tuple("open without hope", 0.95, 188, 12, 0),
        std::tuple("in doubt by errors", 0.85, 170, 5, 25), std::tuple("of 29 cases", 0.5, 29, 0, 0),
        std::tuple("of no case", 0.5, 0, 0, 0)}) {
    scenes.push_back({std::string("floor: ") + name,
                      {"floor"},
                      [=, least = least, passing = passing, failing = failing, errored = errored] {
                        EvidenceBuilder builder;
                        builder.add_many(static_cast<std::size_t>(passing), "p", pass(), pass());
                        builder.add_many(static_cast<std::size_t>(failing), "f", pass(), fail());
                        builder.add_many(static_cast<std::size_t>(errored), "e", pass(), broken(ErrorKind::timeout));
                        Rules rules = quality_rules();
                        rules.floor = FloorRule{least, false};
                        return played(builder, rules);
                      }});
  }
  scenes.push_back({"floor: as many pairs lack both arms as lack the candidate", {"floor"}, [] {
                      EvidenceBuilder builder;
                      builder.add_many(170, "p", pass(), pass());
                      builder.add_many(2, "c", pass(), broken(ErrorKind::timeout));
                      builder.add_many(2, "b", broken(ErrorKind::timeout), broken(ErrorKind::timeout));
                      Rules rules = quality_rules();
                      rules.floor = FloorRule{0.9, false};
                      return played(builder, rules);
                    }});
  for (const auto& [name, most, fast, slow, unknown, clusters] :
       {std::tuple("within", 1000.0, 200, 2, 0, 0), std::tuple("above", 1000.0, 100, 40, 0, 0),
        std::tuple("of 71 cases", 1000.0, 71, 0, 0, 0), std::tuple("undecided", 1000.0, 180, 9, 0, 0),
        std::tuple("undecided without hope", 1000.0, 180, 12, 0, 0),
        std::tuple("partly unknown", 1000.0, 180, 2, 12, 0), std::tuple("exactly at the limit", 900.0, 200, 0, 0, 0),
        std::tuple("unknown", 1000.0, 0, 0, 80, 0), std::tuple("of one case", 1000.0, 1, 0, 0, 0),
        std::tuple("of two cases", 1000.0, 2, 0, 0, 0), std::tuple("in clusters", 1000.0, 200, 2, 0, 40),
        std::tuple("in clusters, above", 1000.0, 160, 60, 0, 40)}) {
    scenes.push_back({std::string("latency: ") + name,
                      {"latency"},
                      [=, most = most, fast = fast, slow = slow, unknown = unknown, clusters = clusters] {
                        EvidenceBuilder builder;
                        std::size_t i = 0;
                        const auto add = [&](int n, const char* prefix, const Observation& seen) {
                          for (int k = 0; k < n; ++k, ++i) {
                            CaseFacts facts =
                                clusters > 0 ? of_cluster(i % static_cast<std::size_t>(clusters)) : CaseFacts{};
                            facts.id = prefix + std::to_string(k);
                            builder.add(facts, pass(), seen);
                          }
                        };
                        add(fast, "fast-", cell(900, 0.002));
                        add(slow / 2, "slow-", cell(3000, 0.002));
                        add(slow - slow / 2, "slower-", cell(5000, 0.002));
                        add(unknown, "unknown-", pass());
                        Rules rules = quality_rules();
                        rules.latency = LatencyRule{most, false};
                        return played(builder, rules);
                      }});
  }
  scenes.push_back({"latency: the slow ones first, at the limit to the last millisecond", {"latency"}, [] {
                      EvidenceBuilder builder;
                      builder.add_many(12, "slow-", pass(), cell(3000, 0.002));
                      builder.add_many(180, "fast-", pass(), cell(900, 0.002));
                      Rules rules = quality_rules();
                      rules.latency = LatencyRule{900.0, false};
                      return played(builder, rules);
                    }});
  for (const auto& [name, most, cases, unknown, clusters, odd] :
       {std::tuple("within", 0.004, 240, 0, 0, 0.005), std::tuple("above", 0.0015, 240, 0, 0, 0.005),
        std::tuple("undecided", 0.00262, 240, 0, 0, 0.005), std::tuple("few", 0.004, 199, 0, 0, 0.005),
        std::tuple("just enough", 0.004, 200, 0, 0, 0.005), std::tuple("too skewed", 0.004, 220, 0, 0, 0.5),
        std::tuple("partly unknown", 0.004, 240, 3, 0, 0.005), std::tuple("unknown", 0.004, 0, 30, 0, 0.005),
        std::tuple("in clusters", 0.004, 600, 0, 250, 0.005), std::tuple("all the same", 0.002, 240, 0, 0, 0.002),
        std::tuple("one case", 0.004, 1, 0, 0, 0.002)}) {
    scenes.push_back({std::string("cost: ") + name,
                      {"cost"},
                      [=, most = most, cases = cases, unknown = unknown, clusters = clusters, odd = odd] {
                        EvidenceBuilder builder;
                        for (int k = 0; k < cases + unknown; ++k) {
                          CaseFacts facts =
                              clusters > 0 ? of_cluster(static_cast<std::size_t>(k % clusters)) : CaseFacts{};
                          facts.id = "c" + std::to_string(k);
                          builder.add(facts, pass(),
                                      k >= cases ? pass() : cell(100, (odd > 0.1 ? k == 1 : k % 5 == 1) ? odd : 0.002));
                        }
                        Rules rules = quality_rules();
                        rules.cost = CostRule{most, false};
                        return played(builder, rules);
                      }});
  }
  scenes.push_back({"cost: nothing", {"cost"}, [] {
                      EvidenceBuilder builder;
                      builder.add_many(240, "free-", pass(), cell(100, 0.0));
                      Rules rules = quality_rules();
                      rules.cost = CostRule{0.004, false};
                      return played(builder, rules);
                    }});
  for (const auto& [name, most, fine, errored, unseen] :
       {std::tuple("within", 0.05, 300, 4, 0), std::tuple("above", 0.02, 300, 40, 0),
        std::tuple("down", 0.02, 100, 101, 0), std::tuple("just up", 0.02, 100, 100, 0),
        std::tuple("undecided", 0.02, 200, 3, 0), std::tuple("hopeless", 0.02, 200, 5, 0),
        std::tuple("unseen", 0.05, 300, 3, 25), std::tuple("no case", 0.02, 0, 0, 0)}) {
    scenes.push_back(
        {std::string("errors: ") + name,
         {"errors", "evidence.provider_errors", "evidence.available"},
         [=, most = most, fine = fine, errored = errored, unseen = unseen] {
           EvidenceBuilder builder;
           builder.add_many(static_cast<std::size_t>(fine), "fine-", pass(), pass());
           builder.add_many(static_cast<std::size_t>(errored), "errored-", pass(), broken(ErrorKind::child_died));
           builder.add_many(static_cast<std::size_t>(unseen), "unseen-", pass(), broken(ErrorKind::server_error));
           Rules rules = quality_rules();
           rules.errors = RateRule{most, false};
           return played(builder, rules);
         }});
  }
}

void add_severe(std::vector<Scene>& scenes) {
  const auto add = [&](const std::string& name, const std::vector<SevereRule>& asked, std::array<std::size_t, 4> pairs,
                       std::size_t errored = 0, std::vector<KnownFailure> known = {}) {
    scenes.push_back({"severe: " + name, {"severe"}, [=] {
                        EvidenceBuilder builder;
                        add_pairs(builder, 150, 0, 0, 0);
                        builder.add_many(pairs[0], "s-both-", pass(), pass(), severe("harm"));
                        builder.add_many(pairs[1], "s-gain-", fail(), pass(), severe("leak"));
                        builder.add_many(pairs[2], "s-loss-", pass(), fail(), severe("harm"));
                        builder.add_many(pairs[3], "s-neither-", fail(), fail(), severe("harm"));
                        builder.add_many(errored, "s-errored-", pass(), broken(ErrorKind::timeout), severe("harm"));
                        Rules rules = quality_rules();
                        rules.severe = asked;
                        rules.known_failures = known;
                        return played(builder, rules);
                      }});
  };
  const SevereRule none_new{"*", 0, std::nullopt, std::nullopt, false};
  const KnownFailure excused{"s-loss-0", "ana", "2026-12-31", "fix in flight", true};
  KnownFailure expired = excused;
  expired.active = false;
  add("clean", {none_new}, {10, 1, 0, 0});
  add("a new failure", {none_new}, {10, 1, 1, 1});
  add("one new failure allowed", {{"*", 1, std::nullopt, std::nullopt, false}}, {10, 1, 2, 1});
  add("two new failures allowed", {{"*", 2, std::nullopt, std::nullopt, false}}, {10, 1, 2, 1});
  add("failures of a class", {{"harm", std::nullopt, 1, std::nullopt, false}}, {10, 1, 1, 1});
  add("two failures allowed", {{"harm", std::nullopt, 2, std::nullopt, false}}, {10, 1, 1, 1});
  add("a rate shown", {{"*", std::nullopt, std::nullopt, 0.05, false}}, {120, 0, 0, 0});
  add("a rate with a class and too few", {{"leak", std::nullopt, std::nullopt, 0.02, false}}, {1, 40, 0, 0});
  add("a rate exceeded", {{"harm", std::nullopt, std::nullopt, 0.05, false}}, {50, 0, 20, 5});
  add("a rate open", {{"harm", std::nullopt, std::nullopt, 0.05, false}}, {100, 0, 2, 1});
  add("a rate open, and above the limit so far", {{"harm", std::nullopt, std::nullopt, 0.05, false}}, {100, 0, 6, 0});
  add("a rate of nothing", {{"harm", std::nullopt, std::nullopt, 0.05, false}}, {0, 3, 0, 0});
  add("no case and no rate", {{"other", 0, std::nullopt, std::nullopt, false}}, {5, 0, 0, 0});
  add("no case of any class", {none_new}, {0, 0, 0, 0});
  add("no limit", {{"*", std::nullopt, std::nullopt, std::nullopt, false}}, {5, 0, 0, 0});
  add("one unmeasured", {none_new}, {10, 0, 0, 0}, 1);
  add("two unmeasured", {none_new}, {10, 0, 0, 1}, 2);
  add("excused", {none_new}, {10, 0, 1, 0}, 0, {excused});
  add("excused, expired", {none_new}, {10, 0, 1, 0}, 0, {expired});
  add("all limits, advisory", {{"*", 0, 0, 0.02, true}, none_new}, {10, 0, 1, 0});
}

void add_must_pass(std::vector<Scene>& scenes) {
  const auto add = [&](const std::string& name, const MustPassRule& asked, std::size_t passing, std::size_t failing,
                       std::size_t errored, std::vector<KnownFailure> known = {}) {
    scenes.push_back({"must pass: " + name, {"must_pass"}, [=] {
                        EvidenceBuilder builder;
                        add_pairs(builder, 150, 0, 0, 0);
                        builder.add_many(passing, "m-pass-", pass(), pass(), tagged("regression"));
                        builder.add_many(failing, "m-fail-", pass(), fail(), tagged("regression"));
                        builder.add_many(errored, "m-error-", pass(), broken(ErrorKind::timeout), tagged("regression"));
                        Rules rules = quality_rules();
                        rules.must_pass = asked;
                        rules.known_failures = known;
                        return played(builder, rules);
                      }});
  };
  const MustPassRule by_tag{{"regression", "other"}, {}, false};
  const KnownFailure excused{"m-fail-0", "ana", "2026-12-31", "fix in flight", true};
  add("one", by_tag, 1, 0, 0);
  add("two", by_tag, 2, 0, 0);
  add("one fails", by_tag, 2, 1, 1);
  add("two fail", by_tag, 2, 2, 0);
  add("one unmeasured", by_tag, 2, 0, 1);
  add("two unmeasured", by_tag, 2, 0, 2);
  add("none", by_tag, 0, 0, 0);
  add("excused", by_tag, 2, 1, 0, {excused});
  add("all excused", by_tag, 0, 1, 0, {excused});
  add("an unknown case", {{}, {"m-pass-0", "nobody", "nowhere"}, false}, 2, 0, 0);
  add("by id", {{}, {"m-fail-0"}, false}, 2, 1, 0);
  add("excused and passing now", by_tag, 2, 0, 0,
      {{"m-pass-0", "ana", "2026-12-31", "fixed", true}, {"gone", "b", "2026-12-31", "", true}});
}

void add_segments(std::vector<Scene>& scenes) {
  const auto add = [&](const std::string& name, const SegmentsRule& asked, std::size_t german_lost,
                       std::size_t german_errored, std::size_t japanese, bool two_harmed = false) {
    scenes.push_back({"segments: " + name, {"segments"}, [=] {
                        EvidenceBuilder builder;
                        SuiteHead& suite = builder.plan().suites.front();
                        suite.segments = {{"language", {"de", "en", "ja", "sw"}}, {"risk", {"high"}}};
                        builder.add_many(200, "en-", pass(), pass(), in_segment("en"));
                        builder.add_many(two_harmed ? 60 : 0, "en-lost-", pass(), fail(), in_segment("en"));
                        builder.add_many(80, "de-", pass(), pass(), in_segment("de"));
                        builder.add_many(german_lost, "de-lost-", pass(), fail(), in_segment("de"));
                        builder.add_many(german_errored, "de-error-", pass(), broken(ErrorKind::timeout),
                                         in_segment("de"));
                        builder.add_many(japanese, "ja-", fail(), pass(), in_segment("ja"));
                        Rules rules = quality_by(Metric::pass, 0.2);
                        rules.segments = asked;
                        return played(builder, rules);
                      }});
  };
  add("none harmed", {{"language"}, 0.05, 30, {}, false}, 1, 0, 29);
  add("one harmed", {{"language"}, 0.05, 30, {}, false}, 40, 0, 30);
  add("two harmed", {{"language"}, 0.05, 30, {}, false}, 40, 0, 30, true);
  add("one harmed at all", {{"language"}, 0.0, 30, {}, false}, 20, 0, 30);
  add("errors decide", {{"language"}, 0.02, 30, {}, false}, 0, 20, 30);
  add("required and too small", {{"risk"}, 0.05, 30, {"language=ja", "language=en"}, false}, 1, 0, 20);
  add("required and large enough", {{"language"}, 0.05, 30, {"language=ja"}, false}, 1, 0, 30);
  add("none tested", {{"risk"}, 0.05, 30, {}, false}, 1, 0, 20);
  add("advisory", {{"language"}, 0.05, 30, {}, true}, 40, 0, 30);
  scenes.push_back({"segments: losses are named worst first", {"segments"}, [] {
                      EvidenceBuilder builder;
                      builder.add_many(40, "same-", pass(), pass(), in_segment("de"));
                      builder.add_many(2, "half-", pass(), graded(0.5, false), in_segment("de"));
                      builder.add_many(30, "lost-", pass(), fail(), in_segment("de"));
                      builder.add_many(1, "third-", pass(), graded(0.25, false), in_segment("de"));
                      Rules rules = quality_by(Metric::score, 0.03);
                      rules.segments = SegmentsRule{{"language"}, 0.05, 30, {}, false};
                      return played(builder, rules);
                    }});
  scenes.push_back({"segments: forty-five, and as many too small", {"segments"}, [] {
                      EvidenceBuilder builder;
                      for (int i = 0; i < 90; ++i) {
                        const std::string name = "s" + std::to_string(100 + i);
                        builder.add_many(i < 45 ? 2 : 1, name + "-", pass(), pass(), in_segment(name));
                      }
                      Rules rules = quality_by(Metric::score, 0.03);
                      rules.segments = SegmentsRule{{"language"}, 0.05, 2, {}, false};
                      return played(builder, rules);
                    }});
  scenes.push_back({"segments: a single cluster is no segment to test", {"segments"}, [] {
                      EvidenceBuilder builder;
                      CaseFacts facts = in_segment("de");
                      facts.cluster = "one";
                      builder.add_many(50, "de-", pass(), fail(), facts);
                      builder.add_many(50, "en-", pass(), pass(), in_segment("en"));
                      Rules rules = quality_rules();
                      rules.segments = SegmentsRule{{"language"}, 0.05, 30, {}, false};
                      return played(builder, rules);
                    }});
}

void add_evidence(std::vector<Scene>& scenes) {
  const auto add = [&](const std::string& name, const std::function<void(EvidenceBuilder&, Rules&)>& bend) {
    scenes.push_back(
        {"evidence: " + name,
         {"evidence.plan", "evidence.selection", "evidence.complete", "evidence.available", "evidence.provider_errors",
          "evidence.ungraded", "evidence.min_cases", "evidence.released", "readiness"},
         [=] {
           EvidenceBuilder builder;
           Rules rules = quality_rules();
           bend(builder, rules);
           return played(builder, rules);
         }});
  };
  const auto plenty = [](EvidenceBuilder& builder) { add_pairs(builder, 200, 5, 0, 0); };
  add("all well", [=](EvidenceBuilder& b, Rules& r) {
    plenty(b);
    r.evidence.released = true;
  });
  add("edited, partial, draft, damaged", [=](EvidenceBuilder& b, Rules& r) {
    plenty(b);
    b.suite("other", false).suite("third", false);
    b.evidence().plan_intact = false;
    b.plan().partial = true;
    b.plan().overrides = {"trials=2", "rules.quality.max_loss=0.1"};
    b.evidence().journal = {{{7, "checksum mismatch"}, {9, "cut"}}, 3, 2, 1, 4, 10, false};
    r.evidence.released = true;
  });
  add("one draft, not released elsewhere, one of each", [=](EvidenceBuilder& b, Rules&) {
    plenty(b);
    b.suite("other", false);
    b.plan().suites[0].unreleased = "1.5.0";
    b.evidence().journal = {{{7, "checksum mismatch"}}, 1, 1, 2, 1, 0, true};
  });
  add("nothing", [](EvidenceBuilder&, Rules&) {});
  add("one cell not run", [=](EvidenceBuilder& b, Rules&) {
    plenty(b);
    b.at(0, 0, Arm::candidate) = Observation{};
  });
  add("two cells not run", [=](EvidenceBuilder& b, Rules&) {
    plenty(b);
    b.at(0, 0, Arm::candidate) = Observation{};
    b.at(3, 0, Arm::baseline) = Observation{};
  });
  add("provider errors at the limit", [=](EvidenceBuilder& b, Rules&) {
    b.add_many(98, "a", pass(), pass());
    b.add_many(2, "b", broken(ErrorKind::server_error), pass());
  });
  add("provider errors above the limit", [=](EvidenceBuilder& b, Rules&) {
    b.add_many(97, "a", pass(), pass());
    b.add_many(3, "b", pass(), broken(ErrorKind::server_error));
  });
  add("ungraded", [=](EvidenceBuilder& b, Rules&) {
    b.add_many(97, "a", pass(), pass());
    b.add_many(3, "b", broken(ErrorKind::grader_failed), broken(ErrorKind::grader_failed));
    Observation odd = pass();
    odd.score = 1.5;
    b.add_many(2, "c", pass(), odd);
  });
  add("a single case, not reached", [](EvidenceBuilder& b, Rules&) {
    b.add_many(1, "b", broken(ErrorKind::server_error), broken(ErrorKind::judge_failed));
  });
  add("a canary of few cases", [](EvidenceBuilder& b, Rules&) {
    b.add_many(40, "a", pass(), pass());
    b.plan().stage = Stage::canary;
  });
  add("a canary of very few cases", [](EvidenceBuilder& b, Rules&) {
    b.add_many(10, "a", pass(), pass());
    b.plan().stage = Stage::canary;
  });
  add("half unavailable", [=](EvidenceBuilder& b, Rules&) {
    b.add_many(50, "a", pass(), pass());
    b.add_many(50, "b", broken(ErrorKind::timeout), broken(ErrorKind::timeout));
  });
  add("more than half unavailable", [=](EvidenceBuilder& b, Rules&) {
    b.add_many(50, "a", pass(), pass());
    b.add_many(51, "b", broken(ErrorKind::timeout), broken(ErrorKind::timeout));
  });
  add("ninety-nine cases", [=](EvidenceBuilder& b, Rules&) { b.add_many(99, "a", pass(), pass()); });
  add("one case measured", [=](EvidenceBuilder& b, Rules&) {
    b.add_many(1, "a", pass(), pass());
    b.add_many(150, "b", broken(ErrorKind::server_error), pass());
  });
  add("targeted cases do not count", [=](EvidenceBuilder& b, Rules&) {
    CaseFacts targeted;
    targeted.sampling = Sampling::targeted;
    b.add_many(150, "t", pass(), fail(), targeted);
    b.add_many(100, "a", pass(), pass());
  });
  add("many cases in few clusters", [=](EvidenceBuilder& b, Rules&) {
    for (std::size_t i = 0; i < 25; ++i) add_pairs(b, 4, 0, i % 4 == 0 ? 4 : 0, 0, of_cluster(i));
  });
  add("a canary", [=](EvidenceBuilder& b, Rules&) {
    plenty(b);
    b.plan().stage = Stage::canary;
  });
  add("a shadow of nineteen", [=](EvidenceBuilder& b, Rules& r) {
    b.add_many(19, "a", pass(), pass());
    b.plan().stage = Stage::shadow;
    r.evidence.min_cases = 10;
  });
  add("a shadow of twenty", [=](EvidenceBuilder& b, Rules&) {
    b.add_many(20, "a", pass(), pass());
    b.plan().stage = Stage::shadow;
  });
  add("the baseline passes nothing, on the same route", [=](EvidenceBuilder& b, Rules&) {
    b.add_many(120, "a", fail(), pass());
    b.plan().routes[1].parts = b.plan().routes[0].parts;
  });
  add("the one case fails on the baseline", [](EvidenceBuilder& b, Rules&) { b.add_many(1, "a", fail(), pass()); });
  add("the arms differ in two things", [=](EvidenceBuilder& b, Rules&) {
    plenty(b);
    b.plan().routes[1].parts.tool_policy.text = "\"read_only\"";
  });
}

Observation by_fallback(Observation seen) {
  seen.fallback = true;
  return seen;
}
Observation cached() {
  Observation seen = pass();
  seen.cached = true;
  return seen;
}

void add_live(std::vector<Scene>& scenes) {
  const auto add = [&](const std::string& name, const std::function<void(EvidenceBuilder&, Rules&)>& bend,
                       std::uint32_t trials = 1) {
    scenes.push_back({"live: " + name, {"fallback_rate", "latency", "evidence.plan"}, [=] {
                        EvidenceBuilder builder(trials);
                        for (RouteUse& route : builder.plan().routes) route.recorded = false;
                        builder.plan().routes[1].fallback = "spare";
                        Rules rules = quality_rules(0.2);
                        bend(builder, rules);
                        return played(builder, rules);
                      }});
  };
  const auto rated = [&](const std::string& name, double most, std::array<std::size_t, 4> counts,
                         std::uint32_t trials = 1) {
    add(
        "fallback rate, " + name,
        [=](EvidenceBuilder& b, Rules& r) {
          b.add_many(counts[0], "own-", pass(), pass());
          b.add_many(counts[1], "fell-", pass(), by_fallback(pass()));
          b.add_many(counts[2], "unjudged-", pass(), by_fallback(broken(ErrorKind::judge_failed)));
          b.add_many(counts[3], "lost-", pass(), broken(ErrorKind::timeout));
          r.fallback_rate = RateRule{most, false};
        },
        trials);
  };
  rated("within", 0.1, {190, 10, 0, 0});
  rated("none needed", 0.05, {72, 0, 0, 0});
  rated("none needed, one case too few", 0.05, {71, 0, 0, 0});
  rated("above", 0.05, {160, 40, 0, 0});
  rated("open", 0.06, {190, 9, 1, 0});
  rated("open without hope", 0.06, {186, 14, 0, 0});
  rated("half is up", 0.05, {100, 90, 10, 0});
  rated("less than half is down", 0.05, {99, 91, 10, 0});
  rated("missing decides", 0.05, {285, 0, 0, 15});
  rated("no case", 0.05, {0, 0, 0, 0});
  rated("in each trial", 0.05, {160, 40, 0, 0}, 2);
  add("one cell fell back, and passes", [](EvidenceBuilder& b, Rules&) {
    b.add_many(100, "own-", pass(), pass());
    b.add_many(1, "fell-", pass(), by_fallback(pass()));
  });
  add("one own cell, and one that fell back ungraded", [](EvidenceBuilder& b, Rules&) {
    b.add_many(1, "own-", pass(), graded(0.5, false));
    b.add_many(1, "fell-", pass(), by_fallback(broken(ErrorKind::judge_failed)));
  });
  add("several that fell back, none of them graded, a route without a name", [](EvidenceBuilder& b, Rules&) {
    b.add_many(3, "fell-", by_fallback(broken(ErrorKind::judge_failed)), by_fallback(broken(ErrorKind::judge_failed)));
  });
  const auto tested = [](EvidenceBuilder& b, const std::vector<std::pair<std::string, Observation>>& cases) {
    b.add_many(100, "own-", pass(), pass());
    for (const auto& [id, seen] : cases) {
      CaseFacts facts;
      facts.id = id;
      b.add(facts, pass(), seen);
      b.plan().fallback_tested.push_back(id);
    }
  };
  add("a fallback that was tested, on one case", [=](EvidenceBuilder& b, Rules&) {
    tested(b, {{"good", by_fallback(pass())}});
  });
  add("a fallback that was tested, on many cases", [=](EvidenceBuilder& b, Rules& r) {
    std::vector<std::pair<std::string, Observation>> cases{{"good", by_fallback(pass())}};
    for (int i = 0; i < 7; ++i) cases.emplace_back("bad-" + std::to_string(i), by_fallback(fail()));
    for (int i = 0; i < 6; ++i) cases.emplace_back("late-" + std::to_string(i), broken(ErrorKind::timeout));
    cases.emplace_back("own", pass());
    tested(b, cases);
    b.plan().fallback_tested.push_back("gone");
    b.plan().routes[0].fallback = "old";
    r.fallback_rate = RateRule{0.05, false};
    r.latency = LatencyRule{1000.0, false};
  });
  add("a fallback that should be tested, and is none", [=](EvidenceBuilder& b, Rules&) {
    tested(b, {{"good", pass()}});
    b.plan().routes[1].fallback.clear();
  });
  add("a baseline of an earlier run, under all rules", [](EvidenceBuilder& b, Rules& r) {
    b.add_many(100, "own-", pass(), pass());
    b.plan().baseline_reuse = "latest";
    r.segments = SegmentsRule{{"language"}, 0.1, 30, {}, false};
    r.severe.push_back({"*", std::nullopt, 0, std::nullopt, false});
    r.severe.push_back({"harm", 0, std::nullopt, std::nullopt, false});
    r.latency = LatencyRule{1000.0, false};
    r.cost = CostRule{0.1, false};
  });
  add("a baseline of an earlier run, and nothing that compares", [](EvidenceBuilder& b, Rules& r) {
    b.add_many(100, "own-", pass(), pass());
    b.plan().baseline_reuse = "latest";
    r = Rules{};
    r.severe.push_back({"*", std::nullopt, 0, std::nullopt, false});
  });
  for (const auto& [name, fast, from_cache, unknown] :
       {std::tuple("one reply", 120, 1, 0), std::tuple("two replies and one without a time", 120, 2, 1),
        std::tuple("many replies", 150, 30, 0), std::tuple("one reply and nothing else", 0, 1, 0)}) {
    add(std::string("from the cache: ") + name,
        [=, fast = fast, from_cache = from_cache, unknown = unknown](EvidenceBuilder& b, Rules& r) {
          b.add_many(static_cast<std::size_t>(fast), "fast-", pass(), cell(500, 0.002));
          b.add_many(static_cast<std::size_t>(from_cache), "cached-", pass(), cached());
          b.add_many(static_cast<std::size_t>(unknown), "unknown-", pass(), pass());
          r.latency = LatencyRule{1000.0, false};
        });
  }
  add(
      "the slowest of two trials",
      [](EvidenceBuilder& b, Rules& r) {
        b.add_many(72, "fast-", pass(), cell(500, 0.002));
        b.at(5, 1, Arm::candidate).latency_ms = 1000.0;
        b.at(6, 0, Arm::candidate).latency_ms = 999.4;
        r.latency = LatencyRule{1000.0, false};
      },
      2);
}

std::vector<Scene> all_scenes() {
  std::vector<Scene> scenes;
  add_quality(scenes);
  add_limits(scenes);
  add_severe(scenes);
  add_must_pass(scenes);
  add_segments(scenes);
  add_evidence(scenes);
  add_live(scenes);
  return scenes;
}

// What the first, the last and the most telling case add to the rules of the scene.
std::string parts_told(const Scene& scene) {
  const Played now = scene.play();
  std::set<CaseIndex> cases;
  if (now.evidence.cases.size() > 0) cases = {0, static_cast<CaseIndex>(now.evidence.cases.size() - 1)};
  for (const Finding& finding : now.decision.findings) {
    if (!finding.items.empty()) cases.insert(finding.items.front());
  }
  std::string out;
  for (const CaseIndex item : cases) {
    for (const gate::Part& part : gate::parts_of(now.evidence, now.rules, item)) {
      if (!scene.rules.empty() && std::find(scene.rules.begin(), scene.rules.end(), part.rule) == scene.rules.end())
        continue;
      out += std::string(now.evidence.cases.id(item)) + ", " + part.rule +
             (part.segment ? " [" + *part.segment + "]" : "") + (part.suite ? " (" + *part.suite + ")" : "") + " " +
             name(part.role) + (part.value ? " " + number(*part.value) : "") + ": " + part.sentence + "\n";
    }
  }
  return out;
}

void compare(const std::string& file, const std::function<std::string(const Scene&)>& tell) {
  Told told;
  for (const Scene& scene : all_scenes()) told.emplace_back(scene.name, tell(scene));
  check_approved(file, told);
}

}  // namespace

TEST_CASE("decisions over the scenes are as approved") {
  compare("decisions.txt", [](const Scene& scene) { return told(scene.play().decision, scene.rules); });
}

TEST_CASE("what single cases add to the rules of the scenes is as approved") { compare("parts.txt", parts_told); }
