// Server-sent events, as the WHATWG standard parses them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace headgate::route {

struct SseEvent {
  std::string_view name;  // of the last `event:` line; empty: none
  std::string_view data;  // the data lines, joined by LF
  std::size_t end = 0;    // the offset just behind the line end that completed it
};

// Steps through a body. Comments, ids, retry times, unknown fields and events without data are passed over; so is an
// event at the end that no blank line completes. Borrows the body, which is any bytes.
class SseReader {
 public:
  explicit SseReader(std::string_view body);

  // The next event, valid until the next call; false at the end.
  bool next(SseEvent& out);

 private:
  bool next_line(std::string_view& line);
  void take_data(std::string_view value);

  std::string_view body_;
  std::size_t at_ = 0;
  std::size_t line_feed_ = 0;  // the first LF at or after at_, as far as it was looked for
  std::string_view name_;
  std::string_view data_;  // of the event being read: a line of the body, or joined_
  std::string joined_;
  std::size_t data_lines_ = 0;
};

// Whether bytes that should be a stream begin like one: with a field or a comment.
bool looks_like_sse(std::string_view body);

}  // namespace headgate::route
