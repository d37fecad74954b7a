// equals: the judged text is exactly the value, or one of a list of values.
#include <algorithm>

#include "text_grader.hpp"
#include "values.hpp"

namespace headgate::grade {
namespace {

class Equals : public TextGrader {
 public:
  Equals(TextOptions options, Values values) : TextGrader(std::move(options)), values_(std::move(values)) {}

  std::string lacks(const Case& item) const override { return values_.lacks(item); }

 protected:
  Step judge(std::string_view text, const Case& item) const override {
    const auto wanted = values_.fill(item);
    if (!wanted) return wanted.error();
    const auto& all = wanted->texts;
    if (std::find(all.begin(), all.end(), text) != all.end()) return verdict(true, "equals " + in_quotes(text));
    std::string expected = in_quotes(all.front());
    if (all.size() > 1) expected += " or another of " + std::to_string(all.size());
    return verdict(false, "found " + in_quotes(text) + ", expected " + expected);
  }

 private:
  Values values_;
};

const FieldTable& options_table() {
  static const FieldTable table{
      "equals", "Options of equals.",
      with_text_fields({value_field("what the judged text must be; of a list, any one", true)})};
  return table;
}

GraderPtr build(const BuildContext& context) {
  auto options = TextOptions::build(context);
  auto values = Values::build(
      context,
      {.fold_case = options && options->fold_case, .trim = !options || options->trim, .lists = true, .empty_ok = true});
  if (!options || !values) return nullptr;
  return std::make_unique<Equals>(std::move(*options), std::move(*values));
}

}  // namespace

Kind equals_kind() {
  return {
      "equals",
      "the text is exactly the expected one",
      "Passes when the judged text equals the value after both are trimmed and brought to Unicode NFC. Where the "
      "value is a list, or {{case.expected}} is one, equalling any member is enough. `trim: false` keeps white "
      "space, `fold_case` ignores case. Score: 1 or 0.",
      R"({"kind":"equals","value":"{{case.expected}}","extract":{"after":"So the answer is ","else":"whole","line":"first","drop_suffix":"."}})",
      &options_table(),
      &build};
}

}  // namespace headgate::grade
