// Keys that the design has and this version has not. A gate that asks for one is refused: what is not measured must not
// look as if it had been.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "headgate/base/complaints.hpp"
#include "headgate/base/tree.hpp"

namespace headgate::config {

struct Later {
  const char* pointer;  // "/rules/fallback_rate"
  const char* hint;
};

// Complains about each of the keys that `tree` has and returns the tree without them, so that nothing else complains
// about them.
Tree without_later_keys(Tree tree, std::initializer_list<Later> later, Complaints& complaints);

// The value a pointer leads to through objects; null where there is none.
const Json* value_at(const Json& root, std::string_view pointer);

// The same for one value of a key: complains where it stands, and returns the tree with `instead` in its place.
struct LaterValue {
  const char* pointer;
  const char* refused;
  const char* instead;
  const char* what;
  const char* hint;
};
Tree without_later_value(Tree tree, const LaterValue& later, Complaints& complaints);

Error not_built(const Tree& tree, const Json& value, std::string_view what, std::string hint, At at = At::value);

}  // namespace headgate::config
