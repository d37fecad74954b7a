// Evidence by hand: cases with facts, observations set one by one. For tests of the gate and of reports.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "headgate/domain/evidence.hpp"

namespace headgate::test {

struct CaseFacts {
  std::string id;
  std::uint32_t suite = 0;
  std::vector<SegmentValue> segments = {};
  std::string severe_class = {};  // not empty: a severe case
  std::string cluster = {};
  std::vector<std::string> tags = {};
  Sampling sampling = Sampling::random;
  double weight = 1.0;
  Severity severity = Severity::normal;
  std::string variant_of = {};  // evidence().cases.link_variants() once all are there
  std::string expected = {};    // JSON
  std::vector<GraderSpec> graders = {};
};

inline Observation graded(double score, bool pass) {
  Observation seen;
  seen.status = Status::ok;
  seen.error = ErrorKind::none;
  seen.pass = pass;
  seen.score = score;
  return seen;
}
inline Observation pass() { return graded(1.0, true); }
inline Observation fail() { return graded(0.0, false); }
inline Observation broken(ErrorKind kind) {
  Observation seen;
  seen.status = headgate::status_of(kind);
  seen.error = kind;
  return seen;
}

class EvidenceBuilder {
 public:
  explicit EvidenceBuilder(std::uint32_t trials = 1) {
    PlanHead& plan = evidence_.plan;
    plan.gate = "support_answer_model";
    plan.trials = trials;
    plan.stage = Stage::internal;
    plan.routes[0] = {"support_a", "replay", {}, {}, true};
    plan.routes[1] = {"support_b", "replay", {}, {}, true};
    plan.routes[0].parts.model.text = "\"a\"";
    plan.routes[1].parts.model.text = "\"b\"";
    for (RouteUse& route : plan.routes) route.digest = route_digest(route.parts);
    suite("support_triage");
    evidence_.journal.ended = true;
  }

  // A further suite, after the first one ("support_triage").
  EvidenceBuilder& suite(const std::string& name, bool released = true) {
    SuiteHead head;
    head.name = name;
    head.version = "1.4.0";
    head.released = released;
    evidence_.plan.suites.push_back(std::move(head));
    return *this;
  }

  // Every trial of an arm ends alike.
  CaseIndex add(const CaseFacts& facts, const Observation& baseline, const Observation& candidate) {
    Case item;
    item.id = facts.id;
    item.segments = facts.segments;
    item.severity = facts.severe_class.empty() ? facts.severity : Severity::severe;
    item.severe_class = facts.severe_class;
    item.cluster = facts.cluster;
    item.tags = facts.tags;
    item.sampling = facts.sampling;
    item.weight = facts.weight;
    item.variant_of = facts.variant_of;
    item.expected.text = facts.expected;
    item.graders = facts.graders;
    evidence_.cases.add(item, facts.suite, 0);
    for (std::uint32_t trial = 0; trial < evidence_.plan.trials; ++trial) {
      evidence_.observations.push_back(baseline);
      evidence_.observations.push_back(candidate);
    }
    ++evidence_.plan.suites[facts.suite].cases;
    return static_cast<CaseIndex>(evidence_.cases.size() - 1);
  }

  // `n` cases "<prefix>0", "<prefix>1", ….
  EvidenceBuilder& add_many(std::size_t n, const std::string& prefix, const Observation& baseline,
                            const Observation& candidate, CaseFacts facts = {}) {
    for (std::size_t i = 0; i < n; ++i) {
      facts.id = prefix + std::to_string(i);
      add(facts, baseline, candidate);
    }
    return *this;
  }

  Observation& at(CaseIndex item, std::uint32_t trial, Arm arm) {
    return evidence_.observations[cell_index({item, trial, arm}, evidence_.plan.trials)];
  }
  Evidence& evidence() { return evidence_; }
  PlanHead& plan() { return evidence_.plan; }

 private:
  Evidence evidence_;
};

// Only quality, so that tests name what else they ask for.
inline Rules quality_rules(double max_loss = 0.03) {
  Rules rules;
  rules.quality = QualityRule{Metric::score, max_loss, std::nullopt, false, false};
  return rules;
}

}  // namespace headgate::test
