// Texts as sequences of small numbers: what is compared are symbols, one for each different word or character.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace headgate::grade {

using Symbol = std::uint32_t;
using Symbols = std::span<const Symbol>;

// A word that no reference has.
inline constexpr Symbol unknown_symbol = std::numeric_limits<Symbol>::max();

// A table from 64-bit keys to numbers, with open addressing. The key `no_key` is reserved. Nothing depends on its
// order.
class KeyTable {
 public:
  static constexpr std::uint64_t no_key = std::numeric_limits<std::uint64_t>::max();

  KeyTable();
  void reserve(std::size_t keys);
  // The number of `key`; `fresh` is stored for it where it has none yet.
  std::uint32_t find_or_add(std::uint64_t key, std::uint32_t fresh);
  // unknown_symbol where it has none.
  std::uint32_t find(std::uint64_t key) const;

 private:
  struct Entry {
    std::uint64_t key = no_key;
    std::uint32_t value = 0;
  };
  std::size_t slot_of(std::uint64_t key) const;
  void resize(std::size_t slots);

  std::vector<Entry> entries_;  // a power of two, at most half full
  std::size_t used_ = 0;
};

// Words found in a text: where each stands in `text`, which is the text as its tokeniser left it.
struct Words {
  struct Span {
    std::uint32_t start, length;
  };
  std::string text;
  std::vector<Span> spans;

  std::size_t size() const { return spans.size(); }
  std::string_view operator[](std::size_t i) const {
    return std::string_view(text).substr(spans[i].start, spans[i].length);
  }
};

// The different words of the references, numbered. Replies only look them up, so that a hostile reply costs no memory.
class WordSymbols {
 public:
  WordSymbols();
  std::vector<Symbol> add(const Words& words);
  std::vector<Symbol> look_up(const Words& words) const;

 private:
  Symbol find(std::string_view word, std::uint64_t hash) const;
  Symbol add(std::string_view word);
  void grow();

  struct Entry {
    std::uint64_t hash;
    std::size_t start, length;
  };
  std::string letters_;         // of all words, one behind the other
  std::vector<Entry> entries_;  // by symbol
  std::vector<Symbol> slots_;   // a power of two, at most half full
};

}  // namespace headgate::grade
