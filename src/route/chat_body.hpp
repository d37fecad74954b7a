// The body of a chat request, put together from texts that were made once for the route.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "headgate/base/result.hpp"
#include "headgate/domain/reply.hpp"
#include "headgate/route/dialect.hpp"

namespace headgate::route {

// "role" and "content" of all messages as a JSON list. Text that is not UTF-8 is repaired.
void append_message_list(std::string& out, const std::vector<Message>& messages);
void append_text(std::string& out, std::string_view text);

// The most tokens a reply may have by the params of a route, under any of the names servers have for it.
std::optional<double> most_output_tokens_of(const JsonText& params);

// Immutable. The same request gives the same bytes: members stand in a fixed order, params in the order of their names.
class ChatBody {
 public:
  explicit ChatBody(const ChatDialect& what);

  Result<std::string> operator()(const ChatRequest& request) const;
  std::optional<double> most_output_tokens() const { return most_output_tokens_; }

  // max_tokens of `messages`, which that API demands, where the params name none.
  static constexpr int default_max_tokens = 1024;

 private:
  struct Param {
    std::string key;
    std::string value;  // canonical JSON
  };

  const Param* param(std::string_view key) const;
  void append_params(std::string& out, bool with_schema) const;
  void append_schema(std::string& out, std::string_view schema) const;

  ChatApi api_;
  std::string start_;   // up to the messages
  std::string stream_;  // what asks for a stream; empty: nothing does
  std::vector<Param> params_;
  std::optional<double> most_output_tokens_;
};

}  // namespace headgate::route
