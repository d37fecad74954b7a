// What is in a suite: its declarations and cases, or one case in full.

#include <algorithm>
#include <nlohmann/json.hpp>

#include "columns.hpp"
#include "diagnostics.hpp"
#include "headgate/base/text.hpp"
#include "headgate/domain/codec.hpp"
#include "headgate/run/filter.hpp"
#include "output.hpp"
#include "suite_input.hpp"

namespace headgate::cli {
namespace {

constexpr std::size_t shown_columns = 60;  // of a question in the list

std::string pass_text(const PassRule& pass) {
  return pass.kind == PassRule::Kind::all ? "all graders pass" : "mean score of at least " + shortest(pass.least_mean);
}

std::string plain(const JsonText& value) {
  if (value.absent()) return "";
  const auto parsed = parse_own(value.text);
  return parsed && parsed->is_string() ? parsed->get<std::string>() : value.text;
}

std::string segments_text(const Case& item) {
  std::string text;
  for (const auto& segment : item.segments) {
    text += (text.empty() ? "" : " ") + terminal_line(segment.dimension + "=" + segment.value);
  }
  return text;
}

std::string safe_words(const std::vector<std::string>& words) {
  std::vector<std::string> safe;
  for (const std::string& word : words) safe.push_back(terminal_line(word));
  return join_words(safe, 20);
}

std::string block(const char* label, const std::string& text) {
  if (text.empty()) return "";
  std::string out = std::string(label) + ":\n";
  const std::string safe = terminal_text(text);
  for (std::size_t from = 0; from <= safe.size();) {
    const std::size_t end = std::min(safe.find('\n', from), safe.size());
    out += "  | " + safe.substr(from, end - from) + "\n";
    from = end + 1;
  }
  return out;
}

std::string graders_text(const std::vector<GraderSpec>& graders) {
  std::string text;
  for (const auto& grader : graders) text += "  " + terminal_line(canonical(to_json(grader))) + "\n";
  return text;
}

std::string head_text(const SuiteHead& head, const std::vector<suite::Version>& versions) {
  std::string text = suite_line(head) + "\n";
  std::vector<std::string> each;
  for (const auto& version : versions) {
    each.push_back(terminal_line(version.version) +
                   (version.released ? " of " + terminal_line(version.date) : " (draft)"));
  }
  text += "  versions: " + join_words(each, 20) + "\n";
  text += "  digest: " + head.digest.text() + "\n";
  if (!head.reviewed_at.empty()) text += "  reviewed at: " + terminal_line(head.reviewed_at) + "\n";
  for (const auto& [dimension, values] : head.segments) {
    text += "  segment " + terminal_line(dimension) + ": " + safe_words(values) + "\n";
  }
  for (const auto& [severe_class, description] : head.severe_classes) {
    text += "  severe class " + terminal_line(severe_class) + ": " + terminal_line(description) + "\n";
  }
  text += "  passes: " + pass_text(head.pass) + "\n";
  return text + (head.graders.empty() ? "" : "graders of every case\n" + graders_text(head.graders));
}

std::string cases_text(const std::vector<const Case*>& cases) {
  Columns table({"case", "severity", "sampling", "segments", "input"});
  for (const Case* item : cases) {
    std::string severity = name(item->severity);
    if (!item->severe_class.empty()) severity += " " + terminal_line(item->severe_class);
    table.add({terminal_line(item->id), severity, name(item->sampling), segments_text(*item),
               elide(terminal_line(plain(item->input)), shown_columns)});
  }
  return plural(cases.size(), "case") + "\n" + (cases.empty() ? "" : table.text());
}

std::string case_text(const Case& item, const SuiteHead& head) {
  std::string text =
      terminal_line(item.id) + " of " + terminal_line(head.name) + "@" + terminal_line(head.version) + "\n";
  text += std::string("  severity: ") + name(item.severity) +
          (item.severe_class.empty() ? "" : " " + terminal_line(item.severe_class)) + "\n";
  text += std::string("  sampling: ") + name(item.sampling) + "\n";
  if (!item.segments.empty()) text += "  segments: " + segments_text(item) + "\n";
  if (!item.cluster.empty()) text += "  cluster: " + terminal_line(item.cluster) + "\n";
  if (!item.tags.empty()) text += "  tags: " + safe_words(item.tags) + "\n";
  if (item.weight != 1.0) text += "  weight: " + shortest(item.weight) + "\n";
  text += "  digest: " + item.digest.text() + "\n";
  text += block("input", plain(item.input)) + block("vars", item.vars.text) + block("context", item.context.text) +
          block("expected", plain(item.expected));
  text += "graders (passes: " + pass_text(head.pass) + ")\n" + graders_text(head.graders);
  return text + graders_text(item.graders);
}

Result<const Case*> find_case(const Suite& suite, const std::string& id) {
  const auto found = std::ranges::find(suite.cases, id, &Case::id);
  if (found != suite.cases.end()) return &*found;
  std::vector<std::string> ids;
  for (const Case& item : suite.cases) ids.push_back(item.id);
  std::string hint = did_you_mean(id, ids);
  if (hint.empty()) hint = "`headgate suite show " + suite.head.name + "` lists them";
  return failure(ErrorCode::input, "no case '" + id + "' in " + suite.head.name + "@" + suite.head.version, hint);
}

Result<std::vector<const Case*>> selected(const Suite& suite, const std::optional<std::string>& filter) {
  std::vector<const Case*> cases;
  run::CaseFilter wanted = [](const Case&, const SuiteHead&) { return true; };
  if (filter) {
    std::vector<std::string> dimensions;
    for (const auto& [dimension, values] : suite.head.segments) dimensions.push_back(dimension);
    HG_TRY(parsed, run::parse_filter(*filter, dimensions));
    wanted = std::move(parsed);
  }
  for (const Case& item : suite.cases) {
    if (wanted(item, suite.head)) cases.push_back(&item);
  }
  if (cases.empty()) return failure(ErrorCode::input, "no case of " + suite.head.name + " is left by the filter");
  return cases;
}

Json suite_json(const SuiteHead& head, const std::vector<suite::Version>& versions,
                const std::vector<const Case*>& cases) {
  Json all = Json::array(), each = Json::array();
  for (const auto& version : versions) {
    each.push_back({{"version", version.version},
                    {"released", version.released},
                    {"date", version.date.empty() ? Json() : Json(version.date)}});
  }
  for (const Case* item : cases) all.push_back(to_json(*item));
  return {{"format", "headgate/suite-show/1"},
          {"suite", to_json(head)},
          {"versions", std::move(each)},
          {"cases", std::move(all)}};
}

Result<ExitCode> suite_show_verb(const Context& context) {
  const auto& operands = context.arguments.operands;
  HG_TRY(options, suite_options(context));
  HG_TRY(named, find_suite(operands[0]));
  ExitCode refused = ExitCode::refused;
  const auto loaded = load_suite(context, named, options, refused);
  if (!loaded) return refused;
  const bool json = context.arguments.flag("--json");
  if (operands.size() > 1) {
    HG_TRY(item, find_case(*loaded, operands[1]));
    const Json out = {{"format", "headgate/suite-case/1"}, {"suite", to_json(loaded->head)}, {"case", to_json(*item)}};
    write_out(json ? canonical_pretty(out) : case_text(*item, loaded->head));
    return ExitCode::yes;
  }
  HG_TRY(cases, selected(*loaded, context.arguments.text("--filter")));
  Complaints ignored;  // loading has read the same files without a complaint
  const auto versions = suite::versions(named.folder, options, ignored);
  write_out(json ? canonical_pretty(suite_json(loaded->head, versions, cases))
                 : head_text(loaded->head, versions) + cases_text(cases));
  return ExitCode::yes;
}

}  // namespace

Verb suite_show_row() {
  return {
      .name = "suite show",
      .group = writing,
      .summary = "what is in a suite, or one of its cases in full",
      .operands = "SUITE [CASE]",
      .least_operands = 1,
      .most_operands = 2,
      .options = {text("--filter", "EXPR", "list only these cases, as 'language=de,severity=severe'"), data_option()},
      .details = "SUITE is a folder, or a name[@range] looked up in the nearest eval_suites/, as gates do.",
      .examples = {"headgate suite show support_triage@1.4.0 --filter 'workflow=refund,severity=severe'",
                   "headgate suite show support_triage refund-017"},
      .run = suite_show_verb,
      .paged = true};
}

}  // namespace headgate::cli
