// all_of, any_of, not: graders made of graders.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "combined.hpp"
#include "negation.hpp"
#include "options.hpp"
#include "verdict.hpp"

namespace headgate::grade {
namespace {

class AllOf : public Combined {
 public:
  using Combined::Combined;

 protected:
  // An error wins: a check that did not happen might have failed worse. Then a failure, then what is absent.
  Step combine(Steps steps) const override {
    if (steps.error) return std::move(*steps.error);
    double least = steps.absent ? 0.0 : 1.0;
    std::string failed;
    for (std::size_t i = 0; i < steps.grades.size(); ++i) {
      const auto& grade = steps.grades[i];
      if (!grade) continue;
      least = std::min(least, grade->score);
      if (!grade->pass && failed.empty()) failed = under(children()[i], grade->reason);
    }
    if (!failed.empty()) return Grade{false, least, std::move(failed), measures_of(steps)};
    if (steps.absent) return Absent{std::move(*steps.absent)};
    return Grade{true, least, "all " + std::to_string(children().size()) + " hold", measures_of(steps)};
  }
};

class AnyOf : public Combined {
 public:
  using Combined::Combined;

 protected:
  // One pass is enough, whatever else went wrong; without one an error wins, then what is absent.
  Step combine(Steps steps) const override {
    double best = 0.0;
    std::string passed;
    for (std::size_t i = 0; i < steps.grades.size(); ++i) {
      const auto& grade = steps.grades[i];
      if (!grade) continue;
      best = std::max(best, grade->score);
      if (grade->pass && passed.empty()) passed = under(children()[i], grade->reason);
    }
    if (!passed.empty()) return Grade{true, best, std::move(passed), measures_of(steps)};
    if (steps.error) return std::move(*steps.error);
    if (steps.absent) return Absent{std::move(*steps.absent)};
    std::string first = under(children().front(), steps.grades.front()->reason);
    return Grade{false, best, "none of " + std::to_string(children().size()) + " holds; " + std::move(first),
                 measures_of(steps)};
  }
};

template <class Kind>
GraderPtr build_list(const BuildContext& context) {
  std::vector<Child> children;
  const Json& written = *option(context.options, "graders");
  for (const Json& one : written) {
    if (auto child = build_child(context, one)) children.push_back(std::move(*child));
  }
  if (children.size() != written.size()) return nullptr;
  return std::make_unique<Kind>(std::move(children));
}

GraderPtr build_not(const BuildContext& context) {
  auto child = build_child(context, *option(context.options, "grader"));
  return child ? negated(std::move(child->grader)) : nullptr;
}

const FieldTable& list_table() {
  static const FieldTable table{
      "all_of",
      "Options of all_of and any_of.",
      {{"graders", list_of(grader_shape()).at_least(1), "the graders to combine, each as it would stand alone", true}}};
  return table;
}

const FieldTable& not_table() {
  static const FieldTable table{
      "not",
      "Options of not.",
      {{"grader", grader_shape(), "the grader to turn round, as it would stand alone", true}}};
  return table;
}

}  // namespace

Kind all_of_kind() {
  return {
      "all_of",
      "every one of several graders passes",
      "Passes when all its graders pass; its score is the least of theirs. When one of them cannot judge, neither "
      "can all_of.",
      R"({"kind":"all_of","graders":[{"kind":"contains","value":"refund"},{"kind":"length","max":80,"unit":"words"}]})",
      &list_table(),
      &build_list<AllOf>,
      Basis::parts};
}

Kind any_of_kind() {
  return {
      "any_of",
      "at least one of several graders passes",
      "Passes when any of its graders passes; its score is the best of theirs. Where none passes and one of them "
      "cannot judge, neither can any_of.",
      R"({"kind":"any_of","graders":[{"kind":"equals","value":"yes","fold_case":true},{"kind":"starts_with","value":"Yes,"}]})",
      &list_table(),
      &build_list<AnyOf>,
      Basis::parts};
}

Kind negation_kind() {
  return {
      "not",
      "another grader fails",
      "Passes when its grader fails, with 1 minus its score: the same as the not_ form of that grader. A grader that "
      "cannot judge stays an error, and a reply without what was to be judged fails either way.",
      R"({"kind":"not","grader":{"kind":"any_of","graders":[{"kind":"contains","value":"guarantee"},{"kind":"regex","pattern":"100 ?%"}]}})",
      &not_table(),
      &build_not,
      Basis::parts};
}

}  // namespace headgate::grade
