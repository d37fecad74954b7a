// Replies of Anthropic's Messages API.
#include <algorithm>
#include <map>
#include <utility>

#include "chat_reply.hpp"
#include "headgate/base/unicode.hpp"

namespace headgate::route {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

// One count of a reply that may say it several times. They are totals so far, so the greatest is the last; a gateway
// may say 0 at first, or last. One that cannot be makes what was said before it doubtful.
class Count {
 public:
  void read(object usage, std::string_view key) {
    if (!get(usage, key)) return;
    told_ = true;
    const auto value = count_at(usage, key);
    value_ = value ? std::optional(std::max(value_.value_or(0), *value)) : std::nullopt;
  }
  const std::optional<std::int64_t>& value() const { return value_; }
  bool is_odd() const { return told_ && !value_; }

 private:
  bool told_ = false;
  std::optional<std::int64_t> value_;
};

// Tokens read from a cache and written to one are counted apart from the input here; with headgate they are part of it.
class Counts {
 public:
  void read(object members) {
    const auto usage = get(members, "usage");
    object counts;
    if (!usage || usage->get_object().get(counts) != simdjson::SUCCESS) return;
    input_.read(counts, "input_tokens");
    output_.read(counts, "output_tokens");
    cache_read_.read(counts, "cache_read_input_tokens");
    cache_written_.read(counts, "cache_creation_input_tokens");
  }

  Usage usage() const {
    Usage out;
    out.output_tokens = output_.value();
    out.cached_input_tokens = cache_read_.value();
    if (!input_.value() || cache_read_.is_odd() || cache_written_.is_odd()) return out;
    out.input_tokens = *input_.value() + cache_read_.value().value_or(0) + cache_written_.value().value_or(0);
    return out;
  }

 private:
  Count input_, output_, cache_read_, cache_written_;
};

// A block of the content, whole or in pieces.
struct Block {
  std::string type, text, id, name, arguments;
  std::string pieces;  // of the arguments, as they come

  static Block of(object members) {
    Block block;
    block.type = word_at(members, "type");
    if (block.type == "text") {
      if (const auto text = get(members, "text")) block.text = words_of(*text, "the text of a block");
    } else if (block.type == "tool_use") {
      if (const auto id = get(members, "id")) block.id = id_text(*id, "the id of a tool call");
      const auto name = get(members, "name");
      if (!name) throw Malformed{"a tool call has no name"};
      block.name = words_of(*name, "the name of a tool call");
      if (const auto input = get(members, "input")) block.arguments = canonical_text(*input);
    }
    return block;
  }

  // Thinking, and what a tool of the provider's own did, are no part of what the route answers.
  void add_to(Draft& draft) && {
    if (type == "text") draft.text += text;
    if (type != "tool_use") return;
    JsonText whole = pieces.empty() ? JsonText{std::move(arguments)} : arguments_of_text(pieces);
    draft.tool_calls.push_back({std::move(id), std::move(name), std::move(whole)});
  }
};

// A refusal with words is a reply; one without is the doing of a filter.
std::optional<CallError> wordless_refusal(const Draft& draft) {
  if (draft.finish_reason != "refusal" || !draft.tool_calls.empty() || !is_blank(draft.text)) return std::nullopt;
  return CallError{ErrorKind::content_filter, "refused without a word"};
}

void read_stop_reason(object members, Draft& draft) {
  if (const auto reason = get(members, "stop_reason")) end_with(words_of(*reason, "stop_reason"), draft);
}

class MessagesListener : public Listener {
 public:
  Heard hear(std::string_view name, object event) override {
    Heard heard;
    std::string_view type = word_at(event, "type");
    if (type.empty()) type = name;
    if (type == "message_start") {
      if (const auto message = get(event, "message")) start(object_of(*message, "the message"));
    } else if (type == "content_block_start") {
      heard.speech = start_block(event);
    } else if (type == "content_block_delta") {
      heard.speech = add_to_block(event);
    } else if (type == "message_delta") {
      if (const auto delta = get(event, "delta")) read_stop_reason(object_of(*delta, "the delta"), draft_);
      counts_.read(event);
    } else if (type == "message_stop") {
      finish();
      heard.error = wordless_refusal(draft_);
      heard.end = true;
    } else if (type == "error") {
      heard.error = error_event(event);
    } else {
      heard.error = error_member(event, Where::midway);
    }
    return heard;
  }

  bool whole(bool) const override { return false; }

  Draft take() override {
    finish();
    return std::move(draft_);
  }

  const char* lacks() const override { return "message_stop"; }

 private:
  void start(object message) {
    draft_.id = word_at(message, "id");
    counts_.read(message);
  }

  static std::int64_t index_of(object event) {
    const auto index = count_at(event, "index");
    if (!index) throw Malformed{"a block has no index"};
    return *index;
  }

  bool start_block(object event) {
    const auto block = get(event, "content_block");
    if (!block) throw Malformed{"there is no content_block"};
    Block& started = blocks_[index_of(event)] = Block::of(object_of(*block, "the block"));
    return !started.text.empty();
  }

  bool add_to_block(object event) {
    const auto block = blocks_.find(index_of(event));
    if (block == blocks_.end()) throw Malformed{"a delta of a block that never began"};
    const auto delta = get(event, "delta");
    if (!delta) throw Malformed{"there is no delta"};
    const object members = object_of(*delta, "the delta");
    const std::string_view type = word_at(members, "type");
    if (type == "text_delta") return add(members, "text", block->second.text);
    if (type == "input_json_delta") return add(members, "partial_json", block->second.pieces);
    return type == "thinking_delta" && !word_at(members, "thinking").empty();
  }

  static bool add(object delta, std::string_view key, std::string& to) {
    const auto piece = get(delta, key);
    if (!piece) return false;
    const std::string_view words = words_of(*piece, "a delta");
    to += words;
    return !words.empty();
  }

  void finish() {
    for (auto& [index, block] : blocks_) std::move(block).add_to(draft_);
    blocks_.clear();
    draft_.usage = counts_.usage();
  }

  Draft draft_;
  Counts counts_;
  std::map<std::int64_t, Block> blocks_;
};

class Messages : public ChatReader {
 public:
  std::optional<CallError> read(object reply, Draft& draft) const override {
    if (auto error = error_member(reply, Where::whole)) return error;
    draft.id = word_at(reply, "id");
    Counts counts;
    counts.read(reply);
    draft.usage = counts.usage();
    read_stop_reason(reply, draft);
    const auto content = get(reply, "content");
    if (!content) throw Malformed{"the reply has no content"};
    for (const element block : array_of(*content, "the content")) {
      Block::of(object_of(block, "a block")).add_to(draft);
    }
    return wordless_refusal(draft);
  }
  std::unique_ptr<Listener> listen() const override { return std::make_unique<MessagesListener>(); }
};

}  // namespace

const ChatReader& messages_reader() {
  static const Messages reader;
  return reader;
}

}  // namespace headgate::route
