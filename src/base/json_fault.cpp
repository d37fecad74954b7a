#include "json_fault.hpp"

#include <set>
#include <utility>

#include "json_lexis.hpp"
#include "text_place.hpp"

namespace headgate {
namespace {

// Recursive descent, at most max_depth deep. Throws nothing: the first fault is kept and every step returns false.
class FaultFinder {
 public:
  FaultFinder(std::string_view text, const TextLimits& limits) : text_(text), limits_(limits) {}

  std::optional<Fault> find() {
    at_ = byte_order_mark_length(text_);
    if (value(0)) {
      skip_space();
      if (at_ < text_.size()) {
        fail(at_, 1, "more text after the end of the value", "one JSON value is expected; on a JSONL line too");
      }
    }
    return std::move(fault_);
  }

 private:
  bool fail(std::size_t offset, std::size_t width, std::string message, std::string hint) {
    if (!fault_) fault_ = Fault{offset, width, std::move(message), std::move(hint)};
    return false;
  }

  // After the last byte that is not white space: a final newline must not move the complaint to a line of its own.
  bool fail_at_end(std::string_view where) {
    const std::size_t last = text_.find_last_not_of(" \t\r\n");
    const std::size_t offset = last == std::string_view::npos ? 0 : last + 1;
    return fail(offset, 1, "unexpected end of text" + std::string(where), "the text may be cut off");
  }

  bool ended() const { return at_ >= text_.size(); }
  char here() const { return text_[at_]; }
  void skip_space() {
    while (!ended() && is_json_space(here())) ++at_;
  }

  bool value(std::size_t depth) {
    skip_space();
    if (ended()) return fail_at_end("");
    switch (here()) {
      case '{':
        return object(depth);
      case '[':
        return array(depth);
      case '"':
        return string(nullptr);
      default:
        return scalar();
    }
  }

  bool too_deep(std::size_t depth) {
    if (depth < limits_.max_depth) return false;
    fail(at_, 1, "nesting deeper than " + std::to_string(limits_.max_depth), "flatten the value");
    return true;
  }

  bool object(std::size_t depth) {
    if (too_deep(depth)) return false;
    std::set<std::string> keys;
    std::size_t comma = std::string_view::npos;
    ++at_;
    while (true) {
      skip_space();
      if (ended()) return fail_at_end(" in an object");
      if (here() == '}') return close(comma, "}");
      if (here() != '"') return bad_key();
      const std::size_t start = at_;
      std::string key;
      if (!string(&key)) return false;
      if (!keys.insert(key).second) return duplicate(start, key);
      skip_space();
      if (ended()) return fail_at_end(" in an object");
      if (here() != ':') return fail(at_, 1, "expected ':' after the key", "write \"key\": value");
      ++at_;
      if (!value(depth + 1) || !next(comma, '}')) return false;
      if (comma == std::string_view::npos) return true;
    }
  }

  bool array(std::size_t depth) {
    if (too_deep(depth)) return false;
    std::size_t comma = std::string_view::npos;
    ++at_;
    while (true) {
      skip_space();
      if (ended()) return fail_at_end(" in a list");
      if (here() == ']') return close(comma, "]");
      if (!value(depth + 1) || !next(comma, ']')) return false;
      if (comma == std::string_view::npos) return true;
    }
  }

  bool close(std::size_t comma, const std::string& bracket) {
    if (comma != std::string_view::npos) return fail(comma, 1, "a comma before '" + bracket + "'", "remove the comma");
    ++at_;
    return true;
  }

  // After a member: a comma (its offset is kept) or the closing bracket (no comma then).
  bool next(std::size_t& comma, char bracket) {
    skip_space();
    if (ended()) return fail_at_end(bracket == '}' ? " in an object" : " in a list");
    comma = std::string_view::npos;
    if (here() == ',') {
      comma = at_;
    } else if (here() != bracket) {
      if (const std::optional<Fault> oddity = odd_byte(text_, at_)) return keep(*oddity);
      return fail(at_, 1, std::string("expected ',' or '") + bracket + "' after the value", "a comma may be missing");
    }
    ++at_;
    return true;
  }

  bool keep(Fault fault) {
    if (!fault_) fault_ = std::move(fault);
    return false;
  }

  bool bad_key() {
    if (const std::optional<Fault> oddity = odd_byte(text_, at_)) return keep(*oddity);
    const std::size_t width = json_word_length(text_.substr(at_));
    return fail(at_, width, "expected a key in double quotes", "write \"key\": value");
  }

  bool duplicate(std::size_t start, const std::string& key) {
    // Escape sequences may spell one key in two ways; the message shows the text as decoded.
    return fail(start, at_ - start, "duplicate key '" + key + "'", "remove one; which would count is anyone's guess");
  }

  bool string(std::string* decoded) {
    std::string scratch;
    JsonString read = read_json_string(text_, at_, decoded != nullptr ? *decoded : scratch);
    if (read.fault) return keep(std::move(*read.fault));
    const std::string& content = decoded != nullptr ? *decoded : scratch;
    if (content.size() > limits_.max_string_bytes) {
      return fail(at_, 1, "a string longer than " + std::to_string(limits_.max_string_bytes) + " bytes",
                  "shorten it, or put the text into a file");
    }
    at_ = read.end;
    return true;
  }

  bool scalar() {
    if (std::optional<Fault> fault = scalar_fault(text_, at_)) return keep(std::move(*fault));
    at_ += json_word_length(text_.substr(at_));
    return true;
  }

  std::string_view text_;
  const TextLimits& limits_;
  std::size_t at_ = 0;
  std::optional<Fault> fault_;
};

}  // namespace

std::optional<Fault> find_json_fault(std::string_view text, const TextLimits& limits) {
  return FaultFinder(text, limits).find();
}

}  // namespace headgate
