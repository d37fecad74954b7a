// contains, contains_any, contains_all: the judged text has the value, one of the values, or every value in it.
#include <algorithm>
#include <vector>

#include "headgate/base/text.hpp"
#include "text_grader.hpp"
#include "values.hpp"

namespace headgate::grade {
namespace {

enum class Need { any, all };

class Contains : public TextGrader {
 public:
  Contains(TextOptions options, Values values, Need need)
      : TextGrader(std::move(options)), values_(std::move(values)), need_(need) {}

  std::string lacks(const Case& item) const override { return values_.lacks(item); }

 protected:
  Step judge(std::string_view text, const Case& item) const override {
    const auto wanted = values_.fill(item);
    if (!wanted) return wanted.error();
    const auto& all = wanted->texts;
    const auto is_in = [&](std::string_view one) { return text.find(one) != text.npos; };
    if (need_ == Need::any) {
      const auto found = std::find_if(all.begin(), all.end(), is_in);
      if (found != all.end()) return verdict(true, "contains " + in_quotes(*found));
      if (all.size() == 1) return verdict(false, "does not contain " + in_quotes(all.front()));
      return verdict(false, "contains none of " + names(all));
    }
    const auto missing = std::find_if_not(all.begin(), all.end(), is_in);
    if (missing != all.end()) return verdict(false, "does not contain " + in_quotes(*missing));
    return verdict(true, "contains " + names(all));
  }

 private:
  static std::string names(const std::vector<std::string_view>& all) {
    constexpr std::size_t most = 3;
    std::vector<std::string> out;
    for (const std::string_view one : all) out.push_back(in_quotes(one));
    return join_words(out, most);
  }

  Values values_;
  Need need_;
};

const FieldTable& one_table() {
  static const FieldTable table{"contains", "Options of contains.",
                                with_text_fields({value_field("what the judged text must have in it", false)})};
  return table;
}

const FieldTable& many_table() {
  static const FieldTable table{"contains_any", "Options of contains_any and contains_all.",
                                with_text_fields({value_field("the texts to look for", true)})};
  return table;
}

template <Need need, bool lists>
GraderPtr build(const BuildContext& context) {
  auto options = TextOptions::build(context);
  auto values = Values::build(context, {.fold_case = options && options->fold_case, .lists = lists});
  if (!options || !values) return nullptr;
  return std::make_unique<Contains>(std::move(*options), std::move(*values), need);
}

}  // namespace

Kind contains_kind() {
  return {
      "contains",
      "the text has the value in it",
      "Passes when the value occurs anywhere in the judged text, inside words too. Both are brought to Unicode NFC; "
      "`fold_case` ignores case. Score: 1 or 0. not_contains is the usual way to forbid a phrase.",
      R"({"kind":"contains","value":"{{case.expected}}","fold_case":true})",
      &one_table(),
      &build<Need::any, false>,
      Basis::text,
      {{"icontains", R"({"fold_case":true})"}}};
}

Kind contains_any_kind() {
  return {"contains_any",
          "the text has at least one of the values in it",
          "Passes when any of the values occurs in the judged text. {{case.expected}} may be a list. Score: 1 or 0. "
          "not_contains_any passes when none of them occurs.",
          R"({"kind":"contains_any","value":["refund","money back"],"fold_case":true})",
          &many_table(),
          &build<Need::any, true>,
          Basis::text,
          {{"contains-any"}, {"icontains-any", R"({"fold_case":true})"}}};
}

Kind contains_all_kind() {
  return {"contains_all",
          "the text has every one of the values in it",
          "Passes when each of the values occurs in the judged text, in any order. {{case.expected}} may be a list. "
          "Score: 1 or 0.",
          R"({"kind":"contains_all","value":["order {{case.id}}","refund"]})",
          &many_table(),
          &build<Need::all, true>,
          Basis::text,
          {{"contains-all"}, {"icontains-all", R"({"fold_case":true})"}}};
}

}  // namespace headgate::grade
