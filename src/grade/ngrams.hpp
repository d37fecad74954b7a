// How many n-grams of a reply are in a reference, each counted at most as often as the reference has it.
#pragma once

#include <vector>

#include "symbols.hpp"

namespace headgate::grade {

// Of one length of n-grams.
struct Overlap {
  std::size_t matched = 0;    // n-grams of the reply that the reference has, clipped
  std::size_t reply = 0;      // n-grams of the reply
  std::size_t reference = 0;  // of the reference; of several, of the one added last
  Overlap& operator+=(const Overlap& more);
};

// All n-grams of the references up to `orders` symbols, as a trie: time and memory grow with the text, not its square.
class Ngrams {
 public:
  explicit Ngrams(std::size_t orders) : orders_(orders), nodes_(1) {}

  // A further reference. Of an n-gram, the most that any one reference has counts.
  void add(Symbols reference);
  // Overlaps by length, from 1. Symbols that are no reference's are unknown_symbol, or any other.
  std::vector<Overlap> match(Symbols reply);

 private:
  struct Node {
    std::uint32_t most = 0;  // in any one reference
    std::uint32_t now = 0;   // in the text that is being read
  };
  static std::uint64_t edge(std::uint32_t node, Symbol symbol) { return std::uint64_t{node} << 32 | symbol; }

  std::size_t orders_;
  std::size_t last_length_ = 0;
  std::vector<Node> nodes_;  // the first is the root
  KeyTable edges_;
};

}  // namespace headgate::grade
