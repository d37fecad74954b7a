#include "codec_sections.hpp"

#include "codec_read.hpp"

namespace headgate {
namespace {

Json or_null(const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); }
std::optional<double> number_at(const Json& object, const char* key) { return optional_at<double>(object, key); }
std::size_t count_at(const Json& object, const char* key) { return object.at(key).get<std::size_t>(); }

Json to_json(const CountedShare& share) {
  return {{"hits", share.hits},
          {"n", share.n},
          {"estimate", or_null(share.value())},
          {"lower", share.lower},
          {"upper", share.upper}};
}

CountedShare share_of(const Json& value) {
  return {count_at(value, "hits"), count_at(value, "n"), value.at("lower").get<double>(),
          value.at("upper").get<double>()};
}

void put_cases(Json& out, const char* key, const NamedCases& cases) {
  out[key] = cases.ids;
  out[std::string(key) + "_total"] = cases.total;
}

NamedCases cases_at(const Json& value, const char* key) {
  return {value.at(key).get<std::vector<std::string>>(), count_at(value, (std::string(key) + "_total").c_str())};
}

const char* arm_name(bool candidate) { return name(candidate ? Arm::candidate : Arm::baseline); }

bool is_candidate(const Json& value) {
  const auto& word = value.at("arm").get_ref<const std::string&>();
  if (word != arm_name(false) && word != arm_name(true)) throw Misfit("'" + word + "' is no arm");
  return word == arm_name(true);
}

Json to_json(const TrialsSection::Arm& arm) {
  Json out = {{"cases", arm.cases}, {"passed", arm.passed},   {"errors", arm.errors},
              {"mean", arm.mean},   {"pass_at", arm.pass_at}, {"pass_hat", arm.pass_hat}};
  out["pass_rate"] = Json::array();
  for (const std::size_t passed : arm.passed) {
    out["pass_rate"].push_back(arm.cases == 0 ? 0.0 : static_cast<double>(passed) / static_cast<double>(arm.cases));
  }
  put_cases(out, "flaky", arm.flaky);
  return out;
}

TrialsSection::Arm trials_arm_of(const Json& value) {
  using Numbers = std::vector<double>;
  return {count_at(value, "cases"),
          value.at("passed").get<std::vector<std::size_t>>(),
          count_at(value, "errors"),
          value.at("mean").get<double>(),
          value.at("pass_at").get<Numbers>(),
          value.at("pass_hat").get<Numbers>(),
          cases_at(value, "flaky")};
}

Json to_json(const TrialsSection& trials) {
  return {{"trials", trials.trials},
          {"reduce", trials.reduce.text()},
          {"baseline", to_json(trials.arms[0])},
          {"candidate", to_json(trials.arms[1])}};
}

TrialsSection trials_of(const Json& value) {
  TrialsSection out;
  out.trials = value.at("trials").get<std::uint32_t>();
  out.reduce = word_at<Reducer>(value, "reduce");
  out.arms = {trials_arm_of(value.at("baseline")), trials_arm_of(value.at("candidate"))};
  return out;
}

Json to_json(const Classification& classes) {
  Json out = {{"suite", classes.suite},
              {"arm", arm_name(classes.candidate)},
              {"n", classes.n},
              {"correct", classes.correct},
              {"unread", classes.unread},
              {"unknown", classes.unknown},
              {"classes", Json::array()},
              {"classes_total", classes.classes_total},
              {"confusion", Json::array()},
              {"confusion_total", classes.confusion_total},
              {"macro_f1", or_null(classes.macro_f1)}};
  for (const Classification::PerClass& each : classes.classes) {
    out["classes"].push_back({{"class", each.name},
                              {"precision", to_json(each.precision)},
                              {"recall", to_json(each.recall)},
                              {"f1", or_null(each.f1)}});
  }
  for (const Classification::Confused& each : classes.confusion) {
    out["confusion"].push_back(
        {{"expected", each.expected}, {"given", each.given.empty() ? Json(nullptr) : Json(each.given)}, {"n", each.n}});
  }
  return out;
}

Classification classification_of(const Json& value) {
  Classification out;
  out.suite = value.at("suite").get<std::string>();
  out.candidate = is_candidate(value);
  out.n = count_at(value, "n");
  out.correct = count_at(value, "correct");
  out.unread = count_at(value, "unread");
  out.unknown = count_at(value, "unknown");
  for (const Json& each : value.at("classes")) {
    out.classes.push_back({each.at("class").get<std::string>(), share_of(each.at("precision")),
                           share_of(each.at("recall")), number_at(each, "f1")});
  }
  out.classes_total = count_at(value, "classes_total");
  out.macro_f1 = number_at(value, "macro_f1");
  for (const Json& each : value.at("confusion")) {
    out.confusion.push_back({each.at("expected").get<std::string>(),
                             each.at("given").is_null() ? std::string() : each.at("given").get<std::string>(),
                             count_at(each, "n")});
  }
  out.confusion_total = count_at(value, "confusion_total");
  return out;
}

Json to_json(const MeasureSummary& measure) {
  const auto arm = [](const MeasureSummary::Arm& of) { return Json{{"cases", of.cases}, {"mean", or_null(of.mean)}}; };
  return {{"name", measure.name},
          {"baseline", arm(measure.arms[0])},
          {"candidate", arm(measure.arms[1])},
          {"pairs", measure.pairs},
          {"difference", or_null(measure.difference)},
          {"lower", or_null(measure.lower)},
          {"upper", or_null(measure.upper)}};
}

MeasureSummary measure_of(const Json& value) {
  const auto arm = [&](const char* key) {
    return MeasureSummary::Arm{count_at(value.at(key), "cases"), number_at(value.at(key), "mean")};
  };
  return {value.at("name").get<std::string>(), {arm("baseline"), arm("candidate")}, count_at(value, "pairs"),
          number_at(value, "difference"),      number_at(value, "lower"),           number_at(value, "upper")};
}

Json to_json(const VariantAgreement& variants) {
  Json out = {{"arm", arm_name(variants.candidate)},
              {"agreement", to_json(variants.agreement)},
              {"unmeasured", variants.unmeasured}};
  put_cases(out, "disagreeing", variants.disagreeing);
  return out;
}

VariantAgreement variants_of(const Json& value) {
  return {is_candidate(value), share_of(value.at("agreement")), count_at(value, "unmeasured"),
          cases_at(value, "disagreeing")};
}

Json to_json(const DuplicateReplies& same) {
  Json out = {{"arm", arm_name(same.candidate)},
              {"count", same.count},
              {"replied", same.replied},
              {"share", same.replied == 0 ? 0.0 : static_cast<double>(same.count) / static_cast<double>(same.replied)},
              {"most_expected", same.most_expected}};
  put_cases(out, "cases", same.cases);
  return out;
}

DuplicateReplies duplicates_of(const Json& value) {
  return {is_candidate(value), count_at(value, "count"), count_at(value, "replied"), count_at(value, "most_expected"),
          cases_at(value, "cases")};
}

template <class Item>
void put_list(Json& out, const char* key, const std::vector<Item>& items) {
  for (const Item& item : items) out[key].push_back(to_json(item));
}

template <class Item>
void read_list(const Json& value, const char* key, std::vector<Item>& out, Item (*read)(const Json&)) {
  for (const Json& each : value_or(value, key, Json::array())) out.push_back(read(each));
}

}  // namespace

void put_sections(Json& out, const Decision& decision) {
  if (decision.trials) out["trials"] = to_json(*decision.trials);
  put_list(out, "classification", decision.classification);
  put_list(out, "measures", decision.measures);
  put_list(out, "variants", decision.variants);
  put_list(out, "duplicate_replies", decision.duplicate_replies);
}

void read_sections(const Json& value, Decision& decision) {
  if (value.contains("trials")) decision.trials = trials_of(value.at("trials"));
  read_list(value, "classification", decision.classification, classification_of);
  read_list(value, "measures", decision.measures, measure_of);
  read_list(value, "variants", decision.variants, variants_of);
  read_list(value, "duplicate_replies", decision.duplicate_replies, duplicates_of);
}

}  // namespace headgate
