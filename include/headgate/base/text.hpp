// Words for people, and text from outside made harmless for the format it enters. Every encoder is a pure function from
// any bytes to safe text.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace headgate {

// One line for a terminal or a CI log: C0, DEL, C1, bidirectional controls, line and paragraph separators and bytes that
// are not UTF-8 become \xNN or \u{NNNN}; `\n`, `\r`, `\t` become their escapes. Also defuses text that CI systems
// read as commands: a leading `::`, `##vso[`, `##[` gets a backslash before it.
std::string terminal_line(std::string_view text);
// Several lines: as above, but newlines stay.
std::string terminal_text(std::string_view text);

std::string xml_text(std::string_view text);        // XML 1.0: & < > " ' escaped, illegal code points become U+FFFD
std::string markdown_cell(std::string_view text);   // one table cell: no line break, pipe, tag, link, or fence survives
std::string csv_cell(std::string_view text);        // RFC 4180 quoting; a leading = + - @ tab or CR gets a ' before it

// The columns that text takes on a terminal: East Asian wide characters and emoji two, combining marks none. Carets
// must stand under what they mean, also after Japanese.
std::size_t columns_of(std::string_view text);
// The longest beginning or end that fits, never cutting a character.
std::string first_columns(std::string_view text, std::size_t most);
std::string last_columns(std::string_view text, std::size_t most);
// At most `max` columns, with … in the middle. Never cuts a UTF-8 sequence.
std::string elide(std::string_view text, std::size_t max);
// "1 case", "2 cases"; irregular plurals are given.
std::string plural(std::size_t n, std::string_view one, std::string_view many = {});
// "a", "a and b", "a, b and c"; after `most` names: "and 7 more".
std::string join_words(std::span<const std::string> words, std::size_t most = 8);

std::size_t edit_distance(std::string_view a, std::string_view b);  // Damerau–Levenshtein (adjacent swaps count one)
// The candidate nearest to `word` within a third of its length, or "".
std::string nearest(std::string_view word, std::span<const std::string> candidates);
// "did you mean 'x'?" or "".
std::string did_you_mean(std::string_view word, std::span<const std::string> candidates);

// Shortest round-trip digits, no locale: 0.1721, 1e-32, inf, nan.
std::string shortest(double value);
// With `digits` after the point, no locale.
std::string fixed(double value, int digits);
// "12.3 %" style for people.
std::string percent(double fraction, int digits = 1);

}  // namespace headgate
