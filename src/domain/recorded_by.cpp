#include "headgate/domain/recorded_by.hpp"

#include <nlohmann/json.hpp>

#include "codec_read.hpp"

namespace headgate {
namespace {

bool is_recorded(std::string_view kind) { return kind == "recorded" || kind == "not_recorded"; }

RecordedBy of_options(const Json& options) {
  if (options.contains("judge")) return RecordedBy::judge;
  const auto by = options.find("by");
  if (by == options.end() || !by->is_string()) return RecordedBy::tool;
  return *by == "human" ? RecordedBy::human : *by == "judge" ? RecordedBy::judge : RecordedBy::tool;
}

// Graders inside are objects with a kind, wherever an option keeps them.
RecordedBy within(const Json& value) {
  RecordedBy found = RecordedBy::nobody;
  if (!value.is_structured()) return found;
  if (value.is_object()) {
    const auto kind = value.find("kind");
    if (kind != value.end() && kind->is_string() && is_recorded(kind->get_ref<const std::string&>())) {
      found = of_options(value);
    }
  }
  for (const Json& each : value) found = found | within(each);
  return found;
}

}  // namespace

const char* name(RecordedBy one) {
  switch (one) {
    case RecordedBy::nobody:
      return "nobody";
    case RecordedBy::human:
      return "human";
    case RecordedBy::tool:
      return "tool";
    case RecordedBy::judge:
      return "judge";
  }
  return "nobody";
}

RecordedBy recorded_by(std::span<const GraderSpec> graders) {
  RecordedBy found = RecordedBy::nobody;
  for (const GraderSpec& spec : graders) {
    const std::string& text = spec.options.text;
    if (!is_recorded(spec.kind) && text.find("recorded\"") == std::string::npos) continue;  // there are many others
    const Json options = spec.options.absent() ? Json::object() : value_of(spec.options);
    found = found | (is_recorded(spec.kind) ? of_options(options) : within(options));
  }
  return found;
}

}  // namespace headgate
