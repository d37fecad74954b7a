#include "headgate/run/verdicts.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "asks.hpp"
#include "headgate/base/bug_error.hpp"
#include "headgate/base/file.hpp"
#include "headgate/base/json.hpp"
#include "headgate/base/random.hpp"
#include "headgate/base/text.hpp"
#include "headgate/grade/labels.hpp"
#include "headgate/journal/fold.hpp"
#include "headgate/journal/plan_file.hpp"
#include "headgate/journal/scan.hpp"

namespace headgate::run {
namespace {

std::string judge_named_by(const GraderSpec& spec) {
  const auto options = parse_own(spec.options.text);
  if (!options || !options->is_object()) return {};
  const auto found = options->find("judge");
  return found != options->end() && found->is_string() ? found->get<std::string>() : std::string();
}

// The places in a suite's list of graders that these words mean, by the most exact reading that means any.
std::vector<std::size_t> meant(const SuiteHead& suite, std::string_view wanted) {
  const std::vector<std::string> labels = grade::labels(suite.graders, {});
  std::vector<std::size_t> by_label, by_judge, by_kind, by_place;
  for (std::size_t i = 0; i < suite.graders.size(); ++i) {
    if (labels[i] == wanted) by_label.push_back(i);
    if (judge_named_by(suite.graders[i]) == wanted) by_judge.push_back(i);
    if (suite.graders[i].written_kind() == wanted) by_kind.push_back(i);
    if (std::to_string(i + 1) == wanted) by_place.push_back(i);
  }
  for (std::vector<std::size_t>* each : {&by_judge, &by_label, &by_kind, &by_place}) {
    if (!each->empty()) return std::move(*each);
  }
  return {};
}

std::string graders_of(const PlanHead& plan) {
  std::vector<std::string> all;
  for (const SuiteHead& suite : plan.suites) {
    for (std::string& label : grade::labels(suite.graders, {})) {
      if (std::ranges::find(all, label) == all.end()) all.push_back(std::move(label));
    }
  }
  return all.empty() ? "its suites have no graders of their own" : "its suites have " + join_words(all);
}

class Reader {
 public:
  static Result<Reader> open(const std::string& folder) {
    HG_TRY(plan, journal::read_plan(folder));
    HG_TRY(file, RandomAccessFile::open(join_path(folder, "journal.jsonl")));
    Reader out(std::move(plan), std::move(file));
    const auto scanned =
        journal::scan(*out.journal_, [&](const journal::RecordView& record) { out.fold_->add(record); });
    if (!scanned) return failure(scanned.error());
    return out;
  }

  Plan& plan() { return plan_; }

  Result<std::optional<Reply>> reply(const Evidence& evidence, CellIndex cell) const {
    const Observation& seen = evidence.observations[cell];
    if (seen.status != Status::ok && seen.status != Status::ungraded) return std::optional<Reply>();
    if (seen.error == ErrorKind::reply_missing && seen.result_offset == 0) return std::optional<Reply>();
    HG_TRY(outcome, journal::read_result(*journal_, seen.result_offset));
    auto* reply = std::get_if<Reply>(&outcome);
    return reply == nullptr ? std::optional<Reply>() : std::optional(std::move(*reply));
  }

  Result<std::vector<journal::RecordedGrade>> grades(const Observation& seen) const {
    return journal::read_grades(*journal_, seen.grade_offset);
  }

  // What the graders of this cell were answered.
  Result<std::vector<journal::RecordedAnswer>> answers(CellIndex cell) const {
    std::map<std::string, journal::RecordedAnswer> first;
    for (const auto& at : fold_->answers(cell)) {
      HG_TRY(answer, journal::read_answer(*journal_, at.offset));
      const std::string key = answer.ask;
      journal::RecordedAnswer& known = first.try_emplace(key, answer).first->second;
      if (known.error.kind != ErrorKind::none) known = std::move(answer);
    }
    std::vector<journal::RecordedAnswer> out;
    for (auto& [key, answer] : first) out.push_back(std::move(answer));
    return out;
  }

 private:
  Reader(Plan plan, std::shared_ptr<const RandomAccessFile> journal)
      : plan_(std::move(plan)), journal_(std::move(journal)), fold_(std::make_unique<journal::Fold>(plan_)) {}

  Plan plan_;
  std::shared_ptr<const RandomAccessFile> journal_;
  std::unique_ptr<journal::Fold> fold_;
};

bool is_no_verdict(ErrorKind kind) {
  return kind == ErrorKind::unparsable_verdict || kind == ErrorKind::score_out_of_range;
}

CellWord word_of(const Grade& grade) { return {CellWord::Kind::graded, grade.pass, grade.score, grade.measures, {}}; }

CellWord word_of(const grade::Step& step, std::size_t side) {
  if (const auto* grade = std::get_if<Grade>(&step)) return word_of(*grade);
  if (const auto* pair = std::get_if<grade::PairGrade>(&step)) return word_of(side == 0 ? pair->first : pair->second);
  if (const auto* absent = std::get_if<grade::Absent>(&step)) {
    return {CellWord::Kind::graded, false, 0.0, {}, absent->reason};
  }
  if (const auto* error = std::get_if<CallError>(&step)) {
    return {
        is_no_verdict(error->kind) ? CellWord::Kind::unusable : CellWord::Kind::none, false, 0.0, {}, error->message};
  }
  return {CellWord::Kind::none, false, 0.0, {}, "it asks what this run has no answer to"};
}

// Steps one grader over one cell from what is recorded. It may ask in rounds; every round is answered from the record.
class Stepper {
 public:
  Stepper(const Reader& reader, const Plan& plan, const Evidence& evidence, const SuiteGrader& grader)
      : reader_(reader), plan_(plan), evidence_(evidence), grader_(grader), built_(grader.position.size()) {}

  Result<CellWord> word(CellIndex cell, std::uint32_t suite) {
    const CellRef ref = cell_ref(cell, plan_.head.trials);
    HG_TRY(own, reader_.reply(evidence_, cell));
    if (!own) return CellWord{};
    if (built_[suite] == nullptr) {
      HG_TRY(built, grade::registry().build(grader_.spec[suite]));
      built_[suite] = std::move(built);
    }
    const grade::Grader& grader = *built_[suite];
    if (!own->text_kept && !grader.reads_recorded_only()) return CellWord{};
    HG_TRY(recorded, reader_.answers(cell));
    std::vector<const Reply*> replies{&*own};
    std::optional<Reply> other;
    if (grader_.compares) {
      const CellIndex sibling = cell ^ 1U;
      HG_TRY(found, reader_.reply(evidence_, sibling));
      if (!found) return CellWord{};
      other = std::move(found);
      HG_TRY(theirs, reader_.answers(sibling));
      recorded.insert(recorded.end(), theirs.begin(), theirs.end());
      if (ref.arm == Arm::baseline) {
        replies = {&*own, &*other};
      } else {
        replies = {&*other, &*own};
      }
    }
    const std::uint64_t seed = Random(plan_.head.seed, grader_.compares ? cell & ~CellIndex{1} : cell).next();
    const grade::Subject subject{plan_.cases[ref.item], replies, seed};
    return word_of(stepped(grader, subject, *grader_.position[suite], recorded), static_cast<std::size_t>(ref.arm));
  }

 private:
  // Whatever a grader throws, it has not judged.
  static grade::Step stepped(const grade::Grader& grader, const grade::Subject& subject, std::size_t position,
                             const std::vector<journal::RecordedAnswer>& recorded) {
    const std::string prefix = std::to_string(position) + "/";
    std::vector<grade::Answer> answers;
    std::set<std::string> told;
    try {
      while (true) {
        grade::Step step = grader.step(subject, grade::Answers(answers));
        const auto* asks = std::get_if<std::vector<grade::Ask>>(&step);
        if (asks == nullptr) return step;
        const std::size_t before = answers.size();
        for (const grade::Ask& ask : *asks) {
          const auto found = std::ranges::find(recorded, prefix + ask.key, &journal::RecordedAnswer::ask);
          if (found == recorded.end() || !told.insert(ask.key).second) continue;
          AnswerBody body = found->error.kind != ErrorKind::none ? AnswerBody(found->error) : AnswerBody(found->answer);
          answers.push_back(Asks::answer_of(ask.key, Asks::kind_of(ask), std::move(body)));
        }
        if (answers.size() == before) return step;
      }
    } catch (const BugError&) {
      throw;
    } catch (const std::bad_alloc&) {
      throw;
    } catch (const std::exception& e) {
      return CallError{ErrorKind::grader_failed, e.what()};
    }
  }

  const Reader& reader_;
  const Plan& plan_;
  const Evidence& evidence_;
  const SuiteGrader& grader_;
  std::vector<grade::GraderPtr> built_;  // by suite
};

}  // namespace

Result<SuiteGrader> find_grader(const PlanHead& plan, std::string_view wanted) {
  SuiteGrader out;
  bool found = false;
  for (const SuiteHead& suite : plan.suites) {
    const std::vector<std::size_t> places = meant(suite, wanted);
    if (places.size() > 1) {
      return failure(ErrorCode::input,
                     "several graders of suite '" + suite.name + "' are meant by '" + std::string(wanted) + "'",
                     graders_of(plan) + "; the place of one in its list will do, as --grader 2");
    }
    out.position.push_back(places.empty() ? std::nullopt : std::optional(places.front()));
    out.spec.push_back(places.empty() ? GraderSpec{} : suite.graders[places.front()]);
    if (places.empty()) continue;
    HG_TRY(built, grade::registry().build(out.spec.back()));
    const std::set<JudgeUse> judges = built->needs().judges;
    if (judges.size() > 1) {
      return failure(ErrorCode::input, "'" + std::string(wanted) + "' asks several judges",
                     "calibrate each where it stands by itself");
    }
    const auto use = judges.empty() ? std::nullopt : std::optional(*judges.begin());
    if (found && (use != out.judge || (built->scope() == grade::Scope::pair) != out.compares)) {
      return failure(ErrorCode::input,
                     "'" + std::string(wanted) + "' is not the same grader in every suite: another judge or rubric",
                     "a calibration is of one rubric; name the grader of one suite by its label");
    }
    out.judge = use;
    out.compares = built->scope() == grade::Scope::pair;
    out.name = grade::labels(suite.graders, {})[places.front()];
    found = true;
  }
  if (!found) {
    return failure(ErrorCode::input, "no grader '" + std::string(wanted) + "' in this run", graders_of(plan));
  }
  return out;
}

Result<RunReplies> read_replies(const std::string& folder, const Evidence& evidence,
                                const std::vector<CellIndex>& wanted) {
  HG_TRY(reader, Reader::open(folder));
  RunReplies out;
  out.replies.resize(evidence.observations.size());
  for (const CellIndex cell : wanted) {
    HG_TRY(reply, reader.reply(evidence, cell));
    out.replies[cell] = std::move(reply);
  }
  out.plan = std::move(reader.plan());
  return out;
}

Result<std::vector<CellWord>> words_of(const std::string& folder, const Evidence& evidence, const SuiteGrader& grader) {
  HG_TRY(reader, Reader::open(folder));
  const Plan& plan = reader.plan();
  Stepper stepper(reader, plan, evidence, grader);
  std::vector<CellWord> out(evidence.observations.size());
  for (CellIndex cell = 0; cell < out.size(); ++cell) {
    const std::uint32_t suite = plan.case_suite[cell_ref(cell, plan.head.trials).item];
    if (!grader.position[suite]) continue;
    const Observation& seen = evidence.observations[cell];
    if (seen.status == Status::ok) {
      HG_TRY(grades, reader.grades(seen));
      const std::size_t position = *grader.position[suite];
      if (position >= grades.size()) return failure(ErrorCode::untrusted, "a grade record lacks one of its graders");
      journal::RecordedGrade& one = grades[position];
      out[cell] = {CellWord::Kind::graded, one.pass, one.score, std::move(one.measures), {}};
    } else if (seen.status == Status::ungraded) {
      HG_TRY(word, stepper.word(cell, suite));
      out[cell] = std::move(word);
    }
  }
  return out;
}

}  // namespace headgate::run
