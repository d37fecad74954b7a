#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "headgate/base/assert.hpp"
#include "headgate/base/json.hpp"
#include "headgate/base/json_append.hpp"
#include "headgate/base/unicode.hpp"
#include "json_string.hpp"

namespace headgate {
namespace {

// Readers stop at 64 levels and records wrap what was read in a few more; a deeper value is a mistake of ours.
constexpr std::size_t max_canonical_depth = 256;

// RFC 8785 orders keys by UTF-16 units. That is the order of the UTF-8 bytes, except that U+E000..U+FFFF (first byte
// EE or EF) come after the characters above them (first byte F0..F4), which UTF-16 writes with surrogates.
unsigned utf16_rank(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte == 0xEE || byte == 0xEF ? byte + 0x10U : byte;
}

bool utf16_less(const std::string& a, const std::string& b) {
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(),
                                      [](char x, char y) { return utf16_rank(x) < utf16_rank(y); });
}

bool has_high_character(const std::string& key) {
  return std::any_of(key.begin(), key.end(), [](char c) { return static_cast<unsigned char>(c) >= 0xEE; });
}

class CanonicalWriter {
 public:
  explicit CanonicalWriter(bool pretty) : pretty_(pretty) {}

  void write(const Json& value) {
    switch (value.type()) {
      case Json::value_t::null:
        out_.append("null");
        return;
      case Json::value_t::boolean:
        out_.append(value.get<bool>() ? "true" : "false");
        return;
      case Json::value_t::number_integer:
        append_json_number(out_, value.get<std::int64_t>());
        return;
      case Json::value_t::number_unsigned:
        append_json_number(out_, value.get<std::uint64_t>());
        return;
      case Json::value_t::number_float:
        append_json_number(out_, value.get<double>());
        return;
      case Json::value_t::string:
        write_string(value.get_ref<const std::string&>());
        return;
      case Json::value_t::array:
        write_array(value);
        return;
      case Json::value_t::object:
        write_object(value.get_ref<const Json::object_t&>());
        return;
      case Json::value_t::binary:
      case Json::value_t::discarded:
        break;
    }
    HG_ASSERT(!"a kind of value that JSON does not have");
  }

  std::string take() { return std::move(out_); }

 private:
  void write_string(const std::string& text) {
    HG_ASSERT(is_utf8(text));
    append_canonical_string(out_, text);
  }

  void write_array(const Json& value) {
    open('[');
    bool first = true;
    for (const Json& item : value) {
      separate(first);
      write(item);
    }
    close(']', first);
  }

  void write_object(const Json::object_t& object) {
    open('{');
    bool first = true;
    const auto member = [&](const std::string& key, const Json& value) {
      separate(first);
      write_string(key);
      out_.append(pretty_ ? ": " : ":");
      write(value);
    };
    const bool reorder =
        std::any_of(object.begin(), object.end(), [](const auto& entry) { return has_high_character(entry.first); });
    if (!reorder) {
      for (const auto& [key, value] : object) member(key, value);
    } else {
      std::vector<const Json::object_t::value_type*> members;
      for (const auto& entry : object) members.push_back(&entry);
      std::sort(members.begin(), members.end(),
                [](const auto* a, const auto* b) { return utf16_less(a->first, b->first); });
      for (const auto* entry : members) member(entry->first, entry->second);
    }
    close('}', first);
  }

  void open(char bracket) {
    HG_ASSERT(depth_ < max_canonical_depth);
    ++depth_;
    out_.push_back(bracket);
  }

  void separate(bool& first) {
    if (!first) out_.push_back(',');
    first = false;
    new_line();
  }

  void close(char bracket, bool empty) {
    --depth_;
    if (!empty) new_line();
    out_.push_back(bracket);
  }

  void new_line() {
    if (pretty_) out_.append("\n").append(2 * depth_, ' ');
  }

  std::string out_;
  std::size_t depth_ = 0;
  bool pretty_;
};

}  // namespace

std::string canonical(const Json& value) {
  CanonicalWriter writer(false);
  writer.write(value);
  return writer.take();
}

JsonText to_text(const Json& value) { return {canonical(value)}; }

std::string canonical_pretty(const Json& value) {
  CanonicalWriter writer(true);
  writer.write(value);
  return writer.take() + "\n";
}

}  // namespace headgate
