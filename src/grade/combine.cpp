// all_of, any_of, not: graders made of graders. What their children ask is handed down under "0/", "1/", …
#include <algorithm>
#include <nlohmann/json.hpp>

#include "headgate/grade/registry.hpp"
#include "negation.hpp"
#include "options.hpp"
#include "verdict.hpp"

namespace headgate::grade {
namespace {

struct Child {
  std::string kind;
  std::shared_ptr<const Grader> grader;  // shared as graders are everywhere once built
};

// What the children came to.
struct Steps {
  std::vector<Ask> asks;
  std::vector<std::pair<const Child*, Grade>> grades;
  std::optional<CallError> error;     // the first
  std::optional<std::string> absent;  // the first
};

std::string under(const Child& child, const std::string& text) { return child.kind + ": " + text; }

Steps step_all(const std::vector<Child>& children, const Subject& subject, const Answers& answers) {
  Steps out;
  for (std::size_t i = 0; i < children.size(); ++i) {
    const Child& child = children[i];
    const std::string prefix = std::to_string(i) + "/";
    Step step = child.grader->step(subject, answers.under(prefix));
    if (auto* asks = std::get_if<std::vector<Ask>>(&step)) {
      for (Ask& ask : *asks) {
        ask.key.insert(0, prefix);
        out.asks.push_back(std::move(ask));
      }
    } else if (auto* grade = std::get_if<Grade>(&step)) {
      out.grades.emplace_back(&child, std::move(*grade));
    } else if (auto* error = std::get_if<CallError>(&step)) {
      if (!out.error) out.error = CallError{error->kind, under(child, error->message)};
    } else if (auto* absent = std::get_if<Absent>(&step)) {
      if (!out.absent) out.absent = under(child, absent->reason);
    }
  }
  return out;
}

class Combined : public Grader {
 public:
  explicit Combined(std::vector<Child> children) : children_(std::move(children)) {}

  Scope scope() const override {
    const bool pair = std::any_of(children_.begin(), children_.end(),
                                  [](const Child& child) { return child.grader->scope() == Scope::pair; });
    return pair ? Scope::pair : Scope::cell;
  }

  // Nothing is decided before every child has what it asked for, so that the order of answers cannot matter.
  Step step(const Subject& subject, const Answers& answers) const final {
    Steps steps = step_all(children_, subject, answers);
    if (!steps.asks.empty()) return std::move(steps.asks);
    return combine(std::move(steps));
  }

  std::string lacks(const Case& item) const override {
    for (const Child& child : children_) {
      const std::string missing = child.grader->lacks(item);
      if (!missing.empty()) return missing;
    }
    return {};
  }

  std::vector<std::string> consults() const override {
    std::vector<std::string> all;
    for (const Child& child : children_) {
      for (std::string& one : child.grader->consults()) all.push_back(std::move(one));
    }
    return all;
  }

 protected:
  virtual Step combine(Steps steps) const = 0;
  std::size_t size() const { return children_.size(); }

 private:
  std::vector<Child> children_;
};

class AllOf : public Combined {
 public:
  using Combined::Combined;

 protected:
  // An error wins: a check that did not happen might have failed worse. Then a failure, then what is absent.
  Step combine(Steps steps) const override {
    if (steps.error) return std::move(*steps.error);
    double least = steps.absent ? 0.0 : 1.0;
    const std::pair<const Child*, Grade>* failed = nullptr;
    for (const auto& one : steps.grades) {
      least = std::min(least, one.second.score);
      if (!one.second.pass && failed == nullptr) failed = &one;
    }
    if (failed != nullptr) return Grade{false, least, under(*failed->first, failed->second.reason)};
    if (steps.absent) return Absent{std::move(*steps.absent)};
    return Grade{true, least, "all " + std::to_string(size()) + " hold"};
  }
};

class AnyOf : public Combined {
 public:
  using Combined::Combined;

 protected:
  // One pass is enough, whatever else went wrong; without one an error wins, then what is absent.
  Step combine(Steps steps) const override {
    double best = 0.0;
    const std::pair<const Child*, Grade>* passed = nullptr;
    for (const auto& one : steps.grades) {
      best = std::max(best, one.second.score);
      if (one.second.pass && passed == nullptr) passed = &one;
    }
    if (passed != nullptr) return Grade{true, best, under(*passed->first, passed->second.reason)};
    if (steps.error) return std::move(*steps.error);
    if (steps.absent) return Absent{std::move(*steps.absent)};
    const auto& [child, grade] = steps.grades.front();
    return Grade{false, best, "none of " + std::to_string(size()) + " holds; " + under(*child, grade.reason)};
  }
};

std::optional<Child> build_child(const BuildContext& context, const Json& written) {
  GraderPtr grader = context.registry.build(context.tree, written, context.complaints);
  if (grader == nullptr) return std::nullopt;
  for (const char* name : {"since", "retired"}) {
    if (const Json* window = option(written, name)) {
      context.complaints.add(context.tree.error(
          *window, std::string("`") + name + "` belongs to a whole grader, not to a part", {}, At::key));
      return std::nullopt;
    }
  }
  return Child{word(written, "kind", ""), std::move(grader)};
}

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
      &build_list<AllOf>};
}

Kind any_of_kind() {
  return {
      "any_of",
      "at least one of several graders passes",
      "Passes when any of its graders passes; its score is the best of theirs. Where none passes and one of them "
      "cannot judge, neither can any_of.",
      R"({"kind":"any_of","graders":[{"kind":"equals","value":"yes","fold_case":true},{"kind":"starts_with","value":"Yes,"}]})",
      &list_table(),
      &build_list<AnyOf>};
}

Kind negation_kind() {
  return {
      "not",
      "another grader fails",
      "Passes when its grader fails, with 1 minus its score: the same as the not_ form of that grader. A grader that "
      "cannot judge stays an error, and a reply without what was to be judged fails either way.",
      R"({"kind":"not","grader":{"kind":"any_of","graders":[{"kind":"contains","value":"guarantee"},{"kind":"regex","pattern":"100 ?%"}]}})",
      &not_table(),
      &build_not};
}

}  // namespace headgate::grade
