// A grader of one's own in C++: the reply greets, or thanks. Built outside headgate's tree, and run by it as a plugin.
#include <array>
#include <headgate/grade/serve.hpp>

namespace {

using namespace headgate;

constexpr std::array<std::string_view, 4> polite_words = {"please", "thank", "kind", "sorry"};

class Polite : public grade::Grader {
 public:
  grade::Step step(const grade::Subject& subject, const grade::Answers&) const override {
    const std::string& text = subject.replies[0]->text;
    for (const std::string_view word : polite_words) {
      if (text.find(word) != std::string::npos) return Grade{true, 1.0, "says '" + std::string(word) + "'"};
    }
    return Grade{false, 0.0, "is not polite"};
  }
};

const FieldTable& options_table() {
  static const FieldTable table{"polite", "Options of polite.", {}};
  return table;
}

grade::GraderPtr build(const grade::BuildContext&) { return std::make_unique<Polite>(); }

}  // namespace

int main() {
  return grade::serve({"polite", "the reply is polite", "Passes where it greets or thanks.", R"({"kind":"polite"})",
                       &options_table(), &build});
}
