// The options of similarity: one set for all metrics, of which each metric takes its own.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "headgate/grade/registry.hpp"
#include "text_metrics.hpp"

namespace headgate::grade {

enum class Metric { levenshtein, levenshtein_ratio, token_f1, rouge_1, rouge_2, rouge_l, bleu, chrf, jaccard, cosine };
const char* name(Metric metric);

enum class Alphabet { ascii, unicode };

struct SimilarityOptions {
  Metric metric = Metric::levenshtein;
  double at_least = 1.0;
  Alphabet words = Alphabet::ascii;
  std::size_t shingle = 3;
  BleuTokens tokens = BleuTokens::mteval_13a;
  BleuOptions bleu;
  ChrfOptions chrf;
  std::string embeddings;
};

const FieldTable& similarity_table();
// Nothing after at least one complaint; an option that says nothing about the metric is one.
std::optional<SimilarityOptions> similarity_options(const BuildContext& context);

}  // namespace headgate::grade
