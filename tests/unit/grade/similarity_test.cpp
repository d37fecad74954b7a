#include <limits>

#include "judging.hpp"

using namespace headgate;
using namespace headgate::grade;
using namespace headgate::grade::testing;

namespace {

std::string of(const std::string& metric, double at_least, const std::string& more = "") {
  return R"({"kind":"similarity","metric":")" + metric + R"(","at_least":)" + std::to_string(at_least) +
         (more.empty() ? "" : "," + more) + "}";
}

const std::string cosine = of("cosine", 0.8, R"("embeddings":"small")");

Step with_rows(std::vector<std::vector<double>> rows, const std::string& expected = R"("a cat")",
               const std::string& written = cosine) {
  const Reply reply = reply_of("the cat");
  const Reply* const replies[] = {&reply};
  const Case item = case_with(expected);
  std::vector<Answer> answers;
  answers.push_back({"vectors", Vectors{std::move(rows)}});
  return grader(written)->step({item, replies, 1}, Answers(answers));
}

const std::vector<std::string> metrics = {
    "levenshtein", "levenshtein_ratio", "token_f1", "rouge_1", "rouge_2", "rouge_l", "bleu", "chrf", "jaccard"};

}  // namespace

TEST_CASE("every metric gives 1 to the same text, and less to another") {
  for (const std::string& metric : metrics) {
    INFO(metric);
    const auto same = judge(of(metric, 1.0), "  the small cat sat there ", R"("the small cat sat there")");
    CHECK(same.word == "pass");
    CHECK(same.score == 1.0);
    const auto near = judge(of(metric, 0.99), "the small cat sat here", R"("the small cat sat there")");
    CHECK(near.word == "fail");
    CHECK(near.score > 0.2);
    CHECK(near.score < 0.99);
    const auto other = judge(of(metric, 0.3), "zzz qqq", R"("the small cat sat there")");
    CHECK(other.word == "fail");
    CHECK(other.score < 0.1);
  }
}

TEST_CASE("the score is the likeness, and the threshold is inclusive") {
  const auto l = judge(of("rouge_l", 0.8), "testing two", R"("testing one two")");
  CHECK(l.word == "pass");
  CHECK(l.score == Approx(0.8));
  CHECK(l.reason == "rouge_l 0.8000, at least 0.8 with \"testing one two\"");
  CHECK(judge(of("rouge_l", 0.81), "testing two", R"("testing one two")").word == "fail");
  CHECK(judge(of("jaccard", 0.4, R"("n":2)"), "a flower is a rose", R"("a rose is a rose is a rose")").word == "pass");
  const auto turned = judge(turned_round(of("rouge_l", 0.8)), "testing two", R"("testing one two")");
  CHECK(turned.word == "fail");
  CHECK(turned.score == Approx(0.2));
}

TEST_CASE("of several references the nearest counts, and for bleu all together") {
  const std::string two = R"(["nothing like it at all","the cat sat on the mat"])";
  for (const std::string& metric : metrics) {
    INFO(metric);
    CHECK(judge(of(metric, 1.0), "the cat sat on the mat", two).word == "pass");
  }
  CHECK(judge(of("rouge_1", 0.9), "the cat sat on the mat", two).reason ==
        "rouge_1 1.0000, at least 0.9 with \"the cat sat on the mat\", the nearest of 2");
  // Half of it in one reference, half in the other: one has the words, none has them all.
  const std::string halves =
      R"("value":["the cat sat down","and slept there on the mat"],"smoothing":"none","max_order":1)";
  CHECK(judge(of("bleu", 0.99, halves), "cat slept on the mat").score == Approx(1.0));
}

TEST_CASE("options reach the metric") {
  CHECK(judge(of("levenshtein", 1.0, R"("fold_case":true)"), "STRASSE", R"("straße")").word == "pass");
  CHECK(judge(of("levenshtein", 1.0), "e\u0301", R"("é")").word == "pass");
  CHECK(judge(of("levenshtein", 1.0, R"("extract":{"after":"A: "})"), "so A: cat", R"("cat")").word == "pass");
  CHECK(judge(of("levenshtein", 0.1, R"("extract":{"after":"A: "})"), "so cat", R"("cat")").word == "absent");
  CHECK(judge(of("rouge_1", 0.9, R"("words":"unicode")"), "Москва слезам", R"("москва слезам")").word == "pass");
  CHECK(judge(of("jaccard", 0.9, R"("words":"ascii")"), "a, b! c", R"("a b c")").word == "pass");
  CHECK(judge(of("bleu", 0.9, R"("tokenize":"char")"), "日本語です", R"("日本語です")").word == "pass");
  CHECK(judge(of("bleu", 0.4, R"("tokenize":"none")"), "x, b", R"("x , b")").word == "fail");
  CHECK(judge(of("bleu", 0.4, R"("effective_order":false)"), "x b", R"("x b")").word == "fail");
  CHECK(judge(of("bleu", 0.4), "x b", R"("x b")").score == 1.0);
  CHECK(judge(of("bleu", 0.4, R"("smoothing":"add-k","smooth_value":2)"), "a b c x", R"("a b c d")").score ==
        Approx(std::pow(3.0 / 4 * 4 / 5 * 3 / 4 * 2 / 3, 0.25)));
  CHECK(judge(of("chrf", 0.4, R"("whitespace":true)"), "ab c", R"("a bc")").score < 1.0);
  CHECK(judge(of("chrf", 0.4), "ab c", R"("a bc")").score == 1.0);
  CHECK(judge(of("chrf", 0.4, R"("word_order":2)"), "ab c", R"("a bc")").score < 1.0);
  CHECK(judge(of("chrf", 0.1, R"("char_order":1,"beta":1)"), "aa", R"("ab")").score == Approx(0.5));
}

TEST_CASE("empty texts: two without anything are alike where the metric says so") {
  const std::string nothing = R"("extract":{"after":"A:"},"value":"")";
  for (const std::string metric : {"levenshtein", "levenshtein_ratio", "token_f1"}) {
    INFO(metric);
    CHECK(judge(of(metric, 0.5, nothing), "A:").score == 1.0);
    CHECK(judge(of(metric, 0.5, nothing), "A: x").score == 0.0);
    CHECK(judge(of(metric, 0.5, R"("extract":{"after":"A:"})"), "A:", R"("x")").score == 0.0);
  }
  for (const std::string metric : {"rouge_1", "rouge_l", "bleu", "chrf", "jaccard"}) {
    INFO(metric);
    CHECK(judge(of(metric, 0.0, nothing), "A: x").word == "error");
    CHECK(judge(turned_round(of(metric, 0.5, nothing)), "A: x").word == "error");
    CHECK(judge(of(metric, 0.5, R"("extract":{"after":"A:"})"), "A:", R"("x")").score == 0.0);
  }
  for (const std::string& metric : metrics) {
    CHECK(judge(of(metric, 0.0), "", R"("x y")").word == "error");
    CHECK(judge(turned_round(of(metric, 0.5)), "", R"("x y")").word == "error");
  }
}

TEST_CASE("a reference that a metric sees nothing in is said before a call is paid") {
  const Case japanese = case_with(R"("日本語です")");
  CHECK(grader(of("rouge_l", 0.5))->lacks(japanese).find("words: unicode") != std::string::npos);
  CHECK(grader(of("rouge_l", 0.5, R"("words":"unicode")"))->lacks(japanese).empty());
  CHECK(grader(of("rouge_2", 0.5))->lacks(case_with(R"("one")")).find("needs 2") != std::string::npos);
  CHECK(grader(of("jaccard", 0.5))->lacks(case_with(R"("--")")) == "the reference \"--\" has no word");
  CHECK(grader(of("chrf", 0.5))->lacks(case_with(R"(" ")")).find("no character") != std::string::npos);
  CHECK(grader(cosine)->lacks(case_with(R"(" ")")).find("no character") != std::string::npos);
  CHECK(grader(of("bleu", 0.5))->lacks(case_with("")) == "the case has no expected value");
  CHECK(grader(of("bleu", 0.5))->lacks(case_with("[]")).find("empty list") != std::string::npos);
  CHECK(grader(of("bleu", 0.5))->lacks(case_with(R"(["a",""])")) == "the reference \"\" has no word");
  CHECK(grader(of("levenshtein", 0.5))->lacks(case_with(R"("")")).empty());
  CHECK(grader(of("levenshtein", 0.5))->lacks(case_with("42")).empty());
}

TEST_CASE("16 MB of reply are judged, or refused, without taking minutes") {
  std::string words;
  while (words.size() < (std::size_t{1} << 24)) words += "the customer asks again and again ";
  for (const std::string& metric : metrics) {
    INFO(metric);
    const auto graded = judge(of(metric, 0.5), words, R"("the customer asks about an order")");
    CHECK(graded.word == "fail");
    CHECK(graded.score < 0.2);
  }
  const std::string longer(std::size_t{1} << 18, 'x');
  const auto refused = judge(of("levenshtein", 0.5), longer, Json(longer).dump());
  CHECK(refused.word == "error");
  CHECK(refused.reason == "reply and reference are too long for levenshtein");
  const Case huge = case_with(Json(longer + longer).dump());
  CHECK(grader(of("chrf", 0.5))->lacks(huge).find("longer than 262144 characters") != std::string::npos);
}

TEST_CASE("cosine asks once, for the reply and all references") {
  const Step out = step(*grader(cosine), reply_of(" the cat "), case_with(R"(["a cat","a dog"])"));
  const auto* asks = std::get_if<std::vector<Ask>>(&out);
  REQUIRE(asks != nullptr);
  REQUIRE(asks->size() == 1);
  CHECK(asks->front().key == "vectors");
  const auto& embed = std::get<Embed>(asks->front().what);
  CHECK(embed.target == "small");
  CHECK(embed.texts == std::vector<std::string>{"the cat", "a cat", "a dog"});
  CHECK(grader(cosine)->needs().embeddings == std::set<std::string>{"small"});
  CHECK(grader(turned_round(cosine))->needs().embeddings == std::set<std::string>{"small"});
  CHECK(grader(of("bleu", 0.5))->needs().empty());
  CHECK(judge(of("cosine", 0.5, R"("embeddings":"s","extract":{"after":":"})"), "cat:").word == "absent");
}

TEST_CASE("cosine grades what the route gave") {
  const auto alike = outcome_of(with_rows({{1, 1}, {2, 2}}));
  CHECK(alike.word == "pass");
  CHECK(alike.score == Approx(1.0));
  const auto apart = outcome_of(with_rows({{1, 0}, {1, 1}}));
  CHECK(apart.word == "fail");
  CHECK(apart.score == Approx(std::sqrt(0.5)));
  CHECK(outcome_of(with_rows({{1, 0}, {-1, 0}})).score == 0.0);
  const auto second = outcome_of(with_rows({{1, 0}, {0, 1}, {3, 0}}, R"(["a dog","a cat"])"));
  CHECK(second.word == "pass");
  CHECK(second.reason == "cosine 1.0000, at least 0.8 with \"a cat\", the nearest of 2");
}

TEST_CASE("vectors that are none are an error, never a pass, turned round or not") {
  const double nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
  const std::vector<std::vector<std::vector<double>>> bad = {
      {},       {{1, 0}},           {{1, 0}, {1, 0}, {1, 0}}, {{1, 0}, {1, 0, 0}}, {{0, 0}, {1, 0}}, {{1, 0}, {0, 0}},
      {{}, {}}, {{nan, 0}, {1, 0}}, {{1, 0}, {1, inf}}};
  for (const std::string& written : {cosine, turned_round(cosine)}) {
    for (const auto& rows : bad) {
      INFO(written << " with " << rows.size() << " rows");
      const Step out = with_rows(rows, R"("a cat")", written);
      const auto* error = std::get_if<CallError>(&out);
      REQUIRE(error != nullptr);
      CHECK(error->kind == ErrorKind::grader_failed);
      CHECK(error->message.find("'small'") != std::string::npos);
    }
  }
  const Reply reply = reply_of("the cat");
  const Reply* const replies[] = {&reply};
  const Case item = case_with(R"("a cat")");
  for (const Answer& other : {Answer{"vectors", CallError{ErrorKind::timeout, ""}}, Answer{"vectors", Reply{}},
                              Answer{"vectors", JsonText{"[[1],[1]]"}}}) {
    const std::vector<Answer> answers{other};
    CHECK(outcome_of(grader(cosine)->step({item, replies, 1}, Answers(answers))).word == "error");
  }
  const std::vector<Answer> elsewhere{Answer{"0/vectors", Vectors{{{1}, {1}}}}};
  CHECK(outcome_of(grader(cosine)->step({item, replies, 1}, Answers(elsewhere))).word == "asks");
}

TEST_CASE("options that say nothing about the metric are refused") {
  const auto first = [](const std::string& written) { return complaints_about(written).front().message; };
  CHECK(first(R"({"kind":"similarity","at_least":0.5})").find("metric") != std::string::npos);
  CHECK(first(R"({"kind":"similarity","metric":"bleu"})").find("at_least") != std::string::npos);
  CHECK(first(of("bleu", 1.5)).find("at_least") != std::string::npos);
  CHECK(first(of("meteor", 0.5)).find("meteor") != std::string::npos);
  CHECK(first(of("rouge_l", 0.5, R"("tokenize":"13a")")) == "`tokenize` is not for rouge_l but for bleu");
  CHECK(first(of("bleu", 0.5, R"("words":"ascii")")).find("rouge_1 | rouge_2 | rouge_l | jaccard") !=
        std::string::npos);
  CHECK(first(of("levenshtein", 0.5, R"("embeddings":"small")")) ==
        "`embeddings` is not for levenshtein but for cosine");
  CHECK(first(of("cosine", 0.5)).find("needs `embeddings`") != std::string::npos);
  CHECK(first(of("bleu", 0.5, R"("smooth_value":0.2)")).find("floor and add-k") != std::string::npos);
  CHECK(first(of("jaccard", 0.5, R"("n":0)")).find("'n'") != std::string::npos);
  CHECK(first(of("bleu", 0.5, R"("value":"{{case.nothing}}")")).find("unknown template") != std::string::npos);
}
