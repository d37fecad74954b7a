// JSON Schema: draft-07 and the core of 2020-12. `$schema` chooses; without it 2020-12 holds, and the older spellings
// (`items` as a list, `additionalItems`, `dependencies`) are read as draft-07 means them. Patterns are RE2. What cannot
// be kept is refused when a schema is built: references to other documents, $dynamicRef, references that lead back to
// themselves. Unknown keywords are ignored, as the standard asks.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "headgate/base/complaints.hpp"
#include "headgate/base/tree.hpp"
#include "verdict.hpp"

namespace headgate::grade {

inline constexpr std::size_t max_schema_parts = 20'000;  // schemas in a schema
inline constexpr std::size_t max_schema_depth = 512;     // of references and sub-schemas, for one value
// Keywords tried for one value: nested anyOf can be exponential. The rest is for each value inside it.
inline constexpr std::size_t max_schema_steps = 200'000;
inline constexpr std::size_t max_schema_steps_a_value = 64;

struct SchemaOptions {
  bool formats = false;  // `format` is judged; else it is a note, as 2020-12 has it
};

// Immutable; one Schema may be used by many threads.
class Schema {
 public:
  // The schema that stands at `value`; every fault in it is a complaint at its place.
  static std::optional<Schema> build(const Tree& tree, const Json& value, Complaints& complaints,
                                     const SchemaOptions& options = {});

  // "" where `value` holds, else the first fault with its JSON pointer. Cannot judge within the limits above: an error.
  Judged<std::string> fault_of(const Json& value) const;

  struct Prepared;

 private:
  explicit Schema(std::shared_ptr<const Prepared> prepared) : prepared_(std::move(prepared)) {}
  // Shared because copies are the same immutable schema.
  std::shared_ptr<const Prepared> prepared_;
};

}  // namespace headgate::grade
