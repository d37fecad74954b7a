#include "diagnostics.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace headgate;
using namespace headgate::cli;

namespace {

Error error_at(std::string file, std::size_t line, std::size_t column, std::string message) {
  Error error;
  error.message = std::move(message);
  error.place.file = std::move(file);
  error.place.line = line;
  error.place.column = column;
  return error;
}

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> all;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    all.push_back(text.substr(from, end - from));
    from = end + 1;
  }
  return all;
}

}  // namespace

TEST_CASE("an error shows its place, the line, a caret and a hint") {
  Error error = error_at("suites/a.jsonl", 17, 10, "unknown grader 'regx'");
  error.place.excerpt = R"({"kind": "regx", "pattern": "a"})";
  error.place.width = 6;
  error.hint = "did you mean 'regex'?";
  CHECK(diagnostic(error, {}) ==
        "suites/a.jsonl:17:10: error: unknown grader 'regx'\n"
        "  {\"kind\": \"regx\", \"pattern\": \"a\"}\n"
        "           ^~~~~~\n"
        "hint: did you mean 'regex'?\n");
}

TEST_CASE("carets stand under what they mean after wide characters and escapes") {
  Error error = error_at("f", 1, 0, "x");
  error.place.excerpt = "\xe6\x97\xa5\xe6\x9c\xac!x";  // two wide characters, then "!x"
  error.place.column = 7;
  auto shown = lines(diagnostic(error, {}));
  CHECK(shown[2] == "      ^");

  error.place.excerpt = "a\x1b!";
  error.place.column = 3;
  shown = lines(diagnostic(error, {}));
  CHECK(shown[1] == "  a\\x1b!");
  CHECK(shown[2] == "       ^");
}

TEST_CASE("long lines are cut to what is near the column") {
  Error error = error_at("f", 1, 301, "x");
  error.place.excerpt = std::string(300, 'a') + "HERE" + std::string(300, 'b');
  error.place.width = 4;
  const auto shown = lines(diagnostic(error, {false, 80}));
  CHECK(shown[1].size() <= 80);
  CHECK(shown[1].find("HERE") == shown[2].find("^~~~"));

  error.place.excerpt = "tail HERE";
  error.place.excerpt_from = 296;
  CHECK(lines(diagnostic(error, {false, 80}))[1] == "  ...tail HERE");
}

TEST_CASE("a column outside the excerpt costs the excerpt, not the message") {
  Error error = error_at("f", 1, 5, "x");
  error.place.excerpt = "abc";
  CHECK(lines(diagnostic(error, {}))[0] == "f:1:5: error: x");
  error.place.excerpt_from = 9;
  CHECK(lines(diagnostic(error, {}))[0] == "f:1:5: error: x");
}

TEST_CASE("text from outside cannot speak to a terminal or to a build system") {
  Error error = error_at("::set-output\x1b[2J", 1, 2, "bad\n::error::fake");
  error.place.excerpt = "::\x1b]0;owned\x07";
  error.hint = "\xe2\x80\xaegnp";
  for (const auto& line : lines(diagnostic(error, {}))) {
    CHECK(line.rfind("::", 0) == std::string::npos);
    for (const char c : line) CHECK(static_cast<unsigned char>(c) >= 0x20);
    CHECK(line.find("\xe2\x80\xae") == std::string::npos);
  }
}

TEST_CASE("all complaints come in order, capped a file, with a count of the rest") {
  Complaints complaints;
  for (std::size_t line = 30; line > 0; --line) complaints.add(error_at("b.jsonl", line, 1, "no"));
  complaints.add(error_at("a.jsonl", 2, 1, "no"));
  const std::string text = diagnostics(std::move(complaints), {});
  const auto shown = lines(text);
  CHECK(shown[0] == "a.jsonl:2:1: error: no");
  CHECK(text.find("and 10 more\n") != std::string::npos);
  CHECK(shown.back() == "31 errors in 2 files");
}

TEST_CASE("colour only where asked") {
  const Error error = error_at("f", 1, 1, "x");
  CHECK(diagnostic(error, {}).find('\x1b') == std::string::npos);
  CHECK(diagnostic(error, {true, 80}).find("\x1b[") != std::string::npos);
}

TEST_CASE("the JSON form has place, message and hint") {
  Complaints complaints;
  complaints.add(error_at("f", 3, 4, "what"));
  const Json list = diagnostics_json(std::move(complaints));
  REQUIRE(list.size() == 1);
  CHECK(list[0]["file"].get<std::string>() == "f");
  CHECK(list[0]["line"].get<int>() == 3);
  CHECK(list[0]["column"].get<int>() == 4);
  CHECK(list[0]["message"].get<std::string>() == "what");
}
