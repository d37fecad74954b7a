#include "amounts.hpp"

#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

namespace headgate::config {
namespace {

constexpr double most_exact = 9e15;  // beyond it a double does not hold every whole number

struct Unit {
  std::string_view word;
  double value;
};
constexpr Unit duration_units[] = {{"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}};
constexpr Unit size_units[] = {{"GiB", 1073741824}, {"MiB", 1048576}, {"KiB", 1024}, {"GB", 1e9},
                               {"MB", 1e6},         {"kB", 1e3},      {"B", 1}};

// A number without sign or exponent, at most one blank, a unit; in the least unit.
template <std::size_t count>
std::optional<std::uint64_t> parse_amount(std::string_view text, const Unit (&units)[count]) {
  const std::size_t end = std::min(text.find_first_not_of("0123456789."), text.size());
  double number = 0.0;
  const auto [stop, fault] = std::from_chars(text.data(), text.data() + end, number, std::chars_format::fixed);
  if (fault != std::errc() || stop != text.data() + end || end == 0) return std::nullopt;
  std::string_view word = text.substr(end);
  if (word.starts_with(' ')) word.remove_prefix(1);
  for (const Unit& unit : units) {
    if (unit.word != word) continue;
    const double amount = number * unit.value;
    if (amount != std::floor(amount) || amount > most_exact) return std::nullopt;
    return static_cast<std::uint64_t>(amount);
  }
  return std::nullopt;
}

// In the largest unit that leaves a whole number.
template <std::size_t count>
std::string written(std::uint64_t amount, const Unit (&units)[count]) {
  for (const Unit& unit : units) {
    const auto value = static_cast<std::uint64_t>(unit.value);
    if (amount >= value && amount % value == 0) return std::to_string(amount / value) + std::string(unit.word);
  }
  return std::to_string(amount) + std::string(units[count - 1].word);
}

struct Noun {
  const char* name;
  const char* hint;
};

template <std::size_t count>
std::optional<std::uint64_t> read_amount(const Tree& tree, const Json& value, const Unit (&units)[count],
                                         const Noun& noun, const SizeBounds& bounds, Complaints& complaints) {
  const auto& text = value.get_ref<const std::string&>();
  const auto amount = parse_amount(text, units);
  if (!amount) {
    complaints.add(tree.error(value, "'" + text + "' is no " + noun.name, noun.hint));
    return std::nullopt;
  }
  if (*amount < bounds.least || *amount > bounds.most) {
    complaints.add(tree.error(value, "'" + text + "' is not between " + written(bounds.least, units) + " and " +
                                         written(bounds.most, units)));
    return std::nullopt;
  }
  return amount;
}

std::uint64_t count_of(Millis duration) { return static_cast<std::uint64_t>(duration.count()); }

}  // namespace

std::optional<Millis> parse_duration(std::string_view text) {
  const auto amount = parse_amount(text, duration_units);
  return amount ? std::optional(Millis(static_cast<std::int64_t>(*amount))) : std::nullopt;
}

std::optional<std::uint64_t> parse_size(std::string_view text) { return parse_amount(text, size_units); }

std::optional<Millis> read_duration(const Tree& tree, const Json& value, const DurationBounds& bounds,
                                    Complaints& complaints) {
  const auto amount =
      read_amount(tree, value, duration_units, {"duration", "write a number and its unit: 250ms, 30s, 2m, 1h"},
                  {count_of(bounds.least), count_of(bounds.most)}, complaints);
  return amount ? std::optional(Millis(static_cast<std::int64_t>(*amount))) : std::nullopt;
}

std::optional<std::uint64_t> read_size(const Tree& tree, const Json& value, const SizeBounds& bounds,
                                       Complaints& complaints) {
  return read_amount(tree, value, size_units, {"size", "write a number and its unit: 64KiB, 512MiB, 2GiB"}, bounds,
                     complaints);
}

}  // namespace headgate::config
