#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "headgate/base/file.hpp"
#include "headgate/fake/provider.hpp"
#include "headgate/fake/script.hpp"
#include "script_data.hpp"

using namespace headgate;
using namespace headgate::fake;

namespace {

struct Read {
  std::optional<Script> script;
  Complaints complaints;

  explicit Read(const std::string& text, const MemoryFiles& files = {}) {
    const auto tree = parse_config("s.yaml", text, complaints);
    if (tree) script = read_script(*tree, files, "scripts", complaints);
    complaints.sort();
  }
  bool says(const std::string& what, std::size_t line) const {
    for (const Error& each : complaints.errors()) {
      if (each.message.find(what) != std::string::npos && each.place.line == line) return true;
    }
    return false;
  }
};

}  // namespace

TEST_CASE("a script may be YAML; all that is wrong with it is said at once, each with its place") {
  const Read read(
      "text: hello\n"
      "dealy_ms: 5\n"
      "status: 700\n"
      "limits:\n"
      "  - {kind: bucket, amount: 10}\n"
      "  - {kind: buckets, amount: 10}\n"
      "rules:\n"
      "  - {status: 500}\n"
      "key: {echo: true}\n");
  CHECK(!read.script);
  CHECK(read.says("dealy_ms", 2));
  CHECK(read.says("599", 3));
  CHECK(read.says("bucket", 6));
  CHECK(read.says("when", 8));
  CHECK(read.says("bearer or x_api_key", 9));
  CHECK(read.complaints.total() == 5);
}

TEST_CASE("what has the right shape and cannot be meant") {
  CHECK(Read("rules:\n  - when: {}\n    status: 500\n").says("every request", 2));
  CHECK(Read("profiles:\n  v1: {}\n").says("first part of a path", 2));
  CHECK(Read("profiles:\n  'a b': {}\n").says("first part of a path", 2));
  CHECK(Read("retry_after: \"1\\r\\nX: y\"\n").says("line breaks", 1));
  CHECK(Read("headers: {'X Y': z}\n").says("no name of a header", 1));
  CHECK(Read("limits: [{kind: bucket, amount: 0.5}]\n").says("less than one request", 1));
  CHECK(Read("limits: [{kind: bucket, amount: 0.5, burst: 1}]\n").script);
}

TEST_CASE("bodies from files, whatever bytes they hold, beside the script") {
  MemoryFiles files;
  files.files["scripts/a.http"] = std::string("HTTP/1.1 200 OK\r\n\r\n\xff\0x", 21);
  const Read read("raw_file: a.http\nrules: [{when: {first: 1}, body_file: b}]\n", files);
  CHECK(read.says("b", 2));
  const Read good("raw_file: a.http\n", files);
  REQUIRE(good.script);
  CHECK((*good.script)->profiles[0].behaviour.raw == files.files["scripts/a.http"]);
}

TEST_CASE("a provider that is started from a value says where the value is wrong") {
  const auto provider = Provider::start(Json{{"text", 7}});
  REQUIRE(!provider);
  CHECK(provider.error().code == ErrorCode::input);
  CHECK(provider.error().message.find("text") != std::string::npos);
  CHECK(provider.error().place.line == 2);
}

TEST_CASE("what is not written has its default, and times are read to the microsecond") {
  const Read read("delay_ms: 1.5\nlimits: [{kind: window, amount: 600}, {kind: bucket, amount: 10}]\n");
  REQUIRE(read.script);
  const Profile& profile = (*read.script)->profiles[0];
  CHECK(profile.behaviour.delay == 1500);
  CHECK(profile.behaviour.echo);
  CHECK(profile.limits[0].period == 60'000'000);
  CHECK(profile.limits[1].period == 1'000'000);
  CHECK(profile.limits[1].burst == 10);
  CHECK(profile.limits[1].retry_after == "auto");
}
