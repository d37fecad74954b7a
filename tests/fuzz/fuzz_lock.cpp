// Under a hostile suite.lock a released version loads only where the lock holds its digests; the draft loads always.
#include <cstdint>
#include <string>

#include "headgate/base/assert.hpp"
#include "headgate/suite/load.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace headgate;
  MemoryFiles files;
  files.files["s/suite.yaml"] = "suite: s\nversion: 1.0.0\ngraders: [{kind: contains, value: x}]\n";
  files.files["s/cases.jsonl"] = "{\"id\":\"c1\",\"input\":\"x\"}\n{\"id\":\"c2\",\"input\":\"y\"}\n";
  files.files["s/suite.lock"] = std::string(reinterpret_cast<const char*>(data), size);
  suite::LoadOptions options;
  options.files = &files;
  Complaints complaints;
  const auto released = suite::load("s", "1.0.0", options, complaints);
  HG_ASSERT(released.has_value() == complaints.empty());
  if (released) HG_ASSERT(released->cases.size() == 2);
  Complaints none;
  HG_ASSERT(suite::load("s", "draft", options, none).has_value() == none.empty());
  return 0;
}
