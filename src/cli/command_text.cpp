#include "command_text.hpp"

#include <algorithm>
#include <cstdio>
#include <string_view>
#include <vector>

namespace headgate::cli {
namespace {

bool is_plain(char c) {
  const std::string_view plain = "@%+=:,./_-";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         plain.find(c) != std::string_view::npos;
}

bool is_printable_ascii(char c) { return c >= ' ' && c <= '~'; }

std::string single_quoted(const std::string& word) {
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

std::string ansi_quoted(const std::string& word) {
  std::string text = "$'";
  for (const char c : word) {
    if (c == '\'' || c == '\\') text += '\\';
    if (is_printable_ascii(c)) {
      text += c;
      continue;
    }
    char code[8];
    std::snprintf(code, sizeof code, "\\x%02x", static_cast<unsigned>(static_cast<unsigned char>(c)));
    text += code;
  }
  return text + "'";
}

std::string quoted(const std::string& word) {
  if (!word.empty() && std::ranges::all_of(word, is_plain)) return word;
  return std::ranges::all_of(word, is_printable_ascii) ? single_quoted(word) : ansi_quoted(word);
}

}  // namespace

std::string command_text(std::span<const std::string> words) {
  std::string text = "headgate";
  for (const auto& word : words) text += " " + quoted(word);
  return text;
}

std::string resume_command(std::span<const std::string> words) {
  std::vector<std::string> kept(words.begin(), words.end());
  std::erase(kept, "--again");
  return command_text(kept);
}

}  // namespace headgate::cli
