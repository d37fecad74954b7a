#include "sse.hpp"

#include <algorithm>
#include <string_view>

namespace headgate::fake {

std::string encoded(const Event& event, const StreamScript& how, bool first) {
  const std::string_view line_end = how.crlf ? "\r\n" : "\n";
  const std::string_view colon = how.tight ? ":" : ": ";
  std::string out;
  out.reserve(event.data.size() + event.name.size() + 32);
  const auto line = [&](std::string_view field, std::string_view value) {
    out.append(field).append(colon).append(value).append(line_end);
  };
  if (first && how.bom) out += "\xEF\xBB\xBF";
  if (how.comments) {
    line("", "still working");
    if (first) out += line_end;
  }
  if (!event.name.empty()) line("event", event.name);
  // Between the brace and the first key a line break is only white space of the JSON text.
  if (how.multi_line && event.data.starts_with("{")) {
    line("data", "{");
    line("data", std::string_view(event.data).substr(1));
  } else {
    line("data", event.data);
  }
  out += line_end;
  return out;
}

std::vector<std::string_view> pieces(std::string_view text, std::size_t bytes) {
  std::vector<std::string_view> out;
  do {
    std::size_t end = std::min(bytes, text.size());
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
    out.push_back(text.substr(0, end));
    text.remove_prefix(end);
  } while (!text.empty());
  return out;
}

}  // namespace headgate::fake
