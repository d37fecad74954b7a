// Any bytes become text that the format they enter cannot misread.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "headgate/base/assert.hpp"
#include "headgate/base/csv.hpp"
#include "headgate/base/redactor.hpp"
#include "headgate/base/text.hpp"
#include "headgate/base/unicode.hpp"

namespace {

using namespace headgate;

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

// Nothing that moves a cursor, colours, hides or reorders text, or breaks a line.
void is_quiet(std::string_view line) {
  HG_ASSERT(is_utf8(line));
  for (const char c : line) {
    const auto byte = static_cast<unsigned char>(c);
    HG_ASSERT(byte >= 0x20 && byte != 0x7f);
  }
  for (unsigned char c1 = 0x80; c1 <= 0x9f; ++c1) HG_ASSERT(!has(line, std::string("\xC2") + static_cast<char>(c1)));
  for (const char* unseen : {"\u202A", "\u202B", "\u202C", "\u202D", "\u202E", "\u2066", "\u2067", "\u2068", "\u2069",
                             "\u2028", "\u2029", "\u200E", "\u200F", "\u061C"}) {
    HG_ASSERT(!has(line, unseen));
  }
  for (const char* command : {"::", "##vso[", "##["}) HG_ASSERT(!line.starts_with(command));
}

void check_terminal(std::string_view text) {
  is_quiet(terminal_line(text));
  std::string lines = terminal_text(text);
  for (std::size_t at = 0; at <= lines.size();) {
    const std::size_t end = std::min(lines.find('\n', at), lines.size());
    is_quiet(std::string_view(lines).substr(at, end - at));
    at = end + 1;
  }
}

void check_xml(std::string_view text) {
  const std::string safe = xml_text(text);
  HG_ASSERT(is_utf8(safe) && safe.find_first_of("<>\"'") == std::string::npos);
  for (std::size_t at = safe.find('&'); at != std::string::npos; at = safe.find('&', at + 1)) {
    const std::string_view rest = std::string_view(safe).substr(at);
    bool known = false;
    for (const char* entity :
         {"&amp;", "&lt;", "&gt;", "&quot;", "&apos;", "&#39;", "&#34;", "&#10;", "&#13;", "&#9;"}) {
      known = known || rest.starts_with(entity);
    }
    HG_ASSERT(known);
  }
  for (const char c : safe) {
    const auto byte = static_cast<unsigned char>(c);
    HG_ASSERT(byte >= 0x20 || c == '\n' || c == '\t' || c == '\r');
  }
  HG_ASSERT(!has(safe, "\xEF\xBF\xBE") && !has(safe, "\xEF\xBF\xBF"));
}

// Whatever could be markup is written as a character reference.
void check_markdown(std::string_view text) {
  const std::string safe = markdown_cell(text);
  HG_ASSERT(is_utf8(safe) && safe.find_first_of("<>|`[]!*~\\$\"@") == std::string::npos && !has(safe, "://"));
  for (std::size_t at = safe.find('&'); at != std::string::npos; at = safe.find('&', at + 1))
    HG_ASSERT(safe[at + 1] == '#');
  for (const char c : safe) HG_ASSERT(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
}

// What a spreadsheet reads is the text itself, or the text behind a mark that keeps it from being a formula.
void check_csv(std::string_view text) {
  const std::string cell = csv_cell(text);
  Complaints complaints;
  const auto rows = parse_csv("x", "head,tail\n" + cell + ",end\n", complaints);
  if (text.find('\0') != std::string_view::npos || !is_utf8(text)) return;  // no such cell is read back
  HG_ASSERT(rows && rows->size() == 2 && (*rows)[1].cells.size() == 2 && (*rows)[1].cells[1] == "end");
  const std::string& read = (*rows)[1].cells[0];
  HG_ASSERT(read == text || read == "'" + std::string(text));
  HG_ASSERT(read.empty() || std::strchr("=+-@\t\r", read[0]) == nullptr);
}

void check_redaction(std::string_view text) {
  static const Redactor redactor(std::vector<std::pair<std::string, std::string>>{{"KEY", "s3cret/va1ue+12"}});
  HG_ASSERT(!has(redactor(std::string(text) + "s3cret/va1ue+12" + std::string(text)), "s3cret/va1ue+12"));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_terminal(text);
  check_xml(text);
  check_markdown(text);
  check_csv(text);
  check_redaction(text);
  HG_ASSERT(columns_of(elide(terminal_line(text), 20)) <= 20);
  return 0;
}
