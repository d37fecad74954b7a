#include <utility>

#include "fault.hpp"
#include "text_place.hpp"

namespace headgate {

std::optional<Fault> size_fault(std::string_view text, const TextLimits& limits) {
  if (text.size() > limits.max_bytes) {
    return Fault{0, 1, "the text is longer than " + std::to_string(limits.max_bytes) + " bytes", "split it"};
  }
  if (text.size() <= limits.max_line_bytes) return std::nullopt;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t found = text.find('\n', start);
    const std::size_t end = found == std::string_view::npos ? text.size() : found;
    if (end - start > limits.max_line_bytes) {
      return Fault{start, 1, "a line longer than " + std::to_string(limits.max_line_bytes) + " bytes",
                   "put long texts into files of their own"};
    }
    start = end + 1;
  }
  return std::nullopt;
}

Error fault_error(std::string_view name, std::string_view text, std::size_t first_line, Fault fault) {
  return {ErrorCode::input, std::move(fault.message), place_at(name, text, first_line, fault.offset, fault.width),
          std::move(fault.hint)};
}

}  // namespace headgate
