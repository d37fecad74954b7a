// A case as a run uses it: one item of a suite, in one version. Identity is the content digest, never the position.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "headgate/base/digest.hpp"
#include "headgate/base/json_text.hpp"

namespace headgate {

enum class Severity : std::uint8_t { normal, major, severe };
enum class Sampling : std::uint8_t { random, targeted };  // targeted: chosen because something failed there

// One grader as a suite or case asks for it. `options` is the canonical JSON object without `kind`.
struct GraderSpec {
  std::string kind;      // as registered, without the not_ prefix
  bool negated = false;  // written not_<kind>
  JsonText options;

  std::string written_kind() const { return negated ? "not_" + kind : kind; }
  friend bool operator==(const GraderSpec&, const GraderSpec&) = default;
};

struct SegmentValue {
  std::string dimension;
  std::string value;
  friend bool operator==(const SegmentValue&, const SegmentValue&) = default;
  friend auto operator<=>(const SegmentValue&, const SegmentValue&) = default;
};

struct Case {
  std::string id;
  JsonText input;                      // a string, or an array of chat messages
  JsonText vars;                       // object
  JsonText context;                    // array of {id, text}
  JsonText expected;                   // any JSON; absent where the case has none
  std::vector<SegmentValue> segments;  // sorted by dimension, one value each
  Severity severity = Severity::normal;
  std::string severe_class;       // not empty exactly where severity is severe
  std::string cluster;            // cases that are not independent share it; empty: a cluster of its own
  std::string variant_of;         // the id of the case it rewords; it then has that case's cluster
  std::vector<std::string> tags;  // sorted, unique
  Sampling sampling = Sampling::random;
  double weight = 1.0;              // finite, above 0
  std::vector<GraderSpec> graders;  // its own, after those of the suite
  Digest digest;                    // case_digest of all of the above
};

// Digest of everything that defines the case (not of notes, origin, or version window; what it is a variant of enters
// by the cluster).
Digest case_digest(const Case& item);

const char* name(Severity severity);
const char* name(Sampling sampling);
bool parse(std::string_view word, Severity& out);
bool parse(std::string_view word, Sampling& out);

}  // namespace headgate
