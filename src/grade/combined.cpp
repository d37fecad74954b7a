#include "combined.hpp"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

#include "options.hpp"

namespace headgate::grade {
namespace {

Steps step_all(const std::vector<Child>& children, const Subject& subject, const Answers& answers) {
  Steps out;
  out.grades.resize(children.size());
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
      out.grades[i] = std::move(*grade);
    } else if (auto* error = std::get_if<CallError>(&step)) {
      if (!out.error) out.error = CallError{error->kind, under(child, error->message)};
    } else if (auto* absent = std::get_if<Absent>(&step)) {
      if (!out.absent) out.absent = under(child, absent->reason);
    } else if (!out.error) {
      out.error = CallError{ErrorKind::grader_failed, under(child, "gives two grades where one is combined")};
    }
  }
  return out;
}

}  // namespace

std::string under(const Child& child, const std::string& text) { return child.kind + ": " + text; }

std::vector<Measure> measures_of(Steps& steps) {
  std::vector<Measure> all;
  for (auto& grade : steps.grades) {
    if (grade) std::ranges::move(grade->measures, std::back_inserter(all));
  }
  return all;
}

Step Combined::step(const Subject& subject, const Answers& answers) const {
  Steps steps = step_all(children_, subject, answers);
  if (!steps.asks.empty()) return std::move(steps.asks);
  return combine(std::move(steps));
}

std::string Combined::lacks(const Case& item) const {
  for (const Child& child : children_) {
    const std::string missing = child.grader->lacks(item);
    if (!missing.empty()) return missing;
  }
  return {};
}

Needs Combined::needs() const {
  Needs all;
  for (const Child& child : children_) all.add(child.grader->needs());
  return all;
}

bool Combined::reads_recorded_only() const {
  return std::ranges::all_of(children_, [](const Child& child) { return child.grader->reads_recorded_only(); });
}

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
  std::string kind = word(written, "kind", "");
  if (grader->scope() == Scope::pair) {
    context.complaints.add(context.tree.error(written, "'" + kind + "' compares two replies, so it stands alone",
                                              "write it beside the other graders of the suite"));
    return std::nullopt;
  }
  return Child{std::move(kind), std::move(grader)};
}

}  // namespace headgate::grade
