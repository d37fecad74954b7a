#include "outline.hpp"

#include <algorithm>

#include "headgate/base/text.hpp"

namespace headgate::report {
namespace {

constexpr std::size_t least_room = 20;

void draw_below(Page& page, const Node& node, const std::string& stem) {
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    const Node& child = node.children[i];
    const bool last = i + 1 == node.children.size();
    const std::string rest = stem + (last ? "   " : "│  ");
    const std::size_t used = columns_of(rest) + (child.lead.empty() ? 0 : columns_of(child.lead) + 1);
    const std::size_t room = page.width() > used + least_room ? page.width() - used : least_room;
    // The lead stands before the first line only.
    bool first = true;
    for (const std::string& line : wrapped(child.text, room)) {
      if (first) {
        page.line(stem + (last ? "└─ " : "├─ ") +
                  (child.lead.empty() ? "" : page.painted(child.lead, child.hue) + " ") + line);
      } else {
        page.line(rest + (child.children.empty() ? "   " : "│  ") + line);
      }
      first = false;
    }
    draw_below(page, child, rest);
  }
}

}  // namespace

void draw(Page& page, const Node& root) { draw_below(page, root, ""); }

void draw_text(Page& page, std::string_view text, std::size_t indent, std::size_t most_lines) {
  const std::string harmless = terminal_text(text);
  const std::string stem = std::string(indent, ' ') + "| ";
  const std::size_t room = page.width() > stem.size() + least_room ? page.width() - stem.size() : least_room;
  std::size_t drawn = 0, left = 0;
  for (std::size_t from = 0; from <= harmless.size();) {
    const std::size_t end = std::min(harmless.find('\n', from), harmless.size());
    for (const std::string& line : wrapped(std::string_view(harmless).substr(from, end - from), room)) {
      if (drawn < most_lines) {
        page.line(stem + line);
        ++drawn;
      } else {
        ++left;
      }
    }
    from = end + 1;
  }
  if (left > 0)
    page.line(std::string(indent, ' ') + "  and " + plural(left, "more line", "more lines") + ": --json shows all");
}

}  // namespace headgate::report
