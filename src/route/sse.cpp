#include "sse.hpp"

#include <algorithm>

namespace headgate::route {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

std::string_view without_mark(std::string_view body) {
  if (body.starts_with(byte_order_mark)) body.remove_prefix(byte_order_mark.size());
  return body;
}

}  // namespace

SseReader::SseReader(std::string_view body) : body_(body), at_(body.size() - without_mark(body).size()) {}

bool SseReader::next_line(std::string_view& line) {
  // Where the next LF stands is remembered, so that a body of CRs alone is not searched through for each of its lines.
  if (line_feed_ < at_ || line_feed_ == 0) line_feed_ = std::min(body_.find('\n', at_), body_.size());
  const std::string_view upto = body_.substr(at_, line_feed_ - at_);
  const std::size_t carriage_return = upto.find('\r');
  if (carriage_return == upto.npos && line_feed_ == body_.size()) return false;
  line = upto.substr(0, carriage_return);
  at_ += line.size() + 1;
  return true;
}

void SseReader::take_data(std::string_view value) {
  if (data_lines_ == 0) {
    data_ = value;
  } else {
    if (data_lines_ == 1) joined_.assign(data_);
    joined_.append("\n").append(value);
    data_ = joined_;
  }
  ++data_lines_;
}

bool SseReader::next(SseEvent& out) {
  name_ = {};
  data_lines_ = 0;
  std::string_view line;
  while (next_line(line)) {
    const std::size_t end = at_;
    // The LF of a CRLF belongs to the line that the CR ended.
    if (body_[end - 1] == '\r' && end < body_.size() && body_[end] == '\n') ++at_;
    if (line.empty()) {
      if (data_lines_ == 0) {
        name_ = {};
        continue;
      }
      out = {name_, data_, end};
      return true;
    }
    const std::size_t colon = std::min(line.find(':'), line.size());
    const std::string_view field = line.substr(0, colon);
    std::string_view value = line.substr(std::min(colon + 1, line.size()));
    if (value.starts_with(' ')) value.remove_prefix(1);
    if (field == "data") take_data(value);
    if (field == "event") name_ = value;
  }
  return false;
}

bool looks_like_sse(std::string_view body) {
  body = without_mark(body);
  body.remove_prefix(std::min(body.find_first_not_of("\r\n"), body.size()));
  for (const std::string_view start : {"data:", "event:", "id:", "retry:", ":"}) {
    if (body.starts_with(start)) return true;
  }
  return false;
}

}  // namespace headgate::route
