#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "golden/scenes.hpp"

namespace headgate::test {
namespace {

std::string path_of(const Scene& scene, const std::string& file) {
  return std::string(HEADGATE_SOURCE_DIR) + "/tests/golden/approved/" + scene.name + "/" + file;
}

std::string read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

void approve(const std::string& path, const std::string& text) {
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

void compare(const Scene& scene, const std::string& file, const std::string& text) {
  const std::string path = path_of(scene, file);
  if (std::getenv("HEADGATE_APPROVE") != nullptr) approve(path, text);
  INFO(path << " (HEADGATE_APPROVE=1 rewrites it; read the difference first)");
  CHECK(read(path) == text);
}

}  // namespace

TEST_CASE("reports are what was approved") {
  for (const Scene& scene : scenes()) {
    compare(scene, "terminal.txt", report::terminal(scene.decision, scene.story, scene.facts, {false, 100}));
    compare(scene, "decision.json", report::decision_json(scene.decision));
    compare(scene, "summary.md", report::markdown(scene.decision, scene.story, scene.facts));
    std::string xml;
    report::junit(
        scene.decision, scene.evidence, scene.quotes, [&](std::string_view part) { xml += part; }, scene.facts);
    compare(scene, "junit.xml", xml);
  }
}

}  // namespace headgate::test
