// suite.yaml itself: includes, operator keys, declarations, and files that are none.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "suite_files.hpp"

using namespace headgate;
using namespace headgate::suite;

namespace {

const std::string one_case = R"({"id":"a","input":"x"})";
const std::string head = "suite: s\nversion: 1.0.0\ngraders: [{kind: contains, value: ok}]\n";

std::vector<std::string> said_of(const std::string& suite_yaml, std::map<std::string, std::string> more = {}) {
  more["suite.yaml"] = suite_yaml;
  more.emplace("cases.jsonl", one_case);
  const auto loaded = load_files(more);
  CHECK(loaded.suite.has_value() == loaded.said.empty());
  return loaded.said;
}

using Said = std::vector<std::string>;

}  // namespace

TEST_CASE("mistakes in suite.yaml are named with their place") {
  const std::string at = "s/suite.yaml:";
  CHECK(said_of("suite: s\n"
                "graders: [{kind: contains, value: ok}]\n") == Said{at + "1:1: missing key 'version' in suite"});
  CHECK(said_of(head + "grader: []\n") == Said{at + "4:1: unknown key 'grader' in suite"});
  CHECK(said_of("suite: s\nversion: 1.4\n") == Said{at + "2:10: 'version' must be a text, not the number 1.4"});
  CHECK(said_of("suite: s\nversion: \"1.4\"\ngraders: [{kind: contains, value: ok}]\n") ==
        Said{at + "2:10: 'version' must be three numbers, such as 1.4.0"});
  CHECK(said_of("suite: a b\nversion: 1.0.0\ngraders: [{kind: contains, value: ok}]\n") ==
        Said{at + "1:8: a suite's name is made of letters, digits, _ . and -"});
  CHECK(said_of(head + "pass: {mean: 1.5}\n") == Said{at + "4:14: 'mean' must be above 0 and at most 1, not 1.5"});
  CHECK(said_of(head + "pass: most\n") == Said{at + "4:7: 'pass' must be one of all, not 'most'"});
  CHECK(said_of(head + "reviewed_at: 2026-13-01\n") == Said{at + "4:14: 'reviewed_at' is no date"});
  CHECK(said_of(head + "segments: {a=b: [x]}\n") ==
        Said{at + "4:12: a segment dimension must not be empty or hold '='"});
  CHECK(said_of(head + "traffic: {language: {en: 1}}\n") ==
        Said{at + "4:11: traffic of undeclared segment dimension 'language'"});
  CHECK(said_of(head + "segments: {l: [en, de]}\ntraffic: {l: {en: 0.5, de: 0.2}}\n") ==
        Said{at + "5:14: the shares of 'l' add up to 0.7, not 1"});
  CHECK(said_of("suite: s\nversion: 1.0.0\ngraders: [{kind: contians, value: ok}]\n") ==
        Said{at + "3:18: unknown grader 'contians'"});
}

TEST_CASE("an operator's key in a suite reaches nothing and is named") {
  for (const char* key : {"endpoint", "key", "budget", "judges", "plugins", "command", "url", "baseline", "candidate",
                          "rules", "limits", "price"}) {
    CAPTURE(key);
    CHECK(said_of(head + key + ": x\n") ==
          Said{"s/suite.yaml:4:1: '" + std::string(key) + "' is the operator's to say, not a suite's"});
  }
}

TEST_CASE("an include adds cases, graders, segments and classes") {
  const auto loaded = load_files(
      {{"suite.yaml", head + "include: more/extra.yaml\n"},
       {"cases.jsonl", one_case},
       {"more/extra.yaml",
        "cases: extra.jsonl\nsegments: {language: [en]}\nsevere_classes: {leak: l}\ngraders: [{kind: length, max: "
        "9}]\n"},
       {"more/extra.jsonl",
        R"({"id":"b","input":"x","segments":{"language":"en"},"severity":"severe","severe_class":"leak"})"}});
  REQUIRE(loaded.said.empty());
  CHECK(loaded.suite->cases.size() == 2);
  CHECK(loaded.suite->head.graders.size() == 2);
}

TEST_CASE("an include stays beneath the suite's folder") {
  CHECK(said_of(head + "include: [../../../etc/hostname]\n") ==
        Said{"s/suite.yaml:4:11: '../../../etc/hostname' leaves the suite root"});
  CHECK(said_of(head + "include: [/etc/hostname]\n") ==
        Said{"s/suite.yaml:4:11: '/etc/hostname' leaves the suite root"});
  CHECK(said_of(head + "cases: ../x.jsonl\n") == Said{"s/suite.yaml:4:8: '../x.jsonl' leaves the suite root"});
  CHECK(said_of(head + "cases: ../*.jsonl\n") == Said{"s/suite.yaml:4:8: '../*.jsonl' leaves the suite root"});
}

TEST_CASE("an include cycle is shown as a chain") {
  CHECK(said_of(head + "include: a.yaml\n", {{"a.yaml", "include: a.yaml\n"}}) ==
        Said{"s/a.yaml:1:10: include cycle: a.yaml -> a.yaml"});
  CHECK(said_of(head + "include: a.yaml\n", {{"a.yaml", "include: b.yaml\n"}, {"b.yaml", "include: a.yaml\n"}}) ==
        Said{"s/b.yaml:1:10: include cycle: a.yaml -> b.yaml -> a.yaml"});
  CHECK(said_of(head + "include: suite.yaml\n") == Said{"s/suite.yaml:4:10: include cycle: suite.yaml -> suite.yaml"});
}

TEST_CASE("includes have a depth") {
  std::map<std::string, std::string> files;
  for (int i = 1; i <= 9; ++i)
    files["i" + std::to_string(i) + ".yaml"] = "include: i" + std::to_string(i + 1) + ".yaml\n";
  CHECK(said_of(head + "include: i1.yaml\n", files) == Said{"s/i8.yaml:1:10: includes nest deeper than 8"});
}

TEST_CASE("an include may add, not change") {
  CHECK(said_of(head + "include: a.yaml\n", {{"a.yaml", "version: 2.0.0\n"}}) ==
        Said{"s/a.yaml:1:1: unknown key 'version' in included suite file"});
  CHECK(said_of(head + "include: [a.yaml, ./a.yaml]\n", {{"a.yaml", "segments: {l: [en]}\n"}}) ==
        Said{"s/suite.yaml:4:19: 'a.yaml' is included twice"});
}

TEST_CASE("case files that are not there") {
  CHECK(said_of(head + "cases: [cases.jsonl, gone.jsonl]\n").size() == 1);
  CHECK(said_of(head + "cases: z*.jsonl\n") == Said{"s/suite.yaml:4:8: no file matches 'z*.jsonl'"});
  CHECK(said_of(head + "cases: [cases.jsonl, ./cases.jsonl]\n") ==
        Said{"s/suite.yaml:4:22: 's/cases.jsonl' is named twice"});
  CHECK(said_of(head + "cases: data:away/x.jsonl\n") == Said{"s/suite.yaml:4:8: there is no data root 'away'"});
  CHECK(said_of(head, {{"cases/x.jsonl", one_case}}) ==
        Said{"s/suite.yaml:1:1: the suite has cases.jsonl and a folder cases"});
}

TEST_CASE("what is no regular file is refused without waiting for it") {
  char folder_template[] = "/tmp/headgate_suite_XXXXXX";
  REQUIRE(::mkdtemp(folder_template) != nullptr);
  const std::filesystem::path folder = folder_template;
  std::ofstream(folder / "suite.yaml") << head;
  const auto said_now = [&] {
    Complaints complaints;
    CHECK_FALSE(load(folder, "", {}, complaints).has_value());
    return said(std::move(complaints));
  };

  std::filesystem::create_directory(folder / "cases.jsonl");
  CHECK(said_now().at(0).find("is not a regular file") != std::string::npos);
  std::filesystem::remove(folder / "cases.jsonl");
  REQUIRE(::mkfifo((folder / "cases.jsonl").c_str(), 0600) == 0);
  CHECK(said_now().at(0).find("is not a regular file") != std::string::npos);
  std::filesystem::remove(folder / "cases.jsonl");
  std::filesystem::create_symlink("/dev/zero", folder / "cases.jsonl");
  CHECK(said_now().size() == 1);
  std::filesystem::remove(folder / "cases.jsonl");
  std::filesystem::create_symlink("/etc/hostname", folder / "cases.jsonl");
  CHECK(said_now().at(0).find("leaves the suite root") != std::string::npos);
  std::filesystem::remove_all(folder);

  for (const char* target : {"/dev/zero", "/etc/hostname"}) {
    const auto reference = parse_reference(target);
    REQUIRE(reference.has_value());
    const auto found = find_folder(*reference, "", real_files());
    REQUIRE_FALSE(found.has_value());
    CHECK(found.error().message == "'" + std::string(target) + "' is not a suite folder");
  }
}

TEST_CASE("references name a suite and a range") {
  const auto plain = parse_reference("support@^1.4");
  REQUIRE(plain.has_value());
  CHECK(plain->target == "support");
  CHECK(plain->range == "^1.4");
  CHECK_FALSE(plain->is_path);
  CHECK(parse_reference("../x@y/suite@draft")->target == "../x@y/suite");
  CHECK(parse_reference("./my@draft")->is_path);
  for (const char* bad : {"", "@1.0.0", "x@", "x@newest", "x@1.4.0.0"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_reference(bad).has_value());
  }
}

TEST_CASE("a name is looked up in the nearest eval_suites") {
  MemoryFiles files;
  files.files = {{"top/eval_suites/far/suite.yaml", head},
                 {"top/gates/eval_suites/near/suite.yaml", head},
                 {"top/gates/eval_suites/hollow/cases.jsonl", ""},
                 {"top/own/suite.yaml", head}};
  const auto find = [&](const std::string& text, const std::string& base) {
    const auto found = find_folder(*parse_reference(text), base, files);
    return found ? *found : "! " + found.error().message + " | " + found.error().hint;
  };
  CHECK(find("near", "top/gates/deep/er") == "top/gates/eval_suites/near");
  CHECK(find("far", "top") == "top/eval_suites/far");
  CHECK(find("neer", "top/gates") == "! no suite 'neer' in 'top/gates/eval_suites' | did you mean 'near'?");
  CHECK(find("hollow", "top/gates").starts_with("! 'top/gates/eval_suites/hollow' holds no suite"));
  CHECK(find("near", "elsewhere")
            .starts_with("! no suite 'near': there is no folder eval_suites at or above 'elsewhere'"));
  CHECK(find("../own", "top/gates") == "top/own");
  CHECK(find("../own/suite.yaml", "top/gates") == "top/own");
  CHECK(find("./gone", "top").starts_with("! there is no suite folder 'top/gone'"));
}
