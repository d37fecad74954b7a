// choice: the reply picks the correct option of a multiple-choice question.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "chosen.hpp"
#include "comparable.hpp"
#include "headgate/base/unicode.hpp"
#include "headgate/domain/template.hpp"
#include "options.hpp"
#include "text_grader.hpp"
#include "verdict.hpp"

namespace headgate::grade {
namespace {

std::string option_text(std::string_view text) { return comparable_copy(trimmed(text), true); }

// The options of a question: the same for every case, or a list that each case has.
class OptionList {
 public:
  static std::optional<OptionList> build(const BuildContext& context) {
    OptionList out;
    const Json* options = option(context.options, "options");
    out.letters_ = static_cast<std::size_t>(quantity(context.options, "letters", static_cast<double>(max_choices)));
    if (options == nullptr) return out;
    if (option(context.options, "letters") != nullptr) {
      context.complaints.add(context.tree.error(*option(context.options, "letters"),
                                                "`letters` is counted from `options`", "leave it out", At::key));
      return std::nullopt;
    }
    if (options->is_string()) {
      const auto written = Template::compile(context.tree, *options, context.complaints);
      if (!written) return std::nullopt;
      if (written->only_variable() != nullptr) out.from_case_ = *written->only_variable();
      if (out.from_case_) return out;
      context.complaints.add(context.tree.error(*options, "options must be a list, or a template that is one",
                                                "for example {{case.vars.options}}"));
      return std::nullopt;
    }
    auto fixed = read(*options);
    if (!fixed) {
      context.complaints.add(context.tree.error(*options, fixed.error().message));
      return std::nullopt;
    }
    out.fixed_ = std::move(*fixed);
    return out;
  }

  Judged<Choices> of(const Case& item) const {
    if (fixed_) return *fixed_;
    if (!from_case_) return Choices{letters_, {}};
    std::string scratch;
    const auto json = json_of(*from_case_, item, scratch);
    if (!json) return tl::unexpected(json.error());
    const auto list = parse_own(*json);
    if (!list || !list->is_array()) return unjudged("the case's options are not a list");
    return read(*list);
  }

 private:
  static Judged<Choices> read(const Json& list) {
    if (list.size() < 2 || list.size() > max_choices) return unjudged("a choice needs 2 to 26 options");
    Choices out;
    out.count = list.size();
    for (const Json& one : list) {
      std::string text = option_text(one.is_string() ? one.get<std::string>() : canonical(one));
      if (text.empty()) return unjudged("an option is empty");
      if (std::find(out.texts.begin(), out.texts.end(), text) != out.texts.end())
        return unjudged("two options are equal");
      out.texts.push_back(std::move(text));
    }
    return out;
  }

  std::optional<Choices> fixed_;
  std::optional<Variable> from_case_;
  std::size_t letters_ = max_choices;
};

// The correct option as a suite gives it: its letter ("B", "(b)") or its text.
Judged<std::size_t> index_of(std::string_view written, const Choices& choices) {
  const std::string text = option_text(written);
  const auto named = std::find(choices.texts.begin(), choices.texts.end(), text);
  std::string_view bare = text;
  while (!bare.empty() && std::string_view("([").find(bare.front()) != bare.npos) bare.remove_prefix(1);
  while (!bare.empty() && std::string_view(")].").find(bare.back()) != bare.npos) bare.remove_suffix(1);
  std::optional<std::size_t> letter;
  if (bare.size() == 1 && bare[0] >= 'a' && bare[0] <= 'z') letter = static_cast<std::size_t>(bare[0] - 'a');
  if (letter && *letter >= choices.count) letter.reset();
  if (named != choices.texts.end()) {
    const auto index = static_cast<std::size_t>(named - choices.texts.begin());
    if (letter && *letter != index) {
      return unjudged("the expected " + in_quotes(written) + " is the letter of one option and the text of another");
    }
    return index;
  }
  if (!letter) return unjudged("the expected " + in_quotes(written) + " is no option");
  return *letter;
}

class Choice : public TextGrader {
 public:
  Choice(TextOptions text, Template value, OptionList options, Claim claim)
      : TextGrader(std::move(text)), value_(std::move(value)), options_(std::move(options)), claim_(claim) {}

  std::string lacks(const Case& item) const override {
    const auto choices = options_.of(item);
    if (!choices) return choices.error().message;
    const auto index = correct(item, *choices);
    return index ? std::string() : index.error().message;
  }

 protected:
  Step judge(std::string_view text, const Case& item) const override {
    const auto choices = options_.of(item);
    if (!choices) return choices.error();
    const auto wanted = correct(item, *choices);
    if (!wanted) return wanted.error();
    const Chosen chosen = find_choice(text, *choices, claim_);
    if (const auto* why_not = std::get_if<std::string>(&chosen)) return Absent{*why_not};
    const std::size_t index = std::get<std::size_t>(chosen);
    std::string reason = std::string("chooses ") + letter_of(index);
    if (index != *wanted) reason += std::string(", expected ") + letter_of(*wanted);
    return verdict(index == *wanted, std::move(reason));
  }

 private:
  Judged<std::size_t> correct(const Case& item, const Choices& choices) const {
    std::string scratch;
    const auto text = value_.fill(item, scratch);
    if (!text) return tl::unexpected(text.error());
    return index_of(*text, choices);
  }

  Template value_;
  OptionList options_;
  Claim claim_;
};

const FieldTable& options_table() {
  static const FieldTable table{
      "choice", "Options of choice.",
      with_extract_fields(
          {{"value", string_shape(), "the correct option: its letter or its text", false, "\"{{case.expected}}\""},
           {"options",
            either({list_of(either({string_shape(), number_shape()})).at_least(2), string_shape()}),
            "the options in order, or the variable that lists them",
            false,
            {},
            "\"{{case.vars.options}}\""},
           {"letters", integer_shape().at_least(2).at_most(static_cast<double>(max_choices)),
            "how many letters are options, where their texts are not known", false, "26"},
           {"which", one_of({"only", "first", "last"}),
            "of several claims: refuse different ones, or take the first or last", false, "\"only\""}})};
  return table;
}

GraderPtr build(const BuildContext& context) {
  auto text = TextOptions::build(context);
  const Json* written = option(context.options, "value");
  auto value = written == nullptr ? std::optional(Template(Variable{Variable::Source::expected, "", "case.expected"}))
                                  : Template::compile(context.tree, *written, context.complaints);
  auto options = OptionList::build(context);
  if (!text || !value || !options) return nullptr;
  const std::string which = word(context.options, "which", "only");
  const Claim claim = which == "first" ? Claim::first : which == "last" ? Claim::last : Claim::only;
  return std::make_unique<Choice>(std::move(*text), std::move(*value), std::move(*options), claim);
}

}  // namespace

Kind choice_kind() {
  return {
      "choice",
      "the reply picks the correct option of a multiple-choice question",
      "Passes when the option that the reply picks is the correct one. Understands \"B\", \"(B)\", \"Answer: B.\", "
      "\"The "
      "answer is (B) Paris\", \"B is correct\", \"**B**\", \\boxed{B}, and an option's own text; explicit claims count "
      "before mere mentions, and the words \"A\" and \"I\" are no letters. A reply that picks none, claims two (unless "
      "`which` settles it) or contradicts itself fails, as not_choice too. Score: 1 or 0.",
      R"({"kind":"choice","options":"{{case.vars.options}}","value":"{{case.expected}}"})",
      &options_table(),
      &build};
}

}  // namespace headgate::grade
