#include "last_words.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <utility>
#include <vector>

#include "headgate/base/text.hpp"

using headgate::Redactor;
using headgate::route::LastWords;

namespace {

std::string quoted(const std::string& text, const Redactor* secrets = nullptr) {
  LastWords words;
  words.add(text);
  return words.quoted(secrets);
}

}  // namespace

TEST_CASE("the last lines that say something are quoted in one") {
  CHECK(quoted("").empty());
  CHECK(quoted("\n \n\t\r\n").empty());
  CHECK(quoted("one") == "one");
  CHECK(quoted("zero\none\n\ntwo\r\n  \nthree\n") == "one | two | three");
}

TEST_CASE("they are escaped and short") {
  CHECK(quoted("\033[2J\xFF") == headgate::terminal_line("\033[2J\xEF\xBF\xBD"));
  CHECK(headgate::columns_of(quoted(std::string(10'000, 'x'))) <= 200);
}

TEST_CASE("only the end is kept, however it comes") {
  LastWords words;
  for (int i = 0; i < 10'000; ++i) words.add("line " + std::to_string(i) + "\n");
  CHECK(words.bytes().size() == LastWords::most_bytes);
  CHECK(words.quoted(nullptr) == "line 9997 | line 9998 | line 9999");
  words.add(std::string(100'000, 'a') + "\nend\n");
  CHECK(words.bytes().size() == LastWords::most_bytes);
  CHECK(words.quoted(nullptr) == "end");
}

TEST_CASE("a secret that begins before the kept end is not shown in part") {
  const std::string key = "sk-0123456789abcdef";
  const Redactor secrets({{"KEY", key}});
  for (std::size_t cut = 0; cut < key.size(); ++cut) {
    LastWords words;
    words.add(key.substr(0, cut));
    words.add(key.substr(cut) + "\n" + std::string(LastWords::most_bytes - key.size() - 1 + cut, '\n'));
    CAPTURE(cut);
    CHECK_THAT(words.quoted(&secrets), !Catch::Matchers::Contains(key.substr(cut)));
  }
  CHECK(quoted("the key is " + key, &secrets) == "the key is [secret KEY]");
}
