// One grader, one reply, one case: what tests of graders are made of.
#pragma once

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "headgate/base/json.hpp"
#include "headgate/base/tree.hpp"
#include "headgate/grade/registry.hpp"

namespace headgate::grade::testing {

inline Case case_with(std::string_view expected_json) {
  Case item;
  item.id = "case-1";
  item.input.text = R"("What is it?")";
  item.expected.text = std::string(expected_json);
  return item;
}

inline Reply reply_of(std::string_view text) {
  Reply reply;
  reply.text = std::string(text);
  return reply;
}

// Builds the grader written as JSON; a complaint fails the test.
inline GraderPtr grader(const std::string& written) {
  Complaints complaints;
  const auto tree = parse_json("suite.yaml", written, complaints);
  GraderPtr built = tree ? registry().build(*tree, tree->root(), complaints) : nullptr;
  for (const Error& error : complaints.errors()) UNSCOPED_INFO(error.message);
  INFO(written);
  REQUIRE(built != nullptr);
  return built;
}

inline Step step(const Grader& one, const Reply& reply, const Case& item) {
  const Reply* const replies[] = {&reply, &reply};  // of a pair, where the grader compares two
  const std::size_t needed = one.scope() == Scope::pair ? 2 : 1;
  return one.step({item, std::span(replies).first(needed), 1}, Answers());
}

// "pass", "fail", "absent" or "error", and why.
struct Outcome {
  std::string word;
  std::string reason;
  double score = -1.0;
};

inline Outcome outcome_of(const Step& step) {
  if (const auto* grade = std::get_if<Grade>(&step))
    return {grade->pass ? "pass" : "fail", grade->reason, grade->score};
  if (const auto* absent = std::get_if<Absent>(&step)) return {"absent", absent->reason};
  if (const auto* error = std::get_if<CallError>(&step)) return {"error", error->message};
  return {"asks", ""};
}

inline Outcome judge(const std::string& written, std::string_view reply, const Case& item) {
  return outcome_of(step(*grader(written), reply_of(reply), item));
}
inline Outcome judge(const std::string& written, std::string_view reply, std::string_view expected_json = R"("x")") {
  return judge(written, reply, case_with(expected_json));
}

// The complaints about a grader that must not build.
inline std::vector<Error> complaints_about(const std::string& written) {
  Complaints complaints;
  const auto tree = parse_json("suite.yaml", written, complaints);
  INFO(written);
  REQUIRE(tree);
  CHECK(registry().build(*tree, tree->root(), complaints) == nullptr);
  REQUIRE_FALSE(complaints.empty());
  return complaints.errors();
}

// The same object as `written`, of kind not_<kind>.
inline std::string turned_round(const std::string& written) {
  Json value = Json::parse(written);
  value["kind"] = "not_" + value["kind"].get<std::string>();
  return value.dump();
}

}  // namespace headgate::grade::testing
