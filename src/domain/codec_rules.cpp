#include "codec_read.hpp"
#include "headgate/domain/codec.hpp"

namespace headgate {
namespace {

Json advised(Json rule, bool advisory) {
  if (advisory) rule["advisory"] = true;
  return rule;
}

template <class T>
void put(Json& object, const char* key, const std::optional<T>& value) {
  if (value) object[key] = *value;
}

Json quality_json(const QualityRule& rule) {
  Json out = {{"metric", name(rule.metric)}};
  put(out, "max_loss", rule.max_loss);
  put(out, "min_gain", rule.min_gain);
  if (rule.per_suite) out["per_suite"] = true;
  return advised(out, rule.advisory);
}

Json severe_json(const SevereRule& rule) {
  Json out = {{"class", rule.severe_class}};
  put(out, "max_new_failures", rule.max_new_failures);
  put(out, "max_failures", rule.max_failures);
  put(out, "max_rate", rule.max_rate);
  return advised(out, rule.advisory);
}

Json must_pass_json(const MustPassRule& rule) {
  Json out = Json::object();
  if (!rule.tags.empty()) out["tags"] = rule.tags;
  if (!rule.cases.empty()) out["cases"] = rule.cases;
  return advised(out, rule.advisory);
}

Json segments_json(const SegmentsRule& rule) {
  Json out = {{"by", rule.by}, {"max_loss", rule.max_loss}, {"min_cases", rule.min_cases}};
  if (!rule.required.empty()) out["required"] = rule.required;
  return advised(out, rule.advisory);
}

Json rate_json(const RateRule& rule) { return advised({{"max_rate", rule.max_rate}}, rule.advisory); }

Json evidence_json(const EvidenceRules& rules) {
  Json out = {{"min_cases", rules.min_cases},
              {"provider_errors", {{"max_rate", rules.provider_errors_max_rate}}},
              {"ungraded", {{"max_rate", rules.ungraded_max_rate}}},
              {"released", rules.released}};
  // Written where it differs from what holds anyway, so that rules without it keep their digest.
  if (rules.judges != JudgesRule{}) {
    out["judges"] = {{"min_labels", rules.judges.min_labels},
                     {"min_recall", rules.judges.min_recall},
                     {"min_agreement", rules.judges.min_agreement}};
  }
  return out;
}

bool advisory_of(const Json& rule) { return value_or(rule, "advisory", false); }

QualityRule quality_of(const Json& value) {
  QualityRule rule;
  rule.metric = value.at("metric").get<std::string>() == name(Metric::pass) ? Metric::pass : Metric::score;
  rule.max_loss = optional_at<double>(value, "max_loss");
  rule.min_gain = optional_at<double>(value, "min_gain");
  rule.per_suite = value_or(value, "per_suite", false);
  rule.advisory = advisory_of(value);
  return rule;
}

SevereRule severe_of(const Json& value) {
  return {value.at("class").get<std::string>(), optional_at<long>(value, "max_new_failures"),
          optional_at<long>(value, "max_failures"), optional_at<double>(value, "max_rate"), advisory_of(value)};
}

MustPassRule must_pass_of(const Json& value) {
  using Words = std::vector<std::string>;
  return {value_or<Words>(value, "tags", {}), value_or<Words>(value, "cases", {}), advisory_of(value)};
}

SegmentsRule segments_of(const Json& value) {
  using Words = std::vector<std::string>;
  return {value.at("by").get<Words>(), value.at("max_loss").get<double>(), value.at("min_cases").get<long>(),
          value_or<Words>(value, "required", {}), advisory_of(value)};
}

RateRule rate_of(const Json& value) { return {value.at("max_rate").get<double>(), advisory_of(value)}; }

EvidenceRules evidence_of(const Json& value) {
  EvidenceRules rules;
  rules.min_cases = value.at("min_cases").get<long>();
  rules.provider_errors_max_rate = value.at("provider_errors").at("max_rate").get<double>();
  rules.ungraded_max_rate = value.at("ungraded").at("max_rate").get<double>();
  rules.released = value.at("released").get<bool>();
  if (value.contains("judges")) {
    const Json& judges = value.at("judges");
    rules.judges = {judges.at("min_labels").get<long>(), judges.at("min_recall").get<double>(),
                    judges.at("min_agreement").get<double>()};
  }
  return rules;
}

}  // namespace

Json to_json(const Rules& rules) {
  Json out = {{"evidence", evidence_json(rules.evidence)}};
  if (rules.quality) out["quality"] = quality_json(*rules.quality);
  if (rules.floor) out["floor"] = advised({{"min_pass_rate", rules.floor->min_pass_rate}}, rules.floor->advisory);
  if (!rules.severe.empty()) {
    Json& severe = out["severe"] = Json::array();
    for (const SevereRule& rule : rules.severe) severe.push_back(severe_json(rule));
  }
  if (rules.must_pass) out["must_pass"] = must_pass_json(*rules.must_pass);
  if (rules.segments) out["segments"] = segments_json(*rules.segments);
  if (rules.latency) out["latency"] = advised({{"p95_max_ms", rules.latency->p95_max_ms}}, rules.latency->advisory);
  if (rules.cost) out["cost"] = advised({{"max_per_case_usd", rules.cost->max_per_case_usd}}, rules.cost->advisory);
  if (rules.errors) out["errors"] = rate_json(*rules.errors);
  if (rules.fallback_rate) out["fallback_rate"] = rate_json(*rules.fallback_rate);
  if (rules.reduce != Reducer{}) out["reduce"] = rules.reduce.text();
  if (!rules.known_failures.empty()) {
    Json& known = out["known_failures"] = Json::array();
    for (const KnownFailure& each : rules.known_failures) {
      known.push_back({{"case", each.case_id}, {"owner", each.owner}, {"until", each.until}, {"reason", each.reason}});
    }
  }
  return out;
}

Result<Rules> rules_from_json(const Json& value) {
  return read_noun<Rules>("set of rules", [&] {
    Rules rules;
    rules.evidence = evidence_of(value.at("evidence"));
    if (value.contains("quality")) rules.quality = quality_of(value.at("quality"));
    if (value.contains("floor")) {
      const Json& floor = value.at("floor");
      rules.floor = FloorRule{floor.at("min_pass_rate").get<double>(), advisory_of(floor)};
    }
    for (const Json& each : value_or(value, "severe", Json::array())) rules.severe.push_back(severe_of(each));
    if (value.contains("must_pass")) rules.must_pass = must_pass_of(value.at("must_pass"));
    if (value.contains("segments")) rules.segments = segments_of(value.at("segments"));
    if (value.contains("latency")) {
      const Json& latency = value.at("latency");
      rules.latency = LatencyRule{latency.at("p95_max_ms").get<double>(), advisory_of(latency)};
    }
    if (value.contains("cost")) {
      const Json& cost = value.at("cost");
      rules.cost = CostRule{cost.at("max_per_case_usd").get<double>(), advisory_of(cost)};
    }
    if (value.contains("errors")) rules.errors = rate_of(value.at("errors"));
    if (value.contains("fallback_rate")) rules.fallback_rate = rate_of(value.at("fallback_rate"));
    if (value.contains("reduce")) rules.reduce = word_at<Reducer>(value, "reduce");
    for (const Json& each : value_or(value, "known_failures", Json::array())) {
      rules.known_failures.push_back({each.at("case").get<std::string>(), each.at("owner").get<std::string>(),
                                      each.at("until").get<std::string>(), each.at("reason").get<std::string>(), true});
    }
    return rules;
  });
}

}  // namespace headgate
