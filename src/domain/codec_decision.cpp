#include <cmath>

#include "codec_read.hpp"
#include "codec_sections.hpp"
#include "decision_words.hpp"
#include "headgate/base/text.hpp"
#include "headgate/domain/codec.hpp"

namespace headgate {
namespace {

// JSON has no infinity; it is written as a string.
Json number_json(const std::optional<double>& value) {
  if (!value) return nullptr;
  if (std::isfinite(*value)) return *value;
  return shortest(*value);
}

std::optional<double> number_at(const Json& object, const char* key) {
  const Json& value = object.at(key);
  if (value.is_null()) return std::nullopt;
  if (!value.is_string()) return value.get<double>();
  const auto& word = value.get_ref<const std::string&>();
  if (word == "inf") return HUGE_VAL;
  if (word == "-inf") return -HUGE_VAL;
  throw Misfit(std::string(key) + " is no number");
}

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json arm_json(const ArmSummary& arm) {
  return {{"route", arm.route},
          {"digest", arm.digest.text()},
          {"cells", arm.cells},
          {"passed", arm.passed},
          {"failed", arm.failed},
          {"route_errors", arm.route_errors},
          {"provider_errors", arm.provider_errors},
          {"ungraded", arm.ungraded},
          {"not_run", arm.not_run},
          {"score_mean", number_json(arm.score_mean)}};
}

Json reason_json(const Reason& reason) {
  return {{"rule", reason.rule},
          {"verdict", name(reason.verdict)},
          {"code", reason.code},
          {"text", reason.text},
          {"cases", reason.cases}};
}

Json evidence_json(const Decision& decision) {
  Json suites = Json::array();
  for (const SuiteHead& suite : decision.suites) {
    suites.push_back({{"name", suite.name},
                      {"version", suite.version},
                      {"digest", suite.digest.text()},
                      {"cases", suite.cases},
                      {"released", suite.released}});
  }
  return {{"policy_digest", decision.policy_digest.text()},
          {"suites", std::move(suites)},
          {"records_digest", decision.records_digest.text()},
          {"plan_digest", decision.plan_digest.text()},
          {"rules_as_sealed", decision.rules_as_sealed}};
}

}  // namespace

Json to_json(const Finding& finding) {
  Json out = {{"rule", finding.rule},
              {"suite", or_null(finding.suite)},
              {"segment", or_null(finding.segment)},
              {"verdict", name(finding.verdict)},
              {"code", finding.code},
              {"sentence", finding.sentence},
              {"estimate", number_json(finding.estimate)},
              {"lower", number_json(finding.lower)},
              {"upper", number_json(finding.upper)},
              {"alpha_pass", finding.alpha_pass},
              {"alpha_fail", finding.alpha_fail},
              {"method", finding.method},
              {"estimand", finding.estimand},
              {"n", finding.n},
              {"n_eff", number_json(finding.n_eff)},
              {"clusters", finding.clusters},
              {"informative_clusters", or_null(finding.informative_clusters)},
              {"df", number_json(finding.df)},
              {"statistic", number_json(finding.statistic)},
              {"p_pass", number_json(finding.p_pass)},
              {"p_harm", number_json(finding.p_harm)},
              {"threshold", number_json(finding.threshold)},
              {"needed_n", or_null(finding.needed_n)},
              {"cases", finding.cases},
              {"cases_total", finding.cases_total},
              {"notes", finding.notes},
              {"advisory", finding.advisory},
              {"discordant", nullptr},
              {"missing", Json::object()},
              {"route_errors", Json::object()}};
  if (finding.discordant) {
    out["discordant"] = {{"both", finding.discordant->both},
                         {"candidate_only", finding.discordant->candidate_only},
                         {"baseline_only", finding.discordant->baseline_only},
                         {"neither", finding.discordant->neither}};
  }
  if (finding.missing) {
    out["missing"] = {{"candidate", finding.missing->candidate},
                      {"baseline", finding.missing->baseline},
                      {"both", finding.missing->both}};
  }
  if (finding.route_errors) {
    out["route_errors"] = {{"candidate", finding.route_errors->candidate},
                           {"baseline", finding.route_errors->baseline}};
  }
  return out;
}

Json to_json(const Decision& decision) {
  Json stages = Json::array();
  for (const Stage stage : decision.eligible_for) stages.push_back(name(stage));
  Json reasons = Json::array();
  for (const Reason& reason : decision.reasons) reasons.push_back(reason_json(reason));
  Json findings = Json::array();
  for (const Finding& finding : decision.findings) findings.push_back(to_json(finding));
  Json known = Json::array();
  for (const KnownFailure& each : decision.known_failures) {
    known.push_back({{"case", each.case_id},
                     {"owner", each.owner},
                     {"until", each.until},
                     {"reason", each.reason},
                     {"active", each.active}});
  }
  Json out = {{"format", decision_format},
              {"gate", decision.gate},
              {"release_question", decision.release_question},
              {"stage", name(decision.stage)},
              {"decision", name(decision.answer)},
              {"eligible_for", std::move(stages)},
              {"action", name(decision.action)},
              {"reasons", std::move(reasons)},
              {"findings", std::move(findings)},
              {"not_asked", decision.not_asked},
              {"next_stage", decision.next_stage},
              {"arms", {{"baseline", arm_json(decision.arms[0])}, {"candidate", arm_json(decision.arms[1])}}},
              {"route_diff", decision.route_diff},
              {"known_failures", std::move(known)},
              {"notes", decision.notes},
              {"flips", {{"regressions", decision.flips.regressions}, {"improvements", decision.flips.improvements}}},
              {"evidence", evidence_json(decision)}};
  put_sections(out, decision);
  return out;
}

namespace {

template <class Enum, std::size_t N>
Enum word_in(const Names<Enum, N>& names, const Json& value) {
  Enum out{};
  const auto& word = value.get_ref<const std::string&>();
  if (!parse_in(names, word, out)) throw Misfit("'" + word + "' is no word of a decision");
  return out;
}

Finding finding_of(const Json& value) {
  Finding finding;
  finding.rule = value.at("rule").get<std::string>();
  finding.suite = optional_at<std::string>(value, "suite");
  finding.segment = optional_at<std::string>(value, "segment");
  finding.verdict = word_in(verdict_names, value.at("verdict"));
  finding.code = value.at("code").get<std::string>();
  finding.sentence = value.at("sentence").get<std::string>();
  finding.estimate = number_at(value, "estimate");
  finding.lower = number_at(value, "lower");
  finding.upper = number_at(value, "upper");
  finding.alpha_pass = value.at("alpha_pass").get<double>();
  finding.alpha_fail = value.at("alpha_fail").get<double>();
  finding.method = value.at("method").get<std::string>();
  finding.estimand = value.at("estimand").get<std::string>();
  finding.n = value.at("n").get<std::size_t>();
  finding.n_eff = number_at(value, "n_eff");
  finding.clusters = value.at("clusters").get<std::size_t>();
  finding.informative_clusters = optional_at<std::size_t>(value, "informative_clusters");
  finding.df = number_at(value, "df");
  finding.statistic = number_at(value, "statistic");
  finding.p_pass = number_at(value, "p_pass");
  finding.p_harm = number_at(value, "p_harm");
  finding.threshold = number_at(value, "threshold");
  finding.needed_n = optional_at<std::size_t>(value, "needed_n");
  finding.cases = value.at("cases").get<std::vector<std::string>>();
  finding.cases_total = value.at("cases_total").get<std::size_t>();
  finding.notes = value.at("notes").get<std::vector<std::string>>();
  finding.advisory = value.at("advisory").get<bool>();
  const auto count = [](const Json& counts, const char* key) { return counts.at(key).get<std::size_t>(); };
  if (const Json& counts = value.at("discordant"); !counts.is_null()) {
    finding.discordant = Finding::Discordant{count(counts, "both"), count(counts, "candidate_only"),
                                             count(counts, "baseline_only"), count(counts, "neither")};
  }
  if (const Json& counts = value.at("missing"); !counts.empty()) {
    finding.missing = Finding::Missing{count(counts, "candidate"), count(counts, "baseline"), count(counts, "both")};
  }
  if (const Json& counts = value.at("route_errors"); !counts.empty()) {
    finding.route_errors = Finding::RouteErrors{count(counts, "candidate"), count(counts, "baseline")};
  }
  return finding;
}

ArmSummary arm_of(const Json& value) {
  ArmSummary arm;
  arm.route = value.at("route").get<std::string>();
  arm.digest = digest_at(value, "digest");
  arm.cells = value.at("cells").get<std::size_t>();
  arm.passed = value.at("passed").get<std::size_t>();
  arm.failed = value.at("failed").get<std::size_t>();
  arm.route_errors = value.at("route_errors").get<std::size_t>();
  arm.provider_errors = value.at("provider_errors").get<std::size_t>();
  arm.ungraded = value.at("ungraded").get<std::size_t>();
  arm.not_run = value.at("not_run").get<std::size_t>();
  arm.score_mean = number_at(value, "score_mean");
  return arm;
}

Reason reason_of(const Json& value) {
  return {value.at("rule").get<std::string>(), word_in(verdict_names, value.at("verdict")),
          value.at("code").get<std::string>(), value.at("text").get<std::string>(),
          value.at("cases").get<std::vector<std::string>>()};
}

}  // namespace

Result<Decision> decision_from_json(const Json& value) {
  return read_noun<Decision>("decision", [&] {
    require_format(value, decision_format);
    Decision decision;
    decision.gate = value.at("gate").get<std::string>();
    decision.release_question = value.at("release_question").get<std::string>();
    decision.stage = word_at<Stage>(value, "stage");
    decision.answer = word_in(outlook_names, value.at("decision"));
    for (const Json& word : value.at("eligible_for")) {
      Stage stage{};
      if (!parse(word.get_ref<const std::string&>(), stage)) throw Misfit("eligible_for holds no stage");
      decision.eligible_for.push_back(stage);
    }
    decision.action = word_in(action_names, value.at("action"));
    for (const Json& reason : value.at("reasons")) decision.reasons.push_back(reason_of(reason));
    for (const Json& finding : value.at("findings")) decision.findings.push_back(finding_of(finding));
    decision.not_asked = value.at("not_asked").get<std::vector<std::string>>();
    decision.next_stage = value.at("next_stage").get<std::vector<std::string>>();
    decision.arms = {arm_of(value.at("arms").at("baseline")), arm_of(value.at("arms").at("candidate"))};
    decision.route_diff = value.at("route_diff").get<std::vector<std::string>>();
    for (const Json& each : value.at("known_failures")) {
      decision.known_failures.push_back({each.at("case").get<std::string>(), each.at("owner").get<std::string>(),
                                         each.at("until").get<std::string>(), each.at("reason").get<std::string>(),
                                         each.at("active").get<bool>()});
    }
    read_sections(value, decision);
    decision.notes = value.at("notes").get<std::vector<std::string>>();
    decision.flips = {value.at("flips").at("regressions").get<std::size_t>(),
                      value.at("flips").at("improvements").get<std::size_t>()};
    const Json& evidence = value.at("evidence");
    decision.policy_digest = digest_at(evidence, "policy_digest");
    decision.records_digest = digest_at(evidence, "records_digest");
    decision.plan_digest = digest_at(evidence, "plan_digest");
    decision.rules_as_sealed = evidence.at("rules_as_sealed").get<bool>();
    for (const Json& each : evidence.at("suites")) {
      SuiteHead suite;
      suite.name = each.at("name").get<std::string>();
      suite.version = each.at("version").get<std::string>();
      suite.digest = digest_at(each, "digest");
      suite.cases = each.at("cases").get<std::size_t>();
      suite.released = each.at("released").get<bool>();
      decision.suites.push_back(std::move(suite));
    }
    return decision;
  });
}

}  // namespace headgate
