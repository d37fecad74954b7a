// One tool call as an option asks for it: which tool, and what its arguments must be.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compare_json.hpp"
#include "headgate/base/fields.hpp"
#include "json_place.hpp"
#include "schema.hpp"
#include "transcript.hpp"
#include "value_check.hpp"

namespace headgate::grade {

// How a call is unlike what is asked: "" where it is not. `close` where only the arguments are wrong.
struct CallMisfit {
  std::string why;
  bool is_close = false;
};

class CallSpec {
 public:
  // A name, or an object of the table below, inside `tree`. Complains of what cannot be.
  static std::optional<CallSpec> build(const Tree& tree, const Json& written, Complaints& complaints);
  // The same of a value out of a case: a name, or {name, arguments}.
  static Judged<CallSpec> of_case(const Json& value);

  bool is_named(std::string_view tool) const;
  bool asks_arguments() const { return arguments_ || of_case_ || !values_.empty() || schema_; }
  // With the values of the case in it. Cannot judge where a call of that tool has no recorded arguments.
  Judged<CallMisfit> misfit(const MadeCall& call, const Case& item) const;
  std::string lacks(const Case& item) const;
  std::string text() const;  // "'refund*'"

 private:
  struct Place {
    JsonPlace place;
    ValueCheck check;
  };

  bool build_arguments(const Tree& tree, const Json& written, Complaints& complaints);
  bool build_values(const Tree& tree, const Json& written, Complaints& complaints);
  Judged<std::string> argument_fault(const Json& arguments, const Case& item) const;

  std::string name_;
  bool is_literal_ = false;  // the name came from a case: a star in it is a star
  std::optional<JsonTemplate> arguments_;
  std::optional<JsonText> of_case_;  // arguments that a case asks for: braces in them are braces
  JsonComparison how_;
  std::vector<Place> values_;
  std::optional<Schema> schema_;
};

// A name, or the object.
Shape call_shape();

}  // namespace headgate::grade
