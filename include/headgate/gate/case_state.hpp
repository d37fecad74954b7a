// What became of a case on one arm, over all its trials, in one word.
#pragma once

#include <cstdint>
#include <string>

#include "headgate/domain/evidence.hpp"

namespace headgate::gate {

struct CaseState {
  enum class Kind : std::uint8_t {
    pass,     // every trial passes
    fail,     // some graded trial fails
    error,    // none fails, and some trial ended in an error
    not_run,  // none fails, and some trial was not run
  };
  Kind kind = Kind::not_run;
  ErrorKind error = ErrorKind::none;  // of the first trial that has one
  friend bool operator==(const CaseState&, const CaseState&) = default;
};

CaseState state_of(const Evidence& evidence, CaseIndex item, Arm arm);
std::string words_of(const CaseState& state);  // "pass", "fail", or the error's name

// The candidate does not pass it, or some cell of either arm is no graded reply.
bool is_failed(const Evidence& evidence, CaseIndex item);

// The trial to show of a case: the first in which the candidate does worse than the baseline, else the first that the
// candidate does not pass, else the first that the baseline does not pass, else the first.
std::uint32_t telling_trial(const Evidence& evidence, CaseIndex item);

}  // namespace headgate::gate
