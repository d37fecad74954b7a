// A JSON value whose strings may be templates.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "headgate/base/json.hpp"
#include "headgate/base/tree.hpp"
#include "verdict.hpp"

namespace headgate::grade {

// A string that is one variable and nothing else takes that variable's JSON, so that {{case.expected}} can be a number.
class JsonTemplate {
 public:
  // From the value at `value`; a bad template in it is a complaint at its place.
  static std::optional<JsonTemplate> build(const Tree& tree, const Json& value, Complaints& complaints);

  Judged<Json> fill(const Case& item) const;
  const Json* constant() const;  // the value, where it is the same for every case; else nullptr
  std::string lacks(const Case& item) const;

 private:
  struct State;
  explicit JsonTemplate(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  // Shared because copies are the same immutable value.
  std::shared_ptr<const State> state_;
};

}  // namespace headgate::grade
