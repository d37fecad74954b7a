// The kinds of graders there are: name, options, help with an example, factory. A new kind is one source file and one
// line in src/grade/kinds.cpp. The registry gives every kind its not_ form, checks options, and digests specs.
#pragma once

#include <cstdint>
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

// Another tool's name for a kind, taken as if the kind and these options were written instead. Only where the meaning
// is the same: foreign.hpp has the names that mean something else.
struct Alias {
  std::string name;          // "icontains"
  std::string options = {};  // a JSON object of options that it stands for; empty: none
};

// What a grade of a kind rests on, and so what it may decide.
enum class Basis : std::uint8_t {
  text,      // on the reply alone: decides
  program,   // on running the reply in a sandbox: decides
  plugin,    // on a program of the operator's: decides
  model,     // on a model's opinion: decides once it is calibrated against people
  parts,     // on other graders: decides as they do
  recorded,  // on somebody else's verdict that came with the reply: decides, and the decision says whose it is
};

inline constexpr Basis all_bases[] = {Basis::text,  Basis::program, Basis::plugin,
                                      Basis::model, Basis::parts,   Basis::recorded};
const char* name(Basis basis);             // "program"
std::string_view may_decide(Basis basis);  // one clause: "decides once its judge is calibrated"

struct Kind {
  std::string name;                     // "contains"
  std::string summary;                  // one line
  std::string help;                     // a paragraph: when it passes, what its score is
  std::string example;                  // a JSON object as it stands in a suite; a test builds every example
  const FieldTable* options = nullptr;  // without `kind`
  // Returns nothing after at least one complaint (a bad pattern, a schema that is none).
  GraderPtr (*build)(const BuildContext& context) = nullptr;
  Basis basis = Basis::text;
  std::vector<Alias> aliases = {};
};

class Registry {
 public:
  explicit Registry(std::vector<Kind> kinds);  // sorted by name

  std::span<const Kind> kinds() const { return kinds_; }
  const Kind* find(std::string_view name) const;  // without not_, and no alias
  // By a name as people write it, with not_ or without, or an alias; fails (input) with did-you-mean.
  Result<const Kind*> look_up(std::string_view written) const;
  // Every key a grader of this kind may have: its options, `kind`, and the version window `since` and `retired`, which
  // the suite reader judges.
  const FieldTable& fields(const Kind& kind) const;

  // Checks `grader` (an object with `kind`, inside `tree`) and builds it; on any fault complains with place and
  // did-you-mean and returns nothing. For a `not_` kind the grader's pass is turned round: an error stays an error.
  GraderPtr build(const Tree& tree, const Json& grader, Complaints& complaints) const;

  // Builds from a spec that was checked before; a fault is ours or a damaged file's, hence a Result.
  Result<GraderPtr> build(const GraderSpec& spec) const;

  // The spec of a checked grader object, without its version window. An alias leaves no trace in it.
  GraderSpec spec(const Json& grader) const;

 private:
  // What a written kind stands for; `kind` is null where nobody knows it.
  struct Meaning {
    const Kind* kind = nullptr;
    const Alias* alias = nullptr;
    bool negated = false;
  };
  Meaning meaning_of(std::string_view written) const;
  GraderPtr build_alias(const Tree& tree, const Json& grader, const Meaning& meaning, Complaints& complaints) const;

  std::vector<Kind> kinds_;
  std::vector<FieldTable> fields_;  // of the kind at the same index
};

// All kinds that ship.
const Registry& registry();

// A grader inside a file: every kind with its table, for schemas and references. `build` is what checks one.
Shape grader_shape();
const Variants& grader_variants();

}  // namespace headgate::grade
