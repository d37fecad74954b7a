// What is read as one of our nouns is written as the same noun again.
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "headgate/base/assert.hpp"
#include "headgate/base/tree.hpp"
#include "headgate/domain/codec.hpp"

namespace {

using namespace headgate;

template <class Noun>
void there_and_back(const Json& value, Result<Noun> (*read)(const Json&)) {
  const Result<Noun> first = read(value);
  if (!first) return;
  const std::string written = canonical(to_json(*first));
  Complaints none;
  const auto tree = parse_json("again.json", written, none);
  HG_ASSERT(tree);
  const Result<Noun> again = read(tree->root());
  HG_ASSERT(again && canonical(to_json(*again)) == written);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Complaints complaints;
  const auto tree = parse_json("f.json", std::string(reinterpret_cast<const char*>(data), size), complaints);
  if (!tree) return 0;
  there_and_back<Decision>(tree->root(), decision_from_json);
  there_and_back<Rules>(tree->root(), rules_from_json);
  there_and_back<Case>(tree->root(), case_from_json);
  there_and_back<GraderSpec>(tree->root(), grader_from_json);
  there_and_back<SuiteHead>(tree->root(), suite_head_from_json);
  there_and_back<PlanHead>(tree->root(), plan_head_from_json);
  there_and_back<RouteUse>(tree->root(), route_use_from_json);
  return 0;
}
