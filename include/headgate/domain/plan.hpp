// All that a run will do, sealed before its first call.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "headgate/domain/calibration.hpp"
#include "headgate/domain/route.hpp"
#include "headgate/domain/rules.hpp"
#include "headgate/domain/suite.hpp"

namespace headgate {

using CaseIndex = std::uint32_t;  // position in Plan::cases
using CellIndex = std::uint32_t;  // (case * trials + trial) * 2 + arm

struct PlanHead {
  std::string gate;
  std::string release_question;
  Stage stage = Stage::internal;
  Rules rules;
  std::array<RouteUse, 2> routes;  // by Arm
  std::vector<SuiteHead> suites;
  std::map<std::string, Digest> plugins;  // of the gate file, by name: of all that changes what they answer
  std::vector<SealedJudge> judges;           // that graders ask; in the order of JudgeUse
  std::map<std::string, Digest> embeddings;  // by name: of the route's digest
  std::map<std::string, Digest> languages;   // by name: of the template and how it is called
  bool unsandboxed = false;                  // programs of replies run without a sandbox, as the command line asked
  std::uint32_t trials = 1;
  std::uint64_t seed = 0;              // of the order; derived from the content unless given
  std::string filter;                  // as written; empty: none
  std::size_t limit = 0;               // 0: none
  std::vector<std::string> overrides;  // --set key=value, as written
  std::string baseline_reuse;          // "latest" or a run: earlier replies stand for the baseline's; empty: asked anew
  std::vector<std::string> fallback_tested;  // ids of cases on which a route with a fallback is made to fail
  bool partial = false;                // a filter or limit left cases out: never eligible
  std::uint32_t attempt = 1;
  std::string as_of;  // UTC stamp; measured, not part of the digest
  Digest digest;      // plan_digest: all of the above but as_of and attempt, the cases and the order
};

struct Plan {
  PlanHead head;
  std::vector<Case> cases;                // by suite, then id
  std::vector<std::uint32_t> case_suite;  // per case: index into head.suites
  std::vector<CellIndex> order;           // every cell once; the two arms of a pair stand together

  std::size_t cells() const { return cases.size() * head.trials * 2; }
};

struct CellRef {
  CaseIndex item;
  std::uint32_t trial;
  Arm arm;
};
CellRef cell_ref(CellIndex cell, std::uint32_t trials);
CellIndex cell_index(const CellRef& ref, std::uint32_t trials);

Digest plan_digest(const Plan& plan);

// Identity of one paid request: what is asked of whom, and which repeat of it. Edited cases, other routes and the other
// arm of an A/A run never share one.
struct CallId {
  std::array<std::uint8_t, 16> bytes{};
  std::string hex() const;
  static bool parse(std::string_view hex, CallId& out);
  friend bool operator==(const CallId&, const CallId&) = default;
  friend auto operator<=>(const CallId&, const CallId&) = default;
};
CallId call_id(const Digest& case_digest, const Digest& route_digest, Arm arm, std::uint32_t trial);
// The same for what a grader asks about a reply: of whom (`target`), by which grader of the cell, under which key.
CallId ask_id(const CallId& call, const Digest& reply, const Digest& target, const GraderSpec& grader,
              std::string_view key);

}  // namespace headgate
