#include "headgate/config/gate_file.hpp"
#include "language_reader.hpp"
#include "program_reader.hpp"

namespace headgate::config {
namespace {

constexpr double most_counted = 1e9;  // no run has more cases
constexpr double most_usd = 1e9;      // more is no bound
constexpr double most_trials = 1000;  // more repeats of a case tell nothing new

Shape words() { return list_of(string_shape()).at_least(1); }
// 1 as a loss or a rate allows everything: such a rule would demand nothing.
Shape share() { return number_shape().at_least(0).below(1); }
Shape positive_share() { return number_shape().above(0).below(1); }

Shape counted(double least) { return integer_shape().at_least(least).at_most(most_counted); }

Field advisory() { return {"advisory", boolean_shape(), "report it, never block on it", false, "false"}; }

const FieldTable& quality_table() {
  static const FieldTable table{
      "quality rule",
      "The candidate is not worse than the baseline by more than max_loss, or better by at least min_gain.",
      {{"metric", one_of({"score", "pass"}), "the mean score of a case's graders, or whether it passes", false,
        R"("score")"},
       {"max_loss", share(), "how much worse is still acceptable", false, "", "0.03"},
       {"min_gain", share(), "how much better it must be", false, "", "0.02"},
       {"per_suite", boolean_shape(), "every suite by itself instead of all together", false, "false"},
       advisory()},
      {{KeyDemand::Count::exactly_one,
        {"max_loss", "min_gain"},
        "the quality rule needs exactly one of max_loss and min_gain",
        "max_loss: how much worse is acceptable; min_gain: how much better it must be"}}};
  return table;
}

const FieldTable& floor_table() {
  static const FieldTable table{
      "floor rule",
      "The share of cases the candidate must pass.",
      {{"min_pass_rate", positive_share(), "the least share of passing cases", true, "", "0.8"}, advisory()}};
  return table;
}

const FieldTable& severe_table() {
  static const FieldTable table{
      "severe rule",
      "How many severe cases may fail.",
      {{"class", string_shape(), R"(a severe class, or "*" for all together)", true, "", R"("*")"},
       {"max_new_failures", counted(0), "failing now, passing on the baseline"},
       {"max_failures", counted(0), "failing now"},
       {"max_rate", positive_share(), "the failure rate that must be ruled out", false, "", "0.05"},
       advisory()},
      {{KeyDemand::Count::at_least_one,
        {"max_new_failures", "max_failures", "max_rate"},
        "a severe rule needs a limit",
        "max_new_failures: 0, max_failures: 0 or max_rate: 0.05"}}};
  return table;
}

const FieldTable& must_pass_table() {
  static const FieldTable table{
      "must_pass rule",
      "Cases that must pass whatever the rest does.",
      {{"tags", words(), "cases with any of these tags"}, {"cases", words(), "cases by id"}, advisory()},
      {{KeyDemand::Count::at_least_one, {"tags", "cases"}, "the must_pass rule needs tags or cases"}}};
  return table;
}

const FieldTable& segments_table() {
  static const FieldTable table{
      "segments rule",
      "No segment loses more than max_loss.",
      {{"by", words(), "dimensions", true, "", R"(["language"])"},
       {"max_loss", share(), "how much worse is still acceptable in a segment", true, "", "0.1"},
       {"min_cases", counted(1), "segments with fewer cases decide nothing", false, "30"},
       {"required", list_of(string_shape()), "segments that must have enough cases, as dimension=value", false, "[]",
        R"(["language=de"])"},
       advisory()}};
  return table;
}

const FieldTable& latency_table() {
  static const FieldTable table{
      "latency rule",
      "How long the candidate's replies may take.",
      {{"p95_max_ms", number_shape().above(0), "the most the 95th percentile may be", true, "", "2500"},
       {"clock", one_of({"reply"}), "what is measured: the successful try alone", false, R"("reply")"},
       advisory()}};
  return table;
}

const FieldTable& cost_table() {
  static const FieldTable table{
      "cost rule",
      "What the candidate's replies may cost.",
      {{"max_per_case_usd", number_shape().above(0), "the most a case may cost on average", true, "", "0.004"},
       advisory()}};
  return table;
}

const FieldTable& fallback_rate_table() {
  static const FieldTable table{
      "fallback rate rule",
      "How often somebody else may answer for the candidate.",
      {{"max_rate", share(), "the most the fallback's replies may be of all cells, those made to fall back aside", true,
        "", "0.05"},
       advisory()}};
  return table;
}

const FieldTable& errors_table() {
  static const FieldTable table{
      "errors rule",
      "How often the route itself may fail.",
      {{"max_rate", share(), "the most route errors may be of all cells", true, "", "0.02"}, advisory()}};
  return table;
}

const FieldTable& rules_table() {
  static const FieldTable table{
      "rules",
      "What the gate demands. A rule left out is not asked.",
      {{"quality", object_of(quality_table()), "The average against the baseline.", true, "", R"({"max_loss":0.03})"},
       {"floor", object_of(floor_table()), "The average by itself."},
       {"severe", list_of(object_of(severe_table())).at_least(1), "Severe failures, by class."},
       {"must_pass", object_of(must_pass_table()), "Cases that must pass."},
       {"segments", object_of(segments_table()), "The average within segments."},
       {"latency", object_of(latency_table()), "How long replies take."},
       {"cost", object_of(cost_table()), "What replies cost."},
       {"errors", object_of(errors_table()), "How often the route fails."},
       {"fallback_rate", object_of(fallback_rate_table()), "How often the candidate's fallback answers."}}};
  return table;
}

const FieldTable& known_failure_table() {
  static const FieldTable table{"known failure",
                                "A case that may fail until a day, and who answers for it.",
                                {{"case", string_shape(), "the id of the case", true},
                                 {"owner", string_shape(), "who answers for it", true},
                                 {"until", date_shape(), "the last day it may fail, YYYY-MM-DD", true},
                                 {"reason", string_shape(), "why it fails", true}}};
  return table;
}

const FieldTable& rate_table() {
  static const FieldTable table{
      "rate", "The most a rate may be.", {{"max_rate", share(), "above it there is no decision", true, "", "0.02"}}};
  return table;
}

const FieldTable& judges_rule_table() {
  static const FieldTable table{
      "judges rule",
      "What a judge must have shown against people's labels before a decision may rest on its word.",
      {{"min_labels", counted(1), "labels at least", false, "50"},
       {"min_recall", positive_share(),
        "of what people failed, the share that the judge failed too: the lower 95 % bound must reach it, over all, on "
        "each arm and in each severe class with such labels",
        false, "0.8"},
       {"min_agreement", positive_share(), "of all labels: the lower 95 % bound must reach it", false, "0.8"}}};
  return table;
}

const FieldTable& evidence_table() {
  static const FieldTable table{
      "evidence",
      "What a decision needs to stand on.",
      {{"min_cases", counted(1), "fewer cases decide nothing", false, "100"},
       {"provider_errors", object_of(rate_table()), "errors on the way to the route", false, R"({"max_rate":0.02})"},
       {"ungraded", object_of(rate_table()), "replies that could not be judged", false, R"({"max_rate":0.02})"},
       {"released", boolean_shape(), "whether every suite must be a released version", false, "false"},
       {"judges", object_of(judges_rule_table()), "calibration of judges, where one is used", false,
        R"({"min_agreement":0.8,"min_labels":50,"min_recall":0.8})"}}};
  return table;
}

const FieldTable& plugin_table() {
  static const FieldTable table = [] {
    FieldTable out{"plugin", "A program of the operator's that graders of kind plugin ask.", program_fields()};
    for (Field& field : out.fields) {
      if (field.name == "command") field.required = true;
    }
    return out;
  }();
  return table;
}

Shape trial_count() { return integer_shape().at_least(1).at_most(most_trials); }

const FieldTable& trials_table() {
  static const FieldTable table{
      "trials",
      "How often each case is asked, and how its trials become one outcome.",
      {{"count", trial_count(), "trials of each case", true, "", "5"},
       {"reduce", string_shape(),
        "mean, pass@K (one of K trials passes), pass^K (all of K pass), majority (a tie fails), worst or best; a severe "
        "case fails when any trial does, whatever stands here",
        false, R"("mean")", R"("pass^4")"}}};
  return table;
}

const FieldTable& judge_table() {
  static const FieldTable table{
      "judge",
      "Whose word a judge's verdict is. Without a calibration it is told, and decides nothing.",
      {{"route", string_shape(),
        "the route file of the model that is asked, of any kind but replay; none where its verdicts came with the "
        "replies",
        false, "", R"("routes/judge.yaml")"},
       {"calibration", either({string_shape(), words()}),
        "what `headgate judge calibrate` wrote: how its verdicts compare with people's, by rubric and route", false, "",
        R"("calibration/rubric.json")"}}};
  return table;
}

const FieldTable& baseline_table() {
  static const FieldTable table{
      "baseline",
      "A baseline whose earlier replies are used again.",
      {{"route", string_shape(), "the route file of what is in use", true, "", R"("routes/a.yaml")"},
       {"reuse", string_shape(),
        "latest, or a run: a case that is as it was there, asked of the same route, is not asked again", true, "",
        R"("latest")"}}};
  return table;
}

const FieldTable& budget_table() {
  static const FieldTable table{
      "budget",
      "What a run may spend.",
      {{"max_usd", number_shape().above(0).at_most(most_usd),
        "the most a run may cost, resumed or not; what a call may cost is set aside before it is sent", false, "",
        "25"},
       {"deadline", string_shape(), "how long one start of a run may take", false, "", R"("30m")"}},
      {{KeyDemand::Count::at_least_one, {"max_usd", "deadline"}, "a budget needs max_usd or deadline"}}};
  return table;
}

const FieldTable& readiness_table() {
  static const FieldTable table{
      "readiness",
      "What must have been tried before anybody is exposed.",
      {{"fallback_tested", words(), "cases, by id, on which a route with a fallback is made to fail", true, "",
        R"(["fallback-001"])"}}};
  return table;
}

}  // namespace

const FieldTable& gate_table() {
  static const FieldTable table{
      "gate",
      "The question a gate asks, and what it takes to say yes.",
      {{"gate", string_shape(), "The name of the gate; runs land in reports/NAME/.", true, "",
        R"("support_answer_model")"},
       {"release_question", string_or_empty(), "What is to be decided, in words."},
       {"stage", one_of({"shadow", "internal"}),
        "What it decides about. shadow: no rule fails, deterministic rules pass, 20 cases are measured. internal: "
        "every rule and all evidence pass.",
        false, R"("internal")"},
       {"baseline", either({string_shape(), object_of(baseline_table())}),
        "The route file of what is in use; or that file, and whose earlier replies stand for it.", true, "",
        R"("routes/a.yaml")"},
       {"candidate", string_shape(), "The route file of what may replace it.", true, "", R"("routes/b.yaml")"},
       {"suites", words(), "Suites: name, name@^1.4, ./path, ./path@draft.", true, "", R"(["support_triage@^1.4"])"},
       {"trials", either({trial_count(), object_of(trials_table())}),
        "How often each case is asked, and how its trials become one outcome; cases stay the unit of the statistics.",
        false, "1"},
       {"rules", object_of(rules_table()), "What the gate demands.", true},
       {"known_failures", list_of(object_of(known_failure_table())),
        "Cases that are excused in must_pass and max_new_failures until a day; always printed.", false, "[]"},
       {"evidence", object_of(evidence_table()),
        "What a decision needs to stand on; a suite that cannot carry a decision makes none."},
       {"readiness", object_of(readiness_table()), "What must have been tried before anybody is exposed."},
       {"budget", object_of(budget_table()), "What a run may spend; no part of what it decides.", false, "",
        R"({"max_usd":25,"deadline":"30m"})"},
       {"plugins", map_of(object_of(plugin_table())),
        "The programs that graders of kind plugin ask, by the name the suites use.", false, "{}",
        R"json({"lint":{"command":["python3","plugins/lint.py"]}})json"},
       {"judges", map_of(either({string_shape(), object_of(judge_table())})),
        "The models that graders ask for a verdict, by the name the suites use: a route file, or that and its "
        "calibrations.",
        false, "{}", R"json({"rubric":{"route":"routes/judge.yaml","calibration":"calibration/rubric.json"}})json"},
       {"embeddings", map_of(string_shape()),
        "The route files of the models that turn texts into vectors, by the name the suites use.", false, "{}",
        R"json({"small":"routes/embed.yaml"})json"},
       {"languages", map_of(object_of(language_table())),
        "How programs of replies are run that are neither in python nor in cpp, by the name the suites use.", false,
        "{}", R"json({"ruby":{"command":["ruby","languages/ruby.rb"]}})json"},
       {"data", map_of(string_shape()), "Folders that suites and recorded replies may read as data:NAME/file.", false,
        "{}", R"json({"gsm8k":"${HEADGATE_DATA}/gsm8k-openai"})json"}}};
  return table;
}

}  // namespace headgate::config
