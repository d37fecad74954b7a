#include <catch2/catch.hpp>

#include "headgate/base/bug_error.hpp"
#include "headgate/base/unicode.hpp"

using namespace headgate;

TEST_CASE("is_utf8: the table of well-formed sequences") {
  for (const std::string good :
       {"", "abc", "é", "€", "😀", "\xED\x9F\xBF", "\xEE\x80\x80", "\xF4\x8F\xBF\xBF", "12345678é"}) {
    CHECK(is_utf8(good));
  }
  for (const std::string bad : {"\x80", "\xC0\xAF", "\xC1\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF0\x80\x80\x80",
                                "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "\xE2\x82", "12345678\xE9", "\xC3"}) {
    CHECK_FALSE(is_utf8(bad));
    CHECK(is_utf8(repair_utf8(bad)));
  }
  CHECK(is_ascii("az\x7f"));
  CHECK_FALSE(is_ascii("é"));
}

TEST_CASE("repair_utf8: one replacement for each ill-formed sequence") {
  bool repaired = true;
  CHECK(repair_utf8("caf\xC3\xA9", &repaired) == "café");
  CHECK_FALSE(repaired);
  CHECK(repair_utf8("caf\xE9!", &repaired) == "caf\xEF\xBF\xBD!");
  CHECK(repaired);
  CHECK(repair_utf8("\xE2\x82") == "\xEF\xBF\xBD");  // one cut sequence
  CHECK(repair_utf8("\xE2\x82\x41") ==
        "\xEF\xBF\xBD"
        "A");
  CHECK(repair_utf8("\xC0\xAF") == "\xEF\xBF\xBD\xEF\xBF\xBD");  // two bytes that begin nothing
  CHECK(repair_utf8(std::string_view("a\0b", 3)) == std::string("a\0b", 3));
}

TEST_CASE("normalised: composed, and folded on demand") {
  CHECK(normalised("e\xCC\x81") == "é");
  CHECK(normalised("ABC") == "ABC");
  CHECK(normalised("ABC", true) == "abc");
  CHECK(normalised("STRASSE", true) == normalised("Straße", true));
  CHECK(normalised("ÉTÉ", true) == normalised("e\xCC\x81te\xCC\x81", true));
  CHECK(normalised("ΣΊΣΥΦΟΣ", true) == normalised("σίσυφος", true));
  CHECK(normalised("\xEF\xAC\x81", false) == "\xEF\xAC\x81");  // no compatibility mapping
  CHECK(normalised(std::string_view("é\0x", 4)) == std::string("é\0x", 4));
  CHECK_THROWS_AS(normalised("\xFF"), BugError);
}

TEST_CASE("characters and white space") {
  CHECK(count_characters("aé😀") == 3);
  CHECK(count_characters("") == 0);
  CHECK(trimmed(" \t\r\n a b \xC2\xA0\xE3\x80\x80\xE2\x80\xA8") == "a b");
  CHECK(trimmed("\xC2\xA0").empty());
  CHECK(trimmed("").empty());
  CHECK(trimmed("\xFF x \xFF") == "\xFF x \xFF");
  CHECK(trimmed("x\x80\x80\x80\x80") == "x\x80\x80\x80\x80");
}

TEST_CASE("blank is what nobody can see") {
  for (const char* blank : {"", " \n\t", "\xc2\xa0", "\xe2\x80\x8b", "\xef\xbb\xbf", "\xe3\x80\x80 "}) CHECK(is_blank(blank));
  CHECK(is_blank(std::string_view("\0", 1)));
  for (const char* seen : {"a", " .", "\xe3\x81\x82", "\xff"}) CHECK_FALSE(is_blank(seen));
}
