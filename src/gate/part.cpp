#include "headgate/gate/part.hpp"

#include <algorithm>
#include <cmath>

#include "headgate/base/text.hpp"
#include "reading.hpp"
#include "sentences.hpp"

namespace headgate::gate {
namespace {

// At most three decimals, without zeros at the end: "-1", "0.333".
std::string number(double value) {
  std::string text = fixed(value, 3);
  while (text.ends_with('0')) text.pop_back();
  if (text.ends_with('.')) text.pop_back();
  return text == "-0" ? "0" : text;
}

std::string one_of(std::size_t n) { return "one of " + cases_of(n); }

std::string trials_of(std::uint32_t n) { return plural(n, "trial"); }

class Story {
 public:
  Story(const Context& context, CaseIndex item) : context_(context), view_(context.view), item_(item) {}

  std::vector<Part> tell() {
    const Rules& rules = context_.rules;
    if (rules.quality) quality(*rules.quality);
    if (rules.floor) floor();
    for (const SevereRule& rule : rules.severe) severe(rule);
    if (rules.must_pass) must_pass(*rules.must_pass);
    if (rules.segments) segments(*rules.segments);
    if (rules.latency) latency(*rules.latency);
    if (rules.cost) cost(*rules.cost);
    if (rules.errors) errors();
    if (rules.fallback_rate) fallback_rate();
    evidence();
    return std::move(parts_);
  }

 private:
  const CaseTable::Facts& facts() const { return view_.facts(item_); }
  const ArmOfCase& candidate() const { return view_.of(item_, Arm::candidate); }
  bool is_random() const { return view_.is_random(item_); }
  // "a targeted case", where it is left out as one.
  std::string chosen() const {
    return facts().sampling == Sampling::random ? "a case that is made to fall back" : "a targeted case";
  }
  Metric metric() const { return context_.rules.quality ? context_.rules.quality->metric : Metric::score; }

  Part& add(std::string rule, Role role, std::string sentence, std::optional<double> value = std::nullopt) {
    parts_.push_back({std::move(rule), {}, {}, role, value, std::move(sentence)});
    return parts_.back();
  }

  static std::string weighed(bool advisory, const char* effect) {
    return advisory ? "the rule is advisory and never decides" : effect;
  }
  static Role deciding(bool advisory) { return advisory ? Role::counts : Role::decides; }

  // "candidate 0 - baseline 1 = -1", and what it would be at best where a cell has no grade.
  std::string difference(Metric of) const {
    const double candidate = view_.value(item_, Arm::candidate, of, Completion::adverse);
    const double baseline = view_.value(item_, Arm::baseline, of, Completion::adverse);
    std::string text = (view_.reduce() == Reducer{} ? "" : view_.reduce().text() + ": ") + "candidate " +
                       number(candidate) + " - baseline " + number(baseline) + " = " +
                       number(view_.difference(item_, of, Completion::adverse));
    if (!view_.complete(item_)) {
      text += " (what has no grade counts against the candidate; at best it is " +
              number(view_.difference(item_, of, Completion::favourable)) + ")";
    }
    if (facts().weight != 1.0) text += ", weight " + number(facts().weight);
    return text;
  }

  void quality(const QualityRule& rule) {
    if (!is_random()) {
      add("quality", Role::left_out, chosen() + " never counts in an average");
      return;
    }
    const auto suite = rule.per_suite ? std::optional(facts().suite) : std::nullopt;
    Part& part =
        add("quality", Role::counts, difference(rule.metric) + "; " + one_of(random_cases(view_, suite).size()),
            view_.difference(item_, rule.metric, Completion::adverse));
    if (suite) part.suite = view_.evidence().plan.suites[*suite].name;
  }

  void floor() {
    if (!is_random()) {
      add("floor", Role::left_out, chosen() + " never counts in an average");
      return;
    }
    const double rate = view_.value(item_, Arm::candidate, Metric::pass, Completion::adverse);
    std::string text =
        "the candidate passes " + std::to_string(candidate().passed) + " of " + trials_of(view_.trials());
    if (!view_.complete(item_, Arm::candidate)) text += ", and what has no grade counts as a failure";
    if (view_.reduce() != Reducer{}) text += ", by " + view_.reduce().text() + " " + number(rate);
    add("floor", Role::counts, text + "; " + one_of(random_cases(view_).size()), rate);
  }

  void severe(const SevereRule& rule) {
    const SevereCounts counts = count_severe(context_, rule.severe_class);
    const auto in = [&](const std::vector<CaseIndex>& list) { return std::ranges::find(list, item_) != list.end(); };
    const auto over = [](const std::optional<long>& most, std::size_t seen) {
      return most && static_cast<long long>(seen) > static_cast<long long>(*most);
    };
    Part part{"severe", {}, {}, Role::counts, std::nullopt, {}};
    if (rule.severe_class != "*") part.segment = "severe_class=" + rule.severe_class;
    const bool too_many_new = over(rule.max_new_failures, counts.fresh.size());
    const bool too_many = over(rule.max_failures, counts.failing.size());
    if (!in(counts.cases)) {
      part.role = Role::left_out;
      part.sentence = facts().severity == Severity::severe ? "it is of another severe class" : "the case is not severe";
    } else if (in(counts.fresh)) {
      part.value = 1.0;
      part.sentence = "new failure";
      if (too_many_new || too_many) {
        part.role = deciding(rule.advisory);
        part.sentence += ": " + weighed(rule.advisory, "decides not eligible");
      } else {
        part.sentence += ", as many as the rule allows";
      }
    } else if (in(counts.failing)) {
      part.value = 1.0;
      part.sentence =
          context_.is_excused(item_) ? "fails, and is excused as a known failure" : "fails, as it does on the baseline";
      if (too_many) {
        part.role = deciding(rule.advisory);
        part.sentence += "; no more than " + std::to_string(*rule.max_failures) +
                         " may fail: " + weighed(rule.advisory, "decides not eligible");
      }
    } else if (in(counts.unmeasured)) {
      part.role = deciding(rule.advisory);
      part.sentence = "was not measured on the candidate: " +
                      weighed(rule.advisory, "nothing clean can be said, so the rule cannot pass");
    } else {
      part.value = 0.0;
      part.sentence = "passes";
    }
    if (part.role != Role::left_out) part.sentence += "; " + one_of(counts.cases.size());
    parts_.push_back(std::move(part));
  }

  void must_pass(const MustPassRule& rule) {
    const bool named = std::ranges::find(rule.cases, view_.id(item_)) != rule.cases.end();
    const bool failing = candidate().failed() > 0;
    const bool complete = view_.complete(item_, Arm::candidate);
    if (!named && !has_must_pass_tag(view_, item_, rule)) {
      add("must_pass", Role::left_out, "the rule names neither this case nor one of its tags");
    } else if (context_.is_excused(item_) && (failing || complete)) {
      add("must_pass", Role::left_out, "it is excused as a known failure");
    } else if (failing) {
      add("must_pass", deciding(rule.advisory),
          "fails, and it must not: " + weighed(rule.advisory, "decides not eligible"), 1.0);
    } else if (!complete) {
      add("must_pass", deciding(rule.advisory),
          "was not measured on the candidate: " +
              weighed(rule.advisory, "it is not known to pass, so the rule cannot"));
    } else {
      add("must_pass", Role::counts, "passes, as it must", 0.0);
    }
  }

  // Random cases that have this value.
  std::size_t size_of(const SegmentValue& wanted) const {
    const auto cases = random_cases(view_);
    return static_cast<std::size_t>(std::ranges::count_if(cases, [&](CaseIndex each) {
      const auto& values = view_.evidence().cases.segment_values(view_.facts(each).segments);
      return std::ranges::find(values, wanted) != values.end();
    }));
  }

  void segments(const SegmentsRule& rule) {
    bool any = false;
    for (const SegmentValue& value : view_.evidence().cases.segment_values(facts().segments)) {
      const std::string label = value.dimension + "=" + value.value;
      const bool asked = std::ranges::find(rule.by, value.dimension) != rule.by.end() ||
                         std::ranges::find(rule.required, label) != rule.required.end();
      if (!asked) continue;
      any = true;
      if (!is_random()) {
        add("segments", Role::left_out, chosen() + " never counts in a segment").segment = label;
        continue;
      }
      const std::size_t size = size_of(value);
      std::string text = difference(metric()) + "; " + one_of(size);
      if (static_cast<long long>(size) < static_cast<long long>(rule.min_cases)) {
        text += ", too few to be tested (" + std::to_string(rule.min_cases) + " are needed)";
      }
      add("segments", Role::counts, std::move(text), view_.difference(item_, metric(), Completion::adverse)).segment =
          label;
    }
    if (!any) add("segments", Role::left_out, "it has no value in " + join_words(rule.by));
  }

  void latency(const LatencyRule& rule) {
    if (view_.is_forced(item_)) {
      add("latency", Role::left_out, "the route was made to fail here, so its time is not the route's");
      return;
    }
    const double worst = slowest(view_, item_, Completion::adverse);
    const std::size_t cases = unforced_cases(view_).size();
    if (!std::isfinite(worst)) {
      add("latency", Role::counts,
          (fell_back(view_, item_)    ? std::string("the fallback answered, whose latency is not the route's")
           : any_cached(view_, item_) ? std::string("a cached reply has no latency of its own")
                                      : std::string("some latency is not known")) +
              ": endless for a pass, nothing for a fail; " + one_of(cases));
      return;
    }
    const std::string side = worst > rule.p95_max_ms ? "above" : "within";
    add("latency", Role::counts,
        (view_.trials() > 1 ? "the slowest trial took " : "took ") + fixed(worst, 0) + " ms, " + side + " the " +
            fixed(rule.p95_max_ms, 0) + " ms that 95 % of cases may take; " + one_of(cases),
        worst);
  }

  void cost(const CostRule& rule) {
    if (view_.is_forced(item_)) {
      add("cost", Role::left_out, "the route was made to fail here, so its cost is not the route's");
      return;
    }
    const CaseCost cost = cost_of(view_, item_);
    const std::string of = one_of(unforced_cases(view_).size());
    if (!cost.complete) {
      const bool fell = fell_back(view_, item_);
      add("cost", Role::counts,
          std::string(fell ? "the fallback answered, so the route's cost" : "its cost") +
              " is not known, so the budget cannot be shown to be kept; " + of);
      return;
    }
    add("cost", Role::counts,
        "costs $" + shortest(cost.known) + " where $" + shortest(rule.max_per_case_usd) + " are allowed on average; " +
            of,
        cost.known);
  }

  void errors() {
    const std::string of = "; " + one_of(view_.cases());
    if (candidate().route_errors > 0) {
      add("errors", Role::counts,
          "the candidate's route broke down in " + std::to_string(candidate().route_errors) + " of " +
              trials_of(view_.trials()) + of,
          1.0);
    } else if (fell_back(view_, item_)) {
      add("errors", Role::counts, "the candidate's route broke down, and its fallback answered" + of, 1.0);
    } else if (any_unseen(view_, item_)) {
      add("errors", Role::counts, "a cell never reached the candidate's route: it may have broken down" + of);
    } else {
      add("errors", Role::counts, "no breakdown of the candidate's route" + of, 0.0);
    }
  }

  void fallback_rate() {
    if (view_.is_forced(item_)) {
      add("fallback_rate", Role::left_out, "the route was made to fail here, so that its fallback must answer");
      return;
    }
    const std::string of = "; " + one_of(unforced_cases(view_).size());
    if (any_fallback(view_, item_)) {
      add("fallback_rate", Role::counts, "the candidate's fallback answered" + of, 1.0);
    } else if (any_without_reply(view_, item_)) {
      add("fallback_rate", Role::counts, "a cell has no reply: the route may have needed its fallback" + of);
    } else {
      add("fallback_rate", Role::counts, "the candidate's route answered by itself" + of, 0.0);
    }
  }

  // How many of its cells ended so.
  void share(const char* rule, const char* what, std::uint16_t ArmOfCase::*count, double limit) {
    const ArmOfCase& baseline = view_.of(item_, Arm::baseline);
    const std::size_t seen = std::size_t{baseline.*count} + candidate().*count;
    std::string text = seen == 0 ? std::string("no cell ") + what
                                 : plural(seen, "cell") + " " + what + "; " + rate(limit) + " of an arm are allowed";
    add(rule, Role::counts, std::move(text), static_cast<double>(seen));
  }

  void evidence() {
    const EvidenceRules& limits = context_.rules.evidence;
    const std::size_t not_run = std::size_t{view_.of(item_, Arm::baseline).not_run} + candidate().not_run;
    if (not_run > 0) {
      add("evidence.complete", Role::decides, plural(not_run, "cell") + " not run: keeps the answer inconclusive",
          static_cast<double>(not_run));
    } else {
      add("evidence.complete", Role::counts, "every cell was run", 0.0);
    }
    share("evidence.provider_errors", "ended in a provider error", &ArmOfCase::provider_errors,
          limits.provider_errors_max_rate);
    share("evidence.ungraded", "could not be graded", &ArmOfCase::ungraded, limits.ungraded_max_rate);
    if (!is_random()) {
      add("evidence.min_cases", Role::left_out, chosen() + " is not among the cases that the rule counts");
    } else if (!view_.measured(item_)) {
      add("evidence.min_cases", Role::left_out, "it was not measured on both arms");
    } else {
      add("evidence.min_cases", Role::counts, "measured on both arms");
    }
    judges();
  }

  // Whose word the case rests on; the finding itself is about the judges, and no case is among its n.
  void judges() {
    if (view_.evidence().plan.judges.empty()) return;
    std::size_t resting = 0;
    for (const Observation& seen : view_.evidence().of_case(item_)) {
      resting += seen.status == Status::ok && seen.judged && !seen.fails_anyway ? 1U : 0U;
    }
    add("evidence.judges", Role::left_out,
        resting == 0 ? "none of its cells rests on a judge's word alone"
                     : plural(resting, "cell") + (resting == 1 ? " rests" : " rest") + " on a judge's word alone");
  }

  const Context& context_;
  const View& view_;
  CaseIndex item_;
  std::vector<Part> parts_;
};

}  // namespace

const char* name(Role role) {
  switch (role) {
    case Role::left_out:
      return "left_out";
    case Role::counts:
      return "counts";
    case Role::decides:
      return "decides";
  }
  return "left_out";
}

std::vector<Part> parts_of(const Evidence& evidence, const Rules& rules, CaseIndex item) {
  const View view(evidence, rules.reduce);
  const Context context{view, rules, excused_cases(view, rules.known_failures)};
  return Story(context, item).tell();
}

}  // namespace headgate::gate
