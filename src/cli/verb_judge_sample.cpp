// Draws replies of a run for people to label, so that a judge can be measured against them.

#include <algorithm>
#include <nlohmann/json.hpp>

#include "columns.hpp"
#include "headgate/base/file.hpp"
#include "headgate/base/random.hpp"
#include "headgate/base/text.hpp"
#include "headgate/base/unicode.hpp"
#include "headgate/gate/calibrate.hpp"
#include "headgate/run/verdicts.hpp"
#include "inputs.hpp"
#include "judged_run.hpp"
#include "label_draw.hpp"
#include "output.hpp"
#include "verb_options.hpp"

namespace headgate::cli {
namespace {

constexpr std::size_t usual_replies = 60;
constexpr std::size_t spreadsheet_cell = 32'767;  // more characters do not fit into a cell of the usual ones

struct Sample {
  JudgedRun run;
  std::optional<run::SuiteGrader> grader;
  Drawing drawing;
  std::vector<std::string> rows;  // of the file
  std::size_t replies = 0, too_long = 0;

  bool compares() const { return grader && grader->compares; }
};

// As people read it: a text bare, a chat turn by turn, anything else as JSON.
std::string readable(const JsonText& value) {
  if (value.absent()) return {};
  const auto parsed = parse_own(value.text);
  if (!parsed) return value.text;
  if (parsed->is_string()) return parsed->get<std::string>();
  if (!parsed->is_array()) return value.text;
  std::string out;
  for (const Json& turn : *parsed) {
    const bool is_turn = turn.is_object() && turn.contains("role") && turn.contains("content") &&
                         turn.at("role").is_string() && turn.at("content").is_string();
    if (!is_turn) return value.text;
    out += turn.at("role").get<std::string>() + ": " + turn.at("content").get<std::string>() + "\n";
  }
  return out;
}

std::string readable(const Reply& reply) {
  std::string out = reply.text;
  for (const ToolCall& call : reply.tool_calls) {
    out += (out.empty() ? "" : "\n") + std::string("calls ") + call.name + "(" + call.arguments.text + ")";
  }
  return out;
}

void write_rows(Sample& sample, const run::RunReplies& texts) {
  const Evidence& evidence = sample.run.evidence;
  const auto add = [&](const std::vector<std::string>& cells) {
    std::string row;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (count_characters(cells[i]) > spreadsheet_cell) ++sample.too_long;
      row += (i == 0 ? "" : ",") + csv_cell(cells[i]);
    }
    sample.rows.push_back(row + "\r\n");
  };
  const auto text_of = [&](CellIndex cell) { return readable(*texts.replies[cell]); };
  for (const DrawnCase& each : sample.drawing.cases) {
    const Case& item = texts.plan.cases[each.item];
    const CellIndex first = cell_index({each.item, each.trial, Arm::baseline}, evidence.plan.trials);
    const auto row = [&](const std::string& key, std::vector<std::string> replies) {
      std::vector<std::string> cells{
          key, "", "", item.id, item.severe_class, readable(item.input), readable(item.expected)};
      cells.insert(cells.end(), replies.begin(), replies.end());
      cells.push_back(shortest(each.probability));
      add(cells);
    };
    if (sample.compares()) {
      const std::string key = pair_key(evidence, first);
      const CellIndex shown = first + static_cast<CellIndex>(shown_first(key));
      row(key, {text_of(shown), text_of(shown ^ 1U)});
      sample.replies += 2;
      continue;
    }
    for (const Arm arm : each.arms) {
      const CellIndex cell = first + static_cast<CellIndex>(arm);
      row(reply_key(evidence, cell), {text_of(cell)});
      ++sample.replies;
    }
  }
  // Both replies of a case stand anywhere, and in any order.
  Random(evidence.plan.seed ^ 0x6c6162656cULL).shuffle(sample.rows);
}

std::vector<CellIndex> cells_with_replies(const Evidence& evidence) {
  std::vector<CellIndex> out;
  for (CellIndex cell = 0; cell < evidence.observations.size(); ++cell) {
    const Observation& seen = evidence.observations[cell];
    const bool replied =
        seen.status == Status::ok || (seen.status == Status::ungraded && seen.error != ErrorKind::reply_missing &&
                                      seen.error != ErrorKind::empty_reply);
    if (replied && !seen.fallback) out.push_back(cell);
  }
  return out;
}

Result<Sample> sampled(const Context& context) {
  const Arguments& arguments = context.arguments;
  HG_TRY(run, open_judged(context, arguments.operands[0]));
  Sample out{std::move(run), std::nullopt, {}, {}, 0, 0};
  const Evidence& evidence = out.run.evidence;
  DrawWish wish;
  wish.replies = arguments.whole("--n").value_or(usual_replies);
  wish.seed = arguments.whole("--seed").value_or(evidence.plan.seed);
  wish.suites.assign(evidence.plan.suites.size(), true);
  if (const auto wanted = arguments.text("--grader")) {
    HG_TRY(grader, run::find_grader(evidence.plan, *wanted));
    for (std::size_t i = 0; i < wish.suites.size(); ++i) wish.suites[i] = grader.position[i].has_value();
    wish.pairs_only = grader.compares;
    out.grader = std::move(grader);
  }
  const std::vector<CellIndex> cells = cells_with_replies(evidence);
  HG_TRY(texts, run::read_replies(out.run.folder.path, evidence, cells));
  wish.has_reply.assign(evidence.observations.size(), false);
  for (const CellIndex cell : cells) {
    wish.has_reply[cell] = texts.replies[cell] && texts.replies[cell]->text_kept;
  }
  out.drawing = draw(evidence, wish);
  if (out.drawing.cases.empty()) {
    return failure(ErrorCode::input, "run " + out.run.folder.run_id + " has no reply to label",
                   "replies that were recorded for their grades alone have no text to look at");
  }
  write_rows(out, texts);
  return out;
}

std::string file_of(const Sample& sample) {
  std::string text = sample.compares() ? "key,label,note,case,severe_class,input,expected,first,second,probability\r\n"
                                       : "key,label,note,case,severe_class,input,expected,reply,probability\r\n";
  for (const std::string& row : sample.rows) text += row;
  return text;
}

std::string report_of(const Sample& sample, const std::string& file, double min_recall) {
  const char* words = sample.compares() ? "first, second or tie" : "pass or fail";
  std::string out = plural(sample.rows.size(), "row") + " to label in " + terminal_line(file) + ": " +
                    plural(sample.drawing.cases.size(), "case") + ", " + plural(sample.replies, "reply", "replies") +
                    "\n";
  Columns table({"cases", "of", "drawn", "probability"});
  for (const DrawnStratum& each : sample.drawing.strata) {
    table.add({each.severe_class.empty() ? "not severe" : "severe class " + terminal_line(each.severe_class),
               std::to_string(each.cases), std::to_string(each.drawn),
               each.cases == 0 ? "-" : fixed(static_cast<double>(each.drawn) / static_cast<double>(each.cases), 3)});
  }
  out += table.text();
  out += std::string("write ") + words + " under label; leave it empty where you cannot tell; further raters write " +
         "under label_2, label_3\n";
  out += gate::labels_needed(min_recall) + ", on each arm and in each severe class that has any\n";
  if (sample.too_long > 0) {
    out += plural(sample.too_long, "text is", "texts are") + " longer than a cell of most spreadsheets holds\n";
  }
  out += "then: headgate judge calibrate " + terminal_line(file) + " --run " + terminal_line(sample.run.folder.run_id) +
         " --grader " + terminal_line(sample.grader && sample.grader->judge ? sample.grader->judge->judge : "NAME") +
         " --out calibration.json\n";
  return out;
}

Json json_of(const Sample& sample, const std::string& file, double min_recall) {
  Json strata = Json::array();
  for (const DrawnStratum& each : sample.drawing.strata) {
    strata.push_back({{"severe_class", each.severe_class.empty() ? Json(nullptr) : Json(each.severe_class)},
                      {"cases", each.cases},
                      {"drawn", each.drawn}});
  }
  return {{"format", "headgate/judge-sample/1"},
          {"run", repair_utf8(sample.run.folder.run_id)},
          {"out", repair_utf8(file)},
          {"rows", sample.rows.size()},
          {"cases", sample.drawing.cases.size()},
          {"strata", std::move(strata)},
          {"needed",
           {{"all_caught", gate::failed_needed(min_recall, 0)}, {"one_missed", gate::failed_needed(min_recall, 1)}}}};
}

Result<ExitCode> judge_sample_verb(const Context& context) {
  const std::string file = context.arguments.text("--out").value_or("labels.csv");
  if (real_files().exists(file)) {
    return failure(ErrorCode::input, "'" + file + "' is there already, perhaps with somebody's labels",
                   "--out names another file");
  }
  HG_TRY(sample, sampled(context));
  HG_CHECK(write_file_atomically(file, file_of(sample)));
  const double min_recall = sample.run.evidence.plan.rules.evidence.judges.min_recall;
  write_out(context.arguments.flag("--json") ? canonical_pretty(json_of(sample, file, min_recall))
                                             : report_of(sample, file, min_recall));
  return ExitCode::yes;
}

}  // namespace

Verb judge_sample_row() {
  return {
      .name = "judge sample",
      .group = judging,
      .summary = "draw replies of a run for people to label",
      .operands = "RUN",
      .least_operands = 1,
      .most_operands = 1,
      .options = {text("--grader", "GRADER", "the judge that is to be calibrated: its name, kind, label or place"),
                  whole("--n", "N", 1, "about how many replies (default: 60)"),
                  text("--out", "FILE", "where the rows go, as CSV (default: labels.csv); never over another file"),
                  whole("--seed", "N", 0, "another draw (default: the seed of the run)"), reports_option()},
      .details =
          "Cases are drawn by chance with known probability, both arms' replies of a case together, at least half\n"
          "of them severe where there are severe ones. Rows are shuffled and do not say whose reply it is; `key`\n"
          "stays the same in every run with the same replies, so labels outlive a rubric: after `headgate regrade`\n"
          "with another one they calibrate it too. For a judge that compares two replies, a row has both.",
      .examples = {"headgate judge sample 20261120T12 --n 60 --out labels.csv",
                   "headgate judge sample support_answer_model --grader rubric --n 200 --out labels.csv"},
      .run = judge_sample_verb};
}

}  // namespace headgate::cli
