#include "headgate/grade/cell.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "headgate/base/text.hpp"
#include "verdict.hpp"

namespace headgate::grade {
namespace {

GradedCell ungraded(ErrorKind kind, std::string message) {
  GradedCell out;
  out.error = kind;
  out.message = std::move(message);
  return out;
}

bool is_score(double score) { return std::isfinite(score) && score >= 0.0 && score <= 1.0; }

// The grader at `position` of a cell.
std::string prefix_of(std::size_t position) { return std::to_string(position) + "/"; }

tl::unexpected<CallError> error_of(ErrorKind what, const std::string& kind, const std::string& why) {
  return tl::unexpected(CallError{what, kind + ": " + why});
}

// Why a grader may not ask this, or "". `answers` are its own.
std::string breach(const std::vector<Ask>& asks, const Answers& answers, std::size_t answered) {
  if (asks.empty()) return "asks nothing, and gives no grade";
  if (answered + asks.size() > max_asks) return "asks more than " + std::to_string(max_asks) + " questions";
  std::set<std::string_view> keys;
  for (const Ask& ask : asks) {
    if (ask.key.empty()) return "asks a question without a key";
    if (answers.find(ask.key) != nullptr) return "asks '" + ask.key + "' again";
    if (!keys.insert(ask.key).second) return "asks '" + ask.key + "' twice";
  }
  return {};
}

// One grader's word on a reply: a grade, or what it asks, or why it has none.
using Word = std::variant<Grade, std::vector<Ask>>;

// What is looked at, and what was answered to this grader.
Judged<Step> step_of(const std::string& kind, const Grader& grader, const Subject& subject, const CellReplies& replies,
                     const Answers& answers) {
  if (!replies.own.text_kept && !grader.reads_recorded_only()) {
    return error_of(ErrorKind::reply_missing, kind, "only grades were recorded of this reply, not its text");
  }
  if (grader.scope() == Scope::cell) return grader.step(subject, answers);
  if (replies.pair.size() != 2) {
    return error_of(ErrorKind::reply_missing, kind, "compares two replies, and the other arm has none");
  }
  const auto is_bare = [](const Reply* reply) { return !reply->text_kept; };
  if (std::ranges::any_of(replies.pair, is_bare) && !grader.reads_recorded_only()) {
    return error_of(ErrorKind::reply_missing, kind, "only grades were recorded of the other arm's reply, not its text");
  }
  Step step = grader.step({subject.item, replies.pair, subject.seed}, answers);
  if (auto* both = std::get_if<PairGrade>(&step)) return std::move(replies.side == 0 ? both->first : both->second);
  return step;
}

Judged<Word> word_of(const std::string& kind, const Grader& grader, const Subject& subject, const CellReplies& replies,
                     std::size_t position, std::span<const Answer> all) {
  const std::string prefix = prefix_of(position);
  const Answers answers = Answers(all).under(prefix);
  Judged<Step> step = step_of(kind, grader, subject, replies, answers);
  if (!step) return tl::unexpected(std::move(step.error()));
  if (auto* failed = std::get_if<CallError>(&*step)) return error_of(failed->kind, kind, failed->message);
  if (auto* absent = std::get_if<Absent>(&*step)) {
    return Word(Grade{false,
                      0.0,
                      std::move(absent->reason),
                      {},
                      std::move(absent->label),
                      std::move(absent->expected_label)});
  }
  if (std::holds_alternative<PairGrade>(*step)) {
    return error_of(ErrorKind::grader_failed, kind, "gives two grades where one reply is judged");
  }
  if (auto* asks = std::get_if<std::vector<Ask>>(&*step)) {
    const auto answered = static_cast<std::size_t>(
        std::count_if(all.begin(), all.end(), [&](const Answer& each) { return each.key.starts_with(prefix); }));
    const std::string fault = breach(*asks, answers, answered);
    if (!fault.empty()) return error_of(ErrorKind::grader_failed, kind, fault);
    return Word(std::move(*asks));
  }
  Grade& grade = std::get<Grade>(*step);
  if (!is_score(grade.score)) {
    return error_of(ErrorKind::score_out_of_range, kind,
                    "gave the score " + shortest(grade.score) + ", outside 0 to 1");
  }
  for (const Measure& measure : grade.measures) {
    if (std::isfinite(measure.value)) continue;
    return error_of(ErrorKind::score_out_of_range, kind, "measured '" + measure.name + "' as what is no number");
  }
  return Word(std::move(grade));
}

bool passes(const PassRule& rule, const GradedCell& cell) {
  if (rule.kind == PassRule::Kind::mean) return cell.score >= rule.least_mean;
  return std::ranges::all_of(cell.grades, [](const NamedGrade& one) { return one.grade.pass; });
}

// Whether it would not pass with the best that the judges could have said.
bool fails_anyway(const PassRule& rule, GradedCell cell) {
  double sum = 0.0;
  for (NamedGrade& one : cell.grades) {
    if (one.judged) one.grade = {true, 1.0, {}};
    sum += one.grade.score;
  }
  cell.score = sum / static_cast<double>(cell.grades.size());
  return !passes(rule, cell);
}

}  // namespace

Result<SuiteGraders> SuiteGraders::make(const SuiteHead& suite, const Registry& registry) {
  SuiteGraders out;
  out.pass_ = suite.pass;
  out.registry_ = &registry;
  for (const GraderSpec& spec : suite.graders) {
    HG_TRY(built, registry.build(spec));
    const bool judged = !built->needs().judges.empty();
    out.graders_.push_back({spec, spec.written_kind(), std::move(built), judged});
  }
  return out;
}

CellStep SuiteGraders::step(const Case& item, const Reply& reply, std::uint64_t seed,
                            std::span<const Answer> answers) const {
  return step(item, CellReplies{reply}, seed, answers);
}

bool SuiteGraders::compares(const Case& item) const {
  const auto is_pair = [](const Grader& grader) { return grader.scope() == Scope::pair; };
  if (std::ranges::any_of(graders_, [&](const Built& one) { return is_pair(*one.grader); })) return true;
  return std::ranges::any_of(item.graders, [&](const GraderSpec& spec) {
    const auto built = registry_->build(spec);
    return built && is_pair(**built);
  });
}

CellStep SuiteGraders::step(const Case& item, const CellReplies& replies, std::uint64_t seed,
                            std::span<const Answer> answers) const {
  if (replies.own.empty()) return ungraded(ErrorKind::empty_reply, "the reply is empty");
  if (graders_.empty() && item.graders.empty()) return ungraded(ErrorKind::grader_failed, "the case has no grader");
  const Reply* const own[] = {&replies.own};
  const Subject subject{item, own, seed};
  GradedCell out;
  out.grades.reserve(graders_.size() + item.graders.size());
  std::vector<CellAsk> asked;
  std::size_t position = 0;
  double sum = 0.0;
  const auto add = [&](const GraderSpec& spec, const std::string& kind, const Grader& grader, bool judged) {
    auto word = word_of(kind, grader, subject, replies, position, answers);
    if (!word) {
      out = ungraded(word.error().kind, std::move(word.error().message));
      return false;
    }
    if (auto* asks = std::get_if<std::vector<Ask>>(&*word)) {
      const bool of_pair = grader.scope() == Scope::pair;
      for (Ask& ask : *asks) asked.push_back({position, spec, std::move(ask), of_pair});
    } else {
      sum += std::get<Grade>(*word).score;
      out.judged = out.judged || judged;
      out.grades.push_back({kind, std::move(std::get<Grade>(*word)), judged});
    }
    ++position;
    return true;
  };
  for (const Built& one : graders_) {
    if (!add(one.spec, one.kind, *one.grader, one.judged)) return out;
  }
  for (const GraderSpec& spec : item.graders) {
    const auto built = registry_->build(spec);
    if (!built) return ungraded(ErrorKind::grader_failed, built.error().message);
    if (!add(spec, spec.written_kind(), **built, !(*built)->needs().judges.empty())) return out;
  }
  if (!asked.empty()) return asked;
  out.score = sum / static_cast<double>(out.grades.size());
  out.pass = passes(pass_, out);
  out.fails_anyway = out.judged && fails_anyway(pass_, out);
  return out;
}

GradedCell SuiteGraders::grade(const Case& item, const Reply& reply, std::uint64_t seed) const {
  CellStep step = this->step(item, reply, seed, {});
  if (auto* graded = std::get_if<GradedCell>(&step)) return std::move(*graded);
  const CellAsk& first = std::get<std::vector<CellAsk>>(step).front();
  return ungraded(ErrorKind::grader_failed, first.spec.written_kind() + ": asks, and there is nobody to answer");
}

std::string CellAsk::key() const { return prefix_of(grader) + ask.key; }

}  // namespace headgate::grade
