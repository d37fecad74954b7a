// similarity: how alike the judged text and the reference are, by a metric of the literature.
#include <algorithm>

#include "headgate/base/code_points.hpp"
#include "headgate/base/text.hpp"
#include "headgate/base/unicode.hpp"
#include "similarity_options.hpp"
#include "text_grader.hpp"
#include "values.hpp"

namespace headgate::grade {
namespace {

constexpr const char* vectors_key = "vectors";
// Words or characters of a reference: its n-grams are all kept while a reply is compared. A reply may be longer.
constexpr std::size_t max_reference_units = std::size_t{1} << 18;
constexpr double rounding = 1e-9;  // a score this little below `at_least` has only lost digits on the way

struct Likeness {
  double score = 0.0;
  std::size_t nearest = 0;  // the reference that gave it
};

class Similarity : public TextGrader {
 public:
  Similarity(TextOptions text, SimilarityOptions options, Values references)
      : TextGrader(std::move(text)), options_(std::move(options)), references_(std::move(references)) {}

  std::string lacks(const Case& item) const override {
    const auto references = references_.fill(item);
    if (!references) return references.error().message;
    for (const std::string_view one : references->texts) {
      const std::string fault = unfit(one);
      if (!fault.empty()) return fault;
    }
    return {};
  }

  Needs needs() const override {
    return options_.metric == Metric::cosine ? Needs{.embeddings = {options_.embeddings}} : Needs{};
  }

 protected:
  Step judge(std::string_view text, const Case& item) const override {
    const auto references = references_.fill(item);
    if (!references) return references.error();
    const auto alike = likeness(text, references->texts);
    return alike ? told(*alike, references->texts) : Step(alike.error());
  }

  Step judge_with(std::string_view text, const Subject& subject, const Answers& answers) const override {
    if (options_.metric != Metric::cosine) return judge(text, subject.item);
    const auto references = references_.fill(subject.item);
    if (!references) return references.error();
    for (const std::string_view one : references->texts) {
      if (is_blank(one)) return cannot_judge(unfit(one));
    }
    if (is_blank(text)) return Absent{"the judged text is empty"};
    const Answer* answer = answers.find(vectors_key);
    if (answer == nullptr) return question(text, references->texts);
    const auto alike = likeness(*answer, references->texts.size());
    return alike ? told(*alike, references->texts) : Step(alike.error());
  }

 private:
  using Texts = std::vector<std::string_view>;

  Step question(std::string_view text, const Texts& references) const {
    Embed embed{options_.embeddings, {std::string(text)}};
    for (const std::string_view one : references) embed.texts.emplace_back(one);
    std::vector<Ask> asks;
    asks.push_back(Ask{vectors_key, std::move(embed)});
    return asks;
  }

  tl::unexpected<CallError> no_vectors(const std::string& why) const {
    return unjudged("the embeddings '" + options_.embeddings + "' " + why);
  }

  Judged<Likeness> likeness(const Answer& answer, std::size_t references) const {
    if (const auto* error = std::get_if<CallError>(&answer.what)) {
      return no_vectors("did not answer: " +
                        (error->message.empty() ? std::string(headgate::name(error->kind)) : error->message));
    }
    const auto* vectors = std::get_if<Vectors>(&answer.what);
    if (vectors == nullptr) return no_vectors("were answered for by something else");
    const auto& rows = vectors->rows;
    if (rows.size() != references + 1) {
      return no_vectors("gave " + plural(rows.size(), "vector") + " for " + plural(references + 1, "text"));
    }
    Likeness best{-1.0, 0};
    for (std::size_t i = 0; i < references; ++i) {
      const auto angle = cosine(rows.front(), rows[i + 1]);
      if (!angle) return no_vectors("gave vectors of different lengths, of no length, or with what is no number");
      if (*angle > best.score) best = {*angle, i};
    }
    best.score = std::max(best.score, 0.0);
    return best;
  }

  Words cut(std::string_view text) const {
    switch (options_.metric) {
      case Metric::token_f1:
        return squad_words(text);
      case Metric::bleu:
        return bleu_words(text, options_.tokens);
      default:
        return options_.words == Alphabet::ascii ? ascii_words(text) : unicode_words(text);
    }
  }

  // How many words or characters the metric sees in a reference, and how many it needs.
  struct Size {
    std::size_t has, needs;
    const char* unit;
  };
  Size size_of(std::string_view reference) const {
    switch (options_.metric) {
      case Metric::levenshtein:
      case Metric::levenshtein_ratio:
        return {1, 0, ""};
      case Metric::token_f1:
        return {cut(reference).size(), 0, "word"};
      case Metric::rouge_2:
        return {cut(reference).size(), 2, "word"};
      case Metric::rouge_1:
      case Metric::rouge_l:
      case Metric::bleu:
      case Metric::jaccard:
        return {cut(reference).size(), 1, "word"};
      case Metric::chrf:
        return {chrf_characters(reference), 1, "character"};
      case Metric::cosine:
        return {is_blank(reference) ? 0U : 1U, 1, "character"};
    }
    return {0, 1, ""};
  }

  std::size_t chrf_characters(std::string_view text) const {
    const auto points = code_points(text);
    if (options_.chrf.whitespace) return points.size();
    return static_cast<std::size_t>(std::ranges::count_if(points, [](auto point) { return !is_space(point); }));
  }

  // Why a reference cannot be compared with, or "". What no reply could be like must not look like bad replies.
  std::string unfit(std::string_view reference) const { return unfit(reference, size_of(reference)); }
  std::string unfit(std::string_view reference, const Size& size) const {
    if (size.has > max_reference_units) {
      return "the reference " + in_quotes(reference) + " is longer than " + plural(max_reference_units, size.unit);
    }
    if (size.has >= size.needs) return {};
    std::string why = "the reference " + in_quotes(reference) + " has " + (size.has == 0 ? "no " : "one ") + size.unit;
    if (size.needs > 1) why += ", and " + std::string(name(options_.metric)) + " needs " + std::to_string(size.needs);
    if (options_.words == Alphabet::ascii && !is_ascii(reference) && is_rouge()) {
      why += " of a-z and 0-9; `words: unicode` sees others";
    }
    return why;
  }
  bool is_rouge() const {
    return options_.metric == Metric::rouge_1 || options_.metric == Metric::rouge_2 ||
           options_.metric == Metric::rouge_l;
  }

  Judged<Likeness> likeness(std::string_view text, const Texts& references) const {
    if (options_.metric == Metric::bleu) return bleu_likeness(text, references);
    const bool by_words = options_.metric != Metric::levenshtein && options_.metric != Metric::levenshtein_ratio &&
                          options_.metric != Metric::chrf;
    const Words reply = by_words ? cut(text) : Words{};
    Likeness best{-1.0, 0};
    for (std::size_t i = 0; i < references.size(); ++i) {
      const auto score = by_words ? by_words_with(reply, references[i]) : by_characters(text, references[i]);
      if (!score) return tl::unexpected(score.error());
      if (*score > best.score) best = {*score, i};
    }
    best.score = std::clamp(best.score, 0.0, 1.0);
    return best;
  }

  Judged<Likeness> bleu_likeness(std::string_view text, const Texts& references) const {
    std::vector<Words> all;
    for (const std::string_view one : references) {
      all.push_back(cut(one));
      const std::string fault = unfit(one, {all.back().size(), 1, "word"});
      if (!fault.empty()) return unjudged(fault);
    }
    const BleuCounts counts = bleu_counts(cut(text), all, options_.bleu.max_order);
    return Likeness{std::clamp(bleu(counts, options_.bleu), 0.0, 1.0), 0};
  }

  Judged<double> by_words_with(const Words& reply, std::string_view written) const {
    const Words reference = cut(written);
    const std::size_t needed = options_.metric == Metric::token_f1 ? 0 : options_.metric == Metric::rouge_2 ? 2 : 1;
    const std::string fault = unfit(written, {reference.size(), needed, "word"});
    if (!fault.empty()) return unjudged(fault);
    switch (options_.metric) {
      case Metric::token_f1:
        return token_f1(reply, reference);
      case Metric::rouge_1:
        return rouge_n(reply, reference, 1);
      case Metric::rouge_2:
        return rouge_n(reply, reference, 2);
      case Metric::rouge_l:
        return or_too_long(rouge_l(reply, reference));
      default:
        return jaccard(reply, reference, options_.shingle);
    }
  }

  Judged<double> by_characters(std::string_view text, std::string_view reference) const {
    if (options_.metric == Metric::levenshtein) return or_too_long(levenshtein(text, reference));
    if (options_.metric == Metric::levenshtein_ratio) return or_too_long(levenshtein_ratio(text, reference));
    const std::string fault = unfit(reference);
    if (!fault.empty()) return unjudged(fault);
    return chrf(chrf_counts(text, reference, options_.chrf), options_.chrf.beta);
  }

  Judged<double> or_too_long(std::optional<double> score) const {
    if (score) return *score;
    return unjudged(std::string("reply and reference are too long for ") + name(options_.metric));
  }

  Step told(const Likeness& alike, const Texts& references) const {
    const bool pass = alike.score + rounding >= options_.at_least;
    constexpr double shown = 1e-4;
    const bool close = !pass && options_.at_least - alike.score < shown;
    std::string reason = std::string(name(options_.metric)) + " " +
                         (close ? shortest(alike.score) : fixed(alike.score, 4)) + (pass ? ", at least " : ", below ") +
                         shortest(options_.at_least) + " with " + in_quotes(references[alike.nearest]);
    if (references.size() > 1) {
      const bool together = options_.metric == Metric::bleu;
      reason += (together ? " and " : ", the nearest of ") +
                std::to_string(together ? references.size() - 1 : references.size()) + (together ? " more" : "");
    }
    return Grade{pass, alike.score, std::move(reason)};
  }

  SimilarityOptions options_;
  Values references_;
};

GraderPtr build(const BuildContext& context) {
  auto options = similarity_options(context);
  auto text = TextOptions::build(context);
  auto references = Values::build(
      context, {.fold_case = text && text->fold_case, .trim = !text || text->trim, .lists = true, .empty_ok = true});
  if (!options || !text || !references) return nullptr;
  return std::make_unique<Similarity>(std::move(*text), std::move(*options), std::move(*references));
}

}  // namespace

Kind similarity_kind() {
  return {
      "similarity",
      "the text is as alike a reference as asked, by a metric of the literature",
      "Passes when the score is `at_least` what is asked; the score is the likeness itself, from 0 to 1. "
      "levenshtein: 1 - d / length of the longer, d the insertions, deletions and substitutions of Unicode characters; "
      "levenshtein_ratio: 2 M / (a + b), M the longest common subsequence (ratio() of Python's Levenshtein). "
      "token_f1: F1 over words as SQuAD normalises them: lower case, no punctuation, no a, an, the. "
      "rouge_1, rouge_2, rouge_l: F-measure over words, word pairs, the longest common subsequence of words, as "
      "rouge_score counts them without stemming. "
      "bleu: as sacreBLEU scores one sentence, n-gram precisions up to max_order and brevity penalty. "
      "chrf: as sacreBLEU, F-beta over character n-grams. "
      "jaccard: the share of n-word shingles that both have; a text of fewer than n words is one shingle. "
      "cosine: of the vectors that an embeddings route gives; below 0 counts as 0. "
      "Both texts are brought to Unicode NFC first. A reference that the metric sees nothing in, texts too long to be "
      "compared, and vectors that are none leave the cell ungraded. What is alike in words may say the opposite: "
      "a severe failure needs another grader.",
      R"({"kind":"similarity","metric":"rouge_l","at_least":0.5,"value":"{{case.expected}}"})",
      &similarity_table(),
      &build};
}

}  // namespace headgate::grade
