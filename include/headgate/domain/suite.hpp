// A suite as a run uses it: one version of a named set of cases with its graders.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "headgate/domain/case.hpp"
#include "headgate/domain/needs.hpp"

namespace headgate {

// When a cell passes, given the grades of all its graders.
struct PassRule {
  enum class Kind { all, mean } kind = Kind::all;
  double least_mean = 1.0;  // Kind::mean: the mean score must reach it, in (0, 1]
};

// All of a suite but its cases.
struct SuiteHead {
  std::string name;
  std::string version;  // "1.4.0"
  std::string
      unreleased;  // the newer version suite.yaml states and suite.lock does not have, where this is an older one
  bool released = false;  // false: a draft; its content is not what suite.lock says, or there is no lock
  std::vector<GraderSpec> graders;
  PassRule pass;
  std::map<std::string, std::vector<std::string>> segments;      // dimension to its declared values
  std::map<std::string, std::string> severe_classes;             // class to its description
  std::map<std::string, std::map<std::string, double>> traffic;  // declared production mix; may be empty
  std::string reviewed_at;                                       // YYYY-MM-DD or empty
  Digest graders_digest;                                         // graders and pass rule
  Digest digest;                                                 // head and all case digests, in id order
  std::size_t cases = 0;                                         // in this version, before filters
};

struct Suite {
  SuiteHead head;
  std::vector<Case> cases;  // in id order
  Needs needs;              // of its graders and those of its cases
};

// Fills graders_digest, digest and cases of the head from the rest.
void seal(Suite& suite);

}  // namespace headgate
