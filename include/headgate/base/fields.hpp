// One table of fields a file kind: the reader checks against it, and the published JSON Schema and the reference pages
// are generated from it, so they cannot disagree.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "headgate/base/complaints.hpp"
#include "headgate/base/json.hpp"
#include "headgate/base/tree.hpp"

namespace headgate {

struct FieldTable;

// What a value may look like.
struct Shape {
  enum class Kind { any, string, integer, number, boolean, object, list, map, either };

  Kind kind = Kind::any;
  const FieldTable* table = nullptr;  // object: its fields; the table must outlive the shape (they are all static)
  std::vector<Shape> of;              // list and map: one shape for the members; either: the alternatives
  std::optional<double> min;          // number, integer: inclusive; list, string: least length
  std::optional<double> max;
  bool above_min = false;             // the least value itself is excluded
  std::vector<std::string> choices;   // string: the only allowed words

  Shape at_least(double least) &&;
  Shape above(double bound) &&;
  Shape at_most(double most) &&;
};

Shape any_shape();
Shape string_shape();                               // not empty
Shape string_or_empty();
Shape one_of(std::vector<std::string> choices);
Shape integer_shape();
Shape number_shape();
Shape fraction();                                   // number in [0, 1]
Shape boolean_shape();
Shape object_of(const FieldTable& table);
Shape list_of(Shape member);
Shape map_of(Shape member);                         // any keys
Shape either(std::vector<Shape> alternatives);      // the complaint names them all

struct Field {
  std::string name;
  Shape shape;
  std::string help;           // one sentence
  bool required = false;
  std::string fallback = {};  // the default as JSON text, where there is one
  std::string example = {};   // JSON text
};

struct FieldTable {
  std::string name;  // how messages call it: "gate", "route", "case"
  std::string help;
  std::vector<Field> fields;
};

// Checks `value` (inside `tree`) against the shape: types, ranges, choices, unknown keys (with did-you-mean), missing
// required keys; adds every complaint and goes on. True when nothing was added.
bool check(const Tree& tree, const Json& value, const Shape& shape, Complaints& complaints);
bool check(const Tree& tree, const Json& object, const FieldTable& table, Complaints& complaints);

// JSON Schema (2020-12) of a file whose root is that table.
Json schema(const FieldTable& table);

}  // namespace headgate
