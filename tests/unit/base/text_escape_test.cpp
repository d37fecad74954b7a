#include <catch2/catch.hpp>
#include <cstring>

#include "headgate/base/random.hpp"
#include "headgate/base/text.hpp"
#include "headgate/base/unicode.hpp"

using namespace headgate;

namespace {

// Texts made of what breaks terminals, tables and markup, glued at random.
std::string hostile(Random& random) {
  static const std::vector<std::string> pieces{"a",
                                               "Z9",
                                               " ",
                                               "\n",
                                               "\r",
                                               "\r\n",
                                               "\t",
                                               "\x1b[2J",
                                               "\x07",
                                               "\x7f",
                                               std::string(1, '\0'),
                                               "\xC2\x9B",
                                               "\xC2\x85",
                                               "\xE2\x80\xAE",
                                               "\xE2\x81\xA9",
                                               "\xE2\x80\x8F",
                                               "\xD8\x9C",
                                               "\xE2\x80\xA8",
                                               "\xE2\x80\xA9",
                                               "\xFF",
                                               "\xE2\x80",
                                               "\xF0\x9F",
                                               "é",
                                               "😀",
                                               "::",
                                               "##vso[",
                                               "##[",
                                               "#",
                                               "[",
                                               "]",
                                               "(",
                                               ")",
                                               "!",
                                               "|",
                                               "`",
                                               "```",
                                               "<",
                                               ">",
                                               "</details>",
                                               "&",
                                               "\"",
                                               "'",
                                               "\\",
                                               "*",
                                               "_",
                                               "~",
                                               "http://x",
                                               "www.x",
                                               "@",
                                               "=",
                                               "+",
                                               "-",
                                               ",",
                                               "]]>",
                                               "\xEF\xBF\xBE",
                                               "$"};
  std::string out;
  for (std::uint64_t n = random.below(12); n > 0; --n) out += pieces[random.below(pieces.size())];
  return out;
}

bool has_any(const std::string& text, const std::vector<std::string>& parts) {
  for (const std::string& part : parts) {
    if (text.find(part) != std::string::npos) return true;
  }
  return false;
}

bool is_safe_on_a_terminal(const std::string& text, bool newlines) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte == 0x7F || (byte < 0x20 && !(newlines && c == '\n'))) return false;
  }
  std::vector<std::string> banned{"\xD8\x9C", "\xE2\x80\x8E", "\xE2\x80\x8F", "\xE2\x80\xA8", "\xE2\x80\xA9"};
  for (int low = 0xAA; low <= 0xAE; ++low) banned.push_back(std::string("\xE2\x80") + static_cast<char>(low));
  for (int low = 0xA6; low <= 0xA9; ++low) banned.push_back(std::string("\xE2\x81") + static_cast<char>(low));
  for (int low = 0x80; low <= 0x9F; ++low) banned.push_back(std::string("\xC2") + static_cast<char>(low));
  return is_utf8(text) && !has_any(text, banned);
}

bool commands_a_ci(const std::string& text) {
  if (has_any(text, {"##[", "##vso["})) return true;
  std::size_t start = 0;
  while (start <= text.size()) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    if (trimmed(std::string_view(text).substr(start, end - start)).substr(0, 2) == "::") return true;
    start = end + 1;
  }
  return false;
}

// Back from xml_text.
std::string xml_decoded(std::string text) {
  const std::vector<std::pair<std::string, std::string>> entities{
      {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}, {"&amp;", "&"}};
  for (const auto& [entity, meaning] : entities) {
    for (std::size_t at = text.find(entity); at != std::string::npos; at = text.find(entity, at + 1)) {
      text.replace(at, entity.size(), meaning);
    }
  }
  return text;
}

// One cell back from csv_cell, as RFC 4180 says.
std::string csv_decoded(const std::string& cell) {
  if (cell.empty() || cell.front() != '"') return cell;
  std::string out;
  for (std::size_t i = 1; i + 1 < cell.size(); ++i) {
    if (cell[i] == '"') ++i;
    out.push_back(cell[i]);
  }
  return out;
}

}  // namespace

TEST_CASE("terminal_line: shown, not obeyed") {
  CHECK(terminal_line("plain é€😀 text") == "plain é€😀 text");
  CHECK(terminal_line("a\x1b[2J\x7f\x07") == "a\\x1b[2J\\x7f\\x07");
  CHECK(terminal_line("a\nb\r\tc") == "a\\nb\\r\\tc");
  CHECK(terminal_line("\xC2\x9B"
                      "31m") == "\\u{9b}31m");
  CHECK(terminal_line("access\xE2\x80\xAE"
                      "dnarg") == "access\\u{202e}dnarg");
  CHECK(terminal_line("x\xE2\x81\xA6y\xE2\x81\xA9\xE2\x80\x8E\xD8\x9C") == "x\\u{2066}y\\u{2069}\\u{200e}\\u{61c}");
  CHECK(terminal_line("x\xE2\x80\xA8y") == "x\\u{2028}y");
  CHECK(terminal_line("caf\xE9") == "caf\\xe9");
  CHECK(terminal_line("\xE2\x80") == "\\xe2\\x80");
  CHECK(terminal_line(std::string_view("a\0b", 3)) == "a\\x00b");
}

TEST_CASE("terminal_line: no command for a CI system") {
  CHECK(terminal_line("::error file=a.c,line=1::fake") == "\\::error file=a.c,line=1::fake");
  CHECK(terminal_line("  ::stop-commands::x") == "  \\::stop-commands::x");
  CHECK(terminal_line("\xC2\xA0::x") == "\xC2\xA0\\::x");
  CHECK(terminal_line("std::string") == "std::string");
  CHECK(terminal_line("##vso[task.setvariable variable=a]b").substr(0, 1) == "\\");
  CHECK(terminal_line("x ##VSO[task]") == "x ##VSO\\[task]");
  CHECK(terminal_line("##[error]x").substr(0, 1) == "\\");
  CHECK(terminal_line("###[error]x") == "###\\[error]x");
}

TEST_CASE("terminal_text: newlines stay, every line is safe") {
  CHECK(terminal_text("a\n::b\n\x1b") == "a\n\\::b\n\\x1b");
  CHECK(terminal_text("\n") == "\n");
  CHECK(terminal_text("").empty());
}

TEST_CASE("xml_text: well-formed whatever comes") {
  CHECK(xml_text("]]></system-out><testcase name=\"fake\"/>") ==
        "]]&gt;&lt;/system-out&gt;&lt;testcase name=&quot;fake&quot;/&gt;");
  CHECK(xml_text("a'b&c") == "a&#39;b&amp;c");
  CHECK(xml_text(std::string_view("\0\x0b\t\n", 4)) == "\xEF\xBF\xBD\xEF\xBF\xBD\t\n");
  CHECK(xml_text("\xEF\xBF\xBE\xFF") == "\xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK(xml_text("é😀") == "é😀");
}

TEST_CASE("markdown_cell: one inert cell") {
  CHECK(markdown_cell("case_017 passed: 3 of 4 (75.0 %)") == "case_017 passed: 3 of 4 (75.0 %)");
  CHECK(markdown_cell("a | b\r\nc\nd") == "a &#124; b c d");
  CHECK(markdown_cell("```\n</details>") == "&#96;&#96;&#96; &#60;/details&#62;");
  CHECK(markdown_cell("![x](http://127.0.0.1/p.png)") == "&#33;&#91;x&#93;(http&#58;//127.0.0.1/p.png)");
  CHECK(markdown_cell("www.x.y a@b") == "www&#46;x.y a&#64;b");
  CHECK(markdown_cell("_x_ *y*") == "&#95;x&#95; &#42;y&#42;");
  CHECK(markdown_cell("the candidate's cases") == "the candidate's cases");
  CHECK(markdown_cell("\x1b") == "&#92;x1b");
}

TEST_CASE("csv_cell: quoted, and no formula") {
  CHECK(csv_cell("plain") == "plain");
  CHECK(csv_cell("=HYPERLINK(\"http://127.0.0.1/\",\"x\")") == "\"'=HYPERLINK(\"\"http://127.0.0.1/\"\",\"\"x\"\")\"");
  CHECK(csv_cell("a,b") == "\"a,b\"");
  CHECK(csv_cell("a\nb") == "\"a\nb\"");
  CHECK(csv_cell("") == "");
  for (const std::string start : {"=", "+", "-", "@", "\t", "\r"}) {
    CHECK(csv_decoded(csv_cell(start + "1")).substr(0, 1) == "'");
  }
}

TEST_CASE("encoders: properties over hostile texts") {
  Random random(5);
  for (int i = 0; i < 20'000; ++i) {
    const std::string text = hostile(random);
    const std::string line = terminal_line(text);
    const std::string lines = terminal_text(text);
    const bool terminal = is_safe_on_a_terminal(line, false) && is_safe_on_a_terminal(lines, true) &&
                          !commands_a_ci(line) && !commands_a_ci(lines);
    const std::string xml = xml_text(text);
    const bool markup = !has_any(xml, {"<", ">", "\"", "'"}) && is_utf8(xml) && xml_text(xml_decoded(xml)) == xml;
    const std::string cell = markdown_cell(text);
    const bool table = is_safe_on_a_terminal(cell, false) &&
                       !has_any(cell, {"|", "<", ">", "`", "[", "]", "!", "://", "*", "~", "\\"});
    const std::string csv = csv_cell(text);
    const std::string decoded = csv_decoded(csv);
    const bool quoted = csv.starts_with('"');
    const bool sheet = is_utf8(csv) && (quoted || !has_any(csv, {",", "\"", "\n", "\r"})) &&
                       (decoded.empty() || std::strchr("=+-@\t\r", decoded.front()) == nullptr);
    if (!(terminal && markup && table && sheet)) {
      FAIL_CHECK(line << " terminal " << terminal << " xml " << markup << " markdown " << table << " csv " << sheet);
    }
  }
}
