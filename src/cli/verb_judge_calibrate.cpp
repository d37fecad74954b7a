// Measures a judge against people's labels on the same replies, and writes the record that lets a gate believe it.

#include <algorithm>
#include <nlohmann/json.hpp>

#include "calibration_report.hpp"
#include "diagnostics.hpp"
#include "headgate/base/clock.hpp"
#include "headgate/base/file.hpp"
#include "headgate/base/text.hpp"
#include "headgate/domain/codec.hpp"
#include "headgate/run/verdicts.hpp"
#include "inputs.hpp"
#include "judged_run.hpp"
#include "label_sheet.hpp"
#include "labels.hpp"
#include "output.hpp"
#include "verb_options.hpp"

namespace headgate::cli {
namespace {

using gate::LabelledReply;
using Word = run::CellWord;

// What a calibration is made of.
struct Material {
  CalibrationReport report;
  bool bound = false;  // it is known whose word it is, so that a record can be written
};

// Labels that are the grades of another grader of the run.
Result<gate::LabelSet> labels_of_grader(const JudgedRun& run, const std::string& human,
                                        const std::vector<Word>& words) {
  HG_TRY(grader, run::find_grader(run.evidence.plan, human));
  if (grader.judge) {
    return failure(ErrorCode::input, "'" + human + "' is a judge itself",
                   "--human names the grader with people's labels");
  }
  HG_TRY(said, run::words_of(run.folder.path, run.evidence, grader));
  gate::LabelSet out;
  for (CellIndex cell = 0; cell < said.size(); ++cell) {
    if (said[cell].kind != Word::Kind::graded) continue;
    LabelledReply reply = reply_at(run.evidence, cell);
    reply.raters = {said[cell].pass ? pass_category : fail_category};
    set_word(reply, words[cell]);
    out.replies.push_back(std::move(reply));
  }
  return out;
}

// Means over the pairs of a judge that compares two replies; each pair's stand with both of its cells.
void add_position_bias(const std::vector<Word>& words, Calibration& out) {
  const auto mean_of = [&](const char* measure) -> std::optional<double> {
    double sum = 0.0;
    std::size_t n = 0;
    for (std::size_t cell = 0; cell < words.size(); cell += 2) {
      for (const Measure& each : words[cell].measures) {
        if (each.name != measure) continue;
        sum += each.value;
        ++n;
      }
    }
    return n == 0 ? std::nullopt : std::optional(sum / static_cast<double>(n));
  };
  out.order_disagreement = mean_of("order_disagreement");
  out.shown_first_wins = mean_of("shown_first_wins");
}

Result<const SealedJudge*> sealed_of(const PlanHead& plan, const JudgeUse& use) {
  const auto found = std::ranges::find(plan.judges, use, &SealedJudge::use);
  if (found == plan.judges.end()) {
    return failure(ErrorCode::untrusted, "the plan of this run does not name the judge '" + use.judge + "'");
  }
  return &*found;
}

Result<std::optional<Material>> from_run(const Context& context, ExitCode& refused) {
  const Arguments& arguments = context.arguments;
  HG_TRY(run, open_judged(context, *arguments.text("--run")));
  const auto wanted = arguments.text("--grader");
  if (!wanted) return failure(ErrorCode::input, "--grader says which judge of the run is measured");
  HG_TRY(grader, run::find_grader(run.evidence.plan, *wanted));
  if (!grader.judge) {
    return failure(ErrorCode::input, "'" + *wanted + "' is no judge: it decides without a calibration",
                   "judges are graders of the kinds judge and pairwise, and recorded ones with `judge`");
  }
  HG_TRY(sealed, sealed_of(run.evidence.plan, *grader.judge));
  HG_TRY(words, run::words_of(run.folder.path, run.evidence, grader));

  Material out;
  out.bound = true;
  out.report.floors = run.evidence.plan.rules.evidence.judges;
  out.report.verdicts_from = "run " + run.folder.run_id;
  gate::LabelSet labels;
  std::vector<Calibration::Pair> pairs;
  if (const auto human = arguments.text("--human")) {
    if (!arguments.operands.empty()) {
      return failure(ErrorCode::input, "labels come from a file or from --human, not from both");
    }
    HG_TRY(read, labels_of_grader(run, *human, words));
    labels = std::move(read);
    out.report.labels_from = "grader '" + *human + "' of the same run";
  } else {
    Complaints complaints;
    const auto sheet = read_labels(arguments.operands, arguments.text("--id").value_or(""), complaints);
    if (!sheet) {
      refused = report(std::move(complaints), context.terminal);
      return std::optional<Material>();
    }
    HG_TRY(sampled, sampled_labels(context, run.evidence, grader, words, *sheet, complaints));
    if (!complaints.empty()) {
      refused = report(std::move(complaints), context.terminal);
      return std::optional<Material>();
    }
    labels = std::move(sampled.set);
    pairs = std::move(sampled.pairs);
    out.report.labels_from = join_words(arguments.operands);
    if (sampled.unknown > 0) {
      out.report.notes.push_back(plural(sampled.unknown, "labelled row is", "labelled rows are") +
                                 " of replies that this run does not have; they count nowhere");
    }
  }
  Calibration calibration = gate::calibrate(labels);
  if (grader.compares) {
    add_position_bias(words, calibration);
    calibration.pairs = std::move(pairs);
  }
  calibration.use = *grader.judge;
  calibration.route = sealed->route;
  calibration.route_digest = sealed->route_digest;
  const gate::Admission admission = gate::admission(calibration, out.report.floors);
  out.report.judges.push_back({grader.judge->judge, std::move(calibration), admission});
  return out;
}

// --verdict [NAME=]FIELD
struct VerdictField {
  std::string name, field;
};
VerdictField verdict_field(const std::string& written) {
  const std::size_t equal = written.find('=');
  const std::size_t place = written.find_first_of("/#");
  if (equal == written.npos || equal > place) return {written, written};
  return {written.substr(0, equal), written.substr(equal + 1)};
}

Result<std::optional<Material>> from_files(const Context& context, ExitCode& refused) {
  const Arguments& arguments = context.arguments;
  if (arguments.text("--human") || arguments.text("--grader")) {
    return failure(ErrorCode::input, "--grader and --human name graders of a run", "--run says which run");
  }
  const std::vector<std::string> written = arguments.texts("--verdict");
  if (arguments.operands.empty() || written.empty()) {
    return failure(ErrorCode::input, "nothing says what the judge said",
                   "--run RUN --grader GRADER reads it from a run, --verdict FIELD from the files of labels");
  }
  std::vector<VerdictField> fields;
  std::vector<std::string> files = arguments.operands;
  for (const std::string& each : written) {
    fields.push_back(verdict_field(each));
    const std::size_t hash = fields.back().field.find('#');
    if (hash == std::string::npos || hash == 0) continue;
    const std::string file = fields.back().field.substr(0, hash);
    if (std::ranges::find(files, file) == files.end()) files.push_back(file);
  }
  Complaints complaints;
  const auto sheet = read_labels(files, arguments.text("--id").value_or(""), complaints);
  if (!sheet) {
    refused = report(std::move(complaints), context.terminal);
    return std::optional<Material>();
  }
  FileLabels labels(context, *sheet);
  HG_CHECK(labels.prepare());
  Material out;
  out.report.labels_from = join_words(arguments.operands);
  out.report.verdicts_from = "the same files";
  for (const VerdictField& field : fields) {
    const gate::LabelSet set = labels.with(field.field, complaints);
    if (!complaints.empty()) {
      refused = report(std::move(complaints), context.terminal);
      return std::optional<Material>();
    }
    Calibration calibration = gate::calibrate(set);
    if (calibration.labels == 0) {
      return failure(ErrorCode::input, "no labelled reply has a verdict at " + field.field,
                     "--verdict names a column, or a JSON pointer, as judge=/recorded/verdict");
    }
    calibration.use.judge = field.name;
    calibration.use.recorded = true;
    const gate::Admission admission = gate::admission(calibration, out.report.floors);
    out.report.judges.push_back({field.name, std::move(calibration), admission});
  }
  out.report.notes.push_back("verdicts from files belong to no rubric: a record for a gate is made from a run (--run)");
  return out;
}

ExitCode code_of(const CalibrationReport& report) {
  ExitCode worst = ExitCode::yes;
  for (const CalibratedJudge& judge : report.judges) {
    switch (judge.admission.standing) {
      case gate::Standing::admissible:
        break;
      case gate::Standing::too_few_labels:
        if (worst == ExitCode::yes) worst = ExitCode::inconclusive;
        break;
      case gate::Standing::misses_failures:
      case gate::Standing::disagrees:
        worst = ExitCode::no;
        break;
    }
  }
  return worst;
}

Result<ExitCode> judge_calibrate_verb(const Context& context) {
  const bool of_run = context.arguments.text("--run").has_value();
  const auto out = context.arguments.text("--out");
  if (!of_run && out) {
    return failure(ErrorCode::input, "a record is bound to a rubric and a route, and files say neither",
                   "--run RUN --grader GRADER measures the judge of a run");
  }
  ExitCode refused = ExitCode::refused;
  HG_TRY(material, of_run ? from_run(context, refused) : from_files(context, refused));
  if (!material) return refused;
  if (material->bound) {
    material->report.judges.front().calibration.made_at = utc_stamp(real_clock().wall_seconds());
  }
  if (out && material->bound) {
    const Json record = to_json(material->report.judges.front().calibration);
    HG_CHECK(write_file_atomically(*out, canonical_pretty(record), Access::everyone));
    material->report.notes.push_back("the record is in " + *out +
                                     "; gate.yaml names it as calibration of this judge, and it holds for this rubric "
                                     "and this route alone");
  }
  write_out(context.arguments.flag("--json") ? canonical_pretty(calibration_json(material->report))
                                             : calibration_text(material->report));
  return code_of(material->report);
}

Option repeated(std::string name, std::string value, std::string help) {
  Option option = text(std::move(name), std::move(value), std::move(help));
  option.repeatable = true;
  return option;
}

}  // namespace

Verb judge_calibrate_row() {
  return {
      .name = "judge calibrate",
      .group = judging,
      .summary = "measure a judge against people's labels, and write the record that lets a gate believe it",
      .operands = "[LABELS...]",
      .least_operands = 0,
      .most_operands = any_number,
      .options = {text("--run", "RUN", "the run whose judge is measured: its verdicts are read, nobody is asked"),
                  text("--grader", "GRADER", "which of its graders: the judge's name, a kind, a label or a place"),
                  text("--human", "GRADER", "the grader of the run that holds people's labels, instead of a file"),
                  text("--out", "FILE", "write the record there, for `judges:` of the gate file"),
                  repeated("--label", "FIELD",
                           "where a rater's label stands: a column, or a JSON pointer (default: columns label…)"),
                  repeated("--verdict", "[NAME=]FIELD",
                           "where a judge's verdict stands, without a run; FILE#/pointer for another file"),
                  text("--label-map", "MAP", "what labels mean, as 1=first,2=second,0=tie, or good=pass,bad=fail"),
                  text("--verdict-map", "MAP", "the same for verdicts; one that is not in it is unusable"),
                  text("--id", "FIELD", "what rows are joined by (default: key, case_id or id)"),
                  text("--severe-class", "FIELD", "where a row's severe class stands, without a run"),
                  text("--arm", "FIELD", "where its arm stands, without a run"),
                  text("--probability", "FIELD", "where the probability stands with which it was drawn"),
                  reports_option()},
      .details =
          "LABELS is a CSV file of `headgate judge sample`, filled in, or any CSV or JSONL. The judge is admissible\n"
          "where the lower 95 % bound of its recall of what people failed reaches the floor over all, on each arm and\n"
          "in each severe class with such replies, and that of its agreement does (evidence.judges of the gate; 50\n"
          "labels, 80 % and 80 % where it says nothing). Exits 0 where it is, 1 where it is shown not to be, 2 where\n"
          "labels are too few, 3 where the input is refused.",
      .examples =
          {"headgate judge calibrate labels.csv --run 20261120T12 --grader rubric --out calibration/rubric.json",
           "headgate judge calibrate --run 20261120T12 --human 1 --grader gpt4",
           "headgate judge calibrate cases.jsonl --label /human --verdict gpt=out/gpt.jsonl#/verdict "
           "--label-map 1=first,2=second,0=tie --verdict-map 1=first,2=second,Tie=tie"},
      .run = judge_calibrate_verb};
}

}  // namespace headgate::cli
