#include "headgate/grade/cell.hpp"

#include <cmath>

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

// One grader's word on a reply, or why it has none.
Judged<Grade> grade_of(const std::string& kind, const Grader& grader, const Subject& subject) {
  const auto error = [&](ErrorKind what, const std::string& why) {
    return tl::unexpected(CallError{what, kind + ": " + why});
  };
  if (grader.scope() == Scope::pair) return error(ErrorKind::grader_failed, "compares two replies, but has one");
  Step step = grader.step(subject, Answers());
  if (auto* failed = std::get_if<CallError>(&step)) return error(failed->kind, failed->message);
  if (auto* absent = std::get_if<Absent>(&step)) return Grade{false, 0.0, std::move(absent->reason)};
  auto* grade = std::get_if<Grade>(&step);
  if (grade == nullptr) return error(ErrorKind::grader_failed, "asks, and there is nobody to answer");
  if (!is_score(grade->score)) {
    return error(ErrorKind::score_out_of_range, "gave the score " + shortest(grade->score) + ", outside 0 to 1");
  }
  return std::move(*grade);
}

bool passes(const PassRule& rule, const GradedCell& cell) {
  if (rule.kind == PassRule::Kind::mean) return cell.score >= rule.least_mean;
  for (const NamedGrade& one : cell.grades) {
    if (!one.grade.pass) return false;
  }
  return true;
}

}  // namespace

Result<SuiteGraders> SuiteGraders::make(const SuiteHead& suite, const Registry& registry) {
  SuiteGraders out;
  out.pass_ = suite.pass;
  out.registry_ = &registry;
  for (const GraderSpec& spec : suite.graders) {
    HG_TRY(built, registry.build(spec));
    out.graders_.push_back({spec.written_kind(), std::move(built)});
  }
  return out;
}

GradedCell SuiteGraders::grade(const Case& item, const Reply& reply, std::uint64_t seed) const {
  if (reply.empty()) return ungraded(ErrorKind::empty_reply, "the reply is empty");
  if (graders_.empty() && item.graders.empty()) return ungraded(ErrorKind::grader_failed, "the case has no grader");
  const Reply* const replies[] = {&reply};
  const Subject subject{item, replies, seed};
  GradedCell out;
  out.grades.reserve(graders_.size() + item.graders.size());
  double sum = 0.0;
  const auto add = [&](const std::string& kind, const Grader& grader) {
    auto grade = grade_of(kind, grader, subject);
    if (!grade) {
      out = ungraded(grade.error().kind, std::move(grade.error().message));
      return false;
    }
    sum += grade->score;
    out.grades.push_back({kind, std::move(*grade)});
    return true;
  };
  for (const Built& one : graders_) {
    if (!add(one.kind, *one.grader)) return out;
  }
  for (const GraderSpec& spec : item.graders) {
    const auto built = registry_->build(spec);
    if (!built) return ungraded(ErrorKind::grader_failed, built.error().message);
    if (!add(spec.written_kind(), **built)) return out;
  }
  out.score = sum / static_cast<double>(out.grades.size());
  out.pass = passes(pass_, out);
  return out;
}

}  // namespace headgate::grade
