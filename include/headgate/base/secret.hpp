// A value that must never be printed, recorded or compared in a message.
#pragma once

#include <string>
#include <utility>

namespace headgate {

// No operator<<, no JSON, no formatting: whoever needs the value says so by name.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}
  const std::string& reveal() const { return value_; }
  bool empty() const { return value_.empty(); }

 private:
  std::string value_;
};

}  // namespace headgate
