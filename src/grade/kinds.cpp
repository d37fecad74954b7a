// The list of graders that ship. A line `X(name)` here, and `Kind name_kind()` in src/grade/name.cpp, is all a new kind
// takes; docs/adding-a-grader.md walks through it.
#include "kinds.hpp"

#define HG_GRADER_KINDS(X) \
  X(all_of)                \
  X(any_of)                \
  X(choice)                \
  X(citations)             \
  X(classification)        \
  X(code)                  \
  X(contains)              \
  X(contains_all)          \
  X(contains_any)          \
  X(csv)                   \
  X(equals)                \
  X(json)                  \
  X(judge)                 \
  X(language)              \
  X(leak)                  \
  X(length)                \
  X(mean_of)               \
  X(negation)              \
  X(number)                \
  X(pairwise)              \
  X(plugin)                \
  X(recorded)              \
  X(refusal)               \
  X(regex)                 \
  X(retrieval)             \
  X(similarity)            \
  X(sql)                   \
  X(starts_with)           \
  X(state)                 \
  X(tool_calls)            \
  X(transcript)            \
  X(xml)

namespace headgate::grade {

#define HG_DECLARE_KIND(name) Kind name##_kind();
HG_GRADER_KINDS(HG_DECLARE_KIND)
#undef HG_DECLARE_KIND

std::vector<Kind> shipped_kinds() {
#define HG_CALL_KIND(name) name##_kind(),
  return {HG_GRADER_KINDS(HG_CALL_KIND)};
#undef HG_CALL_KIND
}

const Registry& registry() {
  static const Registry shipped(shipped_kinds());
  return shipped;
}

}  // namespace headgate::grade
