// What every grader of the reply's text shares: a reply is brought to Unicode NFC, cut by `extract`, trimmed, and case
// folded on request, before the grader's own judge() sees it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "extract.hpp"
#include "headgate/grade/registry.hpp"
#include "verdict.hpp"

namespace headgate::grade {

struct TextOptions {
  bool fold_case = false;
  bool trim = true;
  std::optional<Extract> extract;

  // Reads `extract`, `trim` and `fold_case`, where the kind's table has them.
  static std::optional<TextOptions> build(const BuildContext& context);
};

// The fields that TextOptions reads, behind a kind's own.
std::vector<Field> with_text_fields(std::vector<Field> own);     // extract, trim, fold_case
std::vector<Field> with_extract_fields(std::vector<Field> own);  // extract, trim

class TextGrader : public Grader {
 public:
  explicit TextGrader(TextOptions options) : options_(std::move(options)) {}

  // A reply without text and without tool calls cannot be judged. A part that is not there is Absent.
  Step step(const Subject& subject, const Answers& answers) const final;

 protected:
  virtual Step judge(std::string_view text, const Case& item) const = 0;
  // The same with the answers so far, for graders that ask.
  virtual Step judge_with(std::string_view text, const Subject& subject, const Answers& answers) const {
    static_cast<void>(answers);
    return judge(text, subject.item);
  }
  bool fold_case() const { return options_.fold_case; }

 private:
  TextOptions options_;
};

}  // namespace headgate::grade
