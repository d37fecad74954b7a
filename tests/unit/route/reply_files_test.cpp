#include <catch2/catch.hpp>

#include "headgate/base/cannot_read.hpp"
#include "headgate/base/text.hpp"
#include "headgate/route/source.hpp"
#include "support/temp_folder.hpp"

using namespace headgate;
using namespace headgate::route;

namespace {

std::shared_ptr<const RecordedReplies> open(const std::vector<std::string>& paths) {
  Complaints complaints;
  auto replies = open_reply_files(paths, {}, complaints);
  for (const Error& error : complaints.errors()) FAIL(error.message);
  return replies;
}

Complaints complaints_of(const std::vector<std::string>& paths) {
  Complaints complaints;
  CHECK(open_reply_files(paths, {}, complaints) == nullptr);
  CHECK_FALSE(complaints.empty());
  return complaints;
}

std::string text_of(const Outcome& outcome) {
  if (const auto* error = std::get_if<CallError>(&outcome)) return std::string("!") + name(error->kind);
  return std::get<Reply>(outcome).text;
}

std::string line(const std::string& id, int trial, const std::string& output) {
  return R"({"case_id":")" + id + R"(","trial":)" + std::to_string(trial) + R"(,"output":")" + output + "\"}\n";
}

}  // namespace

TEST_CASE("every recorded reply is found by case and trial, over several files") {
  const test::TempFolder folder;
  std::string first;
  std::string second = "\xEF\xBB\xBF";
  for (int i = 0; i < 2000; ++i) {
    (i % 2 == 0 ? first : second) += line("c" + std::to_string(i), 0, "r" + std::to_string(i));
    if (i % 10 == 0) first += line("c" + std::to_string(i), 1, "again" + std::to_string(i)) + "\r\n  \n";
  }
  const auto replies = open({folder.write("a.jsonl", first), folder.write("b.jsonl", second)});
  REQUIRE(replies);
  CHECK(replies->size() == 2200);
  for (int i = 0; i < 2000; ++i) {
    const std::string id = "c" + std::to_string(i);
    if (text_of(replies->find(id, 0)) != "r" + std::to_string(i)) FAIL(id);
    if (text_of(replies->find(id, 1)) != (i % 10 == 0 ? "again" + std::to_string(i) : "!reply_missing"))
      FAIL(id << " again");
  }
  CHECK(text_of(replies->find("c2000", 0)) == "!reply_missing");
  CHECK(text_of(replies->find("", 0)) == "!reply_missing");
}

TEST_CASE("the last line may lack its newline, and lines may end as on Windows") {
  const test::TempFolder folder;
  const auto replies =
      open({folder.write("a.jsonl", "{\"case_id\":\"a\",\"output\":\"x\"}\r\n{\"case_id\":\"b\",\"output\":\"y\"}")});
  CHECK(text_of(replies->find("a", 0)) == "x");
  CHECK(text_of(replies->find("b", 0)) == "y");
}

TEST_CASE("the digest is of the bytes and of nothing else") {
  const test::TempFolder folder;
  const std::string text = line("a", 0, "x");
  const auto digest = [&](const std::string& name, const std::string& content) {
    return open({folder.write(name, content)})->digest();
  };
  CHECK(digest("one", text) == digest("two", text));
  CHECK(digest("one", text) != digest("two", line("a", 0, "y")));
  CHECK(digest("one", text) != digest("two", text.substr(0, text.size() - 1)));
}

TEST_CASE("a reply recorded twice is a complaint with both lines") {
  const test::TempFolder folder;
  const std::string a = folder.write("a.jsonl", line("x", 0, "1") + "\n" + line("y", 0, "2"));
  const std::string b = folder.write("b.jsonl", line("z", 0, "3") + line("y", 0, "2"));
  const Complaints complaints = complaints_of({a, b});
  REQUIRE(complaints.total() == 1);
  const Error& error = complaints.errors()[0];
  CHECK(error.place.file == b);
  CHECK(error.place.line == 2);
  CHECK(error.message.find(a + ":3") != std::string::npos);
  CHECK(error.message.find("'y'") != std::string::npos);
}

TEST_CASE("every line that is no recorded reply is a complaint with its place") {
  const test::TempFolder folder;
  const Complaints complaints = complaints_of(
      {folder.write("a.jsonl", line("x", 0, "1") + "{\"case_id\":\"y\" \"output\":1}\n" + "{\"output\":\"z\"}\n[]\n" +
                                   "{\"case_id\":\"q\",\"case_id\":\"r\"}\n")});
  REQUIRE(complaints.total() == 4);
  for (std::size_t i = 0; i < 4; ++i) CHECK(complaints.errors()[i].place.line == i + 2);
}

TEST_CASE("files that are missing, empty or no files are complaints") {
  const test::TempFolder folder;
  CHECK(complaints_of({folder.path("missing.jsonl")}).total() == 1);
  CHECK(complaints_of({folder.path()}).total() == 1);
  CHECK(complaints_of({folder.write("empty.jsonl", "\n\n")}).total() == 1);
}

TEST_CASE("a file that changes under us never gives a wrong reply") {
  const test::TempFolder folder;
  const std::string path = folder.write("a.jsonl", line("aa", 0, "1") + line("bb", 0, "2"));
  const auto replies = open({path});
  folder.write("a.jsonl", line("cc", 0, "1") + line("dd", 0, "2"));
  CHECK(text_of(replies->find("aa", 0)) == "!reply_missing");
  folder.write("a.jsonl", "short");
  CHECK_THROWS_AS(replies->find("bb", 0), CannotRead);
}
