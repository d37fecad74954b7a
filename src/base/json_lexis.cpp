#include "json_lexis.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

#include "numbers.hpp"
#include "utf8.hpp"

namespace headgate {
namespace {

std::string hex_byte(char c) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  return {'0', 'x', digits[byte >> 4U], digits[byte & 0xFU]};
}

Fault bad_utf8(std::string_view text, std::size_t at) {
  return {at, 1, "invalid UTF-8 byte " + hex_byte(text[at]), "save the file as UTF-8"};
}

// The four hexadecimal digits of \uXXXX at `at`, or nothing.
std::optional<char32_t> four_digits(std::string_view text, std::size_t at) {
  if (at + 4 > text.size()) return std::nullopt;
  unsigned value = 0;
  const auto read = std::from_chars(text.data() + at, text.data() + at + 4, value, 16);
  if (read.ptr != text.data() + at + 4) return std::nullopt;
  return static_cast<char32_t>(value);
}

bool is_high(char32_t unit) { return unit >= 0xD800 && unit <= 0xDBFF; }
bool is_low(char32_t unit) { return unit >= 0xDC00 && unit <= 0xDFFF; }

class StringReader {
 public:
  StringReader(std::string_view text, std::size_t start, std::string& decoded)
      : text_(text), at_(start + 1), decoded_(decoded) {}

  JsonString read() {
    while (!fault_ && at_ < text_.size() && text_[at_] != '"') step();
    if (!fault_ && at_ >= text_.size()) {
      fail(end_of_content(), 1, "unexpected end of text in a string",
           "a closing quote is missing, or the text is cut off");
    }
    return {at_ + 1, std::move(fault_)};
  }

 private:
  void fail(std::size_t offset, std::size_t width, std::string message, std::string hint) {
    fault_ = Fault{offset, width, std::move(message), std::move(hint)};
  }

  std::size_t end_of_content() const {
    std::size_t end = text_.size();
    while (end > 0 && (text_[end - 1] == '\n' || text_[end - 1] == '\r')) --end;
    return end;
  }

  void step() {
    const auto byte = static_cast<unsigned char>(text_[at_]);
    if (byte == '\\') {
      escape();
    } else if (byte < 0x20) {
      control(byte);
    } else if (byte < 0x80) {
      decoded_.push_back(text_[at_++]);
    } else {
      const Utf8Step read = utf8_step(text_, at_);
      if (!read.valid) {
        fault_ = bad_utf8(text_, at_);
        return;
      }
      decoded_.append(text_, at_, read.length);
      at_ += read.length;
    }
  }

  void control(unsigned char byte) {
    if (byte == 0) {
      fail(at_, 1, "NUL is not allowed in a string", "remove the byte 0x00");
    } else if (byte == '\n' || byte == '\r') {
      fail(at_, 1, "a line break in a string", "close the string before it, or write \\n");
    } else {
      fail(at_, 1, "control character " + hex_byte(text_[at_]) + " in a string",
           byte == '\t' ? "write \\t" : "write it as \\u00" + hex_byte(text_[at_]).substr(2));
    }
  }

  void escape() {
    if (at_ + 1 >= text_.size()) {
      at_ = text_.size();
      return;
    }
    constexpr std::string_view letters = "\"\\/bfnrt";
    constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
    const char letter = text_[at_ + 1];
    if (letter == 'u') {
      unicode_escape();
    } else if (const std::size_t known = letters.find(letter); known != std::string_view::npos && letter != '\0') {
      decoded_.push_back(meanings[known]);
      at_ += 2;
    } else {
      const bool printable = letter > ' ' && letter < 0x7F;
      fail(at_, 2, printable ? std::string("unknown escape \\") + letter : "unknown escape after \\",
           "write \\\\ for a backslash");
    }
  }

  void unicode_escape() {
    const std::optional<char32_t> unit = four_digits(text_, at_ + 2);
    if (!unit) {
      if (text_.find_first_not_of("0123456789abcdefABCDEF", at_ + 2) == std::string_view::npos) {
        at_ = text_.size();
        return;
      }
      fail(at_, 2, "\\u needs four hexadecimal digits", "write \\\\u for a backslash and a u");
      return;
    }
    const std::string spelled(text_.substr(at_, 6));
    if (*unit == 0) {
      fail(at_, 6, "NUL is not allowed in a string", "remove " + spelled);
    } else if (is_high(*unit) && text_.substr(at_ + 6, 2) == "\\u") {
      const std::optional<char32_t> second = four_digits(text_, at_ + 8);
      if (!second || !is_low(*second)) return lone(spelled);
      append_utf8(decoded_, 0x10000U + ((*unit - 0xD800U) << 10U) + (*second - 0xDC00U));
      at_ += 12;
    } else if (is_high(*unit) || is_low(*unit)) {
      lone(spelled);
    } else {
      append_utf8(decoded_, *unit);
      at_ += 6;
    }
  }

  void lone(const std::string& spelled) {
    fail(at_, 6, "a lone surrogate " + spelled + " is not a character",
         "write the character itself, or both halves of the pair");
  }

  std::string_view text_;
  std::size_t at_;
  std::string& decoded_;
  std::optional<Fault> fault_;
};

std::size_t count_digits(std::string_view text) {
  std::size_t count = 0;
  while (count < text.size() && text[count] >= '0' && text[count] <= '9') ++count;
  return count;
}

// -? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?
bool has_json_form(std::string_view word, bool& whole) {
  if (!word.empty() && word[0] == '-') word.remove_prefix(1);
  std::size_t digits = count_digits(word);
  if (digits == 0 || (digits > 1 && word[0] == '0')) return false;
  word.remove_prefix(digits);
  whole = word.empty();
  if (!word.empty() && word[0] == '.') {
    word.remove_prefix(1);
    digits = count_digits(word);
    if (digits == 0) return false;
    word.remove_prefix(digits);
  }
  if (!word.empty() && (word[0] == 'e' || word[0] == 'E')) {
    word.remove_prefix(1);
    if (!word.empty() && (word[0] == '+' || word[0] == '-')) word.remove_prefix(1);
    digits = count_digits(word);
    if (digits == 0) return false;
    word.remove_prefix(digits);
  }
  return word.empty();
}

bool fits_64_bits(std::string_view word) {
  const char* const end = word.data() + word.size();
  if (word.front() == '-') {
    std::int64_t value = 0;
    return std::from_chars(word.data(), end, value).ec == std::errc();
  }
  std::uint64_t value = 0;
  return std::from_chars(word.data(), end, value).ec == std::errc();
}

std::optional<Fault> number_fault(std::string_view word, std::size_t at) {
  bool whole = false;
  if (!has_json_form(word, whole)) {
    return Fault{at, word.size(), "not a JSON number", "write it like 12, -0.5 or 1e-3, or put it in quotes"};
  }
  if (whole && !fits_64_bits(word)) {
    return Fault{at, word.size(), "number does not fit 64 bits", "put it in quotes if it is an identifier"};
  }
  if (!whole && !finite_double(word)) {
    return Fault{at, word.size(), "number does not fit a double", "the largest is about 1.8e308"};
  }
  return std::nullopt;
}

std::optional<Fault> word_fault(std::string_view word, std::size_t at) {
  struct Habit {
    std::string_view written;
    std::string_view hint;
  };
  constexpr std::array<Habit, 11> habits{{{"True", "write true"},
                                          {"TRUE", "write true"},
                                          {"False", "write false"},
                                          {"FALSE", "write false"},
                                          {"None", "write null"},
                                          {"NULL", "write null"},
                                          {"Null", "write null"},
                                          {"nil", "write null"},
                                          {"undefined", "write null"},
                                          {"yes", "write true"},
                                          {"no", "write false"}}};
  if (word == "true" || word == "false" || word == "null") return std::nullopt;
  const std::string_view bare = word.front() == '-' || word.front() == '+' ? word.substr(1) : word;
  if (bare == "NaN" || bare == "nan" || bare == "Infinity" || bare == "inf") {
    return Fault{at, word.size(), std::string(word) + " is not a JSON number", "write a number, or leave the key out"};
  }
  for (const Habit& habit : habits) {
    if (word == habit.written) {
      return Fault{at, word.size(), "unknown word " + std::string(word), std::string(habit.hint)};
    }
  }
  if (word.front() == '\'') return Fault{at, word.size(), "a string in single quotes", "use double quotes"};
  return Fault{at, word.size(), "expected a value", "strings need double quotes"};
}

bool is_comment(std::string_view text, std::size_t at) {
  const std::string_view two = text.substr(at, 2);
  return text[at] == '#' || two == "//" || two == "/*";
}

}  // namespace

std::size_t json_word_length(std::string_view text) {
  const std::size_t end = text.find_first_of(" \t\r\n,:[]{}\"");
  if (end == 0) return 1;
  return end == std::string_view::npos ? text.size() : end;
}

JsonString read_json_string(std::string_view text, std::size_t start, std::string& decoded) {
  return StringReader(text, start, decoded).read();
}

std::optional<Fault> odd_byte(std::string_view text, std::size_t at) {
  const auto byte = static_cast<unsigned char>(text[at]);
  if (byte == 0) return Fault{at, 1, "unexpected NUL byte", "the file may be damaged, or not be text"};
  if (byte < 0x20 || byte == 0x7F) {
    return Fault{at, 1, "unexpected control character " + hex_byte(text[at]), "remove the byte"};
  }
  if (is_comment(text, at)) return Fault{at, 1, "a comment", "JSON has no comments; remove it"};
  if (byte < 0x80) return std::nullopt;
  const Utf8Step step = utf8_step(text, at);
  if (!step.valid) return bad_utf8(text, at);
  return std::nullopt;
}

std::optional<Fault> scalar_fault(std::string_view text, std::size_t at) {
  if (std::optional<Fault> oddity = odd_byte(text, at)) return oddity;
  std::string_view word = text.substr(at, json_word_length(text.substr(at)));
  // A stray byte inside the word is the defect, not the whole word; a '#' or '//' there is part of it.
  for (std::size_t i = utf8_step(text, at).length; i < word.size(); i += utf8_step(text, at + i).length) {
    if (std::optional<Fault> oddity = odd_byte(text, at + i); oddity && !is_comment(text, at + i)) return oddity;
  }
  const char first = word.front();
  const bool signed_digit = (first == '-' || first == '+' || first == '.') && word.size() > 1 &&
                            ((word[1] >= '0' && word[1] <= '9') || word[1] == '.');
  if ((first >= '0' && first <= '9') || signed_digit || word == "-") return number_fault(word, at);
  if (first == ',' || first == ']' || first == '}' || first == ':') {
    return Fault{at, 1, std::string("expected a value before '") + first + "'",
                 "a value is missing, or one mark too many"};
  }
  return word_fault(word, at);
}

}  // namespace headgate
