#include "judged.hpp"

#include <algorithm>
#include <iterator>

#include "headgate/base/text.hpp"
#include "headgate/base/unicode.hpp"

namespace headgate::route {
namespace {

// What providers call the ends of a reply that make it none. Any other word is kept with the reply as it is.
struct Ending {
  const char* word;
  ErrorKind kind;
};
constexpr Ending endings[] = {
    {"content_filter", ErrorKind::content_filter},
    {"content_filtered", ErrorKind::content_filter},
    {"guardrail_intervened", ErrorKind::content_filter},
    {"safety", ErrorKind::content_filter},
    {"recitation", ErrorKind::content_filter},
    {"blocklist", ErrorKind::content_filter},
    {"prohibited_content", ErrorKind::content_filter},
    {"spii", ErrorKind::content_filter},
    {"error_toxic", ErrorKind::content_filter},
    {"length", ErrorKind::truncated},
    {"max_tokens", ErrorKind::truncated},
    {"max_output_tokens", ErrorKind::truncated},
    {"model_length", ErrorKind::truncated},
    {"model_context_window_exceeded", ErrorKind::truncated},
    {"incomplete", ErrorKind::truncated},
    {"abort", ErrorKind::truncated},
    {"aborted", ErrorKind::truncated},
    {"cancelled", ErrorKind::truncated},
    {"canceled", ErrorKind::truncated},
    {"timeout", ErrorKind::truncated},
    {"failed", ErrorKind::truncated},
    {"insufficient_system_resource", ErrorKind::truncated},
    {"pause_turn", ErrorKind::truncated},
    {"malformed_function_call", ErrorKind::truncated},
    {"error", ErrorKind::error_in_reply},
};

// Those of the truncated that a larger bound on the reply would have prevented.
constexpr std::string_view bounds[] = {"length", "max_tokens", "max_output_tokens", "model_length",
                                       "model_context_window_exceeded"};

constexpr std::size_t longest_ending = 32;
constexpr std::size_t most_partial_columns = 200;

// "cut at the limit of tokens", or that the reply was not finished, and the word for it.
std::string cut_by(const std::string& finish_reason) {
  const std::string word = normalised(finish_reason, true);
  if (std::find(std::begin(bounds), std::end(bounds), word) != std::end(bounds)) return "cut at the limit of tokens";
  return "not finished (finish reason " + quoted(finish_reason, longest_ending) + ")";
}

}  // namespace

ErrorKind ending_of(std::string_view finish_reason) {
  if (finish_reason.size() > longest_ending) return ErrorKind::none;
  const std::string word = normalised(finish_reason, true);
  for (const Ending& ending : endings) {
    if (word == ending.word) return ending.kind;
  }
  return ErrorKind::none;
}

std::string quoted(std::string_view text, std::size_t columns) {
  // Cut before it is escaped, so that a long text costs no more than a short one.
  const std::size_t most = 8 * columns;
  if (text.size() <= most) return "'" + elide(terminal_line(text), columns) + "'";
  return "'" + elide(terminal_line(text.substr(0, most)), columns) + "'";
}

Outcome judged(Reply reply) {
  switch (const ErrorKind kind = ending_of(reply.finish_reason)) {
    case ErrorKind::none:
      break;
    case ErrorKind::truncated: {
      std::string why = cut_by(reply.finish_reason) + " after " + plural(count_characters(reply.text), "character");
      if (!reply.text.empty()) why += ": " + quoted(reply.text, most_partial_columns);
      return CallError{kind, std::move(why)};
    }
    case ErrorKind::content_filter:
      return CallError{kind, "stopped by a content filter"};
    default:
      return CallError{kind, "ended with an error (finish reason '" + reply.finish_reason + "')"};
  }
  const bool has_more = !reply.tool_calls.empty() || !reply.documents.empty();
  if (reply.text_kept && !has_more && is_blank(reply.text)) {
    return CallError{ErrorKind::empty_reply, "the reply is empty"};
  }
  return reply;
}

}  // namespace headgate::route
