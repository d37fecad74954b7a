// The public JSON Schema test suite, where Debian's package json-schema-test-suite is installed.
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "judging.hpp"
#include "schema.hpp"

using namespace headgate;
using namespace headgate::grade;

namespace {

const std::filesystem::path folder = "/usr/share/json-schema-test-suite/tests/draft7";

Json load(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  return Json::parse(text.str());
}

struct Count {
  std::size_t tests = 0, right = 0, refused = 0;
  std::vector<std::string> wrong;
};

void run_group(const Json& group, const std::string& file, Count& count) {
  Json schema = group.at("schema");
  if (schema.is_object() && !schema.contains("$schema")) schema["$schema"] = "http://json-schema.org/draft-07/schema#";
  Complaints complaints;
  const auto tree = parse_json("schema", schema.dump(), complaints);
  std::optional<Schema> built;
  if (tree) built = Schema::build(*tree, tree->root(), complaints);
  for (const Json& test : group.at("tests")) {
    ++count.tests;
    if (!built) {
      ++count.refused;
      continue;
    }
    const auto fault = built->fault_of(test.at("data"));
    if (fault && fault->empty() == test.at("valid").get<bool>()) {
      ++count.right;
    } else {
      count.wrong.push_back(file + ": " + group.at("description").get<std::string>() + ": " +
                            test.at("description").get<std::string>());
    }
  }
}

}  // namespace

TEST_CASE("the validator agrees with the public draft-7 test suite") {
  if (!std::filesystem::exists(folder)) {
    WARN("json-schema-test-suite is not installed: skipped");
    return;
  }
  Count count;
  std::set<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".json") files.insert(entry.path());
  }
  for (const auto& file : files) {
    const Json groups = load(file);
    for (const Json& group : groups) run_group(group, file.filename().string(), count);
  }
  for (const std::string& one : count.wrong) UNSCOPED_INFO(one);
  UNSCOPED_INFO(count.right << " right, " << count.refused << " refused at build, of " << count.tests);
  // What is refused are references outside the schema; nothing that is judged is judged wrongly.
  CHECK(count.wrong.empty());
  CHECK(count.tests > 400);
  CHECK(count.refused * 20 < count.tests);
}
