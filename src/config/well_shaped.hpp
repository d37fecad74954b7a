// What of a faulty file can still be read, so that its shape hides no other complaint.
#pragma once

#include "headgate/base/fields.hpp"
#include "headgate/base/json.hpp"
#include "headgate/base/tree.hpp"

namespace headgate::config {

// The same tree with null in the place of every value that does not fit the table, and without unknown keys. Missing
// keys stay missing. Its readers take null for a value that was complained about; what they make of it is thrown away.
Tree well_shaped(const Tree& tree, const FieldTable& table);

// Nothing where `object` is no object, has no such key, or has null there.
const Json* member(const Json& object, const char* key);

}  // namespace headgate::config
