// Cases whose pass/fail differs between the arms, and failures that matter, in the order a person should read them.
#pragma once

#include <vector>

#include "headgate/domain/evidence.hpp"

namespace headgate::gate {

struct Flip {
  CaseIndex item = 0;
  std::uint32_t trial = 0;  // the first trial that shows it
  bool regression = true;
  double change = 0.0;      // mean score, candidate minus baseline
};

// A case passes on an arm when all its trials pass there, or as the plan's rules reduce them; errored cells count as not passing for the candidate and as
// passing for the baseline. Cases with a cell that was not run are left out: nobody has seen them. Regressions first,
// worst first: severe, major, normal; then by change; then by case.
std::vector<Flip> flips(const Evidence& evidence);

// Severe cases of which some trial was graded and fails on the candidate; new ones first.
std::vector<Flip> severe_failures(const Evidence& evidence);

}  // namespace headgate::gate
