// One line of recorded replies, in the shape that `fields:` describes.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "headgate/domain/reply.hpp"
#include "headgate/route/source.hpp"

namespace headgate::route {

using FieldMember = ReplyFields::From ReplyFields::*;
inline constexpr FieldMember all_fields[] = {
    &ReplyFields::case_id,    &ReplyFields::trial, &ReplyFields::output,        &ReplyFields::latency_ms,
    &ReplyFields::cost_usd,   &ReplyFields::usage, &ReplyFields::tool_calls,    &ReplyFields::documents,
    &ReplyFields::transcript, &ReplyFields::state, &ReplyFields::finish_reason, &ReplyFields::recorded,
    &ReplyFields::error};

// Whose reply a line is.
struct LineName {
  std::string case_id;
  std::uint32_t trial = 0;
};

// Who says what a line says.
enum class Teller : std::uint8_t { recording, program };

// Keeps its parser and buffer between lines; single-threaded.
class LineDecoder {
 public:
  static constexpr std::size_t max_depth = 64;

  LineDecoder();
  ~LineDecoder();
  LineDecoder(const LineDecoder&) = delete;
  LineDecoder& operator=(const LineDecoder&) = delete;

  // Parses one line. Bytes that are not UTF-8 and lone surrogates are replaced by U+FFFD first, which is remembered.
  // False when it is no JSON object.
  bool parse(std::string_view line);

  // A key that stands twice in the line: which of the two was meant nobody knows.
  std::optional<std::string> repeated_key() const;

  // What is wrong where a map of `fields` does not have what the line holds.
  std::optional<std::string> unmapped(const ReplyFields& fields) const;

  // What is wrong with the name, or null. Only of a line in which nothing is unmapped.
  const char* name(const ReplyFields& fields, LineName& out) const;

  // The outcome the line records; whatever does not fit is an error of its own kind, never a reply.
  Outcome outcome(const ReplyFields& fields, Teller teller = Teller::recording) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace headgate::route
