// Whatever parses must survive being written canonically and parsed again, unchanged.
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "headgate/base/assert.hpp"
#include "headgate/base/tree.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace headgate;
  Complaints complaints;
  const auto tree = parse_json("f.json", std::string(reinterpret_cast<const char*>(data), size), complaints);
  HG_ASSERT(tree.has_value() == complaints.empty());
  if (!tree) {
    for (const Error& error : complaints.errors()) HG_ASSERT(error.place.line >= 1 && error.place.column >= 1);
    return 0;
  }
  const std::string once = canonical(tree->root());
  Complaints none;
  const auto again = parse_json("f.json", once, none);
  HG_ASSERT(again && canonical(again->root()) == once);
  if (tree->root().is_object()) {
    for (const auto& member : tree->root()) HG_ASSERT(tree->place(member, At::key).line >= 1);
  }
  return 0;
}
