// mean_of: a weighted mean of graders, each a criterion with a name.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "combined.hpp"
#include "headgate/base/text.hpp"
#include "measure_name.hpp"
#include "options.hpp"
#include "verdict.hpp"

namespace headgate::grade {
namespace {

struct Criterion {
  std::string name;
  double weight = 1.0;
  bool required = false;
};

class MeanOf : public Combined {
 public:
  MeanOf(std::vector<Child> children, std::vector<Criterion> criteria, double at_least)
      : Combined(std::move(children)), criteria_(std::move(criteria)), at_least_(at_least) {}

 protected:
  // An error wins. What is absent scores 0; where that makes it fail, the whole is absent, so that it fails turned
  // round as well.
  Step combine(Steps steps) const override {
    if (steps.error) return std::move(*steps.error);
    double sum = 0.0, weights = 0.0;
    std::string failed;
    std::vector<Measure> measures;
    for (std::size_t i = 0; i < criteria_.size(); ++i) {
      const Criterion& criterion = criteria_[i];
      const double score = steps.grades[i] ? steps.grades[i]->score : 0.0;
      sum += criterion.weight * score;
      weights += criterion.weight;
      measures.push_back({criterion.name, score});
      const bool passes = steps.grades[i] && steps.grades[i]->pass;
      if (criterion.required && !passes && failed.empty()) failed = criterion.name;
    }
    const double mean = std::min(sum / weights, 1.0);
    const bool passes = failed.empty() && mean >= at_least_;
    if (!passes && steps.absent) return Absent{std::move(*steps.absent)};
    std::string reason = "mean " + shortest(mean) + (mean >= at_least_ ? ", at least " : ", below ") +
                         shortest(at_least_) + " (" + each(measures) + ")";
    if (!failed.empty()) reason = "'" + failed + "' is required and fails; " + reason;
    return Grade{passes, mean, std::move(reason), std::move(measures)};
  }

 private:
  static std::string each(const std::vector<Measure>& measures) {
    std::string out;
    for (const Measure& one : measures) out += (out.empty() ? "" : ", ") + one.name + " " + shortest(one.value);
    return out;
  }

  std::vector<Criterion> criteria_;  // by child
  double at_least_;
};

const FieldTable& criterion_table() {
  static const FieldTable table{
      "criterion",
      "A criterion of mean_of.",
      {{"name", string_shape(), "under which its mean stands in the report", true, {}, "\"tone\""},
       {"grader", grader_shape(), "what judges it, as it would stand alone", true},
       {"weight", number_shape().above(0.0), "its share of the mean", false, "1"},
       {"required", boolean_shape(), "where it fails, the whole fails, whatever the mean", false, "false"}}};
  return table;
}

const FieldTable& options_table() {
  static const FieldTable table{
      "mean_of",
      "Options of mean_of.",
      {{"criteria", list_of(object_of(criterion_table())).at_least(1), "what is judged, each with a name and weight",
        true},
       {"at_least", fraction(), "the weighted mean of the scores that passes", true, {}, "0.8"}}};
  return table;
}

bool name_is_good(const BuildContext& context, const Json& name, std::set<std::string>& names) {
  const auto& written = name.get_ref<const std::string&>();
  if (!is_measure_name(written)) {
    context.complaints.add(context.tree.error(name, "the name of a criterion has letters, digits and `_-@.^` only"));
    return false;
  }
  if (!names.insert(written).second) {
    context.complaints.add(context.tree.error(name, "two criteria are called '" + written + "'"));
    return false;
  }
  return true;
}

GraderPtr build(const BuildContext& context) {
  std::vector<Child> children;
  std::vector<Criterion> criteria;
  std::set<std::string> names;
  const Json& written = *option(context.options, "criteria");
  for (const Json& one : written) {
    const bool named = name_is_good(context, *option(one, "name"), names);
    auto child = build_child(context, *option(one, "grader"));
    if (!named || !child) continue;
    criteria.push_back({word(one, "name", ""), quantity(one, "weight", 1.0), flag(one, "required", false)});
    children.push_back(std::move(*child));
  }
  if (criteria.size() != written.size()) return nullptr;
  return std::make_unique<MeanOf>(std::move(children), std::move(criteria), quantity(context.options, "at_least", 1.0));
}

}  // namespace

Kind mean_of_kind() {
  return {
      "mean_of",
      "a weighted mean of several graders' scores is high enough",
      "Passes when the weighted mean of its criteria's scores reaches `at_least`, and every `required` one passes. Its "
      "score is that mean; each criterion's score stands in the report under its name. When one of them cannot judge, "
      "neither can mean_of.",
      R"({"kind":"mean_of","at_least":0.7,"criteria":[{"name":"brief","grader":{"kind":"length","max":80,"unit":"words"}},{"name":"safe","weight":2,"required":true,"grader":{"kind":"not_contains","value":"guarantee"}}]})",
      &options_table(),
      &build,
      Basis::parts};
}

}  // namespace headgate::grade
