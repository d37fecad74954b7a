#include "suite_input.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "diagnostics.hpp"
#include "headgate/base/file.hpp"
#include "headgate/base/text.hpp"
#include "headgate/domain/codec.hpp"
#include "headgate/run/workers.hpp"

namespace headgate::cli {
namespace {

Json dimension_json(const suite::DimensionMix& mix) {
  Json parts = Json::array();
  for (const auto& part : mix.parts) {
    parts.push_back({{"value", part.value},
                     {"cases", part.cases},
                     {"targeted", part.targeted},
                     {"share", part.share},
                     {"traffic", part.traffic ? Json(*part.traffic) : Json()},
                     {"power", power_json(part.power)}});
  }
  return {{"dimension", mix.name}, {"parts", std::move(parts)}, {"without", mix.without}};
}

}  // namespace

Option data_option() {
  Option data = text("--data", "ROOT=FOLDER", "where data:ROOT/… files of the suite are");
  data.repeatable = true;
  return data;
}

Result<suite::LoadOptions> suite_options(const Context& context) {
  suite::LoadOptions options;
  options.for_each = run::parallel(0);
  for (const std::string& written : context.arguments.texts("--data")) {
    const std::size_t equals = written.find('=');
    if (equals == 0 || equals == std::string::npos || equals + 1 == written.size()) {
      return failure(ErrorCode::input, "--data takes ROOT=FOLDER, not '" + written + "'",
                     "as in: --data gsm8k=data/gsm8k");
    }
    options.data[written.substr(0, equals)] = written.substr(equals + 1);
  }
  return options;
}

Result<NamedSuite> find_suite(const std::string& words) {
  HG_TRY(reference, suite::parse_reference(words));
  auto folder = suite::find_folder(reference, "", real_files());
  if (!folder && !reference.is_path && real_files().is_folder(reference.target)) {
    reference.is_path = true;
    folder = suite::find_folder(reference, "", real_files());
  }
  if (!folder) return failure(std::move(folder).error());
  return NamedSuite{std::move(*folder), reference.range};
}

std::optional<Suite> load_suite(const Context& context, const NamedSuite& named, const suite::LoadOptions& options,
                                ExitCode& code) {
  Complaints complaints;
  auto loaded = suite::load(named.folder, named.range, options, complaints);
  if (loaded && complaints.empty()) return loaded;
  code = report(std::move(complaints), context.terminal);
  return std::nullopt;
}

std::string suite_line(const SuiteHead& head) {
  std::string text = terminal_line(head.name) + "@" + terminal_line(head.version) + ", " +
                     (head.released ? "released" : "a draft") + ": " + plural(head.cases, "case");
  if (!head.unreleased.empty()) text += " (" + terminal_line(head.unreleased) + " is not released yet)";
  return text;
}

std::string carries_text(const suite::Power& power) {
  std::string text;
  for (const auto& each : power.carries) {
    if (!text.empty()) text += " / ";
    text += fixed(std::ceil(each.max_loss * 1000.0 - 1e-9) / 1000.0, 3);
  }
  return text.empty() ? "-" : text;
}

Json power_json(const suite::Power& power) {
  Json carries = Json::array();
  for (const auto& each : power.carries) {
    carries.push_back({{"discordance", each.discordance}, {"max_loss", each.max_loss}});
  }
  return {{"cases", power.cases}, {"effective", power.effective}, {"carries", std::move(carries)}};
}

Json stats_json(const suite::Stats& stats) {
  Json dimensions = Json::array(), crossings = Json::array(), classes = Json::array(), graders = Json::array();
  for (const auto& each : stats.dimensions) dimensions.push_back(dimension_json(each));
  for (const auto& each : stats.crossings) {
    crossings.push_back({{"down", each.down}, {"across", each.across}, {"cases", each.cases}});
  }
  for (const auto& each : stats.severe_classes) {
    classes.push_back({{"class", each.name},
                       {"description", each.description},
                       {"cases", each.cases},
                       {"rate_shown", each.rate_shown}});
  }
  for (const auto& each : stats.graders) {
    graders.push_back({{"kind", each.kind}, {"cases", each.cases}, {"of_suite", each.of_suite}});
  }
  return {
      {"suite", to_json(stats.head)},
      {"cases", stats.head.cases},
      {"random", stats.random},
      {"targeted", stats.targeted},
      {"power", power_json(stats.power)},
      {"dimensions", std::move(dimensions)},
      {"crossings", std::move(crossings)},
      {"severities", stats.severities},
      {"severe_classes", std::move(classes)},
      {"clusters", {{"shared", stats.clusters}, {"cases", stats.clustered_cases}, {"largest", stats.largest_cluster}}},
      {"tags", stats.tags},
      {"graders", std::move(graders)},
      {"without_expected", stats.without_expected},
      {"same_input", stats.same_input}};
}

}  // namespace headgate::cli
