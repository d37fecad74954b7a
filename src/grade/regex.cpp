// regex: the judged text matches an RE2 pattern.
#include <nlohmann/json.hpp>

#include "comparable.hpp"
#include "headgate/domain/template.hpp"
#include "options.hpp"
#include "pattern.hpp"
#include "text_grader.hpp"
#include "verdict.hpp"

namespace headgate::grade {
namespace {

// A pattern, perhaps with values of the case in it. Those go in as literal text: the "." of an expected "3.5" is no
// wildcard. Such a pattern is compiled for each cell, any other once.
class CasePattern {
 public:
  static std::optional<CasePattern> build(const BuildContext& context) {
    const Json& written = *option(context.options, "pattern");
    CasePattern out;
    out.fold_case_ = flag(context.options, "fold_case", false);
    if (written.get_ref<const std::string&>().find("{{") == std::string::npos) {
      out.fixed_ = Pattern::compile(context.tree, written, out.fold_case_, context.complaints);
      return out.fixed_ ? std::optional(std::move(out)) : std::nullopt;
    }
    out.text_ = Template::compile(context.tree, written, context.complaints);
    if (!out.text_) return std::nullopt;
    std::string tried;
    for (const Template::Part& part : out.text_->parts()) tried += part.variable ? "x" : part.literal;
    const auto compiled = Pattern::compile(tried, out.fold_case_);
    if (compiled) return out;
    context.complaints.add(
        context.tree.error(written, "bad pattern: " + compiled.error().message, compiled.error().hint));
    return std::nullopt;
  }

  Judged<Pattern> of(const Case& item) const {
    if (fixed_) return *fixed_;
    std::string all;
    for (const Template::Part& part : text_->parts()) {
      std::string scratch;
      if (!part.variable) {
        all += part.literal;
      } else if (const auto text = text_of(*part.variable, item, scratch)) {
        all += Pattern::quote(*text);
      } else {
        return tl::unexpected(text.error());
      }
    }
    auto compiled = Pattern::compile(comparable_copy(all, false), fold_case_);
    if (!compiled) return unjudged("the pattern does not compile for this case: " + compiled.error().message);
    return std::move(*compiled);
  }

 private:
  std::optional<Pattern> fixed_;
  std::optional<Template> text_;  // where not fixed
  bool fold_case_ = false;
};

class Regex : public TextGrader {
 public:
  Regex(TextOptions options, CasePattern pattern, bool full, std::string written)
      : TextGrader(std::move(options)), pattern_(std::move(pattern)), full_(full), written_(std::move(written)) {}

  std::string lacks(const Case& item) const override {
    const auto pattern = pattern_.of(item);
    return pattern ? std::string() : pattern.error().message;
  }

 protected:
  Step judge(std::string_view text, const Case& item) const override {
    const auto pattern = pattern_.of(item);
    if (!pattern) return pattern.error();
    const bool pass = full_ ? pattern->covers(text) : pattern->found_in(text);
    return verdict(pass, (pass ? "matches " : "does not match ") + in_quotes(written_));
  }

 private:
  CasePattern pattern_;
  bool full_;
  std::string written_;
};

const FieldTable& options_table() {
  static const FieldTable table{
      "regex", "Options of regex.",
      with_text_fields(
          {{"pattern",
            string_shape(),
            "an RE2 pattern; {{case.…}} in it goes in as literal text",
            true,
            {},
            R"("^\\d+$")"},
           {"full", boolean_shape(), "the whole judged text must match, not only a part", false, "false"}})};
  return table;
}

GraderPtr build(const BuildContext& context) {
  auto options = TextOptions::build(context);
  auto pattern = CasePattern::build(context);
  if (!options || !pattern) return nullptr;
  options->fold_case = false;  // the pattern does it: a folded text would break its upper-case classes
  return std::make_unique<Regex>(std::move(*options), std::move(*pattern), flag(context.options, "full", false),
                                 word(context.options, "pattern", ""));
}

}  // namespace

Kind regex_kind() {
  return {"regex",
          "the text matches a regular expression",
          "Passes when the RE2 pattern matches somewhere in the judged text, or with `full` all of it. Matching takes "
          "linear time, so there are no look-arounds and no back-references; `(?i)`, `(?s)` and `(?m)` work. Score: 1 "
          "or 0.",
          R"({"kind":"regex","pattern":"ticket #\\d{4,}","fold_case":true})",
          &options_table(),
          &build};
}

}  // namespace headgate::grade
