// JSON Schema, drafts 6 to 2020-12 as far as they judge values: no remote references, no anchors, no unevaluated*,
// and patterns are RE2. Formats are annotations and judge nothing. What is not supported is refused when a schema is
// built; unknown keywords are ignored, as the standard asks.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "headgate/base/complaints.hpp"
#include "headgate/base/tree.hpp"
#include "verdict.hpp"

namespace headgate::grade {

inline constexpr std::size_t max_schema_steps =
    200'000;                                          // keywords tried for one value: nested anyOf can be exponential
inline constexpr std::size_t max_schema_depth = 256;  // of references and sub-schemas

// Immutable; one Schema may be used by many threads.
class Schema {
 public:
  // The schema that stands at `value`; every fault in it is a complaint at its place.
  static std::optional<Schema> build(const Tree& tree, const Json& value, Complaints& complaints);

  // "" where `value` holds, else the first fault with its JSON pointer. Cannot judge within the limits above: an error.
  Judged<std::string> fault_of(const Json& value) const;

  struct Prepared;

 private:
  explicit Schema(std::shared_ptr<const Prepared> prepared) : prepared_(std::move(prepared)) {}
  // Shared because copies are the same immutable schema.
  std::shared_ptr<const Prepared> prepared_;
};

}  // namespace headgate::grade
