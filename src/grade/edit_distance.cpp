#include "edit_distance.hpp"

#include <algorithm>
#include <bit>
#include <numeric>

namespace headgate::grade {
namespace {

constexpr std::size_t word_bits = 64;

// Where each symbol stands in a pattern, as bits: for every symbol the blocks that have it, in order. Unlike a full
// table its size is the pattern's, whatever the number of different symbols.
class Positions {
 public:
  struct Block {
    std::uint32_t number;
    std::uint64_t bits;
  };

  explicit Positions(Symbols pattern) : count_((pattern.size() + word_bits - 1) / word_bits) {
    std::vector<std::uint32_t> order(pattern.size());
    std::iota(order.begin(), order.end(), 0U);
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return pattern[a] < pattern[b]; });
    for (const std::uint32_t at : order) {
      const auto number = static_cast<std::uint32_t>(at / word_bits);
      const auto next_row = static_cast<std::uint32_t>(starts_.size());
      const bool fresh = rows_.find_or_add(pattern[at], next_row) == next_row;
      if (fresh) starts_.push_back(blocks_.size());
      if (fresh || blocks_.back().number != number) blocks_.push_back({number, 0});
      blocks_.back().bits |= std::uint64_t{1} << at % word_bits;
    }
    starts_.push_back(blocks_.size());
  }

  std::size_t blocks() const { return count_; }
  std::span<const Block> of(Symbol symbol) const {
    const std::uint32_t row = rows_.find(symbol);
    if (row == unknown_symbol) return {};
    return std::span(blocks_).subspan(starts_[row], starts_[row + 1] - starts_[row]);
  }

 private:
  std::size_t count_;
  KeyTable rows_;
  std::vector<std::size_t> starts_;
  std::vector<Block> blocks_;
};

// Takes the next block's bits off the front of `rest`.
std::uint64_t bits_of(std::span<const Positions::Block>& rest, std::size_t number) {
  if (rest.empty() || rest.front().number != number) return 0;
  const std::uint64_t bits = rest.front().bits;
  rest = rest.subspan(1);
  return bits;
}

bool fits(Symbols a, Symbols b) { return a.empty() || b.size() <= max_table_cells / a.size(); }

}  // namespace

std::optional<std::size_t> levenshtein_distance(Symbols a, Symbols b) {
  if (a.size() > b.size()) std::swap(a, b);
  if (a.empty()) return b.size();
  if (!fits(a, b)) return std::nullopt;
  struct Column {  // vertical differences of one block: where they are +1, where -1
    std::uint64_t plus = ~std::uint64_t{0}, minus = 0;
  };
  const Positions positions(a);
  std::vector<Column> columns(positions.blocks());
  const std::size_t last_bit = (a.size() - 1) % word_bits;
  std::size_t distance = a.size();
  for (const Symbol symbol : b) {
    std::span<const Positions::Block> rest = positions.of(symbol);
    std::uint64_t plus_in = 1, minus_in = 0;  // the horizontal difference above the block: row 0 grows by one
    for (std::size_t i = 0; i < columns.size(); ++i) {
      auto& [plus, minus] = columns[i];
      std::uint64_t equal = bits_of(rest, i);
      const std::uint64_t vertical = equal | minus;
      equal |= minus_in;
      const std::uint64_t zero = (((equal & plus) + plus) ^ plus) | equal;
      std::uint64_t across_plus = minus | ~(zero | plus);
      std::uint64_t across_minus = plus & zero;
      if (i + 1 == columns.size()) {
        distance += across_plus >> last_bit & 1;
        distance -= across_minus >> last_bit & 1;
      }
      const std::uint64_t plus_out = across_plus >> 63, minus_out = across_minus >> 63;
      across_plus = across_plus << 1 | plus_in;
      across_minus = across_minus << 1 | minus_in;
      plus_in = plus_out;
      minus_in = minus_out;
      plus = across_minus | ~(vertical | across_plus);
      minus = across_plus & vertical;
    }
  }
  return distance;
}

std::optional<std::size_t> common_subsequence(Symbols a, Symbols b) {
  if (a.size() > b.size()) std::swap(a, b);
  if (a.empty()) return 0;
  if (!fits(a, b)) return std::nullopt;
  const Positions positions(a);
  std::vector<std::uint64_t> columns(positions.blocks(), ~std::uint64_t{0});  // a zero is a step of the subsequence
  for (const Symbol symbol : b) {
    std::span<const Positions::Block> rest = positions.of(symbol);
    if (rest.empty()) continue;
    std::uint64_t carry = 0;
    for (std::size_t i = rest.front().number; i < columns.size(); ++i) {
      const std::uint64_t old = columns[i], matched = old & bits_of(rest, i);
      std::uint64_t sum = 0;
      const bool first = __builtin_add_overflow(old, matched, &sum);
      const bool second = __builtin_add_overflow(sum, carry, &sum);
      carry = first || second ? 1 : 0;
      columns[i] = sum | (old - matched);
    }
  }
  std::size_t length = 0;
  for (const std::uint64_t column : columns) length += static_cast<std::size_t>(std::popcount(~column));
  return length;
}

}  // namespace headgate::grade
