#include "text_metrics.hpp"

#include <algorithm>
#include <cmath>
#include <compare>
#include <numeric>

#include "edit_distance.hpp"
#include "headgate/base/code_points.hpp"

namespace headgate::grade {
namespace {

double ratio(std::size_t part, std::size_t whole) { return static_cast<double>(part) / static_cast<double>(whole); }

// The references' words as symbols, and the reply's.
struct Numbered {
  std::vector<Symbol> reference, reply;
};
Numbered numbered(const Words& reply, const Words& reference) {
  WordSymbols symbols;
  Numbered out;
  out.reference = symbols.add(reference);
  out.reply = symbols.look_up(reply);
  return out;
}

Overlap ngram_overlap(const Words& reply, const Words& reference, std::size_t n) {
  const Numbered both = numbered(reply, reference);
  Ngrams ngrams(n);
  ngrams.add(both.reference);
  return ngrams.match(both.reply).back();
}

// The words of both texts as symbols, reply first. By sorting, whose time and memory no choice of words can blow up.
std::vector<Symbol> ranked(const Words& reply, const Words& reference) {
  const std::size_t all = reply.size() + reference.size();
  const auto word = [&](std::size_t i) { return i < reply.size() ? reply[i] : reference[i - reply.size()]; };
  std::vector<Symbol> order(all), out(all);
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](Symbol a, Symbol b) { return word(a) < word(b); });
  Symbol rank = 0;
  for (std::size_t i = 0; i < all; ++i) {
    if (i > 0 && word(order[i]) != word(order[i - 1])) ++rank;
    out[order[i]] = rank;
  }
  return out;
}

// The different runs of n symbols, sorted.
class Shingles {
 public:
  Shingles(Symbols symbols, std::size_t n) : symbols_(symbols), length_(std::min(n, symbols.size())) {
    if (symbols.empty()) return;
    starts_.resize(symbols.size() - length_ + 1);
    std::iota(starts_.begin(), starts_.end(), 0U);
    std::sort(starts_.begin(), starts_.end(), [&](auto a, auto b) { return compare(run(a), run(b)) < 0; });
    starts_.erase(
        std::unique(starts_.begin(), starts_.end(), [&](auto a, auto b) { return compare(run(a), run(b)) == 0; }),
        starts_.end());
  }

  std::size_t size() const { return starts_.size(); }
  std::size_t common(const Shingles& other) const {
    std::size_t count = 0;
    for (std::size_t i = 0, j = 0; i < size() && j < other.size();) {
      const int order = compare(run(starts_[i]), other.run(other.starts_[j]));
      count += order == 0 ? 1U : 0U;
      i += order <= 0 ? 1U : 0U;
      j += order >= 0 ? 1U : 0U;
    }
    return count;
  }

 private:
  Symbols run(std::uint32_t start) const { return symbols_.subspan(start, length_); }
  static int compare(Symbols a, Symbols b) {
    const auto order = std::lexicographical_compare_three_way(a.begin(), a.end(), b.begin(), b.end());
    return order < 0 ? -1 : order > 0 ? 1 : 0;
  }

  Symbols symbols_;
  std::size_t length_;
  std::vector<std::uint32_t> starts_;
};

std::vector<std::uint32_t> without_spaces(std::vector<std::uint32_t> points) {
  std::erase_if(points, is_space);
  return points;
}

}  // namespace

std::optional<double> levenshtein(std::string_view a, std::string_view b) {
  const auto first = code_points(a), second = code_points(b);
  const std::size_t longest = std::max(first.size(), second.size());
  if (longest == 0) return 1.0;
  const auto distance = levenshtein_distance(first, second);
  if (!distance) return std::nullopt;
  return 1.0 - ratio(*distance, longest);
}

std::optional<double> levenshtein_ratio(std::string_view a, std::string_view b) {
  const auto first = code_points(a), second = code_points(b);
  const std::size_t both = first.size() + second.size();
  if (both == 0) return 1.0;
  const auto common = common_subsequence(first, second);
  if (!common) return std::nullopt;
  return ratio(2 * *common, both);
}

double f_measure(const Overlap& overlap) {
  if (overlap.matched == 0) return 0.0;
  return ratio(2 * overlap.matched, overlap.reply + overlap.reference);  // the harmonic mean, without rounding twice
}

double token_f1(const Words& reply, const Words& reference) {
  if (reply.size() == 0 && reference.size() == 0) return 1.0;
  return f_measure(ngram_overlap(reply, reference, 1));
}

double rouge_n(const Words& reply, const Words& reference, std::size_t n) {
  return f_measure(ngram_overlap(reply, reference, n));
}

std::optional<double> rouge_l(const Words& reply, const Words& reference) {
  const Numbered both = numbered(reply, reference);
  const auto common = common_subsequence(both.reference, both.reply);
  if (!common) return std::nullopt;
  return f_measure({*common, both.reply.size(), both.reference.size()});
}

double jaccard(const Words& reply, const Words& reference, std::size_t n) {
  const std::vector<Symbol> all = ranked(reply, reference);
  const Shingles ours(Symbols(all).first(reply.size()), n), theirs(Symbols(all).subspan(reply.size()), n);
  const std::size_t common = ours.common(theirs), either = ours.size() + theirs.size() - common;
  return either == 0 ? 0.0 : ratio(common, either);
}

BleuCounts& BleuCounts::operator+=(const BleuCounts& more) {
  overlaps.resize(std::max(overlaps.size(), more.overlaps.size()));
  for (std::size_t i = 0; i < more.overlaps.size(); ++i) overlaps[i] += more.overlaps[i];
  reply_words += more.reply_words;
  reference_words += more.reference_words;
  return *this;
}

BleuCounts bleu_counts(const Words& reply, std::span<const Words> references, std::size_t max_order) {
  WordSymbols symbols;
  Ngrams ngrams(max_order);
  BleuCounts out;
  out.reply_words = reply.size();
  std::size_t nearest = std::numeric_limits<std::size_t>::max();
  for (const Words& reference : references) {
    ngrams.add(symbols.add(reference));
    const std::size_t length = reference.size();
    const std::size_t away = length > reply.size() ? length - reply.size() : reply.size() - length;
    if (away < nearest || (away == nearest && length < out.reference_words)) {
      nearest = away;
      out.reference_words = length;
    }
  }
  out.overlaps = ngrams.match(symbols.look_up(reply));
  return out;
}

double bleu(const BleuCounts& counts, const BleuOptions& options) {
  const auto matches = [](const Overlap& overlap) { return overlap.matched > 0; };
  if (std::ranges::none_of(counts.overlaps, matches)) return 0.0;
  double log_sum = 0.0, halving = 1.0;
  std::size_t orders = 0;
  for (const Overlap& overlap : counts.overlaps) {
    const bool added = options.smoothing == Smoothing::add_k && orders > 0;
    const double extra = added ? options.smooth_value : 0.0;
    const double total = static_cast<double>(overlap.reply) + extra;
    double matched = static_cast<double>(overlap.matched) + extra;
    if (total == 0.0) break;
    if (matched == 0.0 && options.smoothing == Smoothing::exp) matched = 1.0 / (halving *= 2.0);
    if (matched == 0.0 && options.smoothing == Smoothing::floor) matched = options.smooth_value;
    if (matched == 0.0) return 0.0;
    log_sum += std::log(matched / total);
    ++orders;
  }
  if (!options.effective_order && orders < counts.overlaps.size()) return 0.0;
  const double brevity = counts.reply_words < counts.reference_words
                             ? std::exp(1.0 - ratio(counts.reference_words, counts.reply_words))
                             : 1.0;
  return brevity * std::exp(log_sum / static_cast<double>(orders));
}

std::vector<Overlap> chrf_counts(std::string_view reply, std::string_view reference, const ChrfOptions& options) {
  const auto characters = [&](std::string_view text) {
    return options.whitespace ? code_points(text) : without_spaces(code_points(text));
  };
  const auto theirs = characters(reference);
  Ngrams ngrams(options.char_order);
  ngrams.add(theirs);
  std::vector<Overlap> out = ngrams.match(characters(reply));
  if (options.word_order == 0) return out;
  const Numbered both = numbered(chrf_words(reply), chrf_words(reference));
  Ngrams words(options.word_order);
  words.add(both.reference);
  const std::vector<Overlap> more = words.match(both.reply);
  out.insert(out.end(), more.begin(), more.end());
  return out;
}

double chrf(std::span<const Overlap> overlaps, double beta) {
  double precision = 0.0, recall = 0.0;
  std::size_t orders = 0;
  for (const Overlap& overlap : overlaps) {
    if (overlap.reply == 0 || overlap.reference == 0) continue;
    precision += ratio(overlap.matched, overlap.reply);
    recall += ratio(overlap.matched, overlap.reference);
    ++orders;
  }
  if (orders == 0 || precision + recall == 0.0) return 0.0;
  precision /= static_cast<double>(orders);
  recall /= static_cast<double>(orders);
  const double factor = beta * beta;
  return (1.0 + factor) * precision * recall / (factor * precision + recall);
}

std::optional<double> cosine(std::span<const double> a, std::span<const double> b) {
  if (a.size() != b.size() || a.empty()) return std::nullopt;
  const auto greatest = [](std::span<const double> vector) {
    double most = 0.0;
    for (const double value : vector) most = std::max(most, std::abs(value));
    return most;
  };
  const auto all_finite = [](std::span<const double> vector) {
    return std::ranges::all_of(vector, [](double value) { return std::isfinite(value); });
  };
  if (!all_finite(a) || !all_finite(b)) return std::nullopt;
  const double scale_a = greatest(a), scale_b = greatest(b);
  if (scale_a == 0.0 || scale_b == 0.0) return std::nullopt;
  double dot = 0.0, square_a = 0.0, square_b = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {  // scaled, so that no square overflows or vanishes
    const double x = a[i] / scale_a, y = b[i] / scale_b;
    dot += x * y;
    square_a += x * x;
    square_b += y * y;
  }
  return std::clamp(dot / (std::sqrt(square_a) * std::sqrt(square_b)), -1.0, 1.0);
}

}  // namespace headgate::grade
