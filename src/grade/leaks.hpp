// What must not stand in a reply: secrets, and data about persons that a machine can tell by their form.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headgate::grade {

enum class LeakKind : std::uint8_t { secret, email, phone, iban, card };
inline constexpr LeakKind all_leak_kinds[] = {LeakKind::secret, LeakKind::email, LeakKind::phone, LeakKind::iban,
                                              LeakKind::card};
const char* name(LeakKind kind);

struct Leak {
  LeakKind kind = LeakKind::secret;
  std::string what;    // "a GitHub token", "an e-mail address"
  std::string value;   // without the blanks and dashes that people write into numbers; e-mail in lower case
  std::size_t at = 0;  // in the text that was searched
  std::size_t size = 0;
  bool example = false;  // published as an example or reserved for them: jo@example.com, a card number of a test page
};

// The text as it is to be searched: invisible characters gone, full-width and other digits and letters as ASCII.
std::string searchable(std::string_view text);

// In the order of `at`; at most `max_leaks`, for who finds so many need not look on. Linear in the text.
inline constexpr std::size_t max_leaks = 10'000;
std::vector<Leak> find_leaks(std::string_view text, const std::vector<LeakKind>& kinds);

// "mail.acme.com" is below "acme.com".
bool is_domain_or_below(std::string_view domain, std::string_view of);

// Digits as people group them, from `from` on: between two of them at most `gap` characters of `between`. At most
// `most` digits, which is at most Digits::room.
struct Digits {
  static constexpr std::size_t room = 24;
  std::array<char, room> signs{};
  std::array<std::size_t, room> ends{};  // where each of them ends in the text
  std::size_t count = 0;
  std::string_view first(std::size_t n) const { return {signs.data(), n}; }
};
Digits digits_from(std::string_view text, std::size_t from, std::string_view between, std::size_t gap,
                   std::size_t most);

// Each appends what it finds from `text`.
void find_secrets(std::string_view text, std::vector<Leak>& out);
void find_emails(std::string_view text, std::vector<Leak>& out);
void find_phones(std::string_view text, std::vector<Leak>& out);
void find_ibans(std::string_view text, std::vector<Leak>& out);
void find_cards(std::string_view text, std::vector<Leak>& out);

inline bool is_digit(char c) { return c >= '0' && c <= '9'; }
inline bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
inline bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
inline bool is_alnum(char c) { return is_digit(c) || is_upper(c) || is_lower(c); }
// Whether a word of letters and digits could begin, or end, at this place.
inline bool begins_word(std::string_view text, std::size_t at) { return at == 0 || !is_alnum(text[at - 1]); }
inline bool ends_word(std::string_view text, std::size_t at) { return at >= text.size() || !is_alnum(text[at]); }

}  // namespace headgate::grade
