// Dated and "latest" names of one model share its provider's limits.
#include <string>
#include <string_view>

#include "headgate/route/dialect.hpp"

namespace headgate::route {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Whether `text` has the shape: 0 is a digit, any other character is itself.
bool fits(std::string_view text, std::string_view shape) {
  if (text.size() != shape.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (shape[i] == '0' ? !is_digit(text[i]) : text[i] != shape[i]) return false;
  }
  return true;
}

int two_digits(std::string_view text) { return (text[0] - '0') * 10 + (text[1] - '0'); }

bool is_month(std::string_view text) { return two_digits(text) >= 1 && two_digits(text) <= 12; }
bool is_day(std::string_view text) { return two_digits(text) >= 1 && two_digits(text) <= 31; }

// "2024-08-06", "20240806", "2026-05", "0613".
bool is_date_of_model(std::string_view text) {
  if (fits(text, "0000-00-00")) return text.starts_with("20") && is_month(text.substr(5)) && is_day(text.substr(8));
  if (fits(text, "00000000")) return text.starts_with("20") && is_month(text.substr(4)) && is_day(text.substr(6));
  if (fits(text, "0000-00")) return text.starts_with("20") && is_month(text.substr(5));
  return fits(text, "0000") && is_month(text) && is_day(text.substr(2));
}

constexpr std::string_view separators = "-@:";
constexpr std::size_t date_lengths[] = {10, 8, 7, 4};

// Where the name without its last date or "latest" ends; its whole length where it has none.
std::size_t end_of_family(std::string_view model) {
  const auto ends_before = [&](std::size_t length) {
    return model.size() > length + 1 && separators.find(model[model.size() - length - 1]) != separators.npos;
  };
  constexpr std::string_view latest = "latest";
  if (model.ends_with(latest) && ends_before(latest.size())) return model.size() - latest.size() - 1;
  for (const std::size_t length : date_lengths) {
    if (ends_before(length) && is_date_of_model(model.substr(model.size() - length))) return model.size() - length - 1;
  }
  return model.size();
}

}  // namespace

std::string model_family(std::string_view model) {
  for (std::size_t end = end_of_family(model); end != model.size(); end = end_of_family(model)) {
    model = model.substr(0, end);
  }
  return std::string(model);
}

}  // namespace headgate::route
