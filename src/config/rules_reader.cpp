#include "rules_reader.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "headgate/base/clock.hpp"
#include "headgate/base/json.hpp"
#include "later.hpp"
#include "well_shaped.hpp"

namespace headgate::config {
namespace {

std::optional<double> number(const Json& object, const char* key) {
  const Json* found = member(object, key);
  return found == nullptr ? std::nullopt : std::optional(found->get<double>());
}

std::optional<long> count(const Json& object, const char* key) {
  const Json* found = member(object, key);
  return found == nullptr ? std::nullopt : std::optional(found->get<long>());
}

// Empty where there is none: of a value that was complained about.
std::string text(const Json& object, const char* key) {
  const Json* found = member(object, key);
  return found == nullptr ? "" : found->get<std::string>();
}

bool flag(const Json& object, const char* key) {
  const Json* found = member(object, key);
  return found != nullptr && found->get<bool>();
}

std::vector<std::string> words(const Json& object, const char* key) {
  const Json* found = member(object, key);
  std::vector<std::string> out;
  if (found == nullptr) return out;
  for (const Json& each : *found) out.push_back(each.is_string() ? each.get<std::string>() : "");
  return out;
}

class Reader {
 public:
  Reader(const Tree& tree, std::string today, Complaints& complaints)
      : tree_(tree), today_(std::move(today)), complaints_(complaints) {}

  Rules read() {
    Rules out;
    if (const Json* rules = member(tree_.root(), "rules")) read(*rules, out);
    if (const Json* known = member(tree_.root(), "known_failures")) {
      for (const Json& each : *known) out.known_failures.push_back(known_failure(each));
    }
    if (const Json* evidence = member(tree_.root(), "evidence")) out.evidence = this->evidence(*evidence);
    if (const Json* trials = member(tree_.root(), "trials")) out.reduce = reduce(*trials);
    return out;
  }

 private:
  Reducer reduce(const Json& trials) {
    Reducer out;
    const Json* written = trials.is_object() ? member(trials, "reduce") : nullptr;
    if (written == nullptr) return out;
    const auto& word = written->get_ref<const std::string&>();
    if (!parse(word, out)) {
      complaints_.add(tree_.error(*written, "'" + word + "' is no way to reduce trials",
                                  "mean, pass@K, pass^K, majority, worst or best, as reduce: pass^4"));
      return {};
    }
    const std::optional<long> trials_there = count(trials, "count");
    if (trials_there && *trials_there < static_cast<long>(out.k)) {
      complaints_.add(tree_.error(*written, reduce_problem(out, static_cast<std::uint32_t>(*trials_there)),
                                  "ask for more trials, or reduce them by a smaller K"));
    }
    return out;
  }

  void read(const Json& rules, Rules& out) {
    if (const Json* quality = member(rules, "quality")) out.quality = this->quality(*quality);
    if (const Json* floor = member(rules, "floor")) {
      out.floor = FloorRule{number(*floor, "min_pass_rate").value_or(0), flag(*floor, "advisory")};
    }
    if (const Json* severe = member(rules, "severe")) {
      for (const Json& each : *severe) out.severe.push_back(this->severe(each));
    }
    if (const Json* must_pass = member(rules, "must_pass")) out.must_pass = this->must_pass(*must_pass);
    if (const Json* segments = member(rules, "segments")) out.segments = this->segments(*segments);
    if (const Json* latency = member(rules, "latency")) {
      out.latency = LatencyRule{number(*latency, "p95_max_ms").value_or(0), flag(*latency, "advisory")};
    }
    if (const Json* cost = member(rules, "cost")) {
      out.cost = CostRule{number(*cost, "max_per_case_usd").value_or(0), flag(*cost, "advisory")};
    }
    if (const Json* errors = member(rules, "errors")) {
      out.errors = RateRule{number(*errors, "max_rate").value_or(0), flag(*errors, "advisory")};
    }
    if (const Json* rate = member(rules, "fallback_rate")) {
      out.fallback_rate = RateRule{number(*rate, "max_rate").value_or(0), flag(*rate, "advisory")};
    }
  }

  void complain(const Json& value, std::string message, std::string hint = {}) {
    complaints_.add(tree_.error(value, std::move(message), std::move(hint)));
  }

  QualityRule quality(const Json& value) {
    QualityRule rule;
    if (const Json* metric = member(value, "metric")) {
      rule.metric = *metric == Json("pass") ? Metric::pass : Metric::score;
    }
    rule.max_loss = number(value, "max_loss");
    rule.min_gain = number(value, "min_gain");
    rule.per_suite = flag(value, "per_suite");
    rule.advisory = flag(value, "advisory");
    return rule;
  }

  SevereRule severe(const Json& value) {
    return {text(value, "class"), count(value, "max_new_failures"), count(value, "max_failures"),
            number(value, "max_rate"), flag(value, "advisory")};
  }

  MustPassRule must_pass(const Json& value) {
    return {words(value, "tags"), words(value, "cases"), flag(value, "advisory")};
  }

  SegmentsRule segments(const Json& value) {
    SegmentsRule rule;
    rule.by = words(value, "by");
    rule.max_loss = number(value, "max_loss").value_or(0);
    rule.min_cases = count(value, "min_cases").value_or(rule.min_cases);
    rule.required = words(value, "required");
    rule.advisory = flag(value, "advisory");
    return rule;
  }

  KnownFailure known_failure(const Json& value) {
    KnownFailure out{text(value, "case"), text(value, "owner"), text(value, "until"), text(value, "reason"), true};
    if (out.until.empty()) return out;
    if (is_date(out.until)) {
      out.active = today_ <= out.until;
    } else {
      complain(value.at("until"), "'until' is no date", "write YYYY-MM-DD");
    }
    return out;
  }

  EvidenceRules evidence(const Json& value) {
    EvidenceRules rules;
    rules.min_cases = count(value, "min_cases").value_or(rules.min_cases);
    if (const Json* rate = member(value, "provider_errors")) {
      rules.provider_errors_max_rate = number(*rate, "max_rate").value_or(0);
    }
    if (const Json* rate = member(value, "ungraded")) rules.ungraded_max_rate = number(*rate, "max_rate").value_or(0);
    rules.released = flag(value, "released");
    if (const Json* judges = member(value, "judges")) {
      rules.judges.min_labels = count(*judges, "min_labels").value_or(rules.judges.min_labels);
      rules.judges.min_recall = number(*judges, "min_recall").value_or(rules.judges.min_recall);
      rules.judges.min_agreement = number(*judges, "min_agreement").value_or(rules.judges.min_agreement);
    }
    return rules;
  }

  const Tree& tree_;
  std::string today_;
  Complaints& complaints_;
};

}  // namespace

Tree without_later_gate_keys(Tree whole, Complaints& complaints) {
  constexpr const char* no_rule = "remove it; a rule left out is listed as not asked";
  constexpr const char* no_evidence = "remove it; what is not measured is not claimed";
  constexpr const char* of_canary = "it belongs to the canary stage; stages built are shadow and internal";
  Tree tree = without_later_keys(std::move(whole),
                                 {{"/candidates", "write one gate file for each candidate"},
                                  {"/readiness/telemetry", of_canary},
                                  {"/readiness/rollback", of_canary},
                                  {"/handoff", of_canary},
                                  {"/ledger", "remove it; the decision says that attempts are uncounted"},
                                  {"/sequential", "remove it; every cell is run"},
                                  {"/rules/any_of", no_rule},
                                  {"/rules/quality/block_on_significant_harm", no_rule},
                                  {"/rules/latency/p50_max_ms", no_rule},
                                  {"/rules/latency/p99_max_ms", no_rule},
                                  {"/rules/latency/p50_max_ratio", no_rule},
                                  {"/rules/latency/p95_max_ratio", no_rule},
                                  {"/rules/latency/p99_max_ratio", no_rule},
                                  {"/rules/cost/max_per_success_usd", no_rule},
                                  {"/rules/cost/max_ratio", no_rule},
                                  {"/evidence/max_suite_age_days", no_evidence},
                                  {"/evidence/max_baseline_age_days", no_evidence},
                                  {"/evidence/traffic_mix", no_evidence},
                                  {"/evidence/contamination", no_evidence}},
                                 complaints);
  tree = without_later_value(
      std::move(tree), {"/stage", "canary", "internal", "the stage canary", "stages built are shadow and internal"},
      complaints);
  tree = without_later_value(std::move(tree),
                             {"/rules/latency/clock", "total", "reply", "a latency rule over the total time",
                              "write clock: reply, or leave it out"},
                             complaints);
  return tree;
}

Rules read_rules(const Tree& tree, const std::string& today, Complaints& complaints) {
  return Reader(tree, today, complaints).read();
}

}  // namespace headgate::config
