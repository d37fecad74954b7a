#include "headgate/domain/suite.hpp"

#include <algorithm>

#include "headgate/base/json_append.hpp"

namespace headgate {
namespace {

Digest graders_digest(const SuiteHead& head) {
  std::string least_mean;
  append_json_number(least_mean, head.pass.least_mean);
  Hasher hasher;
  hasher.field("headgate/graders/1").field(head.pass.kind == PassRule::Kind::all ? "all" : "mean").field(least_mean);
  for (const GraderSpec& grader : head.graders) hasher.field(grader.written_kind()).field(grader.options.text);
  return hasher.finish();
}

}  // namespace

void seal(Suite& suite) {
  std::sort(suite.cases.begin(), suite.cases.end(), [](const Case& a, const Case& b) { return a.id < b.id; });
  SuiteHead& head = suite.head;
  head.cases = suite.cases.size();
  head.graders_digest = graders_digest(head);

  Hasher hasher;
  hasher.field("headgate/suite/1").field(head.name).field(head.graders_digest);
  hasher.field(head.segments.size());
  for (const auto& [dimension, values] : head.segments) {
    hasher.field(dimension).field(values.size());
    for (const std::string& value : values) hasher.field(value);
  }
  hasher.field(head.severe_classes.size());
  for (const auto& [severe_class, description] : head.severe_classes) hasher.field(severe_class);
  hasher.field(head.traffic.size());
  for (const auto& [dimension, shares] : head.traffic) {
    hasher.field(dimension).field(shares.size());
    for (const auto& [value, share] : shares) {
      std::string number;
      append_json_number(number, share);
      hasher.field(value).field(number);
    }
  }
  hasher.field(suite.cases.size());
  for (const Case& item : suite.cases) hasher.field(item.digest);
  head.digest = hasher.finish();
}

}  // namespace headgate
