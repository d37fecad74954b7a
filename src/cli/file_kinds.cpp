#include "file_kinds.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "headgate/base/text.hpp"
#include "headgate/config/gate_file.hpp"
#include "headgate/config/route_file.hpp"
#include "headgate/domain/reply_table.hpp"
#include "headgate/fake/script.hpp"
#include "headgate/grade/plugin.hpp"
#include "headgate/grade/registry.hpp"
#include "headgate/suite/load.hpp"

namespace headgate::cli {

std::span<const FileKind> file_kinds() {
  static const std::vector<FileKind> kinds = {
      {"gate", "*.gate.yaml", "what is compared, on which suites, and what must hold", "gate-reference",
       &config::gate_table()},
      {"route", "a route file", "what is under test, and how to reach it", "route-reference", &config::route_table()},
      {"reply", "a line of recorded replies", "what a route answered to one case", "route-reference", &reply_table()},
      {"suite", "suite.yaml", "a named, versioned set of cases with its graders", "suite-reference",
       &suite::suite_table()},
      {"include", "a file that include names", "a further file of a suite", "suite-reference",
       &suite::include_table()},
      {"case", "a line of cases.jsonl", "one item of a suite", "suite-reference", &suite::case_table()},
      {"lock", "suite.lock", "the released versions of a suite", "suite-reference", &suite::lock_table()},
      {"script", "a script of fake-provider", "what a made-up model server answers, and its faults",
       "fake-provider-reference", &fake::script_table()},
      {"plugin_question", "a question to a plugin", "what a plugin is asked", "plugin-reference",
       &grade::plugin_question_table()},
      {"plugin_answer", "an answer of a plugin", "what a plugin answers", "plugin-reference",
       &grade::plugin_answer_table()},
      {"grader", "an item of a graders list", "how a reply is judged", "graders", nullptr, &grade::grader_variants()}};
  return kinds;
}

Result<const FileKind*> find_file_kind(std::string_view name) {
  const auto found = std::ranges::find(file_kinds(), name, &FileKind::name);
  if (found != file_kinds().end()) return &*found;
  std::vector<std::string> names;
  for (const FileKind& kind : file_kinds()) names.push_back(kind.name);
  const std::string guess = did_you_mean(name, names);
  return failure(ErrorCode::input, "there is no schema '" + std::string(name) + "'",
                 guess.empty() ? "there are " + join_words(names, names.size()) : guess);
}

Json schema_of(const FileKind& kind) {
  Json out = kind.table != nullptr ? schema(*kind.table) : schema(*kind.variants);
  out["$id"] = "urn:headgate:schema:" + kind.name;
  return out;
}

}  // namespace headgate::cli
