// Lines and tables for a terminal. All text is made harmless here, so callers hand in what they have.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace headgate::report {


// Harmless lines of at most `width` columns, broken at spaces; a longer word is elided.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);

enum class Hue { plain, good, bad, open, faint, strong };

// Collects lines. Colours only what it is told to, never text from outside.
class Page {
 public:
  Page(std::size_t width, bool colour);

  std::size_t width() const { return width_; }
  std::string painted(std::string_view harmless, Hue hue) const;

  void blank();
  void heading(std::string_view text);
  // `label` and text beside it, further lines under the text. The label is ours and may be painted.
  void item(std::string_view label, std::string_view text, Hue hue = Hue::plain);
  void paragraph(std::string_view text, std::size_t indent);
  // A line that is already harmless.
  void line(std::string_view harmless);

  std::string take() { return std::move(out_); }

 private:
  std::size_t width_;
  bool colour_;
  std::string out_;
};

struct Cell {
  std::string text;
  Hue hue = Hue::plain;
};

// Rows of equally many cells, the first row its heading. Columns of numbers stand right; `elastic` is the column that
// is elided where the table would be wider than the page.
struct Table {
  std::vector<std::vector<Cell>> rows;
  std::vector<bool> right;
  std::size_t elastic = 0;
};
void print(Page& page, const Table& table);

}  // namespace headgate::report
