#include "headgate/domain/case.hpp"

#include "headgate/base/json_append.hpp"
#include "names.hpp"

namespace headgate {
namespace {

constexpr Names<Severity, 3> severities{
    {{Severity::normal, "normal"}, {Severity::major, "major"}, {Severity::severe, "severe"}}};
constexpr Names<Sampling, 2> samplings{{{Sampling::random, "random"}, {Sampling::targeted, "targeted"}}};

}  // namespace

const char* name(Severity severity) { return name_in(severities, severity); }
const char* name(Sampling sampling) { return name_in(samplings, sampling); }
bool parse(std::string_view word, Severity& out) { return parse_in(severities, word, out); }
bool parse(std::string_view word, Sampling& out) { return parse_in(samplings, word, out); }

Digest case_digest(const Case& item) {
  std::string weight;
  append_json_number(weight, item.weight);
  Hasher hasher;
  hasher.field("headgate/case/1").field(item.id).field(item.input.text).field(item.vars.text).field(item.context.text);
  hasher.field(item.expected.text).field(name(item.severity)).field(item.severe_class).field(item.cluster);
  hasher.field(name(item.sampling)).field(weight);
  hasher.field(item.segments.size());
  for (const SegmentValue& segment : item.segments) hasher.field(segment.dimension).field(segment.value);
  hasher.field(item.tags.size());
  for (const std::string& tag : item.tags) hasher.field(tag);
  hasher.field(item.graders.size());
  for (const GraderSpec& grader : item.graders) hasher.field(grader.written_kind()).field(grader.options.text);
  return hasher.finish();
}

}  // namespace headgate
