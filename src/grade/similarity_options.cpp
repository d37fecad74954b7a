#include "similarity_options.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "options.hpp"
#include "text_grader.hpp"
#include "values.hpp"

namespace headgate::grade {
namespace {

constexpr std::array<const char*, 10> metric_names = {
    "levenshtein", "levenshtein_ratio", "token_f1", "rouge_1", "rouge_2", "rouge_l", "bleu",
    "chrf",        "jaccard",           "cosine"};
constexpr const char* rouge_metrics = "rouge_1 | rouge_2 | rouge_l";

Field only_for(std::string metrics, Field field) {
  field.only_for = std::move(metrics);
  return field;
}

bool is_among(std::string_view names, std::string_view one) {
  while (!names.empty()) {
    const std::size_t end = std::min(names.find(" | "), names.size());
    if (names.substr(0, end) == one) return true;
    names.remove_prefix(std::min(end + 3, names.size()));
  }
  return false;
}

// Options that say nothing about this metric are mistakes.
bool belong(const BuildContext& context, const std::string& metric) {
  bool good = true;
  for (const Field& field : similarity_table().fields) {
    const Json* written = option(context.options, field.name);
    if (written == nullptr || field.only_for.empty() || is_among(field.only_for, metric)) continue;
    context.complaints.add(context.tree.error(
        *written, "`" + field.name + "` is not for " + metric + " but for " + field.only_for, {}, At::key));
    good = false;
  }
  return good;
}

Smoothing smoothing_named(const std::string& written) {
  return written == "none"    ? Smoothing::none
         : written == "floor" ? Smoothing::floor
         : written == "add-k" ? Smoothing::add_k
                              : Smoothing::exp;
}

BleuTokens tokens_named(const std::string& written) {
  return written == "intl"   ? BleuTokens::international
         : written == "char" ? BleuTokens::characters
         : written == "none" ? BleuTokens::none
                             : BleuTokens::mteval_13a;
}

std::size_t count_of(const Json& options, std::string_view name, std::size_t fallback) {
  const Json* value = option(options, name);
  return value == nullptr ? fallback : value->get<std::size_t>();
}

}  // namespace

const char* name(Metric metric) { return metric_names[static_cast<std::size_t>(metric)]; }

const FieldTable& similarity_table() {
  static const FieldTable table{
      "similarity",
      "Options of similarity.",
      with_text_fields(
          {{"metric", one_of({metric_names.begin(), metric_names.end()}), "how likeness is measured", true},
           value_field("the reference; of a list the nearest one counts, and for bleu all together", true),
           {"at_least", fraction(), "the least score that passes", true, {}, "0.5"},
           only_for(std::string(rouge_metrics) + " | jaccard",
                    {"words", one_of({"ascii", "unicode"}),
                     "what words are made of: a-z and 0-9 as rouge_score has it (the default but for jaccard), or "
                     "letters and digits of any script"}),
           only_for("jaccard", {"n", integer_shape().at_least(1).at_most(100), "words a shingle", false, "3"}),
           only_for("bleu",
                    {"tokenize", one_of({"13a", "intl", "char", "none"}), "sacreBLEU's tokenisers", false, "\"13a\""}),
           only_for("bleu", {"smoothing", one_of({"exp", "floor", "add-k", "none"}),
                             "of lengths that nothing matches, as sacreBLEU names them", false, "\"exp\""}),
           only_for("bleu", {"smooth_value", number_shape().above(0), "of floor (0.1) and add-k (1)"}),
           only_for("bleu",
                    {"max_order", integer_shape().at_least(1).at_most(16), "words of the longest n-grams", false, "4"}),
           only_for("bleu",
                    {"effective_order", boolean_shape(),
                     "whether a reply shorter than max_order is judged by the n-grams it can have", false, "true"}),
           only_for("chrf", {"char_order", integer_shape().at_least(1).at_most(16), "characters of the longest n-grams",
                             false, "6"}),
           only_for("chrf", {"word_order", integer_shape().at_least(0).at_most(16),
                             "words of the longest n-grams; 2 makes chrF++", false, "0"}),
           only_for("chrf", {"beta", number_shape().above(0).at_most(100), "how much more recall weighs", false, "2"}),
           only_for("chrf", {"whitespace", boolean_shape(), "white space counts as characters", false, "false"}),
           only_for("cosine", {"embeddings",
                               string_shape(),
                               "who makes vectors of texts, as the gate file names it under `embeddings`",
                               false,
                               {},
                               "\"small\""})}),
      {},
      false,
      "metric"};
  return table;
}

std::optional<SimilarityOptions> similarity_options(const BuildContext& context) {
  const Json& written = context.options;
  const std::string metric = word(written, "metric", "");
  if (!belong(context, metric)) return std::nullopt;
  SimilarityOptions out;
  out.metric = static_cast<Metric>(std::ranges::find(metric_names, metric) - metric_names.begin());
  out.at_least = quantity(written, "at_least", 1.0);
  out.words = word(written, "words", out.metric == Metric::jaccard ? "unicode" : "ascii") == "ascii"
                  ? Alphabet::ascii
                  : Alphabet::unicode;
  out.shingle = count_of(written, "n", out.shingle);
  out.tokens = tokens_named(word(written, "tokenize", "13a"));
  out.bleu.smoothing = smoothing_named(word(written, "smoothing", "exp"));
  const Json* smooth_value = option(written, "smooth_value");
  if (smooth_value != nullptr && out.bleu.smoothing != Smoothing::floor && out.bleu.smoothing != Smoothing::add_k) {
    context.complaints.add(
        context.tree.error(*smooth_value, "`smooth_value` is for smoothing: floor and add-k", {}, At::key));
    return std::nullopt;
  }
  constexpr double floor_default = 0.1, add_k_default = 1.0;  // of Chen and Cherry (2014)
  out.bleu.smooth_value =
      quantity(written, "smooth_value", out.bleu.smoothing == Smoothing::floor ? floor_default : add_k_default);
  out.bleu.max_order = count_of(written, "max_order", out.bleu.max_order);
  out.bleu.effective_order = flag(written, "effective_order", true);
  out.chrf.char_order = count_of(written, "char_order", out.chrf.char_order);
  out.chrf.word_order = count_of(written, "word_order", out.chrf.word_order);
  out.chrf.beta = quantity(written, "beta", out.chrf.beta);
  out.chrf.whitespace = flag(written, "whitespace", false);
  out.embeddings = word(written, "embeddings", "");
  if (out.metric == Metric::cosine && out.embeddings.empty()) {
    context.complaints.add(context.tree.error(written, "cosine needs `embeddings`: who makes vectors of texts",
                                              "a name from `embeddings` of the gate file"));
    return std::nullopt;
  }
  return out;
}

}  // namespace headgate::grade
