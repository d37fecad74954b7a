// language: the reply is written in one of the languages asked for.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "headgate/base/text.hpp"
#include "languages.hpp"
#include "options.hpp"
#include "prose.hpp"
#include "text_grader.hpp"
#include "values.hpp"

namespace headgate::grade {
namespace {

struct LanguageOptions {
  std::string segment;  // of the case, that names its language; empty: `is` does
  double min_share = 0.8;
  bool skip_code = true;
  bool skip_addresses = true;
};

class Language : public TextGrader {
 public:
  Language(TextOptions text, LanguageOptions options, std::optional<Values> values)
      : TextGrader(std::move(text)), options_(std::move(options)), values_(std::move(values)) {}

  std::string lacks(const Case& item) const override {
    const auto asked = tongues(item);
    return asked ? std::string() : asked.error().message;
  }

 protected:
  Step judge(std::string_view text, const Case& item) const override {
    const auto asked = tongues(item);
    if (!asked) return asked.error();
    std::string kept;
    if (options_.skip_code) text = kept = without_code(text);
    if (options_.skip_addresses) text = kept = without_addresses(text);
    if (text.size() > max_detected_bytes) return cannot_judge("the reply is too long to tell its language");
    const std::vector<Share> found = languages_of(text);
    if (found.empty()) return Absent{"the language of " + in_quotes(text) + " cannot be told"};
    int percent = 0;
    std::vector<std::string> shown;
    for (const Share& share : found) {
      const bool wanted = std::ranges::any_of(
          *asked, [&](const Tongue& one) { return std::ranges::count(one.matches, share.code) > 0; });
      percent += wanted ? share.percent : 0;
      shown.push_back(share.code + " " + std::to_string(share.percent) + " %");
    }
    const bool pass = static_cast<double>(percent) >= 100.0 * options_.min_share;
    std::string reason = "is " + join_words(shown);
    if (!pass) reason += ", asked for " + names(*asked);
    return verdict(pass, std::move(reason));
  }

 private:
  static std::string names(const std::vector<Tongue>& tongues) {
    std::vector<std::string> codes;
    for (const Tongue& one : tongues) codes.push_back(one.code);
    std::string out;
    for (const std::string& code : codes) out += (out.empty() ? "" : " or ") + code;
    return out;
  }

  Judged<std::vector<Tongue>> tongues(const Case& item) const {
    if (!values_) return of_segment(item);
    const auto written = values_->fill(item);
    if (!written) return tl::unexpected(written.error());
    std::vector<Tongue> out;
    for (const std::string_view one : written->texts) {
      auto tongue = tongue_named(one);
      if (!tongue) return unjudged(in_quotes(one) + " is no language that can be told");
      out.push_back(std::move(*tongue));
    }
    return out;
  }

  Judged<std::vector<Tongue>> of_segment(const Case& item) const {
    const auto found = std::ranges::find(item.segments, options_.segment, &SegmentValue::dimension);
    if (found == item.segments.end()) return unjudged("the case has no segment '" + options_.segment + "'");
    auto tongue = tongue_named(found->value);
    if (!tongue) return unjudged("the segment's " + in_quotes(found->value) + " is no language that can be told");
    return std::vector<Tongue>{std::move(*tongue)};
  }

  LanguageOptions options_;
  std::optional<Values> values_;
};

Field is_field() {
  Field field = value_field("the languages that pass, by code (de, pt-BR, zh-Hant) or English name", true, true);
  field.name = "is";
  field.required = false;
  field.example = R"(["de","en"])";
  return field;
}

const FieldTable& options_table() {
  static const FieldTable table{
      "language",
      "Options of language.",
      with_extract_fields({is_field(),
                           {"segment",
                            string_shape(),
                            "the segment of the case that names its language, instead of `is`",
                            false,
                            {},
                            "\"language\""},
                           {"min_share", number_shape().above(0).at_most(0.95),
                            "how much of the text must be in these languages", false, "0.8"},
                           {"skip", list_of(one_of({"code", "urls"})),
                            "what is not looked at: code in Markdown fences and backticks, URLs and e-mail addresses",
                            false, R"(["code","urls"])"}}),
      {{KeyDemand::Count::exactly_one, {"is", "segment"}, "language needs `is` or `segment`, and not both"}}};
  return table;
}

// Languages written out in the suite are checked when it is read.
bool are_known(const BuildContext& context) {
  const Json* written = option(context.options, "is");
  if (written == nullptr) return true;
  bool good = true;
  const auto look_at = [&](const Json& one) {
    if (one.is_string() && one.get_ref<const std::string&>().find("{{") != std::string::npos) return;
    const std::string name = one.is_string() ? one.get<std::string>() : canonical(one);
    if (tongue_named(name)) return;
    const std::string near = did_you_mean(name, tongue_codes());
    context.complaints.add(context.tree.error(
        one, "'" + name + "' is no language that can be told",
        (near.empty() ? "" : near + " ") + "there are " + join_words(tongue_codes(), tongue_codes().size())));
    good = false;
  };
  if (written->is_array()) {
    for (const Json& one : *written) look_at(one);
  } else {
    look_at(*written);
  }
  return good;
}

GraderPtr build(const BuildContext& context) {
  auto text = TextOptions::build(context);
  LanguageOptions options;
  options.segment = word(context.options, "segment", "");
  options.min_share = quantity(context.options, "min_share", options.min_share);
  if (const Json* skip = option(context.options, "skip")) {
    options.skip_code = std::ranges::count(*skip, Json("code")) > 0;
    options.skip_addresses = std::ranges::count(*skip, Json("urls")) > 0;
  }
  std::optional<Values> values;
  if (options.segment.empty()) {
    values = Values::build(context, {.trim = true, .lists = true}, "is");
    if (!values || !are_known(context)) return nullptr;
  }
  if (!text) return nullptr;
  return std::make_unique<Language>(std::move(*text), std::move(options), std::move(values));
}

}  // namespace

Kind language_kind() {
  return {
      "language",
      "the text is written in one of the languages asked for",
      "Passes when at least `min_share` of the text is in the languages that `is` or the case's segment names. CLD2 "
      "tells some 80 languages apart; a text in one of them alone comes to 95 to 99 %. `zh` is Chinese in either "
      "script, zh-Hans and zh-Hant one of them; regions (pt-BR) make no difference otherwise. It wants about a "
      "sentence: "
      "where no language can be told, as in `OK` or 42, the grade fails, under not_language too. Near relatives "
      "(Danish and Norwegian, Indonesian and Malay, Croatian and Serbian) are easily confused in short texts. "
      "Score: 1 or 0.",
      R"({"kind":"language","is":["de","en"],"min_share":0.7})",
      &options_table(),
      &build};
}

}  // namespace headgate::grade
