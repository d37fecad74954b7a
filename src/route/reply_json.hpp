// The bytes of one reply as JSON.
#pragma once

#include <simdjson.h>

#include <string>
#include <string_view>

namespace headgate::route {

// Keeps its parser and buffers between replies; single-threaded.
class ReplyJson {
 public:
  static constexpr std::size_t max_depth = 64;

  // Bytes that are not UTF-8 and lone surrogates are replaced by U+FFFD first. False when it is no JSON.
  bool parse(std::string_view text);

  simdjson::dom::element root() const { return root_; }  // until the next parse
  bool repaired() const { return repaired_; }            // something was replaced

 private:
  bool parse_as_is(std::string_view text);

  simdjson::dom::parser parser_;
  std::string buffer_;
  simdjson::dom::element root_;
  bool repaired_ = false;
};

// One for each thread: its buffers grow to the longest reply in a row and are used again.
ReplyJson& reply_json_of_thread();

}  // namespace headgate::route
