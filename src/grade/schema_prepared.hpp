// A schema made ready: its references resolved and its patterns compiled, by the address of the value they stand at.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "pattern.hpp"
#include "schema.hpp"

namespace headgate::grade {

struct Schema::Prepared {
  std::unique_ptr<const Json> root;
  bool references_stand_alone = false;            // up to draft 7, nothing beside $ref counts
  std::map<const Json*, const Json*> references;  // from the string at $ref
  std::map<const Json*, Pattern> patterns;        // from the string at `pattern`, or a member of patternProperties
};

// Walks `root` and fills the rest of `prepared`. Faults go to `complain`, with the value they are about.
using SchemaComplaint =
    std::function<void(const Json& at, std::size_t offset, std::string message, std::string hint, At where)>;
void prepare_schema(const Json& root, Schema::Prepared& prepared, const SchemaComplaint& complain);

}  // namespace headgate::grade
