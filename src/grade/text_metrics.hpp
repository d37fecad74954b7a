// How alike two texts are, from 0 to 1, by the metrics of the literature. Each is computed as its reference
// implementation does; what those leave undefined is defined here.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "ngrams.hpp"
#include "words.hpp"

namespace headgate::grade {

// Nothing where the texts are too long to be compared (max_table_cells). Two empty texts are alike.
//   levenshtein:       1 - d / max(|a|, |b|), d of insertions, deletions and substitutions at the price of 1
//   levenshtein_ratio: 2 M / (|a| + |b|), M the longest common subsequence: a substitution has the price of 2, as in
//                      ratio() of the Python package Levenshtein
std::optional<double> levenshtein(std::string_view a, std::string_view b);
std::optional<double> levenshtein_ratio(std::string_view a, std::string_view b);

// 2 P R / (P + R) of matched / reply and matched / reference; 0 where one of them is empty.
double f_measure(const Overlap& overlap);

// The F1 of SQuAD (Rajpurkar et al. 2016) over bags of words; two texts without a word are alike, as in version 2.0.
double token_f1(const Words& reply, const Words& reference);
// ROUGE-N and ROUGE-L (Lin 2004), the F-measure. rouge_l: nothing where the texts are too long.
double rouge_n(const Words& reply, const Words& reference, std::size_t n);
std::optional<double> rouge_l(const Words& reply, const Words& reference);
// Of the different n-word shingles (Broder 1997), the share that both texts have. A text of fewer words is one shingle.
double jaccard(const Words& reply, const Words& reference, std::size_t n);

// BLEU (Papineni et al. 2002), as sacreBLEU computes it for one sentence and all its references together.
enum class Smoothing { none, floor, add_k, exp };
struct BleuOptions {
  std::size_t max_order = 4;
  Smoothing smoothing = Smoothing::exp;
  double smooth_value = 0.0;    // of floor and add_k
  bool effective_order = true;  // n-grams longer than the reply are not asked for
};
struct BleuCounts {
  std::vector<Overlap> overlaps;  // by length, from 1
  std::size_t reply_words = 0;
  std::size_t reference_words = 0;  // of the reference nearest in length
  BleuCounts& operator+=(const BleuCounts& more);
};
BleuCounts bleu_counts(const Words& reply, std::span<const Words> references, std::size_t max_order);
double bleu(const BleuCounts& counts, const BleuOptions& options);

// chrF (Popović 2015) and, with words, chrF++ (2017), as sacreBLEU computes them: orders that either text is too short
// for are left out.
struct ChrfOptions {
  std::size_t char_order = 6;
  std::size_t word_order = 0;
  double beta = 2.0;
  bool whitespace = false;  // counts as characters
};
std::vector<Overlap> chrf_counts(std::string_view reply, std::string_view reference, const ChrfOptions& options);
double chrf(std::span<const Overlap> overlaps, double beta);

// The cosine of the angle between two vectors, from -1 to 1; nothing for other lengths, zero vectors, and what is not
// finite.
std::optional<double> cosine(std::span<const double> a, std::span<const double> b);

}  // namespace headgate::grade
