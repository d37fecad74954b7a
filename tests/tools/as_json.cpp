// as_json FILE: what headgate's strict reader makes of a YAML or JSON file, as JSON, so that other programs can judge
// the same values.

#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>

#include "headgate/base/file.hpp"
#include "headgate/base/tree.hpp"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: as_json FILE\n", stderr);
    return 3;
  }
  const std::string path = argv[1];
  const auto text = headgate::real_files().read(path);
  if (!text) {
    std::fprintf(stderr, "%s\n", text.error().message.c_str());
    return 3;
  }
  headgate::Complaints complaints;
  // By content too: suite.lock is JSON without saying so in its name.
  const auto tree = headgate::parse_config(path, *text, complaints);
  if (!tree) {
    for (const auto& error : complaints.errors()) std::fprintf(stderr, "%s\n", error.message.c_str());
    return 3;
  }
  std::fputs(headgate::canonical_pretty(tree->root()).c_str(), stdout);
  return 0;
}
