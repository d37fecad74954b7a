// The public JSON Schema test suite, where Debian's package json-schema-test-suite is installed.
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "judging.hpp"
#include "schema.hpp"

using namespace headgate;
using namespace headgate::grade;

namespace {

const std::filesystem::path root = "/usr/share/json-schema-test-suite";

Json load(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  return Json::parse(text.str());
}

struct Count {
  std::size_t tests = 0;
  std::vector<std::string> wrong;
};

// The other documents that the suite's schemas refer to by address. Nothing is fetched: they are brought along, as the
// hint of the refusal says, each with its address as `$id`.
Json with_documents_along(const Json& schema) {
  const std::filesystem::path remotes = root / "remotes";
  Json documents = Json::object();
  for (const auto& entry : std::filesystem::recursive_directory_iterator(remotes)) {
    if (entry.path().extension() != ".json") continue;
    const std::string name = std::filesystem::relative(entry.path(), remotes).generic_string();
    Json document = load(entry.path());
    document["$id"] = "http://localhost:1234/" + name;
    documents[name] = std::move(document);
  }
  return {{"definitions", documents}, {"allOf", Json::array({schema})}};
}

std::optional<Schema> build(Json schema, const SchemaOptions& options, Complaints& complaints) {
  if (schema.is_object() && !schema.contains("$schema")) schema["$schema"] = "http://json-schema.org/draft-07/schema#";
  const auto tree = parse_json("schema", schema.dump(), complaints);
  return tree ? Schema::build(*tree, tree->root(), complaints, options) : std::nullopt;
}

void run_group(const Json& group, const std::string& file, const SchemaOptions& options, Count& count) {
  Complaints complaints;
  const bool remote = file == "refRemote.json";
  const auto built = build(remote ? with_documents_along(group.at("schema")) : group.at("schema"), options, complaints);
  const std::string name = file + ": " + group.at("description").get<std::string>() + ": ";
  for (const Json& test : group.at("tests")) {
    ++count.tests;
    const auto fault = built ? built->fault_of(test.at("data")) : Judged<std::string>("does not build");
    if (!built || !fault || fault->empty() != test.at("valid").get<bool>()) {
      count.wrong.push_back(name + test.at("description").get<std::string>() + (built ? "" : " (does not build)"));
    }
  }
}

Count run_folder(const std::filesystem::path& folder, const SchemaOptions& options,
                 const std::set<std::string>& left_out) {
  Count count;
  std::set<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".json") files.insert(entry.path());
  }
  for (const auto& file : files) {
    const std::string name = file.filename().string();
    if (left_out.contains(name)) continue;
    const Json groups = load(file);
    for (const Json& group : groups) run_group(group, name, options, count);
  }
  for (const std::string& one : count.wrong) UNSCOPED_INFO(one);
  return count;
}

bool is_installed() {
  if (std::filesystem::exists(root)) return true;
  WARN("json-schema-test-suite is not installed: skipped");
  return false;
}

}  // namespace

TEST_CASE("the validator agrees with every required test of the public draft-7 suite") {
  if (!is_installed()) return;
  const Count count = run_folder(root / "tests/draft7", {}, {});
  CHECK(count.wrong.empty());
  CHECK(count.tests > 400);
}

TEST_CASE("the validator agrees with the optional tests that it claims") {
  if (!is_installed()) return;
  // bignum: whole numbers beyond 64 bits are refused when a reply is read. content: contentEncoding and
  // contentMediaType are notes, as 2020-12 has them. zeroTerminatedFloats: for those whose 1.0 is no integer; from
  // draft-06 on it is one.
  const Count words = run_folder(root / "tests/draft7/optional", {.formats = true},
                                 {"bignum.json", "content.json", "zeroTerminatedFloats.json"});
  CHECK(words.wrong.empty());
  CHECK(words.tests > 0);
  // idn-hostname needs the tables of IDNA.
  const Count formats = run_folder(root / "tests/draft7/optional/format", {.formats = true}, {"idn-hostname.json"});
  CHECK(formats.wrong.empty());
  CHECK(formats.tests > 100);
}

TEST_CASE("a format that is not judged is refused where formats are asked for") {
  Complaints complaints;
  CHECK_FALSE(build(Json{{"format", "idn-hostname"}}, {.formats = true}, complaints));
  REQUIRE(complaints.errors().size() == 1);
  CHECK(complaints.errors()[0].message == "the format 'idn-hostname' is not judged");
}

TEST_CASE("what the public suite has on other servers is refused, and never fetched") {
  if (!is_installed()) return;
  for (const Json& group : load(root / "tests/draft7/refRemote.json")) {
    Complaints complaints;
    CHECK_FALSE(build(group.at("schema"), {}, complaints));
    REQUIRE_FALSE(complaints.empty());
    CHECK(complaints.errors()[0].message == "the reference leads outside the schema");
  }
}
