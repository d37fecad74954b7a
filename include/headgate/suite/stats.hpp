// What a suite is made of, and what its size can decide.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "headgate/domain/suite.hpp"

namespace headgate::suite {

// What cases sampled at random can carry: the smallest max_loss that four of five equal candidates keep, where the
// routes differ on that share of cases.
struct Power {
  std::size_t cases = 0;   // sampled at random
  double effective = 0.0;  // independent ones they count as at least, as clusters and weights are
  struct Carries {
    double discordance = 0.0;
    double max_loss = 0.0;
  };
  std::vector<Carries> carries;  // empty below 30 effective cases, which prove nothing
};

// The cases that bear one value of a dimension.
struct Part {
  std::string value;
  std::size_t cases = 0;
  std::size_t targeted = 0;
  std::optional<double> traffic;  // declared share
  double share = 0.0;             // of the random cases that bear the dimension
  Power power;
};

struct DimensionMix {
  std::string name;
  std::vector<Part> parts;  // declared or present, by value
  std::size_t without = 0;  // cases that do not say
};

// Two dimensions at once: how many cases bear each pair of values.
struct Crossing {
  std::string down, across;
  std::map<std::string, std::map<std::string, std::size_t>> cases;  // by value of `down`, then of `across`
};
inline constexpr std::size_t most_crossed_values = 12;  // of a dimension; a table of more is not read

struct ClassCount {
  std::string name, description;
  std::size_t cases = 0;
  double rate_shown = 1.0;  // the rate of failures that so many clean cases rule out at 95 %
};

struct GraderUse {
  std::string kind;       // as written: "not_contains"
  std::size_t cases = 0;  // graded by it, counting those of the suite for every case
  bool of_suite = false;  // the suite asks for it
};

struct Stats {
  SuiteHead head;
  std::size_t random = 0, targeted = 0;
  Power power;
  std::vector<DimensionMix> dimensions;
  std::vector<Crossing> crossings;
  std::map<std::string, std::size_t> severities;
  std::vector<ClassCount> severe_classes;
  std::size_t clusters = 0;         // of more than one case
  std::size_t clustered_cases = 0;  // in them
  std::size_t largest_cluster = 0;
  std::map<std::string, std::size_t> tags;
  std::vector<GraderUse> graders;                    // by kind
  std::vector<std::string> without_expected;         // ids
  std::vector<std::vector<std::string>> same_input;  // ids of cases that ask the very same, two or more each
};

// "The very same" means equal input, variables and context after Unicode and case folding, with runs of white space
// taken as one blank.
Stats stats_of(const Suite& suite);

}  // namespace headgate::suite
