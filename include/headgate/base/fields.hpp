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
struct Variants;

// What a value may look like.
struct Shape {
  enum class Kind { any, null, string, integer, number, boolean, object, list, map, either, variant };

  Kind kind = Kind::any;
  const FieldTable* table = nullptr;  // object: its fields; the table must outlive the shape (they are all static)
  std::vector<Shape> of;              // list and map: one shape for the members; either: the alternatives
  std::optional<double> min;          // number, integer: inclusive; list, string: least length
  std::optional<double> max;
  bool above_min = false;            // the least value itself is excluded
  bool below_max = false;            // the greatest value itself is excluded
  std::vector<std::string> choices;  // string: the only allowed words
  std::string pattern;               // string: how it is spelled, for editors and people; whoever reads it checks it
  const Variants* (*variants)() = nullptr;  // variant: asked only when a schema or page is written

  Shape at_least(double least) &&;
  Shape above(double bound) &&;
  Shape at_most(double most) &&;
  Shape below(double bound) &&;
};

Shape any_shape();
Shape null_shape();
Shape string_shape();  // not empty
Shape string_or_empty();
Shape one_of(std::vector<std::string> choices);
Shape integer_shape();
Shape number_shape();
Shape fraction();  // number in [0, 1]
Shape boolean_shape();
Shape date_shape();     // YYYY-MM-DD
Shape version_shape();  // three numbers
Shape object_of(const FieldTable& table);
Shape list_of(Shape member);
Shape map_of(Shape member);                     // any keys
Shape either(std::vector<Shape> alternatives);  // the complaint names them all
Shape variant_of(const Variants* (*variants)());

struct Field {
  std::string name;
  Shape shape;
  std::string help;  // one sentence
  bool required = false;
  std::string fallback = {};  // the default as JSON text, where there is one
  std::string example = {};   // JSON text
  std::string only_for = {};  // the words of the table's `sorted_by` key it belongs to, "a | b"; empty: to all
};

// Keys of a table of which exactly one, or at least one, must be there.
struct KeyDemand {
  enum class Count { exactly_one, at_least_one };

  Count count;
  std::vector<std::string> keys;
  std::string message;
  std::string hint = {};
};

struct FieldTable {
  std::string name;  // how messages call it: "gate", "route", "case"
  std::string help;
  std::vector<Field> fields;
  std::vector<KeyDemand> demands = {};
  bool open = false;           // further keys are welcome and ignored
  std::string sorted_by = {};  // the key whose word decides which fields are welcome, of one name too; readers check
};

// Objects whose member `key` says which table describes them. To `check` such a value is any value: the reader that
// knows what the words stand for checks it, by the same tables.
struct Variants {
  struct One {
    std::vector<std::string> words;  // of `key`
    const FieldTable* table;
  };

  std::string name;  // of the whole: "grader"
  std::string key;
  std::vector<One> all;
};

// Checks `value` (inside `tree`) against the shape: types, ranges, choices, unknown keys (with did-you-mean), missing
// required keys; adds every complaint and goes on. True when nothing was added.
bool check(const Tree& tree, const Json& value, const Shape& shape, Complaints& complaints);
bool check(const Tree& tree, const Json& object, const FieldTable& table, Complaints& complaints);

// What a value may look like, as help and pages say it: "whole number from 1 to 100", "pass | score", "list of text".
// A page may write the names of tables and variants its own way.
using NameWriter = std::string (*)(const std::string& name);
std::string in_words(const Shape& shape, NameWriter write_name = nullptr);

// JSON Schema (2020-12) of a file whose root is that table, or any of those objects.
Json schema(const FieldTable& table);
Json schema(const Variants& variants);

}  // namespace headgate
