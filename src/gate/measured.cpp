// What an earlier run shows of how often the routes differ.
#include <algorithm>

#include "headgate/gate/feasibility.hpp"
#include "reading.hpp"
#include "reduce.hpp"
#include "view.hpp"

namespace headgate::gate {
namespace {

bool is_whole(const Evidence& evidence) {
  return !evidence.plan.partial && std::ranges::none_of(evidence.observations, [](const Observation& seen) {
    return seen.status == Status::not_run;
  });
}

// Both routes answered in every trial, and every reply was graded.
bool is_pair(const View& view, CaseIndex item) {
  return view.complete(item) &&
         std::ranges::none_of(view.evidence().of_case(item), [](const Observation& seen) { return seen.fallback; });
}

class Pilot {
 public:
  Pilot(const View& view, const PlanHead& plan)
      : view_(view), metric_(plan.rules.quality ? plan.rules.quality->metric : Metric::pass) {
    is_graded_ = metric_ == Metric::score || !is_yes_or_no(view.reduce(), plan.trials);
  }

  std::optional<Measured::Pairs> of(std::optional<std::uint32_t> suite) const {
    double differing = 0.0, passing = 0.0;
    Measured::Pairs pairs;
    for (const CaseIndex item : random_cases(view_, suite)) {
      if (!is_pair(view_, item)) continue;
      ++pairs.n;
      differing += difference(item);
      passing += view_.passes(item, Arm::baseline) ? 1.0 : 0.0;
    }
    if (pairs.n == 0) return std::nullopt;
    const auto n = static_cast<double>(pairs.n);
    // Where nothing differed, one pair is taken to: "never" is not what so many pairs show.
    pairs.discordance = std::max(differing, 1.0) / n;
    pairs.pass_rate = passing / n;
    return pairs;
  }

 private:
  // 1 where one arm alone passes; of graded scores the squared difference, which is the same for passes.
  double difference(CaseIndex item) const {
    if (!is_graded_) return view_.passes(item, Arm::candidate) != view_.passes(item, Arm::baseline) ? 1.0 : 0.0;
    const double by = view_.difference(item, metric_, Completion::adverse);
    return by * by;
  }

  const View& view_;
  Metric metric_;
  bool is_graded_ = false;
};

}  // namespace

std::optional<Measured> measured_in(const Evidence& evidence, std::string run, const PlanHead& plan) {
  if (!is_whole(evidence)) return std::nullopt;
  if (plan.rules.reduce.k > evidence.plan.trials) return std::nullopt;  // it has not trials enough to say
  const View view(evidence, plan.rules.reduce);
  const Pilot pilot(view, plan);
  Measured measured;
  measured.run = std::move(run);
  const bool by_suite = plan.rules.quality && plan.rules.quality->per_suite && evidence.plan.suites.size() > 1;
  for (std::uint32_t suite = 0; suite < (by_suite ? evidence.plan.suites.size() : 1); ++suite) {
    auto pairs = pilot.of(by_suite ? std::optional(suite) : std::nullopt);
    if (!pairs) continue;
    if (by_suite) pairs->suite = evidence.plan.suites[suite].name;
    measured.pairs.push_back(std::move(*pairs));
  }
  if (measured.pairs.empty()) return std::nullopt;
  if (const ArmSummary& baseline = view.summary(Arm::baseline); baseline.cells > 0) {
    measured.error_rate = static_cast<double>(baseline.route_errors) / static_cast<double>(baseline.cells);
  }
  return measured;
}

}  // namespace headgate::gate
