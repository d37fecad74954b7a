#include "text_place.hpp"

#include <algorithm>

#include "headgate/base/place.hpp"
#include "utf8.hpp"

namespace headgate {

std::size_t byte_order_mark_length(std::string_view text) { return text.substr(0, 3) == "\xEF\xBB\xBF" ? 3 : 0; }

Place place_at(std::string_view file, std::string_view text, std::size_t first_line, std::size_t offset,
               std::size_t width) {
  const std::size_t mark = byte_order_mark_length(text);
  offset = std::clamp(offset, mark, text.size());
  const std::string_view before = text.substr(0, offset);
  const std::size_t line_break = before.rfind('\n');
  const std::size_t start = line_break == std::string_view::npos ? mark : line_break + 1;
  std::string_view line = text.substr(start, text.find('\n', start) - start);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);

  const auto breaks = static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
  const std::size_t inside = offset - start;
  Place place;
  place.file = std::string(file);
  place.line = first_line + breaks;
  place.column = inside + 1;

  // A long line is quoted around the column, whole characters only.
  std::size_t from = inside + max_excerpt_bytes / 4 <= max_excerpt_bytes ? 0 : inside - max_excerpt_bytes / 2;
  from = std::min(from, line.size());
  while (from > 0 && from < line.size() && is_continuation(line[from])) --from;
  std::size_t to = std::min(line.size(), from + max_excerpt_bytes);
  while (to > from && to < line.size() && is_continuation(line[to])) --to;
  place.excerpt = std::string(line.substr(from, to - from));
  place.excerpt_from = from + 1;
  place.width = std::max<std::size_t>(1, std::min(width, to - std::min(inside, to)));
  return place;
}

Place place_in_text(const std::string& file, std::string_view text, std::size_t offset, std::size_t width) {
  return place_at(file, text, 1, offset, width);
}

}  // namespace headgate
