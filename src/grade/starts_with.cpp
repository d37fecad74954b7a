// starts_with: the judged text begins with the value.
#include <algorithm>

#include "text_grader.hpp"
#include "values.hpp"

namespace headgate::grade {
namespace {

class StartsWith : public TextGrader {
 public:
  StartsWith(TextOptions options, Values values) : TextGrader(std::move(options)), values_(std::move(values)) {}

  std::string lacks(const Case& item) const override { return values_.lacks(item); }

 protected:
  Step judge(std::string_view text, const Case& item) const override {
    const auto wanted = values_.fill(item);
    if (!wanted) return wanted.error();
    const auto& all = wanted->texts;
    const auto found =
        std::find_if(all.begin(), all.end(), [&](std::string_view one) { return text.starts_with(one); });
    if (found != all.end()) return verdict(true, "starts with " + in_quotes(*found));
    return verdict(
        false, "starts with " + in_quotes(text.substr(0, text.find('\n'))) + ", expected " + in_quotes(all.front()));
  }

 private:
  Values values_;
};

const FieldTable& options_table() {
  static const FieldTable table{
      "starts_with", "Options of starts_with.",
      with_text_fields({value_field("what the judged text must begin with; of a list, any one", true)})};
  return table;
}

GraderPtr build(const BuildContext& context) {
  auto options = TextOptions::build(context);
  auto values = Values::build(
      context, {.fold_case = options && options->fold_case, .trim = !options || options->trim, .lists = true});
  if (!options || !values) return nullptr;
  return std::make_unique<StartsWith>(std::move(*options), std::move(*values));
}

}  // namespace

Kind starts_with_kind() {
  return {
      "starts_with",
      "the text begins with the value",
      "Passes when the judged text, without leading white space, begins with the value, or with any of a list. Both "
      "are brought to Unicode NFC; `fold_case` ignores case. Score: 1 or 0.",
      R"({"kind":"starts_with","value":["Yes","No"]})",
      &options_table(),
      &build};
}

}  // namespace headgate::grade
