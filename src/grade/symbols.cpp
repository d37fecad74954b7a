#include "symbols.hpp"

#include <bit>
#include <utility>

namespace headgate::grade {
namespace {

constexpr std::size_t first_slots = 256;

std::uint64_t mixed(std::uint64_t key) {  // the finaliser of MurmurHash3
  key ^= key >> 33;
  key *= 0xFF51AFD7ED558CCDULL;
  key ^= key >> 33;
  key *= 0xC4CEB9FE1A85EC53ULL;
  return key ^ key >> 33;
}

std::uint64_t hash_of(std::string_view word) {  // FNV-1a, mixed
  std::uint64_t hash = 0xCBF29CE484222325ULL;
  for (const char c : word) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  return mixed(hash);
}

}  // namespace

KeyTable::KeyTable() : entries_(first_slots) {}

std::size_t KeyTable::slot_of(std::uint64_t key) const {
  const std::size_t mask = entries_.size() - 1;
  std::size_t slot = mixed(key) & mask;
  while (entries_[slot].key != key && entries_[slot].key != no_key) slot = (slot + 1) & mask;
  return slot;
}

std::uint32_t KeyTable::find(std::uint64_t key) const {
  const Entry& entry = entries_[slot_of(key)];
  return entry.key == key ? entry.value : unknown_symbol;
}

std::uint32_t KeyTable::find_or_add(std::uint64_t key, std::uint32_t fresh) {
  std::size_t slot = slot_of(key);
  if (entries_[slot].key == key) return entries_[slot].value;
  if (++used_ * 2 > entries_.size()) {
    resize(entries_.size() * 2);
    slot = slot_of(key);
  }
  entries_[slot] = {key, fresh};
  return fresh;
}

void KeyTable::reserve(std::size_t keys) {
  const std::size_t slots = std::bit_ceil(keys * 2);
  if (slots > entries_.size()) resize(slots);
}

void KeyTable::resize(std::size_t slots) {
  const std::vector<Entry> old = std::exchange(entries_, std::vector<Entry>(slots));
  for (const Entry& entry : old) {
    if (entry.key != no_key) entries_[slot_of(entry.key)] = entry;
  }
}

WordSymbols::WordSymbols() : slots_(first_slots, unknown_symbol) {}

Symbol WordSymbols::find(std::string_view word, std::uint64_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t slot = hash & mask; slots_[slot] != unknown_symbol; slot = (slot + 1) & mask) {
    const Entry& entry = entries_[slots_[slot]];
    if (entry.hash == hash && std::string_view(letters_).substr(entry.start, entry.length) == word) return slots_[slot];
  }
  return unknown_symbol;
}

void WordSymbols::grow() {
  slots_.assign(slots_.size() * 2, unknown_symbol);
  const std::size_t mask = slots_.size() - 1;
  for (Symbol symbol = 0; symbol < entries_.size(); ++symbol) {
    std::size_t slot = entries_[symbol].hash & mask;
    while (slots_[slot] != unknown_symbol) slot = (slot + 1) & mask;
    slots_[slot] = symbol;
  }
}

Symbol WordSymbols::add(std::string_view word) {
  const std::uint64_t hash = hash_of(word);
  const Symbol known = find(word, hash);
  if (known != unknown_symbol) return known;
  if ((entries_.size() + 1) * 2 > slots_.size()) grow();
  const auto fresh = static_cast<Symbol>(entries_.size());
  entries_.push_back({hash, letters_.size(), word.size()});
  letters_ += word;
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = hash & mask;
  while (slots_[slot] != unknown_symbol) slot = (slot + 1) & mask;
  slots_[slot] = fresh;
  return fresh;
}

std::vector<Symbol> WordSymbols::add(const Words& words) {
  std::vector<Symbol> out;
  out.reserve(words.size());
  for (std::size_t i = 0; i < words.size(); ++i) out.push_back(add(words[i]));
  return out;
}

std::vector<Symbol> WordSymbols::look_up(const Words& words) const {
  std::vector<Symbol> out;
  out.reserve(words.size());
  for (std::size_t i = 0; i < words.size(); ++i) out.push_back(find(words[i], hash_of(words[i])));
  return out;
}

}  // namespace headgate::grade
