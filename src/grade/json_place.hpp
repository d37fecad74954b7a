// A place in a JSON value, as a grader's option names it: an RFC 6901 pointer.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "headgate/base/tree.hpp"

namespace headgate::grade {

class JsonPlace {
 public:
  JsonPlace() = default;  // the whole value

  // The pointer that stands at `value`, which is a string; one that is none is a complaint at its place.
  static std::optional<JsonPlace> build(const Tree& tree, const Json& value, Complaints& complaints);

  // The same of a text; nothing where it is no pointer.
  static std::optional<JsonPlace> of_text(std::string written);

  const std::vector<std::string>& keys() const { return keys_; }
  const Json* in(const Json& json) const;  // nullptr where there is nothing
  std::string text() const;                // "/order/id", or "the whole" for messages

 private:
  std::string written_;
  std::vector<std::string> keys_;
};

}  // namespace headgate::grade
