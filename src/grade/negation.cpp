#include "negation.hpp"

#include <set>
#include <utility>

namespace headgate::grade {
namespace {

class Negated : public Grader {
 public:
  explicit Negated(std::shared_ptr<const Grader> inner) : inner_(std::move(inner)) {}

  Scope scope() const override { return inner_->scope(); }

  Step step(const Subject& subject, const Answers& answers) const override {
    Step step = inner_->step(subject, answers);
    if (auto* grade = std::get_if<Grade>(&step)) turn(*grade);
    if (auto* both = std::get_if<PairGrade>(&step)) {
      turn(both->first);
      turn(both->second);
    }
    return step;
  }

  std::string lacks(const Case& item) const override { return inner_->lacks(item); }
  // A judge turned round misses what it caught before: what is known of its word holds no longer.
  Needs needs() const override {
    Needs all = inner_->needs();
    std::set<JudgeUse> turned;
    for (JudgeUse use : all.judges) {
      use.rubric = Hasher().field("headgate/not/1").field(use.rubric).finish();
      turned.insert(std::move(use));
    }
    all.judges = std::move(turned);
    return all;
  }
  bool reads_recorded_only() const override { return inner_->reads_recorded_only(); }

 private:
  static void turn(Grade& grade) {
    grade.pass = !grade.pass;
    grade.score = 1.0 - grade.score;
    grade.reason.insert(0, grade.pass ? "does not hold, as asked: " : "holds, but must not: ");
  }

  std::shared_ptr<const Grader> inner_;
};

}  // namespace

GraderPtr negated(std::shared_ptr<const Grader> inner) { return std::make_unique<Negated>(std::move(inner)); }

}  // namespace headgate::grade
