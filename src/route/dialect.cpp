#include "headgate/route/dialect.hpp"

#include "chat_body.hpp"
#include "chat_reply.hpp"
#include "headgate/base/assert.hpp"

namespace headgate::route {
namespace {

constexpr const char* anthropic_version = "2023-06-01";

const ChatReader& reader_of(ChatApi api) {
  switch (api) {
    case ChatApi::chat_completions:
      return chat_completions_reader();
    case ChatApi::responses:
      return responses_reader();
    case ChatApi::messages:
      return messages_reader();
  }
  HG_ASSERT(!"an API has a reader");
}

class Chat : public Dialect {
 public:
  explicit Chat(const ChatDialect& what)
      : body_(what), reader_(reader_of(what.api)), api_(what.api), streams_(what.streams) {}

  Result<std::string> body(const ChatRequest& request) const override { return body_(request); }

  std::pair<std::string, std::string> key_header() const override {
    if (api_ == ChatApi::messages) return {"x-api-key", ""};
    return {"Authorization", "Bearer "};
  }

  std::vector<std::pair<std::string, std::string>> headers() const override {
    if (api_ == ChatApi::messages) return {{"anthropic-version", anthropic_version}};
    return {};
  }

  bool streams() const override { return streams_; }
  std::optional<double> most_output_tokens() const override { return body_.most_output_tokens(); }
  Outcome read(const Arrival& arrival) const override { return read_chat_reply(reader_, arrival); }

 private:
  ChatBody body_;
  const ChatReader& reader_;
  ChatApi api_;
  bool streams_;
};

}  // namespace

std::shared_ptr<const Dialect> make_dialect(ChatDialect what) { return std::make_shared<Chat>(what); }

}  // namespace headgate::route
