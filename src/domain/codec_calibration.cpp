#include <algorithm>
#include <nlohmann/json.hpp>

#include "codec_read.hpp"
#include "headgate/domain/codec.hpp"

namespace headgate {
namespace {

// Pairs of equal differences are written once, with their count: [human, judged, weight, count].
Json pairs_json(const std::vector<Calibration::Pair>& pairs) {
  Json out = Json::array();
  for (std::size_t i = 0; i < pairs.size();) {
    std::size_t end = i;
    while (end < pairs.size() && pairs[end] == pairs[i]) ++end;
    out.push_back({pairs[i].human, pairs[i].judged, pairs[i].weight, end - i});
    i = end;
  }
  return out;
}

std::vector<Calibration::Pair> pairs_of(const Json& value) {
  std::vector<Calibration::Pair> out;
  for (const Json& each : value) {
    const Calibration::Pair pair{each.at(0).get<double>(), each.at(1).get<double>(), each.at(2).get<double>()};
    const auto count = each.at(3).get<std::size_t>();
    if (count > Calibration::max_pairs - out.size()) throw Misfit("it has too many pairs");
    const auto is_difference = [](double x) { return x >= -1.0 && x <= 1.0; };
    if (!is_difference(pair.human) || !is_difference(pair.judged) || !(pair.weight > 0.0)) {
      throw Misfit("a pair is out of range");
    }
    out.insert(out.end(), count, pair);
  }
  std::sort(out.begin(), out.end());
  return out;
}

Json rate_json(const LabelledRate& rate) {
  return {{"estimate", rate.estimate}, {"lower", rate.lower}, {"upper", rate.upper}, {"n", rate.n},
          {"hits", rate.hits},         {"n_eff", rate.n_eff}};
}

LabelledRate rate_of(const Json& value) {
  LabelledRate rate;
  rate.estimate = value.at("estimate").get<double>();
  rate.lower = value.at("lower").get<double>();
  rate.upper = value.at("upper").get<double>();
  rate.n = value.at("n").get<std::size_t>();
  rate.hits = value.at("hits").get<std::size_t>();
  rate.n_eff = value.at("n_eff").get<double>();
  const auto is_share = [](double x) { return x >= 0.0 && x <= 1.0; };
  if (!is_share(rate.estimate) || !is_share(rate.lower) || !is_share(rate.upper) || rate.hits > rate.n) {
    throw Misfit("a rate is out of range");
  }
  return rate;
}

Json group_json(const LabelledGroup& group) {
  Json out = Json::object();
  if (group.recall) out["recall"] = rate_json(*group.recall);
  if (group.agreement) out["agreement"] = rate_json(*group.agreement);
  return out;
}

LabelledGroup group_of(const Json& value) {
  LabelledGroup out;
  if (value.contains("recall")) out.recall = rate_of(value.at("recall"));
  if (value.contains("agreement")) out.agreement = rate_of(value.at("agreement"));
  return out;
}

using Groups = std::map<std::string, LabelledGroup>;

Json groups_json(const Groups& groups) {
  Json out = Json::object();
  for (const auto& [name, group] : groups) out[name] = group_json(group);
  return out;
}

Groups groups_of(const Json& value) {
  Groups out;
  for (const auto& [name, group] : value.items()) out[name] = group_of(group);
  return out;
}

void put(Json& out, const char* key, const std::optional<double>& value) {
  if (value) out[key] = *value;
}

Json rater_json(const Calibration::RaterPair& pair) {
  Json out = {{"first", pair.first}, {"second", pair.second}, {"n", pair.n}, {"observed", pair.observed}};
  put(out, "kappa", pair.kappa);
  return out;
}

Json reading_json(const Calibration::Reading& reading) {
  Json out = {{"as", reading.as}, {"agreement", reading.agreement}};
  put(out, "kappa", reading.kappa);
  put(out, "macro_f1", reading.macro_f1);
  return out;
}

constexpr const char* edited = "it was edited after it was written: its digest does not hold";

Digest digest_without(Json record) {
  record.erase("digest");
  return digest_of(record);
}

// Of what is a record of this format; of anything else the reader says what it is not.
bool was_edited(const Json& value) {
  if (!value.is_object() || value.value("format", Json()) != Json(calibration_format)) return false;
  const auto found = value.find("digest");
  Digest written;
  if (found == value.end() || !found->is_string()) return true;
  return !Digest::parse(found->get_ref<const std::string&>(), written) || written != digest_without(value);
}

}  // namespace

Json to_json(const Calibration& calibration) {
  const Calibration& from = calibration;
  Json out = {{"format", calibration_format},
              {"judge", from.use.judge},
              {"rubric", from.use.rubric.text()},
              {"recorded", from.use.recorded},
              {"made_at", from.made_at},
              {"labels", from.labels},
              {"human_failed", from.human_failed},
              {"unusable", from.unusable},
              {"raters", from.raters},
              {"disputed", from.disputed},
              {"without_verdict", from.without_verdict},
              {"weighted", from.weighted},
              {"all", group_json(from.all)},
              {"arms", {{"baseline", group_json(from.arms[0])}, {"candidate", group_json(from.arms[1])}}},
              {"categories", from.categories},
              {"confusion", from.confusion},
              {"pairs", pairs_json(from.pairs)}};
  if (!from.use.recorded) {
    out["route"] = from.route;
    out["route_digest"] = from.route_digest.text();
  }
  out["severe_classes"] = groups_json(from.severe_classes);
  out["severe_on"] = {{"baseline", groups_json(from.severe_on[0])}, {"candidate", groups_json(from.severe_on[1])}};
  for (const auto& each : from.rater_pairs) out["rater_pairs"].push_back(rater_json(each));
  for (const auto& each : from.readings) out["readings"].push_back(reading_json(each));
  put(out, "kappa", from.kappa);
  put(out, "ac1", from.ac1);
  put(out, "alpha", from.alpha);
  put(out, "macro_f1", from.macro_f1);
  put(out, "order_disagreement", from.order_disagreement);
  put(out, "shown_first_wins", from.shown_first_wins);
  out["digest"] = digest_without(out).text();
  return out;
}

Result<Calibration> calibration_from_json(const Json& value) {
  if (was_edited(value)) return failure(ErrorCode::untrusted, edited);
  return read_noun<Calibration>("calibration", [&] {
    require_format(value, calibration_format);
    Calibration out;
    out.use.judge = value.at("judge").get<std::string>();
    out.use.rubric = digest_at(value, "rubric");
    out.use.recorded = value.at("recorded").get<bool>();
    if (!out.use.recorded) {
      out.route = value.at("route").get<std::string>();
      out.route_digest = digest_at(value, "route_digest");
    }
    out.made_at = value.at("made_at").get<std::string>();
    out.labels = value.at("labels").get<std::size_t>();
    out.human_failed = value.at("human_failed").get<std::size_t>();
    out.unusable = value.at("unusable").get<std::size_t>();
    out.raters = value.at("raters").get<std::size_t>();
    out.disputed = value.at("disputed").get<std::size_t>();
    out.without_verdict = value.at("without_verdict").get<std::size_t>();
    out.weighted = value.at("weighted").get<bool>();
    out.all = group_of(value.at("all"));
    out.arms = {group_of(value.at("arms").at("baseline")), group_of(value.at("arms").at("candidate"))};
    out.severe_classes = groups_of(value.at("severe_classes"));
    out.severe_on = {groups_of(value.at("severe_on").at("baseline")), groups_of(value.at("severe_on").at("candidate"))};
    out.categories = value.at("categories").get<std::vector<std::string>>();
    out.confusion = value.at("confusion").get<std::vector<std::size_t>>();
    if (out.confusion.size() != out.categories.size() * (out.categories.size() + 1)) {
      throw Misfit("its confusion table does not fit its categories");
    }
    for (const Json& each : value_or(value, "rater_pairs", Json::array())) {
      out.rater_pairs.push_back({each.at("first").get<std::size_t>(), each.at("second").get<std::size_t>(),
                                 each.at("n").get<std::size_t>(), each.at("observed").get<double>(),
                                 optional_at<double>(each, "kappa")});
    }
    for (const Json& each : value_or(value, "readings", Json::array())) {
      out.readings.push_back({each.at("as").get<std::string>(), each.at("agreement").get<double>(),
                              optional_at<double>(each, "kappa"), optional_at<double>(each, "macro_f1")});
    }
    out.kappa = optional_at<double>(value, "kappa");
    out.ac1 = optional_at<double>(value, "ac1");
    out.alpha = optional_at<double>(value, "alpha");
    out.macro_f1 = optional_at<double>(value, "macro_f1");
    out.order_disagreement = optional_at<double>(value, "order_disagreement");
    out.shown_first_wins = optional_at<double>(value, "shown_first_wins");
    out.pairs = pairs_of(value.at("pairs"));
    return out;
  });
}

}  // namespace headgate
