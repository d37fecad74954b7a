// The lines of a JSONL file: byte-order mark dropped, LF or CRLF, blank lines skipped, last line may lack its newline.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace headgate {

struct Line {
  std::size_t number;  // from 1, blank lines counted
  std::string_view text;  // without line end; borrows from the file's text
};

std::vector<Line> split_lines(std::string_view text);

}  // namespace headgate
