// A hostile gate or route file loads whole or complains, with a place; it never half loads. The first line says which
// of the two the rest is.
#include <cstdint>
#include <string>

#include "headgate/base/assert.hpp"
#include "headgate/config/gate_file.hpp"

namespace {

using namespace headgate;

MemoryFiles around(const std::string& gate, const std::string& route) {
  MemoryFiles files;
  files.files = {{"g.yaml", gate},
                 {"a.yaml", route},
                 {"b.yaml", "route: b\nkind: process\ncommand: [/bin/cat]\n"},
                 {"p.md", "Answer {{case.input}}"},
                 {"s/suite.yaml",
                  "suite: s\nversion: 1.0.0\nsegments: {language: [en, de]}\nsevere_classes: {harm: harms}\n"
                  "graders: [{kind: contains, value: x}]\n"},
                 {"s/cases.jsonl", "{\"id\":\"c1\",\"input\":\"x\"}\n"}};
  return files;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string all(reinterpret_cast<const char*>(data), size);
  const std::size_t end = all.find('\n');
  if (end == std::string::npos) return 0;
  const std::string text = all.substr(end + 1);
  // Recordings are read from the disk itself: nothing outside may be named.
  if (text.find("replies") != std::string::npos || text.find("from") != std::string::npos) return 0;

  const bool is_gate = all.starts_with("gate");
  const MemoryFiles files = around(
      is_gate ? text
              : "gate: g\nbaseline: a.yaml\ncandidate: b.yaml\nsuites: [./s]\nrules: {quality: {max_loss: 0.1}}\n",
      is_gate ? "route: a\nkind: process\ncommand: [/bin/cat]\n" : text);
  config::GateOptions options;
  options.files = &files;
  options.today = "2026-11-20";
  options.environment = [](const std::string&) { return std::optional<std::string>("twelve bytes"); };
  Complaints complaints;
  const auto gate = config::load_gate("g.yaml", options, complaints);
  HG_ASSERT(gate.has_value() == complaints.empty());
  for (const Error& error : complaints.errors()) HG_ASSERT(!error.message.empty());
  return 0;
}
