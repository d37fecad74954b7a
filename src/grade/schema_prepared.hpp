// A schema made ready: its references resolved and its patterns compiled, by the address of the value they stand at.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "pattern.hpp"
#include "schema.hpp"

namespace headgate::grade {

// Which keywords a schema knows: bits, because without `$schema` it knows them all.
namespace dialect {
inline constexpr std::uint8_t old = 1;    // up to draft-07
inline constexpr std::uint8_t d2019 = 2;  // 2019-09
inline constexpr std::uint8_t d2020 = 4;  // 2020-12
inline constexpr std::uint8_t newer = d2019 | d2020;
inline constexpr std::uint8_t any = old | newer;
}  // namespace dialect

struct Schema::Prepared {
  std::unique_ptr<const Json> root;
  std::uint8_t dialects = dialect::any;
  SchemaOptions options;
  bool tracks = false;                                 // some unevaluated… asks which members were looked at
  std::map<const Json*, const Json*> references;       // from the string at $ref
  std::map<const Json*, Pattern> patterns;             // from the string at `pattern`, or a member of patternProperties
  std::map<const Json*, std::set<std::string>> enums;  // from the list at `enum`: its members by comparable_json

  bool knows(std::uint8_t some) const { return (dialects & some) != 0; }
  bool references_stand_alone() const { return dialects == dialect::old; }  // nothing beside $ref counts
};

// Walks `root` and fills the rest of `prepared`. Faults go to `complain`, with the value they are about.
using SchemaComplaint =
    std::function<void(const Json& at, std::size_t offset, std::string message, std::string hint, At where)>;
void prepare_schema(const Json& root, Schema::Prepared& prepared, const SchemaComplaint& complain);

}  // namespace headgate::grade
