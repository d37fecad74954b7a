#include <utf8proc.h>
#include <algorithm>

#include "headgate/base/text.hpp"
#include "utf8.hpp"

namespace headgate {
namespace {

// No key, grader or model name is longer, and the distance costs the product of the lengths.
constexpr std::size_t max_compared_bytes = 128;

struct Cut {
  std::size_t bytes = 0;
  std::size_t columns = 0;
};

std::size_t columns_of(const Utf8Step& step) {
  if (!step.valid || step.point < 0x80) return 1;
  const int width = utf8proc_charwidth(static_cast<utf8proc_int32_t>(step.point));
  return width < 0 ? 1U : static_cast<std::size_t>(width);
}

// The longest beginning of at most `max` columns, with the marks that belong to its last character.
Cut head(std::string_view text, std::size_t max) {
  Cut cut;
  while (cut.bytes < text.size()) {
    const Utf8Step step = utf8_step(text, cut.bytes);
    if (cut.columns + columns_of(step) > max) break;
    cut.columns += columns_of(step);
    cut.bytes += step.length;
  }
  return cut;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

}  // namespace

std::size_t columns_of(std::string_view text) { return head(text, text.size() * 2).columns; }

std::string first_columns(std::string_view text, std::size_t most) {
  return std::string(text.substr(0, head(text, most).bytes));
}

std::string last_columns(std::string_view text, std::size_t most) {
  std::size_t left = columns_of(text);
  std::size_t start = 0;
  while (start < text.size() && (left > most || is_continuation(text[start]))) {
    const Utf8Step step = utf8_step(text, start);
    left -= columns_of(step);
    start += step.length;
  }
  return std::string(text.substr(start));
}

std::string elide(std::string_view text, std::size_t max) {
  if (head(text, max).bytes == text.size()) return std::string(text);
  if (max == 0) return {};
  const std::size_t before = max / 2;
  const std::size_t after = max - 1 - before;
  const std::size_t total = columns_of(text);
  const std::string_view first = text.substr(0, head(text, before).bytes);
  // Dropping one column more than needed where a wide character straddles the cut keeps within `max`.
  std::size_t start = first.size();
  std::size_t left = total - head(first, before).columns;
  while (start < text.size() && (left > after || is_continuation(text[start]))) {
    const Utf8Step step = utf8_step(text, start);
    left -= columns_of(step);
    start += step.length;
  }
  return std::string(first) + "…" + std::string(text.substr(start));
}

std::string plural(std::size_t n, std::string_view one, std::string_view many) {
  std::string out = std::to_string(n) + " ";
  if (n == 1) return out.append(one);
  return many.empty() ? out.append(one).append("s") : out.append(many);
}

std::string join_words(std::span<const std::string> words, std::size_t most) {
  std::vector<std::string> parts(words.begin(),
                                 words.begin() + static_cast<std::ptrdiff_t>(std::min(words.size(), most)));
  if (words.size() > most) parts.push_back(std::to_string(words.size() - most) + " more");
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) out.append(i + 1 == parts.size() ? " and " : ", ");
    out.append(parts[i]);
  }
  return out;
}

// Optimal string alignment: no part of the text is edited twice, which is what typing errors need.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  const std::size_t width = b.size() + 1;
  std::vector<std::size_t> two_back(width);
  std::vector<std::size_t> last(width);
  std::vector<std::size_t> now(width);
  for (std::size_t j = 0; j < width; ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    now[0] = i;
    for (std::size_t j = 1; j < width; ++j) {
      const std::size_t change = last[j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U);
      now[j] = std::min({last[j] + 1, now[j - 1] + 1, change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        now[j] = std::min(now[j], two_back[j - 2] + 1);
    }
    std::swap(two_back, last);
    std::swap(last, now);
  }
  return last[b.size()];
}

std::string nearest(std::string_view word, std::span<const std::string> candidates) {
  if (word.size() > max_compared_bytes) return {};
  const std::string small = lower(word);
  std::string best;
  std::size_t best_distance = word.size() / 3 + 1;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > max_compared_bytes) continue;
    const std::size_t distance = edit_distance(small, lower(candidate));
    if (distance >= best_distance) continue;
    best = candidate;
    best_distance = distance;
  }
  return best;
}

std::string did_you_mean(std::string_view word, std::span<const std::string> candidates) {
  const std::string best = nearest(word, candidates);
  return best.empty() ? std::string() : "did you mean '" + best + "'?";
}

}  // namespace headgate
