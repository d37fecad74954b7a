// Whatever parses is a value that can be written; whatever does not has a place.
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "headgate/base/assert.hpp"
#include "headgate/base/tree.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace headgate;
  Complaints complaints;
  const auto tree = parse_yaml("f.yaml", std::string(reinterpret_cast<const char*>(data), size), complaints);
  HG_ASSERT(tree.has_value() == complaints.empty());
  if (!tree) {
    for (const Error& error : complaints.errors()) HG_ASSERT(error.place.line >= 1 && error.place.column >= 1);
    return 0;
  }
  canonical(tree->root());
  if (tree->root().is_object()) {
    for (const auto& member : tree->root()) HG_ASSERT(tree->place(member, At::key).line >= 1);
  }
  return 0;
}
