// Short ways to ask a decision about one rule.
#pragma once

#include <catch2/catch.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "headgate/gate/decide.hpp"
#include "support/evidence_builder.hpp"

namespace headgate::test {

inline const Finding& finding(const Decision& decision, const std::string& rule, const std::string& segment = {}) {
  for (const Finding& each : decision.findings) {
    if (each.rule == rule && each.segment.value_or("") == segment) return each;
  }
  FAIL("no finding of " << rule << " " << segment);
  return decision.findings.front();
}

inline bool has_finding(const Decision& decision, const std::string& rule) {
  for (const Finding& each : decision.findings) {
    if (each.rule == rule) return true;
  }
  return false;
}

inline bool mentions(const std::vector<std::string>& texts, const std::string& part) {
  for (const std::string& each : texts) {
    if (each.find(part) != std::string::npos) return true;
  }
  return false;
}

inline Decision decided(EvidenceBuilder& builder, const Rules& rules) {
  builder.plan().rules = rules;
  return gate::decide(builder.evidence(), rules);
}

// Pairs by what each arm does.
inline void add_pairs(EvidenceBuilder& builder, std::size_t both, std::size_t candidate_only, std::size_t baseline_only,
                      std::size_t neither, const CaseFacts& facts = {}) {
  builder.add_many(both, "both-" + facts.cluster, pass(), pass(), facts);
  builder.add_many(candidate_only, "gain-" + facts.cluster, fail(), pass(), facts);
  builder.add_many(baseline_only, "loss-" + facts.cluster, pass(), fail(), facts);
  builder.add_many(neither, "neither-" + facts.cluster, fail(), fail(), facts);
}

}  // namespace headgate::test
