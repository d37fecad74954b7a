#include "layout.hpp"

#include <algorithm>

#include "headgate/base/text.hpp"
#include "headgate/base/unicode.hpp"

namespace headgate::report {
namespace {

constexpr std::size_t least_width = 40;
constexpr std::string_view gap = "  ";

const char* code_of(Hue hue) {
  switch (hue) {
    case Hue::plain:
      return "";
    case Hue::good:
      return "\x1b[32m";
    case Hue::bad:
      return "\x1b[31m";
    case Hue::open:
      return "\x1b[33m";
    case Hue::faint:
      return "\x1b[2m";
    case Hue::strong:
      return "\x1b[1m";
  }
  return "";
}

std::string spaces(std::size_t n) { return std::string(n, ' '); }

}  // namespace

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  const std::string harmless = terminal_line(text);
  std::vector<std::string> lines;
  std::string line;
  std::size_t used = 0;
  const auto flush = [&] {
    // A break may have moved what looks like a command of a CI system to the start of a line.
    lines.push_back(terminal_line(line));
    line.clear();
    used = 0;
  };
  for (std::size_t from = 0; from < harmless.size();) {
    const std::size_t space = std::min(harmless.find(' ', from), harmless.size());
    const std::string word = elide(std::string_view(harmless).substr(from, space - from), width);
    const std::size_t columns = columns_of(word);
    if (used > 0 && used + 1 + columns > width) flush();
    if (used > 0) {
      line += ' ';
      ++used;
    }
    line += word;
    used += columns;
    from = space + 1;
  }
  if (!line.empty() || lines.empty()) flush();
  return lines;
}

Page::Page(std::size_t width, bool colour) : width_(std::max(width, least_width)), colour_(colour) {}

std::string Page::painted(std::string_view harmless, Hue hue) const {
  if (!colour_ || hue == Hue::plain || harmless.empty()) return std::string(harmless);
  return code_of(hue) + std::string(harmless) + "\x1b[0m";
}

void Page::blank() { out_ += '\n'; }

void Page::line(std::string_view harmless) {
  out_ += harmless;
  out_ += '\n';
}

void Page::heading(std::string_view text) {
  blank();
  for (const std::string& each : wrapped(text, width_)) line(painted(each, Hue::strong));
}

void Page::item(std::string_view label, std::string_view text, Hue hue) {
  const std::size_t indent = columns_of(label) + 1;
  bool first = true;
  for (const std::string& each : wrapped(text, width_ > indent + 20 ? width_ - indent : 20)) {
    line(first ? painted(label, hue) + " " + each : spaces(indent) + each);
    first = false;
  }
}

void Page::paragraph(std::string_view text, std::size_t indent) {
  for (const std::string& each : wrapped(text, width_ > indent + 20 ? width_ - indent : 20))
    line(spaces(indent) + each);
}

void print(Page& page, const Table& table) {
  if (table.rows.empty()) return;
  const std::size_t columns = table.right.size();
  std::vector<std::size_t> widths(columns, 0);
  std::vector<std::vector<std::string>> texts;
  for (const auto& row : table.rows) {
    std::vector<std::string>& harmless = texts.emplace_back();
    for (std::size_t i = 0; i < columns; ++i) {
      harmless.push_back(terminal_line(row[i].text));
      widths[i] = std::max(widths[i], columns_of(harmless.back()));
    }
  }
  std::size_t total = gap.size() * (columns - 1) + 2;
  for (const std::size_t width : widths) total += width;
  if (total > page.width()) {
    const std::size_t over = total - page.width();
    std::size_t& elastic = widths[table.elastic];
    elastic = elastic > over + 12 ? elastic - over : std::min<std::size_t>(elastic, 12);
  }
  for (std::size_t r = 0; r < texts.size(); ++r) {
    std::string line = spaces(2);
    for (std::size_t i = 0; i < columns; ++i) {
      const std::string text = elide(texts[r][i], widths[i]);
      const std::size_t used = columns_of(text);
      const std::string padding = spaces(widths[i] > used ? widths[i] - used : 0);
      const std::string shown = page.painted(text, r == 0 ? Hue::faint : table.rows[r][i].hue);
      if (i > 0) line += gap;
      if (table.right[i]) line += padding;
      line += shown;
      if (!table.right[i] && i + 1 < columns) line += padding;
    }
    while (line.ends_with(' ')) line.pop_back();
    page.line(line);
  }
}

}  // namespace headgate::report
