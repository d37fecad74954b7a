// Which replies of a run people are to label: drawn by chance with known probability, both arms of a case together, and
// shown without their arm.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "headgate/domain/evidence.hpp"

namespace headgate::cli {

// A case in one trial, with the arms that have a reply.
struct DrawnCase {
  CaseIndex item = 0;
  std::uint32_t trial = 0;
  std::vector<Arm> arms;
  double probability = 1.0;
};

struct DrawnStratum {
  std::string severe_class;  // empty: cases that are not severe
  std::size_t cases = 0, drawn = 0;
};

struct Drawing {
  std::vector<DrawnCase> cases;  // by chance: the order tells nothing
  std::vector<DrawnStratum> strata;
};

struct DrawWish {
  std::size_t replies = 60;  // about so many; a case counts for two
  std::uint64_t seed = 0;
  std::vector<bool> suites;     // by suite: whether its cases are asked for
  std::vector<bool> has_reply;  // by CellIndex: whether there is text to label
  bool pairs_only = false;      // cases with replies on both arms
};

// Each stratum is a severe class, or all cases that are not severe. Where there are severe cases at least half of what
// is drawn is severe, as far as they go.
Drawing draw(const Evidence& evidence, const DrawWish& wish);

// What a row of a label file is called. It says nothing of the arm, and stays the same in every run that has the same
// reply to the same case: labels outlive a rubric.
std::string reply_key(const Evidence& evidence, CellIndex cell);
// The same for both replies of a pair (`cell` is either of them).
std::string pair_key(const Evidence& evidence, CellIndex cell);
// Which reply of a pair stands first in the file.
Arm shown_first(const std::string& pair_key);

}  // namespace headgate::cli
