// A hostile grader entry builds or complains; what builds can judge, and its spec builds again.
#include <cstdint>
#include <nlohmann/json.hpp>
#include <span>
#include <string>

#include "headgate/base/assert.hpp"
#include "headgate/base/tree.hpp"
#include "headgate/grade/registry.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace headgate;
  Complaints complaints;
  const auto tree = parse_json("suite.yaml", std::string(reinterpret_cast<const char*>(data), size), complaints);
  if (!tree || !tree->root().is_object()) return 0;
  const auto grader = grade::registry().build(*tree, tree->root(), complaints);
  HG_ASSERT((grader != nullptr) == complaints.empty());
  for (const Error& error : complaints.errors()) HG_ASSERT(error.place.line >= 1 && !error.message.empty());
  if (grader == nullptr) return 0;

  HG_ASSERT(grade::registry().build(grade::registry().spec(tree->root())));
  Case item;
  item.id = "case-1";
  item.input.text = R"("What is it?")";
  item.expected.text = R"({"a":[1,"two"]})";
  static_cast<void>(grader->lacks(item));
  for (const char* text : {"", "42", "{\"a\": [1, \"two\"]}", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"}) {
    Reply reply;
    reply.text = text;
    const Reply* const both[] = {&reply, &reply};
    const std::size_t asked = grader->scope() == grade::Scope::pair ? 2 : 1;
    const auto step = grader->step({item, std::span(both).first(asked), 1}, grade::Answers());
    if (const auto* grade = std::get_if<Grade>(&step)) HG_ASSERT(grade->score >= 0.0 && grade->score <= 1.0);
  }
  return 0;
}
