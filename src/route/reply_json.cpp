#include "reply_json.hpp"

#include <algorithm>

#include "headgate/base/unicode.hpp"
#include "surrogates.hpp"

namespace headgate::route {
namespace {

constexpr std::size_t least_capacity = std::size_t{64} << 10;
// What a longer reply needed is given back with the next shorter one: it is several times the reply.
constexpr std::size_t kept_capacity = std::size_t{1} << 20;

}  // namespace

bool ReplyJson::parse_as_is(std::string_view text) {
  if (parser_.capacity() > kept_capacity && text.size() <= kept_capacity) {
    parser_ = simdjson::dom::parser();
    buffer_ = std::string();
  }
  buffer_.reserve(text.size() + simdjson::SIMDJSON_PADDING);
  buffer_.assign(text);
  if (parser_.capacity() < text.size() || parser_.max_depth() != max_depth) {
    if (parser_.allocate(std::max(text.size(), least_capacity), max_depth) != simdjson::SUCCESS) return false;
  }
  return parser_.parse(buffer_.data(), text.size(), false).get(root_) == simdjson::SUCCESS;
}

bool ReplyJson::parse(std::string_view text) {
  repaired_ = false;
  if (parse_as_is(text)) return true;
  bool repaired = false;
  const std::string whole = without_lone_surrogates(repair_utf8(text, &repaired));
  if (!repaired && whole == text) return false;
  repaired_ = true;
  return parse_as_is(whole);
}

ReplyJson& reply_json_of_thread() {
  static thread_local ReplyJson json;
  return json;
}

}  // namespace headgate::route
