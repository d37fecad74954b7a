#include "codec_read.hpp"
#include "headgate/domain/codec.hpp"

namespace headgate {

Json to_json(const GraderSpec& spec) {
  Json out = spec.options.absent() ? Json::object() : value_of(spec.options);
  out["kind"] = spec.written_kind();
  return out;
}

Result<GraderSpec> grader_from_json(const Json& value) {
  return read_noun<GraderSpec>("grader", [&] {
    GraderSpec spec;
    spec.kind = value.at("kind").get<std::string>();
    if (spec.kind.starts_with("not_")) {
      spec.negated = true;
      spec.kind.erase(0, 4);
    }
    Json options = value;
    options.erase("kind");
    spec.options = to_text(options);
    return spec;
  });
}

namespace {

std::vector<GraderSpec> graders_at(const Json& object) {
  std::vector<GraderSpec> graders;
  for (const Json& each : value_or(object, "graders", Json::array())) {
    Result<GraderSpec> spec = grader_from_json(each);
    if (!spec) throw Misfit(spec.error().message);
    graders.push_back(std::move(*spec));
  }
  return graders;
}

Json graders_json(const std::vector<GraderSpec>& graders) {
  Json out = Json::array();
  for (const GraderSpec& spec : graders) out.push_back(to_json(spec));
  return out;
}

}  // namespace

Json to_json(const Case& item) {
  Json out = Json::object();
  out["id"] = item.id;
  put_text(out, "input", item.input);
  put_text(out, "vars", item.vars);
  put_text(out, "context", item.context);
  put_text(out, "expected", item.expected);
  if (!item.segments.empty()) {
    Json& segments = out["segments"] = Json::object();
    for (const SegmentValue& segment : item.segments) segments[segment.dimension] = segment.value;
  }
  if (item.severity != Severity::normal) out["severity"] = name(item.severity);
  if (!item.severe_class.empty()) out["severe_class"] = item.severe_class;
  if (!item.cluster.empty()) out["cluster"] = item.cluster;
  if (!item.variant_of.empty()) out["variant_of"] = item.variant_of;
  if (!item.tags.empty()) out["tags"] = item.tags;
  if (item.sampling != Sampling::random) out["sampling"] = name(item.sampling);
  if (item.weight != 1.0) out["weight"] = item.weight;
  if (!item.graders.empty()) out["graders"] = graders_json(item.graders);
  out["digest"] = item.digest.text();
  return out;
}

Result<Case> case_from_json(const Json& value) {
  return read_noun<Case>("case", [&] {
    Case item;
    item.id = value.at("id").get<std::string>();
    item.input = text_at(value, "input");
    item.vars = text_at(value, "vars");
    item.context = text_at(value, "context");
    item.expected = text_at(value, "expected");
    if (value.contains("segments")) {
      for (const auto& [dimension, segment] : value.at("segments").items()) {
        item.segments.push_back({dimension, segment.get<std::string>()});
      }
    }
    if (value.contains("severity")) item.severity = word_at<Severity>(value, "severity");
    item.severe_class = value_or<std::string>(value, "severe_class", {});
    item.cluster = value_or<std::string>(value, "cluster", {});
    item.variant_of = value_or<std::string>(value, "variant_of", {});
    item.tags = value_or<std::vector<std::string>>(value, "tags", {});
    if (value.contains("sampling")) item.sampling = word_at<Sampling>(value, "sampling");
    item.weight = value_or(value, "weight", 1.0);
    item.graders = graders_at(value);
    item.digest = digest_at(value, "digest");
    if (item.digest != case_digest(item)) throw Misfit("case '" + item.id + "' does not digest to what it says");
    return item;
  });
}

Json to_json(const SuiteHead& suite) {
  Json out = {{"name", suite.name},
              {"version", suite.version},
              {"released", suite.released},
              {"graders", graders_json(suite.graders)},
              {"pass", suite.pass.kind == PassRule::Kind::all ? Json("all") : Json{{"mean", suite.pass.least_mean}}},
              {"segments", suite.segments},
              {"severe_classes", suite.severe_classes},
              {"graders_digest", suite.graders_digest.text()},
              {"digest", suite.digest.text()},
              {"cases", suite.cases}};
  if (!suite.traffic.empty()) out["traffic"] = suite.traffic;
  if (!suite.reviewed_at.empty()) out["reviewed_at"] = suite.reviewed_at;
  if (!suite.unreleased.empty()) out["unreleased"] = suite.unreleased;
  return out;
}

Result<SuiteHead> suite_head_from_json(const Json& value) {
  return read_noun<SuiteHead>("suite", [&] {
    SuiteHead suite;
    suite.name = value.at("name").get<std::string>();
    suite.version = value.at("version").get<std::string>();
    suite.released = value.at("released").get<bool>();
    suite.graders = graders_at(value);
    if (value.at("pass").is_object()) {
      suite.pass = {PassRule::Kind::mean, value.at("pass").at("mean").get<double>()};
    }
    suite.segments = value.at("segments").get<decltype(suite.segments)>();
    suite.severe_classes = value.at("severe_classes").get<decltype(suite.severe_classes)>();
    if (value.contains("traffic")) suite.traffic = value.at("traffic").get<decltype(suite.traffic)>();
    suite.reviewed_at = value_or<std::string>(value, "reviewed_at", {});
    suite.unreleased = value_or<std::string>(value, "unreleased", {});
    suite.graders_digest = digest_at(value, "graders_digest");
    suite.digest = digest_at(value, "digest");
    suite.cases = value.at("cases").get<std::size_t>();
    return suite;
  });
}

}  // namespace headgate
