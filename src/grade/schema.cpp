#include "schema.hpp"

#include <nlohmann/json.hpp>

#include "headgate/base/assert.hpp"
#include "schema_prepared.hpp"

namespace headgate::grade {

std::optional<Schema> Schema::build(const Tree& tree, const Json& value, Complaints& complaints,
                                    const SchemaOptions& options) {
  const std::size_t before = complaints.total();
  Prepared tried;
  tried.options = options;
  prepare_schema(value, tried,
                 [&](const Json& at, std::size_t offset, std::string message, std::string hint, At where) {
                   complaints.add(where == At::value && at.is_string()
                                      ? tree.error_inside(at, offset, std::move(message), std::move(hint))
                                      : tree.error(at, std::move(message), std::move(hint), where));
                 });
  if (complaints.total() != before) return std::nullopt;
  // What was tried points into the tree, which may go; the schema keeps a copy, and points into that.
  auto prepared = std::make_shared<Prepared>();
  prepared->root = std::make_unique<const Json>(value);
  prepared->options = options;
  prepare_schema(*prepared->root, *prepared,
                 [](const Json&, std::size_t, const std::string&, const std::string&, At) { HG_ASSERT(false); });
  return Schema(std::move(prepared));
}

}  // namespace headgate::grade
