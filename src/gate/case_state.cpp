#include "headgate/gate/case_state.hpp"

#include "view.hpp"

namespace headgate::gate {

CaseState state_of(const Evidence& evidence, CaseIndex item, Arm arm) {
  CaseState state{CaseState::Kind::pass, ErrorKind::none};
  for (std::uint32_t trial = 0; trial < evidence.plan.trials; ++trial) {
    const Observation& seen = evidence.at(item, trial, arm);
    if (failed(seen)) return {CaseState::Kind::fail, ErrorKind::none};
    const Status status = status_of(seen);
    if (status == Status::ok || state.kind == CaseState::Kind::not_run) continue;
    const auto kind = status == Status::not_run ? CaseState::Kind::not_run : CaseState::Kind::error;
    if (kind == state.kind) continue;  // the first error names it
    state = {kind, seen.error};
  }
  return state;
}

std::string words_of(const CaseState& state) {
  switch (state.kind) {
    case CaseState::Kind::pass:
      return "pass";
    case CaseState::Kind::fail:
      return "fail";
    case CaseState::Kind::error:
      return state.error == ErrorKind::none ? "error" : name(state.error);
    case CaseState::Kind::not_run:
      return state.error == ErrorKind::none ? "not_run" : name(state.error);
  }
  return "not_run";
}

bool is_failed(const Evidence& evidence, CaseIndex item) {
  if (state_of(evidence, item, Arm::candidate).kind != CaseState::Kind::pass) return true;
  for (std::uint32_t trial = 0; trial < evidence.plan.trials; ++trial) {
    if (status_of(evidence.at(item, trial, Arm::baseline)) != Status::ok) return true;
  }
  return false;
}

std::uint32_t telling_trial(const Evidence& evidence, CaseIndex item) {
  std::optional<std::uint32_t> candidate, baseline;
  for (std::uint32_t trial = 0; trial < evidence.plan.trials; ++trial) {
    const bool candidate_passes = passed(evidence.at(item, trial, Arm::candidate));
    const bool baseline_fails = failed(evidence.at(item, trial, Arm::baseline));
    if (!candidate_passes && !baseline_fails) return trial;
    if (!candidate_passes && !candidate) candidate = trial;
    if (!passed(evidence.at(item, trial, Arm::baseline)) && !baseline) baseline = trial;
  }
  return candidate.value_or(baseline.value_or(0));
}

}  // namespace headgate::gate
