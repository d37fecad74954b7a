// A suite whose cases file is hostile either loads whole or complains; it never loads with fewer cases than lines.
#include <cstdint>
#include <string>

#include "headgate/base/assert.hpp"
#include "headgate/base/lines.hpp"
#include "headgate/suite/load.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace headgate;
  MemoryFiles files;
  files.files["s/suite.yaml"] =
      "suite: s\nversion: 1.0.0\nsegments: {language: [en, de]}\nsevere_classes: {harm: harms}\n"
      "graders: [{kind: contains, value: x}]\n";
  const std::string cases(reinterpret_cast<const char*>(data), size);
  files.files["s/cases.jsonl"] = cases;
  suite::LoadOptions options;
  options.files = &files;
  Complaints complaints;
  const auto suite = suite::load("s", "draft", options, complaints);
  HG_ASSERT(suite.has_value() == complaints.empty());
  if (suite) HG_ASSERT(suite->cases.size() <= split_lines(cases).size());
  return 0;
}
