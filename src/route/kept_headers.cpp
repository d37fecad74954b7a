#include "kept_headers.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "headgate/base/text.hpp"
#include "headgate/base/unicode.hpp"
#include "last_words.hpp"

namespace headgate::route {
namespace {

constexpr std::array<std::string_view, 8> kept_names = {"content-type", "date",          "location",
                                                        "retry-after",  "request-id",    "retry-after-ms",
                                                        "x-request-id", "x-should-retry"};
constexpr std::size_t longest_name = 64;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_kept(std::string_view name) {
  return std::find(kept_names.begin(), kept_names.end(), name) != kept_names.end() ||
         name.find("ratelimit") != name.npos;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

}  // namespace

bool KeptHeaders::add(std::string_view line, HttpAnswer& answer, const Redactor* secrets) {
  bytes_ += line.size();
  if (bytes_ > most_bytes) return false;
  if (are_whole_) return true;  // a trailer
  if (line.starts_with("HTTP/")) {
    const std::size_t blank = line.find(' ');
    is_interim_ = blank != line.npos && line.substr(blank + 1).starts_with('1');
    answer.headers.clear();
  } else if (trimmed(line).empty()) {
    are_whole_ = !is_interim_;
  } else if (!is_interim_) {
    keep(line, answer, secrets);
  }
  return true;
}

void KeptHeaders::keep(std::string_view line, HttpAnswer& answer, const Redactor* secrets) const {
  const std::size_t colon = line.find(':');
  if (colon == line.npos || colon > longest_name || answer.headers.size() >= HttpAnswer::max_headers) return;
  std::array<char, longest_name> small{};
  std::transform(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(colon), small.begin(), lower);
  const std::string_view name(small.data(), colon);
  if (!is_kept(name)) return;
  // Redacted before it is cut, so that no beginning of a secret stays; made plain, as it goes into records and
  // messages.
  std::string value = redacted(std::string(trimmed(line.substr(colon + 1))), secrets);
  if (!is_plain(value)) value = terminal_line(repair_utf8(value));
  if (value.size() > HttpAnswer::max_header_bytes) value.resize(HttpAnswer::max_header_bytes);
  answer.headers.emplace_back(std::string(name), std::move(value));
}

}  // namespace headgate::route
