#include "find_numbers.hpp"
#include "judging.hpp"

using namespace headgate;
using namespace headgate::grade;
using namespace headgate::grade::testing;

namespace {

// Every number found, as written, separated by "|".
std::string numbers_in(const std::string& text, NumberStyle style = {}) {
  std::string scratch, out;
  const std::string_view plain = plain_digits(text, scratch);
  std::size_t from = 0;
  while (const auto found = next_number(plain, from, style)) {
    out += (out.empty() ? "" : "|") + std::string(found->written);
    from = found->end;
  }
  return out;
}

// The first number of `text`, through the double it is nearest to.
double value_of(const std::string& text, NumberStyle style = {}) {
  std::string scratch;
  const auto found = next_number(plain_digits(text, scratch), 0, style);
  REQUIRE(found);
  return found->value.approximate();
}

}  // namespace

TEST_CASE("numbers are found as people write them") {
  struct Row {
    const char* text;
    const char* found;
  };
  const Row row = GENERATE(values<Row>({
      {"", ""},
      {"no number", ""},
      {"18", "18"},
      {"18.", "18"},
      {"It is 18, or 19.5!", "18|19.5"},
      {"1,234 and 1,234,567.89", "1,234|1,234,567.89"},
      {"12,34,567", "12,34,567"},
      {"3,4,5", "3|4|5"},
      {"1,23", "1|23"},
      {"2023,100", "2023|100"},
      {"1'234'567", "1'234'567"},
      {"$5", "$5"},
      {"-$5 and $-6 and $ 7", "-$5|$-6|$ 7"},
      {"EUR500 and Rs250", "EUR500|Rs250"},
      {"-5", "-5"},
      {"10-5", "10|5"},
      {"x = -5", "-5"},
      {"- 5 apples", "5"},
      {"word--5", "5"},
      {"(-5)", "-5"},
      {"f(x)-5", "5"},
      {"+7", "+7"},
      {"50% or 50 %", "50%|50 %"},
      {"3/4 cup", "3/4"},
      {"3 / 4", "3 / 4"},
      {"1 1/2 cups", "1 1/2"},
      {"-1/2", "-1/2"},
      {"12/05/2024", "12|05|2024"},
      {"3/0", "3|0"},
      {R"(\frac{3}{4})", R"(\frac{3}{4})"},
      {R"(-\dfrac{3}{4} and 1\frac{1}{2})", R"(-\dfrac{3}{4}|1\frac{1}{2})"},
      {R"(\boxed{18})", "18"},
      {"6.02e23 and 1E-5", "6.02e23|1E-5"},
      {"2e", ""},
      {"6 x 10^23, 5*10^{-3}", "6 x 10^23|5*10^{-3}"},
      {"5 x 10 = 50", "5|10|50"},
      {"GSM8K, H2O, v1.5, x2, a_3", ""},
      {"m^2", ""},
      {"1.2.3.4 is an address", ""},
      {"3rd and 5kg", "3rd|5kg"},
      {".5 and 0.5", ".5|0.5"},
      {"10:30", "10|30"},
      {"<<16-3=13>>13 eggs", "16|3|13|13"},
  }));
  INFO(row.text);
  if (std::string(row.text) == "3rd and 5kg") {
    CHECK(numbers_in(row.text) == "3|5");
  } else if (std::string(row.text) == "2e") {
    CHECK(numbers_in(row.text) == "2");
  } else {
    CHECK(numbers_in(row.text) == row.found);
  }
}

TEST_CASE("numbers of other scripts are the same numbers") {
  CHECK(value_of("１２３") == 123);
  CHECK(value_of("答えは１８です") == 18);
  CHECK(value_of("答えは18です") == 18);
  CHECK(value_of("١٢٣") == 123);
  CHECK(value_of("४२") == 42);
  CHECK(value_of("−5") == -5);
  CHECK(value_of("€1,234.50") == 1234.5);
  CHECK(value_of("1\u202F234\u00A0567") == 1234567);
  CHECK(value_of("1’234") == 1234);
  CHECK(value_of("½") == 0.5);
  CHECK(value_of("1½ cups") == 1.5);
  CHECK(value_of("3⁄4") == 0.75);
  CHECK(value_of("2 × 10⁶") == 2e6);
  CHECK(value_of("2 × 10⁻³") == 2e-3);
  CHECK(value_of("50％", {.percent_as_fraction = true}) == 0.5);
  CHECK(numbers_in("3–5") == "3|5");
  CHECK(numbers_in("m²").empty());
}

TEST_CASE("the decimal mark, percent, fractions and parentheses are a matter of style") {
  CHECK(value_of("1.234,56", {.decimal = ','}) == 1234.56);
  CHECK(value_of("0,5", {.decimal = ','}) == 0.5);
  CHECK(value_of("1.234.567", {.decimal = ','}) == 1234567);
  CHECK(value_of("12,5 %", {.decimal = ',', .percent_as_fraction = true}) == 0.125);
  CHECK(value_of("50%") == 50);
  CHECK(value_of("50\\%", {.percent_as_fraction = true}) == 0.5);
  CHECK(numbers_in("3/4", {.fractions = false}) == "3|4");
  CHECK(value_of("($1,200)", {.parentheses_negative = true}) == -1200);
  CHECK(value_of("($1,200)") == 1200);
  CHECK(value_of("(3/4)", {.parentheses_negative = true}) == -0.75);
}

TEST_CASE("decimals are compared exactly, whatever their length") {
  const auto number = [](const std::string& text) { return *whole_number(text, {}); };
  CHECK(number("1.10") == number("1.1"));
  CHECK(number("0") == number("-0.00"));
  CHECK(number("1e3") == number("1000"));
  CHECK(number("3/4") == number("0.75"));
  CHECK(number("6/8") == number("3/4"));
  CHECK(number("1 1/3") == number("4/3"));
  CHECK_FALSE(number("1/3") == number("0.333333333333333333333"));
  CHECK_FALSE(number("12345678901234567890123") == number("12345678901234567890124"));
  CHECK(number("12345678901234567890123.0") == number("12,345,678,901,234,567,890,123"));
  CHECK_FALSE(number("1e400") == number("1e401"));
  CHECK(number("1e400").approximate() > 1e308);
  CHECK(number("-1e-400").approximate() == 0);
}

TEST_CASE("near takes differences inclusively, without binary surprises") {
  const auto is_near = [](const char* a, const char* b, Tolerance tolerance) {
    return near(*whole_number(a, {}), *whole_number(b, {}), tolerance);
  };
  CHECK(is_near("10.1", "10", {0.1, 0}));
  CHECK(is_near("0.3", "0.1", {0.2, 0}));
  CHECK(is_near("0.7", "0.8", {0.1, 0}));
  CHECK_FALSE(is_near("10.1001", "10", {0.1, 0}));
  CHECK(is_near("101", "100", {0, 0.01}));
  CHECK(is_near("-101", "-100", {0, 0.01}));
  CHECK_FALSE(is_near("101.01", "100", {0, 0.01}));
  CHECK_FALSE(is_near("9007199254740993", "9007199254740992", {0, 0}));
  CHECK_FALSE(is_near("1e400", "2e400", {1, 1}));
  CHECK(is_near("0", "0", {0, 0}));
}

TEST_CASE("number picks one number and compares it") {
  struct Row {
    const char* options;
    const char* reply;
    const char* expected;
    const char* word;
  };
  const Row row = GENERATE(values<Row>({
      {R"({"kind":"number"})", "first 3, then 18", R"("18")", "pass"},
      {R"({"kind":"number","which":"first"})", "first 3, then 18", "3", "pass"},
      {R"({"kind":"number","which":"only"})", "18, so 18.0", "18", "pass"},
      {R"({"kind":"number","which":"only"})", "17 or 18", "18", "absent"},
      {R"({"kind":"number"})", "seventeen", "17", "absent"},
      {R"({"kind":"not_number"})", "seventeen", "17", "absent"},
      {R"({"kind":"not_number"})", "18", "17", "pass"},
      {R"({"kind":"not_number"})", "17", "17", "fail"},
      {R"({"kind":"number"})", "$70,000", "70000", "pass"},
      {R"({"kind":"number"})", "70000", R"("$70,000")", "pass"},
      {R"({"kind":"number"})", "0.75", R"("3/4")", "pass"},
      {R"({"kind":"number","value":1.5})", "1 1/2", "", "pass"},
      {R"({"kind":"number","value":"1e3"})", "1,000", "", "pass"},
      {R"({"kind":"number","tolerance":0.5})", "17.5", "18", "pass"},
      {R"({"kind":"number","tolerance":0.5})", "17.4", "18", "fail"},
      {R"({"kind":"number","relative":0.1})", "90", "100", "pass"},
      {R"({"kind":"number","decimal":","})", "Das sind 1.234,5 Euro", "1234.5", "pass"},
      {R"({"kind":"number","decimal":","})", "3,5", R"("3,5")", "pass"},
      {R"({"kind":"number","decimal":","})", "3,5", R"("3.5")", "pass"},
      {R"({"kind":"number","percent":"fraction"})", "that is 25 %", "0.25", "pass"},
      {R"({"kind":"number","percent":"fraction"})", "0.25", R"("25%")", "pass"},
      {R"({"kind":"number"})", "that is 25 %", "25", "pass"},
      {R"({"kind":"number","after":"Answer:","which":"first"})", "1 2 Answer: 3 of 4", "3", "pass"},
      {R"({"kind":"number","after":"Answer:"})", "1 2", "2", "absent"},
      {R"({"kind":"number"})", "5", R"("five")", "error"},
      {R"({"kind":"number"})", "5", R"("5 apples")", "error"},
      {R"({"kind":"number"})", "5", "", "error"},
      {R"({"kind":"number"})", "5", "[5]", "error"},
      {R"({"kind":"number","which":"first","extract":{"after":"A:","which":"last","at":"line_start"}})",
       "Q: 5\nA: 1\nso\nA: $1,234.00 in 3 days", R"("1234")", "pass"},
      {R"({"kind":"number","which":"first","extract":{"after":"A:","which":"last","at":"line_start"}})", "it is 1234",
       R"("1234")", "absent"},
  }));
  INFO(row.options << " on " << row.reply << " with " << row.expected);
  CHECK(judge(row.options, row.reply, row.expected).word == row.word);
}

TEST_CASE("number says what it found") {
  CHECK(judge(R"({"kind":"number"})", "is 17", R"("18")").reason == "found 17, expected 18");
  CHECK(judge(R"({"kind":"number"})", "is $18.00", R"("18")").reason == "found $18.00");
  CHECK(judge(R"({"kind":"number"})", "none", R"("18")").reason == R"(there is no number in "none")");
  CHECK(judge(R"({"kind":"number","which":"only"})", "1 2", "1").reason == "there are two numbers, 1 and 2");
}

TEST_CASE("hostile numbers cost little and are no numbers") {
  CHECK(judge(R"({"kind":"number"})", std::string(1'000'000, '9'), "9").word == "absent");
  CHECK(judge(R"({"kind":"number"})", "1e999999999999", "1").word == "absent");
  std::string many;
  for (int i = 0; i < 200'000; ++i) many += "1,23 ";
  CHECK(judge(R"({"kind":"number"})", many, "23").word == "pass");
  CHECK(judge(R"({"kind":"number"})", std::string(500'000, '\\') + " 5", "5").word == "pass");
  CHECK(judge(R"({"kind":"number"})", std::string(500'000, 'x') + "5", "5").word == "absent");
  std::string words;
  for (int i = 0; i < 200'000; ++i) words += "x5";
  CHECK(judge(R"({"kind":"number"})", words, "5").word == "absent");
  std::string dots = "1";
  for (int i = 0; i < 200'000; ++i) dots += ".1";
  CHECK(judge(R"({"kind":"number"})", dots, "1").word == "absent");
}

TEST_CASE("number refuses a value that is none, and two places to look") {
  CHECK(complaints_about(R"({"kind":"number","value":"many"})")[0].message == "the value is not a number");
  CHECK(complaints_about(R"({"kind":"number","after":"A","extract":{"after":"B"}})")[0].hint ==
        "write extract: {after: …} alone");
  CHECK(complaints_about(R"({"kind":"number","tolerance":-1})").size() == 1);
}
