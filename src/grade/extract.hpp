// `extract`: which part of a reply is judged. Steps are taken in this order, each on what the one before left:
// after, before, line, regex, drop_prefix, drop_suffix.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "headgate/base/fields.hpp"
#include "pattern.hpp"

namespace headgate::grade {

const FieldTable& extract_table();

class Extract {
 public:
  // From the object at `value`, which has passed extract_table().
  static std::optional<Extract> build(const Tree& tree, const Json& value, Complaints& complaints);
  // The short form: what follows the first `marker`, failing where it is missing.
  static Extract after(std::string_view marker);

  // The part, borrowed from `text` (in NFC), or in one sentence what is missing.
  tl::expected<std::string_view, std::string> apply(std::string_view text) const;

 private:
  struct Line {
    bool last = false;
    std::size_t number = 1;
  };
  std::optional<std::string_view> behind_marker(std::string_view text) const;
  std::optional<std::string_view> chosen_line(std::string_view text) const;

  std::string after_, before_, drop_prefix_, drop_suffix_;
  std::optional<Line> line_;
  std::optional<Pattern> regex_;
  bool last_ = false;           // the last marker, the last match
  bool at_line_start_ = false;  // the marker counts only at the start of a line
  bool else_whole_ = false;     // a step that finds nothing is skipped
};

}  // namespace headgate::grade
