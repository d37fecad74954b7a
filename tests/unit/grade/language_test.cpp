#include <thread>

#include "judging.hpp"
#include "languages.hpp"
#include "prose.hpp"

using namespace headgate;
using namespace headgate::grade;
using namespace headgate::grade::testing;

namespace {

const std::string german =
    "Ihre Bestellung wurde heute verschickt und wird morgen zugestellt. Vielen Dank für Ihre Geduld.";
const std::string english =
    "Your order was shipped today and will arrive tomorrow. Thank you very much for your patience with us.";

std::string is(const std::string& codes, const std::string& more = "") {
  return R"({"kind":"language","is":)" + codes + (more.empty() ? "" : "," + more) + "}";
}

std::vector<std::string> problems(const std::string& written) {
  std::vector<std::string> out;
  for (const Error& error : complaints_about(written)) out.push_back(error.message + " | " + error.hint);
  return out;
}

}  // namespace

TEST_CASE("a sentence in one of the languages passes, in another it fails") {
  const std::vector<std::pair<std::string, std::string>> sentences = {
      {"de", german},
      {"en", english},
      {"fr", "Votre commande a été expédiée aujourd'hui et arrivera demain. Merci de votre patience."},
      {"es", "Su pedido fue enviado hoy y llegará mañana por la tarde. Muchas gracias por su paciencia."},
      {"it", "Il suo ordine è stato spedito oggi e arriverà domani. Grazie mille per la sua pazienza."},
      {"ja", "ご注文は本日発送され、明日到着します。"},
      {"ko", "주문하신 상품은 오늘 발송되었으며 내일 도착할 예정입니다."},
      {"ru", "Ваш заказ был отправлен сегодня и прибудет завтра. Спасибо за ваше терпение."},
      {"zh-Hans", "您的订单今天已发货，明天送达。"},
      {"zh-Hant", "您的訂單今天已發貨，明天送達。請耐心等候，謝謝您的支持與愛護。"},
      {"ar", "تم شحن طلبك اليوم وسيصل غدا. شكرا جزيلا على صبرك معنا."}};
  for (const auto& [code, text] : sentences) {
    for (const auto& [other, unused] : sentences) {
      INFO(code << " judged as " << other);
      const auto out = judge(is("\"" + other + "\""), text);
      CHECK(out.word == (code == other ? "pass" : "fail"));
      CHECK(out.score == (code == other ? 1.0 : 0.0));
      CHECK(judge(turned_round(is("\"" + other + "\"")), text).word == (code == other ? "fail" : "pass"));
    }
    CHECK(judge(is(R"(["nl",")" + code + "\"]"), text).word == "pass");
  }
  CHECK(judge(is(R"("en")"), german).reason == "is de 98 %, asked for en");
}

TEST_CASE("codes and names, of regions and scripts too") {
  for (const char* code : {"de", "DE", "de-AT", "de_CH", "German", "german"}) {
    INFO(code);
    CHECK(judge(is(Json(code).dump()), german).word == "pass");
  }
  const std::string simplified = "您的订单今天已发货，明天送达。";
  for (const char* code : {"zh", "zh-CN", "zh-Hans-CN", "Chinese"})
    CHECK(judge(is(Json(code).dump()), simplified).word == "pass");
  for (const char* code : {"zh-TW", "zh-Hant", "zh-Hant-HK"})
    CHECK(judge(is(Json(code).dump()), simplified).word == "fail");
  const std::string norwegian = "Bestillingen din er sendt i dag og kommer i morgen. Takk for tålmodigheten din.";
  for (const char* code : {"no", "nb", "nn-NO"}) CHECK(judge(is(Json(code).dump()), norwegian).word == "pass");
  CHECK(tongue_named("he")->code == "he");
  CHECK(tongue_named("iw")->code == "he");
  CHECK_FALSE(tongue_named("tlh"));
  CHECK_FALSE(tongue_named(""));
  CHECK_FALSE(tongue_named("d"));
  CHECK_FALSE(tongue_named("de en"));
}

TEST_CASE("where no language can be told the grade fails, either way round") {
  for (const char* text : {"42", "OK", "12345 67890", "$1.00", "asdkjh qwoieu zxmnbc alskdj qpwoei", "🙂🙂🙂",
                           "\u202e\u202d \u200f."}) {
    INFO(text);
    for (const std::string& written : {is(R"(["en","de"])"), turned_round(is(R"(["en","de"])"))}) {
      CHECK(judge(written, text).word == "absent");
    }
  }
  CHECK(judge(is(R"("en")"), "").word == "error");
  CHECK(judge(is(R"("en")", R"("extract":{"after":"A:"})"), english).word == "absent");
}

TEST_CASE("a mixed text passes by its share") {
  const std::string mixed = german + " " + german + " " + english;
  CHECK(judge(is(R"("de")"), mixed).word == "fail");
  CHECK(judge(is(R"("de")", R"("min_share":0.5)"), mixed).word == "pass");
  CHECK(judge(is(R"(["de","en"])"), mixed).word == "pass");
  CHECK(judge(is(R"("fr")", R"("min_share":0.1)"), mixed).word == "fail");
  CHECK(judge(is(R"("de")"), mixed).reason.find(" and en ") != std::string::npos);
}

TEST_CASE("code and addresses are left out, unless they are asked for") {
  const std::string code =
      "```python\n# the program counts how many of the words in the given text are longer than the others\n"
      "def the_longest_of_all_words(the_text_that_was_given): return the_words_of_this_text\n```\n";
  const std::string text = code + german +
                           " Siehe `the_program_that_was_given_to_you` und "
                           "https://example.com/the/order/that/you/have/placed/with/us/is/on/its/way oder "
                           "the.customer.service.of.our.company@example.com.";
  CHECK(judge(is(R"("de")", R"("min_share":0.9)"), text).word == "pass");
  CHECK(judge(is(R"("de")", R"("min_share":0.9,"skip":[])"), text).word == "fail");
  CHECK(judge(is(R"("de")", R"("min_share":0.9,"skip":["urls"])"), text).word == "fail");
  CHECK(judge(is(R"("de")"), code).word == "absent");
}

TEST_CASE("the case names the language, in a segment or by a template") {
  Case item = case_with(R"(["de","en"])");
  item.vars.text = R"({"language":"de"})";
  item.segments = {{"language", "de"}, {"risk", "low"}};
  CHECK(judge(is(R"("{{case.expected}}")"), german, item).word == "pass");
  CHECK(judge(is(R"("{{case.vars.language}}")"), german, item).word == "pass");
  CHECK(judge(is(R"("{{case.vars.language}}")"), english, item).word == "fail");
  const std::string by_segment = R"({"kind":"language","segment":"language"})";
  CHECK(judge(by_segment, german, item).word == "pass");
  CHECK(judge(by_segment, english, item).word == "fail");
  CHECK(grader(by_segment)->lacks(item).empty());
  CHECK(grader(by_segment)->lacks(Case{}) == "the case has no segment 'language'");
  CHECK(grader(R"({"kind":"language","segment":"risk"})")->lacks(item) ==
        "the segment's \"low\" is no language that can be told");
  CHECK(grader(is(R"("{{case.vars.language}}")"))->lacks(Case{}).find("case.vars.language") != std::string::npos);
  CHECK(judge(by_segment, german, Case{}).word == "error");
  CHECK(judge(is(R"("{{case.expected}}")"), german, R"("Klingon")").word == "error");
}

TEST_CASE("languages that cannot be told are refused when the suite is read") {
  CHECK(problems(is(R"("germn")")).front().find("'germn' is no language that can be told") == 0);
  CHECK(problems(is(R"(["de","xx"])")).size() == 1);
  CHECK(problems(is(R"("bs")")).front().find("there are af, ar, az") != std::string::npos);
  CHECK(problems(R"({"kind":"language"})").front().find("`is` or `segment`") != std::string::npos);
  CHECK(problems(R"({"kind":"language","is":"de","segment":"language"})").front().find("not both") !=
        std::string::npos);
  CHECK_FALSE(problems(is(R"("de")", R"("min_share":1)")).empty());
  CHECK_FALSE(problems(is(R"("de")", R"("min_share":0)")).empty());
  CHECK_FALSE(problems(is("[]")).empty());
  CHECK_FALSE(problems(is(R"("de")", R"("skip":["tables"])")).empty());
}

TEST_CASE("what no text should have does not stop the detector") {
  const std::string strange = "\x01\x1b[0m" + german + "\u0080\uFDD0\uFFFF\U0001FFFE\u202e";
  CHECK(judge(is(R"("de")"), strange).word == "pass");
  CHECK(judge(is(R"("de")"), "<html>&amp;" + german).word == "pass");
  std::string longer;
  while (longer.size() < (std::size_t{1} << 22)) longer += german + "\n";
  CHECK(judge(is(R"("de")"), longer).word == "pass");
}

TEST_CASE("threads that ask at once get what one gets") {
  const std::vector<std::string> texts = {german, english, german + english, "ご注文は本日発送され、明日到着します。"};
  std::vector<std::string> alone;
  const auto told = [](const std::string& text) {
    std::string out;
    for (const Share& share : languages_of(text)) out += share.code + std::to_string(share.percent) + " ";
    return out;
  };
  for (const std::string& text : texts) alone.push_back(told(text));
  std::vector<std::string> wrong(4);
  std::vector<std::thread> threads;
  for (std::string& mine : wrong) {
    threads.emplace_back([&] {
      for (int round = 0; round < 50; ++round) {
        for (std::size_t i = 0; i < texts.size(); ++i) {
          if (told(texts[i]) != alone[i]) mine = told(texts[i]);
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::string& mine : wrong) CHECK(mine.empty());
}

TEST_CASE("what people read of Markdown") {
  CHECK(without_code("a\n```c++\nint x;\n```\nb") == "a\n\nb");
  CHECK(without_code("a\n~~~\n```\n~~~~\nb") == "a\n\nb");
  CHECK(without_code("a\n````\n```\nx\n````\nb") == "a\n\nb");
  CHECK(without_code("a\n```\nnever closed") == "a\n\n");
  CHECK(without_code("a\n    ```\nb") == "a\n     \nb");  // indented: no fence, but marks
  CHECK(without_code("say `x` and ``y ` z`` now") == "say   and   now");
  CHECK(without_code("one ` alone") == "one   alone");
  CHECK(without_code("```x``` is a span") == "  is a span");
  CHECK(without_code("") == "");
  CHECK(without_addresses("see https://example.com/a?b=c#d, or www.example.com !") == "see   or   !");
  CHECK(without_addresses("詳細はhttps://example.com/xをご覧") == "詳細は をご覧");
  CHECK(without_addresses("mail ana@example.com now") == "mail   now");
  CHECK(without_addresses("a@b is 3/4 and x:y") == "a@b is 3/4 and x:y");
  const std::string marks(std::size_t{1} << 20, '`');
  CHECK(without_code("x " + marks + " y").size() < 10);
}
