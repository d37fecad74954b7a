#include "negation.hpp"

#include <utility>

namespace headgate::grade {
namespace {

class Negated : public Grader {
 public:
  explicit Negated(std::shared_ptr<const Grader> inner) : inner_(std::move(inner)) {}

  Scope scope() const override { return inner_->scope(); }

  Step step(const Subject& subject, const Answers& answers) const override {
    Step step = inner_->step(subject, answers);
    if (auto* grade = std::get_if<Grade>(&step)) {
      grade->pass = !grade->pass;
      grade->score = 1.0 - grade->score;
      grade->reason.insert(0, grade->pass ? "does not hold, as asked: " : "holds, but must not: ");
    }
    return step;
  }

  std::string lacks(const Case& item) const override { return inner_->lacks(item); }
  std::vector<std::string> consults() const override { return inner_->consults(); }

 private:
  std::shared_ptr<const Grader> inner_;
};

}  // namespace

GraderPtr negated(std::shared_ptr<const Grader> inner) { return std::make_unique<Negated>(std::move(inner)); }

}  // namespace headgate::grade
