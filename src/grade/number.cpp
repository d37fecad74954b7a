// number: a number in the reply is the expected one, exactly or within a tolerance.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "find_numbers.hpp"
#include "headgate/base/unicode.hpp"
#include "headgate/domain/template.hpp"
#include "options.hpp"
#include "text_grader.hpp"
#include "values.hpp"
#include "verdict.hpp"

namespace headgate::grade {
namespace {

enum class Which { first, last, only };

struct NumberOptions {
  NumberStyle style;
  Tolerance tolerance;
  Which which = Which::last;
};

// A suite writes its own numbers as JSON does; what that cannot be is read like a reply ("1,234", "$5", "3/4").
std::optional<Decimal> expected_number(std::string_view text, NumberStyle style) {
  std::string scratch;
  const std::string_view plain = plain_digits(trimmed(text), scratch);
  const auto as_reply = [&](char decimal) {
    style.decimal = decimal;
    return whole_number(plain, style);
  };
  const char decimal = style.decimal;
  if (plain.find_first_not_of("+-0123456789.eE") == plain.npos) {
    if (const auto value = as_reply('.')) return value;
  }
  return as_reply(decimal);
}

class Number : public TextGrader {
 public:
  Number(TextOptions text, NumberOptions options, Template value)
      : TextGrader(std::move(text)), options_(options), value_(std::move(value)) {
    std::string scratch;
    if (value_.constant()) fixed_ = expected_number(*value_.fill(Case{}, scratch), options_.style);
  }

  bool makes_sense() const { return !value_.constant() || fixed_; }

  std::string lacks(const Case& item) const override {
    const auto value = expected(item);
    return value ? std::string() : value.error().message;
  }

 protected:
  Step judge(std::string_view text, const Case& item) const override {
    const auto wanted = expected(item);
    if (!wanted) return wanted.error();
    std::string plain_scratch;
    const std::string_view plain = plain_digits(text, plain_scratch);
    auto found = next_number(plain, 0, options_.style);
    if (!found) return Absent{"there is no number in " + in_quotes(text)};
    if (options_.which != Which::first) {
      for (auto next = found; next; next = next_number(plain, next->end, options_.style)) {
        if (options_.which == Which::only && !(next->value == found->value)) {
          return Absent{"there are two numbers, " + shown(found->written) + " and " + shown(next->written)};
        }
        found = next;
      }
    }
    const bool pass = near(found->value, *wanted, options_.tolerance);
    std::string reason = "found " + shown(found->written);
    if (!pass) reason += ", expected " + expected_text(item);
    return verdict(pass, std::move(reason));
  }

 private:
  static std::string shown(std::string_view written) {
    constexpr std::size_t most = 40;
    std::string text(written);
    std::replace(text.begin(), text.end(), fixed_space, ' ');
    return text.size() <= most ? text : in_quotes(text);
  }

  std::string expected_text(const Case& item) const {
    std::string scratch;
    const auto text = value_.fill(item, scratch);
    return text ? shown(trimmed(*text)) : std::string();
  }

  Judged<Decimal> expected(const Case& item) const {
    if (fixed_) return *fixed_;
    std::string scratch;
    const auto text = value_.fill(item, scratch);
    if (!text) return tl::unexpected(text.error());
    const auto value = expected_number(*text, options_.style);
    if (!value) return unjudged("the expected " + in_quotes(*text) + " is not a number");
    return *value;
  }

  NumberOptions options_;
  Template value_;
  std::optional<Decimal> fixed_;  // where the value is the same for every case
};

const FieldTable& options_table() {
  static const FieldTable table{
      "number", "Options of number.",
      with_extract_fields(
          {{"value", either({number_shape(), string_shape()}), "the expected number", false, "\"{{case.expected}}\""},
           {"which", one_of({"first", "last", "only"}),
            "which number of the judged text counts; with `only`, two different ones fail", false, "\"last\""},
           {"tolerance", number_shape().at_least(0), "how far off still passes, inclusive", false, "0"},
           {"relative", number_shape().at_least(0), "the same as a share of the expected number; the wider one holds",
            false, "0"},
           {"after", string_shape(), "short for `extract: {after: …}`"},
           {"decimal", one_of({".", ","}), "the decimal mark of replies; the other one groups thousands", false,
            "\".\""},
           {"percent", one_of({"plain", "fraction"}), "whether 50 % is 50 or 0.5", false, "\"plain\""},
           {"fractions", boolean_shape(), "whether 3/4 and 1 1/2 are one number each", false, "true"},
           {"parentheses", one_of({"plain", "negative"}), "whether (12) is 12 or -12", false, "\"plain\""}})};
  return table;
}

NumberOptions number_options(const Json& options) {
  NumberOptions out;
  out.style.decimal = word(options, "decimal", ".").front();
  out.style.percent_as_fraction = word(options, "percent", "plain") == "fraction";
  out.style.fractions = flag(options, "fractions", true);
  out.style.parentheses_negative = word(options, "parentheses", "plain") == "negative";
  out.tolerance = {quantity(options, "tolerance", 0.0), quantity(options, "relative", 0.0)};
  const std::string which = word(options, "which", "last");
  out.which = which == "first" ? Which::first : which == "only" ? Which::only : Which::last;
  return out;
}

std::optional<Template> value_template(const BuildContext& context) {
  const Json* value = option(context.options, "value");
  if (value == nullptr) return Template(Variable{Variable::Source::expected, "", "case.expected"});
  if (value->is_string()) return Template::compile(context.tree, *value, context.complaints);
  return Template(canonical(*value));
}

GraderPtr build(const BuildContext& context) {
  auto text = TextOptions::build(context);
  auto value = value_template(context);
  if (!text || !value) return nullptr;
  if (const Json* after = option(context.options, "after")) {
    if (text->extract) {
      context.complaints.add(context.tree.error(*after, "`after` and `extract` both say where to look",
                                                "write extract: {after: …} alone", At::key));
      return nullptr;
    }
    text->extract = Extract::after(after->get_ref<const std::string&>());
  }
  auto out = std::make_unique<Number>(std::move(*text), number_options(context.options), std::move(*value));
  if (out->makes_sense()) return out;
  context.complaints.add(context.tree.error(*option(context.options, "value"), "the value is not a number"));
  return nullptr;
}

}  // namespace

Kind number_kind() {
  return {
      "number",
      "a number in the text is the expected one",
      "Passes when the number that `which` picks equals the expected one, or lies within the tolerance. Reads "
      "1,234.5, -$12, 12 %, 3/4, 1 1/2, \\frac{1}{2}, 6.02e23, 6 x 10^23, full-width and other digits, and compares "
      "decimals exactly. Text without a number fails, as not_number too. Score: 1 or 0.",
      R"({"kind":"number","which":"first","extract":{"after":"A:","which":"last","at":"line_start"}})",
      &options_table(),
      &build};
}

}  // namespace headgate::grade
