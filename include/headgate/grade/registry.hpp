// The kinds of graders there are: name, options, help with an example, factory. A new kind is one source file and one
// line in src/grade/kinds.cpp. The registry gives every kind its not_ form, checks options, and digests specs.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "headgate/base/complaints.hpp"
#include "headgate/base/fields.hpp"
#include "headgate/base/tree.hpp"
#include "headgate/grade/grader.hpp"

namespace headgate::grade {

class Registry;

// What a factory is given. `options` stands inside `tree`, so complaints get a place; it has passed the field table.
struct BuildContext {
  const Tree& tree;
  const Json& options;
  Complaints& complaints;
  const Registry& registry;  // composites build their children with it
};

struct Kind {
  std::string name;                     // "contains"
  std::string summary;                  // one line
  std::string help;                     // a paragraph: when it passes, what its score is
  std::string example;                  // a JSON object as it stands in a suite; a test builds every example
  const FieldTable* options = nullptr;  // without `kind`
  // Returns nothing after at least one complaint (a bad pattern, a schema that is none).
  GraderPtr (*build)(const BuildContext& context) = nullptr;
};

class Registry {
 public:
  explicit Registry(std::vector<Kind> kinds);  // sorted by name

  std::span<const Kind> kinds() const { return kinds_; }
  const Kind* find(std::string_view name) const;  // without not_
  // By a name as people write it, with not_ or without; fails (input) with did-you-mean.
  Result<const Kind*> look_up(std::string_view written) const;
  // Every key a grader of this kind may have: its options, `kind`, and the version window `since` and `retired`, which
  // the suite reader judges.
  const FieldTable& fields(const Kind& kind) const;

  // Checks `grader` (an object with `kind`, inside `tree`) and builds it; on any fault complains with place and
  // did-you-mean and returns nothing. For a `not_` kind the grader's pass is turned round: an error stays an error.
  GraderPtr build(const Tree& tree, const Json& grader, Complaints& complaints) const;

  // Builds from a spec that was checked before; a fault is ours or a damaged file's, hence a Result.
  Result<GraderPtr> build(const GraderSpec& spec) const;

  // The spec of a checked grader object, without its version window.
  static GraderSpec spec(const Json& grader);

 private:
  std::vector<Kind> kinds_;
  std::vector<FieldTable> fields_;  // of the kind at the same index
};

// All kinds that ship.
const Registry& registry();

// A grader inside a file: every kind with its table, for schemas and references. `build` is what checks one.
Shape grader_shape();
const Variants& grader_variants();

}  // namespace headgate::grade
