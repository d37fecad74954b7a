// Members of a record's object, appended one after the other.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "headgate/base/digest.hpp"
#include "headgate/base/json_append.hpp"
#include "headgate/domain/plan.hpp"

namespace headgate::journal {

// Keys are our own words and need no escaping. The closing brace is left to seal().
class Members {
 public:
  Members(std::string& out, std::string_view type) : out_(out) {
    out_ += "{\"t\":\"";
    out_ += type;
    out_ += '"';
  }
  std::string& key(std::string_view name) {
    out_ += ",\"";
    out_ += name;
    out_ += "\":";
    return out_;
  }
  void word(std::string_view name, std::string_view value) {  // one of our own
    (key(name) += '"') += value;
    out_ += '"';
  }
  void text(std::string_view name, std::string_view value) { append_json_string(key(name), value); }
  void boolean(std::string_view name, bool value) { key(name) += value ? "true" : "false"; }
  void number(std::string_view name, std::uint64_t value) { append_json_number(key(name), value); }
  void number(std::string_view name, double value) { append_json_number(key(name), value); }
  void number(std::string_view name, const std::optional<double>& value) {
    if (value) append_json_number(key(name), *value);
  }
  void hex(std::string_view name, const Digest& value) {
    key(name) += "\"sha256:";
    append_hex(value.bytes.data(), value.bytes.size());
    out_ += '"';
  }
  void hex(std::string_view name, const CallId& value) {
    key(name) += '"';
    append_hex(value.bytes.data(), value.bytes.size());
    out_ += '"';
  }

 private:
  void append_hex(const std::uint8_t* bytes, std::size_t count) {
    static constexpr char digits[] = "0123456789abcdef";
    for (std::size_t i = 0; i < count; ++i) {
      out_ += digits[bytes[i] >> 4U];
      out_ += digits[bytes[i] & 15U];
    }
  }

  std::string& out_;
};

}  // namespace headgate::journal
