// Versions inside one file, the lock, and what breaks it.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "headgate/suite/lint.hpp"
#include "headgate/suite/release.hpp"
#include "suite_files.hpp"

using namespace headgate;
using namespace headgate::suite;

namespace {

using Said = std::vector<std::string>;

// A suite on disk, as `suite release` writes there.
class Folder {
 public:
  Folder() {
    char path[] = "/tmp/headgate_release_XXXXXX";
    if (::mkdtemp(path) == nullptr) std::abort();
    path_ = path;
    write("CHANGELOG.md", "## 1.1.0\nmore\n## 1.0.0\nfirst\n");
    head("1.1.0");
    write("cases.jsonl", R"({"id":"a","input":"old","retired":"1.1.0"}
{"id":"a","input":"new","since":"1.1.0"}
{"id":"b","input":"x"}
{"id":"c","input":"y","since":"1.1.0"}
)");
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string path() const { return path_; }
  void write(const std::string& name, const std::string& text) { std::ofstream(path_ + "/" + name) << text; }
  std::string read(const std::string& name) const {
    std::ostringstream text;
    text << std::ifstream(path_ + "/" + name).rdbuf();
    return text.str();
  }
  void head(const std::string& version, const std::string& more = "") {
    write("suite.yaml", "suite: s\nversion: " + version +
                            "\ngraders:\n  - {kind: contains, value: ok, retired: 1.1.0}\n"
                            "  - {kind: contains, value: fine, since: 1.1.0}\n" +
                            more);
  }

  Result<Released> release(const std::string& version = "") {
    Complaints complaints;
    auto released = suite::release(path_, version, "2026-11-20", {}, complaints);
    said = suite::said(std::move(complaints));
    for (std::string& each : said) each = each.substr(path_.size() + 1);
    return released;
  }
  std::optional<Suite> load(const std::string& range) {
    Complaints complaints;
    auto loaded = suite::load(path_, range, {}, complaints);
    said = suite::said(std::move(complaints));
    for (std::string& each : said) each = each.substr(path_.size() + 1);
    return loaded;
  }

  Said said;

 private:
  std::string path_;
};

std::vector<std::string> ids_and_inputs(const Suite& suite) {
  std::vector<std::string> out;
  for (const Case& item : suite.cases) out.push_back(item.id + "=" + item.input.text);
  return out;
}

}  // namespace

TEST_CASE("several versions live in one file") {
  Folder folder;
  REQUIRE(folder.release("1.0.0").has_value());
  REQUIRE(folder.release().has_value());
  const auto old = folder.load("1.0.0");
  const auto now = folder.load("");
  REQUIRE(old.has_value());
  REQUIRE(now.has_value());
  CHECK(old->head.released);
  CHECK(old->head.version == "1.0.0");
  CHECK(ids_and_inputs(*old) == Said{"a=\"old\"", "b=\"x\""});
  CHECK(old->head.graders.at(0).options.text == R"({"value":"ok"})");
  CHECK(now->head.version == "1.1.0");
  CHECK(ids_and_inputs(*now) == Said{"a=\"new\"", "b=\"x\"", "c=\"y\""});
  CHECK(now->head.graders.at(0).options.text == R"({"value":"fine"})");
  CHECK(folder.load("^1.0")->head.version == "1.1.0");
  CHECK_FALSE(folder.load("draft")->head.released);

  Complaints complaints;
  const auto all = versions(folder.path(), {}, complaints);
  REQUIRE(all.size() == 2);
  CHECK(all[0].version == "1.0.0");
  CHECK(all[0].date == "2026-11-20");
  const auto linted = lint(folder.path(), {}, complaints);
  REQUIRE(linted.has_value());
  CHECK(linted->versions.at(0).cases == 2);
  CHECK(linted->versions.at(1).cases == 3);
}

TEST_CASE("overlapping windows of one id are a duplicate") {
  Folder folder;
  folder.write("cases.jsonl", R"({"id":"a","input":"old","retired":"1.1.0"}
{"id":"a","input":"new","since":"1.0.0"}
)");
  CHECK_FALSE(folder.load("").has_value());
  CHECK(folder.said == Said{"cases.jsonl:2:7: duplicate id 'a', first defined at 1:7"});
}

TEST_CASE("without a lock the working state runs and says so") {
  Folder folder;
  REQUIRE(folder.load("").has_value());
  CHECK_FALSE(folder.load("")->head.released);
  CHECK(folder.load("^1.1")->head.version == "1.1.0");
  CHECK_FALSE(folder.load("^2.0").has_value());
  CHECK(folder.said ==
        Said{"suite.yaml:2:10: suite 's' has no version '^2.0': nothing is released, the draft is 1.1.0"});
}

TEST_CASE("an unreleased version is not found among the released ones") {
  Folder folder;
  REQUIRE(folder.release("1.0.0").has_value());
  CHECK(folder.load("")->head.version == "1.0.0");
  CHECK_FALSE(folder.load("1.1.0").has_value());
  CHECK(folder.said == Said{"suite.yaml:2:10: suite 's' has no version '1.1.0': released are 1.0.0"});
}

TEST_CASE("releasing the same again changes nothing") {
  Folder folder;
  const auto first = folder.release();
  REQUIRE(first.has_value());
  CHECK_FALSE(first->already);
  CHECK(first->cases == 3);
  const std::string lock = folder.read("suite.lock");
  const auto again = folder.release();
  REQUIRE(again.has_value());
  CHECK(again->already);
  CHECK(again->digest == first->digest);
  CHECK(folder.read("suite.lock") == lock);
  CHECK(lock.find("\"format\": \"headgate/lock/1\"") != std::string::npos);
  CHECK(lock.ends_with("}\n"));
}

TEST_CASE("an edited release is refused, and what changed is named") {
  Folder folder;
  REQUIRE(folder.release().has_value());
  struct Row {
    const char* what;
    std::string cases;
    std::string said;
  };
  const std::string a = R"({"id":"a","input":"new"})"
                        "\n";
  const std::string b = R"({"id":"b","input":"x"})"
                        "\n";
  const std::string c = R"({"id":"c","input":"y"})"
                        "\n";
  for (const Row& row : {Row{"changed",
                             a +
                                 R"({"id":"b","input":"X"})"
                                 "\n" +
                                 c,
                             "1 case changed (b)"},
                         Row{"added",
                             a + b + c +
                                 R"({"id":"d","input":"y"})"
                                 "\n",
                             "1 case added (d)"},
                         Row{"removed", b + c, "1 case removed (a)"},
                         Row{"weight",
                             a +
                                 R"({"id":"b","input":"x","weight":2})"
                                 "\n" +
                                 c,
                             "1 case changed (b)"}}) {
    CAPTURE(row.what);
    folder.write("cases.jsonl", row.cases);
    CHECK_FALSE(folder.load("").has_value());
    CHECK(folder.said == Said{"suite.lock:1:1: version 1.1.0 of suite 's' is not what was released: " + row.said});
    CHECK_FALSE(folder.release().has_value());
    CHECK(folder.load("draft").has_value());
  }
  folder.write("cases.jsonl", c + b + a);  // order and windows are not content
  CHECK(folder.load("").has_value());
  folder.head("1.1.0", "pass: {mean: 0.5}\n");
  CHECK_FALSE(folder.load("").has_value());
  CHECK(
      folder.said ==
      Said{
          "suite.lock:1:1: version 1.1.0 of suite 's' is not what was released: the graders or the pass rule changed"});
}

TEST_CASE("declaring a segment value for the next version leaves released ones alone") {
  Folder folder;
  folder.head("1.1.0", "segments: {l: [en]}\n");
  REQUIRE(folder.release().has_value());
  folder.head("1.1.0", "segments: {l: [en, de]}\nsevere_classes: {harm: h}\n");
  CHECK(folder.load("1.1.0").has_value());
}

TEST_CASE("a tampered lock holds nothing") {
  Folder folder;
  REQUIRE(folder.release().has_value());
  const std::string lock = folder.read("suite.lock");
  auto edited = Json::parse(lock);
  edited["versions"]["1.1.0"]["digest"] = "sha256:" + std::string(64, '0');
  folder.write("suite.lock", edited.dump());
  CHECK_FALSE(folder.load("").has_value());
  CHECK(folder.said ==
        Said{"suite.lock:1:1: version 1.1.0 of suite 's' is not what was released: the lock itself was edited"});

  folder.write("suite.lock", lock.substr(0, lock.size() / 2));
  CHECK_FALSE(folder.load("").has_value());
  edited = Json::parse(lock);
  edited["format"] = "headgate/lock/2";
  folder.write("suite.lock", edited.dump());
  CHECK_FALSE(folder.load("").has_value());
  CHECK(folder.said.at(0).find("a lock of another format") != std::string::npos);
  edited = Json::parse(lock);
  edited["suite"] = "other";
  folder.write("suite.lock", edited.dump());
  CHECK_FALSE(folder.load("").has_value());
  CHECK(folder.said.at(0).find("this lock is of suite 'other'") != std::string::npos);
}

TEST_CASE("a release that would break an older one is refused") {
  Folder folder;
  REQUIRE(folder.release("1.0.0").has_value());
  folder.write("cases.jsonl", R"({"id":"a","input":"rewritten"})"
                              "\n"
                              R"({"id":"b","input":"x"})"
                              "\n");
  CHECK_FALSE(folder.release().has_value());
  CHECK(folder.said == Said{"suite.lock:1:1: version 1.0.0 of suite 's' is not what was released: 1 case changed (a)"});
  CHECK(folder.read("suite.lock").find("1.1.0") == std::string::npos);
}

TEST_CASE("a release is mentioned in the change log") {
  Folder folder;
  for (const char* silent : {"nothing\n", "## 11.1.0\n", "## 1.1.0.1\n", "## 1.1.01\n"}) {
    CAPTURE(silent);
    folder.write("CHANGELOG.md", silent);
    const auto released = folder.release();
    REQUIRE_FALSE(released.has_value());
    CHECK(released.error().message.find("says nothing of 1.1.0") != std::string::npos);
  }
  for (const char* telling : {"- 1.1.0: new\n", "v1.1.0", "See 1.1.0."}) {
    CAPTURE(telling);
    folder.write("CHANGELOG.md", telling);
    CHECK(folder.release().has_value());
  }
}

TEST_CASE("only what suite.yaml has reached can be released") {
  Folder folder;
  CHECK(folder.release("1.2.0").error().message == "the suite is at 1.1.0, it cannot be released as 1.2.0");
  CHECK(folder.release("1.2").error().message == "'1.2' is no version");
  CHECK(folder.release("0.1.0").has_value() == false);  // the change log says nothing of it
}

TEST_CASE("variants added later do not change what was released") {
  Folder folder;
  REQUIRE(folder.release("1.0.0").has_value());
  folder.write("cases.jsonl", folder.read("cases.jsonl") + R"({"id":"b2","input":"z","variant_of":"b","since":"1.1.0"})"
                                                           "\n");
  CHECK(folder.load("1.0.0").has_value());
  REQUIRE(folder.release().has_value());
  CHECK(folder.load("1.0.0").has_value());
  CHECK(folder.load("1.1.0")->cases.at(1).cluster == "b");
}

TEST_CASE("a suite over foreign files has its newest version only") {
  Folder folder;
  folder.write("rows.jsonl", R"({"id":"a","q":"x"})"
                             "\n");
  folder.head("1.0.0", "");
  folder.write(
      "suite.yaml",
      "suite: s\nversion: 1.0.0\ncases: rows.jsonl\nfields: {input: q}\ngraders: [{kind: contains, value: ok}]\n");
  REQUIRE(folder.release().has_value());
  folder.write(
      "suite.yaml",
      "suite: s\nversion: 1.1.0\ncases: rows.jsonl\nfields: {input: q}\ngraders: [{kind: contains, value: ok}]\n");
  REQUIRE(folder.release().has_value());
  CHECK(folder.load("")->head.version == "1.1.0");
  CHECK_FALSE(folder.load("1.0.0").has_value());
  CHECK_FALSE(folder.release("1.0.0").has_value());
}
