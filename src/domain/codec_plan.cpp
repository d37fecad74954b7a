#include <set>

#include "codec_read.hpp"
#include "headgate/domain/codec.hpp"

namespace headgate {

Json to_json(const RouteUse& route) {
  Json parts = Json::object();
  put_text(parts, "model", route.parts.model);
  put_text(parts, "prompt", route.parts.prompt);
  put_text(parts, "retrieval", route.parts.retrieval);
  put_text(parts, "tool_policy", route.parts.tool_policy);
  put_text(parts, "params", route.parts.params);
  put_text(parts, "program", route.parts.program);
  put_text(parts, "request", route.parts.request);
  put_text(parts, "fallback", route.parts.fallback);
  put_text(parts, "replies", route.parts.replies);
  Json out = {{"name", route.name},
              {"kind", route.kind},
              {"parts", std::move(parts)},
              {"recorded", route.recorded},
              {"digest", route.digest.text()}};
  if (!route.fallback.empty()) out["fallback"] = route.fallback;
  return out;
}

Result<RouteUse> route_use_from_json(const Json& value) {
  return read_noun<RouteUse>("route", [&] {
    RouteUse route;
    route.name = value.at("name").get<std::string>();
    route.kind = value.at("kind").get<std::string>();
    route.recorded = value.at("recorded").get<bool>();
    const Json& parts = value.at("parts");
    route.parts = {text_at(parts, "model"),       text_at(parts, "prompt"),   text_at(parts, "retrieval"),
                   text_at(parts, "tool_policy"), text_at(parts, "params"),   text_at(parts, "program"),
                   text_at(parts, "request"),     text_at(parts, "fallback"), text_at(parts, "replies")};
    route.fallback = value_or<std::string>(value, "fallback", {});
    route.digest = digest_at(value, "digest");
    if (route.digest != route_digest(route.parts))
      throw Misfit("route '" + route.name + "' does not digest to what it says");
    return route;
  });
}

Json to_json(const SealedJudge& judge) {
  Json out = {{"judge", judge.use.judge}, {"rubric", judge.use.rubric.text()}};
  if (judge.use.recorded) {
    out["recorded"] = true;
  } else {
    out["route"] = judge.route;
    out["route_digest"] = judge.route_digest.text();
  }
  if (judge.calibration) {
    out["calibration"] = to_json(*judge.calibration);
  } else {
    out["why_not"] = judge.why_not;
  }
  return out;
}

namespace {

template <class T>
T unwrap(Result<T> result) {
  if (!result) throw Misfit(result.error().message);
  return std::move(*result);
}

using Digests = std::map<std::string, Digest>;

void put_digests(Json& object, const char* key, const Digests& digests) {
  for (const auto& [name, digest] : digests) object[key][name] = digest.text();
}

Digests digests_at(const Json& object, const char* key) {
  Digests digests;
  const auto found = object.find(key);
  if (found == object.end()) return digests;
  for (const auto& [name, digest] : found->items()) digests[name] = digest_at(*found, name.c_str());
  return digests;
}

}  // namespace

Result<SealedJudge> sealed_judge_from_json(const Json& value) {
  return read_noun<SealedJudge>("judge", [&] {
    SealedJudge judge;
    judge.use.judge = value.at("judge").get<std::string>();
    judge.use.rubric = digest_at(value, "rubric");
    judge.use.recorded = value_or(value, "recorded", false);
    if (!judge.use.recorded) {
      judge.route = value.at("route").get<std::string>();
      judge.route_digest = digest_at(value, "route_digest");
    }
    const auto calibration = value.find("calibration");
    if (calibration == value.end()) {
      judge.why_not = value.at("why_not").get<std::string>();
      return judge;
    }
    judge.calibration = unwrap(calibration_from_json(*calibration));
    if (judge.calibration->use != judge.use || judge.calibration->route_digest != judge.route_digest) {
      throw Misfit("the calibration of judge '" + judge.use.judge + "' is of another judge");
    }
    return judge;
  });
}

Json to_json(const PlanHead& head) {
  Json suites = Json::array();
  for (const SuiteHead& suite : head.suites) suites.push_back(to_json(suite));
  Json inactive = Json::array();  // what was measured about known failures when the plan was sealed
  for (const KnownFailure& known : head.rules.known_failures) {
    if (!known.active) inactive.push_back(known.case_id);
  }
  Json out = {{"format", plan_format},
              {"gate", head.gate},
              {"release_question", head.release_question},
              {"stage", name(head.stage)},
              {"rules", to_json(head.rules)},
              {"expired_known_failures", std::move(inactive)},
              {"routes", {to_json(head.routes[0]), to_json(head.routes[1])}},
              {"suites", std::move(suites)},
              {"trials", head.trials},
              {"seed", head.seed},
              {"filter", head.filter},
              {"limit", head.limit},
              {"overrides", head.overrides},
              {"partial", head.partial},
              {"attempt", head.attempt},
              {"as_of", head.as_of},
              {"digest", head.digest.text()}};
  put_digests(out, "plugins", head.plugins);
  for (const SealedJudge& judge : head.judges) out["judges"].push_back(to_json(judge));
  put_digests(out, "embeddings", head.embeddings);
  put_digests(out, "languages", head.languages);
  if (head.unsandboxed) out["unsandboxed"] = true;
  if (!head.baseline_reuse.empty()) out["baseline_reuse"] = head.baseline_reuse;
  if (!head.fallback_tested.empty()) out["fallback_tested"] = head.fallback_tested;
  return out;
}

Result<PlanHead> plan_head_from_json(const Json& value) {
  return read_noun<PlanHead>("plan", [&] {
    require_format(value, plan_format);
    PlanHead head;
    head.gate = value.at("gate").get<std::string>();
    head.release_question = value.at("release_question").get<std::string>();
    head.stage = word_at<Stage>(value, "stage");
    head.rules = unwrap(rules_from_json(value.at("rules")));
    const auto inactive = value.at("expired_known_failures").get<std::set<std::string>>();
    for (KnownFailure& known : head.rules.known_failures) known.active = !inactive.contains(known.case_id);
    for (std::size_t i = 0; i < head.routes.size(); ++i) {
      head.routes[i] = unwrap(route_use_from_json(value.at("routes").at(i)));
    }
    for (const Json& suite : value.at("suites")) head.suites.push_back(unwrap(suite_head_from_json(suite)));
    head.plugins = digests_at(value, "plugins");
    if (value.contains("judges")) {
      for (const Json& judge : value.at("judges")) head.judges.push_back(unwrap(sealed_judge_from_json(judge)));
    }
    head.embeddings = digests_at(value, "embeddings");
    head.languages = digests_at(value, "languages");
    head.unsandboxed = value_or(value, "unsandboxed", false);
    head.trials = value.at("trials").get<std::uint32_t>();
    if (head.trials == 0) throw Misfit("it has no trials");
    head.seed = value.at("seed").get<std::uint64_t>();
    head.filter = value.at("filter").get<std::string>();
    head.limit = value.at("limit").get<std::size_t>();
    head.overrides = value.at("overrides").get<std::vector<std::string>>();
    head.baseline_reuse = value_or<std::string>(value, "baseline_reuse", {});
    head.fallback_tested = value_or<std::vector<std::string>>(value, "fallback_tested", {});
    head.partial = value.at("partial").get<bool>();
    head.attempt = value.at("attempt").get<std::uint32_t>();
    head.as_of = value.at("as_of").get<std::string>();
    head.digest = digest_at(value, "digest");
    return head;
  });
}

}  // namespace headgate
