// Values that the reference implementations publish, and properties against the plain tables of the textbooks.
#include "text_metrics.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <random>
#include <string>

#include "edit_distance.hpp"

using namespace headgate::grade;

namespace {

Approx about(double value, double margin = 1e-9) { return Approx(value).epsilon(0).margin(margin); }

// The words with one blank between them.
std::string joined(const Words& words) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) out += (i == 0 ? "" : " ") + std::string(words[i]);
  return out;
}

double sentence_bleu(std::string_view reply, const std::vector<std::string>& references, BleuTokens tokens,
                     const BleuOptions& options) {
  std::vector<Words> cut;
  for (const std::string& one : references) cut.push_back(bleu_words(one, tokens));
  return bleu(bleu_counts(bleu_words(reply, tokens), cut, options.max_order), options);
}

double sentence_chrf(std::string_view reply, std::string_view reference, const ChrfOptions& options) {
  return chrf(chrf_counts(reply, reference, options), options.beta);
}

std::vector<Symbol> random_symbols(std::mt19937_64& random, std::size_t most, Symbol alphabet) {
  std::vector<Symbol> out(random() % (most + 1));
  for (Symbol& symbol : out) symbol = static_cast<Symbol>(random() % alphabet);
  return out;
}

std::size_t plain_levenshtein(Symbols a, Symbols b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t corner = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, corner + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      corner = above;
    }
  }
  return row.back();
}

std::size_t plain_subsequence(Symbols a, Symbols b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (const Symbol symbol : a) {
    std::size_t corner = 0;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = symbol == b[j - 1] ? corner + 1 : std::max(above, row[j - 1]);
      corner = above;
    }
  }
  return row.back();
}

}  // namespace

TEST_CASE("levenshtein: strsim's documented examples") {
  CHECK(*levenshtein("kitten", "sitting") == about(1.0 - 3.0 / 7.0));
  CHECK(*levenshtein("", "") == 1.0);
  CHECK(*levenshtein("", "second") == 0.0);
  CHECK(*levenshtein("first", "") == 0.0);
  CHECK(*levenshtein("string", "string") == 1.0);
  CHECK(*levenshtein("kitten", "sitten") == about(5.0 / 6.0));
}

TEST_CASE("levenshtein: distances from the documentation of Python's Levenshtein") {
  CHECK(*levenshtein("Levenshtein", "Lenvinsten") == about(1.0 - 4.0 / 11.0));
  CHECK(*levenshtein("Levenshtein", "Levensthein") == about(1.0 - 2.0 / 11.0));
  CHECK(*levenshtein("Levenshtein", "Levenshten") == about(1.0 - 1.0 / 11.0));
}

TEST_CASE("levenshtein_ratio: ratio() as the documentation of Python's Levenshtein shows it") {
  CHECK(*levenshtein_ratio("Hello world!", "Holly grail!") == about(0.583333, 1e-6));
  CHECK(*levenshtein_ratio("Brian", "Jesus") == 0.0);
  CHECK(*levenshtein_ratio("Hello, World!", "Hello, World") == about(0.96));  // the documentation of Opik
  CHECK(*levenshtein_ratio("", "") == 1.0);
}

TEST_CASE("a character is a code point, not a byte") {
  CHECK(*levenshtein("Zürich", "Zurich") == about(5.0 / 6.0));
  CHECK(*levenshtein("日本語", "日本酒") == about(2.0 / 3.0));
  CHECK(*levenshtein("\U0001F600a", "\U0001F601a") == about(0.5));
  CHECK(*levenshtein_ratio("日本語", "日本酒") == about(4.0 / 6.0));
}

TEST_CASE("distances by bit vectors equal those by tables, across block borders") {
  std::mt19937_64 random(11);
  for (int round = 0; round < 600; ++round) {
    const Symbol alphabet = round % 3 == 0 ? 2 : round % 3 == 1 ? 5 : 300;
    const auto a = random_symbols(random, round % 2 == 0 ? 20 : 260, alphabet);
    const auto b = random_symbols(random, round % 5 == 0 ? 20 : 260, alphabet);
    INFO("round " << round);
    REQUIRE(levenshtein_distance(a, b) == plain_levenshtein(a, b));
    REQUIRE(levenshtein_distance(b, a) == plain_levenshtein(a, b));
    REQUIRE(common_subsequence(a, b) == plain_subsequence(a, b));
    REQUIRE(common_subsequence(b, a) == plain_subsequence(a, b));
  }
  for (const std::size_t length : {1U, 63U, 64U, 65U, 127U, 128U, 129U, 192U}) {  // where blocks begin and end
    const std::vector<Symbol> same(length, 7);
    auto changed = same;
    changed[length / 2] = 8;
    CHECK(levenshtein_distance(same, same) == 0U);
    CHECK(common_subsequence(same, same) == length);
    CHECK(levenshtein_distance(same, changed) == 1U);
    CHECK(common_subsequence(same, changed) == length - 1);
    CHECK(levenshtein_distance(same, std::vector<Symbol>(length, 9)) == length);
    CHECK(common_subsequence(same, std::vector<Symbol>(length, 9)) == 0U);
  }
}

TEST_CASE("what is too long to be compared has no distance, and does not take the time either") {
  const std::vector<Symbol> longer(std::size_t{1} << 18, 1);
  CHECK_FALSE(levenshtein_distance(longer, longer));
  CHECK_FALSE(common_subsequence(longer, longer));
  CHECK(levenshtein_distance(longer, std::vector<Symbol>(100, 1)) == longer.size() - 100);
}

TEST_CASE("token_f1: normalisation as the tests of T5's qa_utils have it") {
  CHECK(joined(squad_words("`Needs\tA_LOT of the 'normalization'.\"‘")) == "needs alot of normalization‘");
  CHECK(joined(squad_words("needs no normalization")) == "needs no normalization");
}

TEST_CASE("token_f1: published examples") {
  const auto f1 = [](std::string_view reply, std::string_view reference) {
    return token_f1(squad_words(reply), squad_words(reference));
  };
  CHECK(f1("1976", "1976") == 1.0);                         // torchmetrics
  CHECK(f1("2 時間 21 分", "2 時間") == about(2.0 / 3.0));  // torchmetrics' users
  // T5's qa_metrics: four questions, each with its best reference, words cut at white space alone.
  const auto raw = [](std::string_view reply, std::string_view reference) {
    return token_f1(bleu_words(reply, BleuTokens::none), bleu_words(reference, BleuTokens::none));
  };
  const double sum = std::max(raw("a big moose‘", "big moose"), raw("a big moose‘", "hippo")) +
                     raw("wrong", "correct1") +
                     std::max(raw("correct2.2", "correct2.1"), raw("correct2.2", "correct2.2")) +
                     std::max(raw("c", "a"), raw("c", "b"));
  CHECK(sum / 4.0 == about(0.35));
  CHECK(f1("rock", "rock n roll") == about(0.5));
}

TEST_CASE("token_f1: articles are words of their own, of any script's neighbours") {
  CHECK(joined(squad_words("The theatre, an Anthem; A B")) == "theatre anthem b");
  CHECK(joined(squad_words("l'an 2000 a-b")) == "lan 2000 ab");  // punctuation goes before articles do
  CHECK(joined(squad_words("“the” a‘ á a")) == "“ ” ‘ á");
  CHECK(joined(squad_words("ΟΔΟΣ")) == "οδος");
  CHECK(token_f1(squad_words("the"), squad_words("a")) == 1.0);  // no answer, rightly
  CHECK(token_f1(squad_words("the cat"), squad_words("a")) == 0.0);
  CHECK(token_f1(squad_words("x x x"), squad_words("x y")) == about(0.4));  // each word as often as it is there
}

TEST_CASE("rouge: the tests of rouge_score") {
  const auto n = [](std::string_view target, std::string_view prediction, std::size_t order) {
    return rouge_n(ascii_words(prediction), ascii_words(target), order);
  };
  const auto l = [](std::string_view target, std::string_view prediction) {
    return *rouge_l(ascii_words(prediction), ascii_words(target));
  };
  CHECK(n("testing one two", "testing", 1) == about(1.0 / 2.0));
  CHECK(n("testing one two", "testing one", 2) == about(2.0 / 3.0));
  CHECK(l("testing one two", "testing one") == about(4.0 / 5.0));
  CHECK(l("testing one two", "testing two") == about(4.0 / 5.0));
  CHECK(n("testing one two", "testing one", 1) == about(4.0 / 5.0));
  CHECK(n("testing one two", "", 1) == 0.0);
  CHECK(n("testing one two", "", 2) == 0.0);
  CHECK(l("testing one two", "") == 0.0);
  CHECK(l("w1 w2 w3 w4 w5", "/") == 0.0);

  // Runs of ROUGE-1.5.5 over its test data.
  const std::string targets[] = {
      "ZfbCUIUuePaiLVUlCaUXxkpu XPeWing tUHfPMuZ',-Xd Y BrUgVJing M-HV.-DgdDaY.rFDJCRing Ht-LM EKBDXkME,yz'RBr q'wtion "
      "wIojNbN wL,b .a-'XdQggyFl jB-RPP'iyOIcUxer tKM L",
      "KsJdPByEtAor fE-Qg Dpdbring cw-WeFyu vC MoBL Xdn g wkvcEiGvKtion BDFhrpMtion psing sbKao Q m qiing LMmer "
      "HqqLFXe,XPY,J XsurkMer ,ed nB'wH'bWVHjWFEing tQ.saefZwJtKrTlixYpMMsJing UCAPwNHeYVjDing c T BUySKtion "
      "gMPfJpwGw p'NvxAoping eu pBwMBKV'I DNxqelhu,PHPxDEq,mtion SN"};
  const std::string predictions[] = {
      "rFDJCRtion Ht-LM EKtDXkME,yz'RBr q'wer wrojNbN wL,b .a-'XdQggyFl jB-RPP'iyOIcUxi",
      "nn cw-WeFyu vC MoBL Xdn g wkvcEiGvKtion BDFhrpMer pstion sbKao Q m qier LMmed HqqLFXe,XPY,J XsurkMeo ,ed "
      "nB'wH'bWVHjWFEer tQ.saefZwJtKrTlixYpMMNJtion UCAPwNHeYVjD"};
  CHECK(n(targets[0], predictions[0], 1) == about(0.51163, 5e-6));
  CHECK(n(targets[1], predictions[1], 1) == about(0.50000, 5e-6));
  CHECK(n(targets[0], predictions[0], 2) == about(0.39024, 5e-6));
  CHECK(n(targets[1], predictions[1], 2) == about(0.36364, 5e-6));
  CHECK(l(targets[0], predictions[0]) == about(0.51163, 5e-6));
  CHECK(l(targets[1], predictions[1]) == about(0.50000, 5e-6));
}

TEST_CASE("rouge: words of a-z and 0-9, or of any script") {
  CHECK(joined(ascii_words("It's naïve_x 3.5 ÀB")) == "it s na ve x 3 5 b");
  CHECK(joined(unicode_words("It's naïve_x 3.5 ÀB")) == "it s naïve x 3 5 àb");
  CHECK(joined(unicode_words("東京タワー2024へ Москва")) == "東 京 タ ワ ー 2024 へ москва");
  CHECK(joined(unicode_words("e\u0301té न्यू")) == "e\u0301té न्यू");
  CHECK(joined(ascii_words("\u212A")) == "k");  // the Kelvin sign, as Python lowers it
}

TEST_CASE("bleu: sacreBLEU's tests of sentence_bleu") {
  const std::string reference = "producţia de zahăr brut se exprimă în zahăr alb;";
  const std::string reply = "Producția de zahăr primă va fi exprimată în ceea ce privește zahărul alb;";
  const auto score = [&](Smoothing smoothing, double value, BleuTokens tokens) {
    return 100.0 * sentence_bleu(reply, {reference}, tokens, {4, smoothing, value, true});
  };
  const BleuTokens standard = BleuTokens::mteval_13a;
  CHECK(score(Smoothing::exp, 0, standard) == about(8.493, 1e-3));
  CHECK(score(Smoothing::none, 0, standard) == about(0.0, 1e-3));
  CHECK(score(Smoothing::floor, 0.1, standard) == about(4.51688, 1e-3));
  CHECK(score(Smoothing::floor, 0.5, standard) == about(10.10, 1e-3));
  CHECK(score(Smoothing::add_k, 1, standard) == about(14.882, 1e-3));
  CHECK(score(Smoothing::add_k, 2, standard) == about(21.389, 1e-3));
  CHECK(score(Smoothing::exp, 0, BleuTokens::none) == about(7.347, 1e-3));
  CHECK(score(Smoothing::exp, 0, BleuTokens::international) == about(8.493, 1e-3));
  CHECK(score(Smoothing::exp, 0, BleuTokens::characters) == about(40.8759, 1e-3));
  for (const Smoothing smoothing : {Smoothing::exp, Smoothing::none, Smoothing::floor, Smoothing::add_k}) {
    CHECK(sentence_bleu("this is a cat", {"okay thanks"}, standard, {4, smoothing, 1, true}) == 0.0);
  }
}

TEST_CASE("bleu: sacreBLEU's tests of effective order and of counts") {
  const BleuOptions floor_001{4, Smoothing::floor, 0.01, true};
  const auto raw = [&](std::string_view reply, const std::string& reference, const BleuOptions& options) {
    return sentence_bleu(reply, {reference}, BleuTokens::none, options);
  };
  CHECK(raw("test", "a test", floor_001) == about(0.3678794411714425, 1e-8));
  CHECK(raw("a test", "a test", floor_001) == about(1.0, 1e-8));
  CHECK(raw("a little test", "a test", floor_001) == about(0.03218297948685433, 1e-8));
  CHECK(raw("this is a test", "this is a test", floor_001) == about(1.0, 1e-8));
  CHECK(raw("this is a fest", "this is a test", floor_001) == about(0.223606797749979, 1e-8));
  CHECK(raw("test", "a test", {4, Smoothing::floor, 0.01, false}) == 0.0);  // it has no pairs of words to match

  const std::string reply = "am I am a character sequence", reference = "I am a symbol string sequence a a";
  const Words cut[] = {bleu_words(reference, BleuTokens::none)};
  const BleuCounts counts = bleu_counts(bleu_words(reply, BleuTokens::none), cut, 4);
  const std::size_t matched[] = {4, 2, 1, 0}, totals[] = {6, 5, 4, 3};
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(counts.overlaps[i].matched == matched[i]);
    CHECK(counts.overlaps[i].reply == totals[i]);
  }
  CHECK(bleu(counts, {4, Smoothing::floor, 0.1, true}) == about(0.1555722182, 1e-8));
  CHECK(bleu(counts, {4, Smoothing::floor, 0.0, true}) == 0.0);

  const BleuCounts given{{{9, 10, 0}, {7, 8, 0}, {5, 6, 0}, {3, 4, 0}}, 11, 11};
  CHECK(bleu(given, {4, Smoothing::none, 0, false}) == about(0.8375922397, 1e-8));
}

TEST_CASE("bleu: sacreBLEU's example of a corpus with two references, summed here") {
  const std::vector<std::vector<std::string>> references = {{"The dog bit the man.", "The dog had bit the man."},
                                                            {"It was not unexpected.", "No one was surprised."},
                                                            {"The man bit him first.", "The man had bitten the dog."}};
  const std::string replies[] = {"The dog bit the man.", "It wasn't surprising.", "The man had just bitten him."};
  const auto corpus = [&](BleuTokens tokens, bool empty, Smoothing smoothing) {
    BleuCounts all;
    for (std::size_t i = 0; i < 3; ++i) {
      std::vector<Words> cut;
      for (const std::string& one : references[i]) cut.push_back(bleu_words(one, tokens));
      all += bleu_counts(bleu_words(empty ? "" : replies[i], tokens), cut, 4);
    }
    return 100.0 * bleu(all, {4, smoothing, 0, false});
  };
  CHECK(corpus(BleuTokens::mteval_13a, false, Smoothing::exp) == about(48.530827, 1e-6));
  CHECK(corpus(BleuTokens::mteval_13a, false, Smoothing::none) == about(48.530827, 1e-6));
  CHECK(corpus(BleuTokens::none, false, Smoothing::exp) == about(49.1919566, 1e-6));
  CHECK(corpus(BleuTokens::international, false, Smoothing::exp) == about(43.91623493, 1e-6));
  CHECK(corpus(BleuTokens::mteval_13a, true, Smoothing::exp) == 0.0);
}

TEST_CASE("bleu: the length that counts is the nearest reference's, the shorter of two as near") {
  const auto length = [](std::string_view reply, const std::vector<std::string>& references) {
    std::vector<Words> cut;
    for (const std::string& one : references) cut.push_back(bleu_words(one, BleuTokens::none));
    return bleu_counts(bleu_words(reply, BleuTokens::none), cut, 4).reference_words;
  };
  CHECK(length("a b c", {"a", "a b c d", "a b"}) == 2);
  CHECK(length("a b c", {"a b c d", "a b"}) == 2);
  CHECK(length("a b c", {"a b c d e", "a b c d"}) == 4);
}

// mteval-v13a.pl's rules, followed by hand.
TEST_CASE("bleu: tokens of 13a and intl") {
  const auto western = [](std::string_view text) { return joined(bleu_words(text, BleuTokens::mteval_13a)); };
  CHECK(western("Hello, world!") == "Hello , world !");
  CHECK(western("It costs $1,234.56.") == "It costs $ 1,234.56 .");
  CHECK(western("a &quot;b&quot; &amp; &lt;c&gt;") == "a \" b \" & < c >");
  CHECK(western("don't e-mail 5-6 (x/y)") == "don't e-mail 5 - 6 ( x / y )");
  CHECK(western("line-\nbreak\nend") == "linebreak end");
  CHECK(western("wait...") == "wait . . .");
  CHECK(western("“Über” 3.") == "“Über” 3 .");
  const auto international = [](std::string_view text) { return joined(bleu_words(text, BleuTokens::international)); };
  CHECK(international("“Über” 3,5 €.") == "“ Über ” 3,5 € .");
  CHECK(international("in 2017.") == "in 2017.");  // as mteval-v14 does
  CHECK(international("das heißt…ja") == "das heißt … ja");
  CHECK(joined(bleu_words("a\u00A0b\tc", BleuTokens::none)) == "a b c");
  CHECK(joined(bleu_words("日本 語", BleuTokens::characters)) == "日 本 語");
}

TEST_CASE("chrf: sacreBLEU's tests") {
  const auto beta_3 = [](std::string_view reply, std::string_view reference) {
    return 100.0 * sentence_chrf(reply, reference, {6, 0, 3.0, false});
  };
  CHECK(beta_3("a", "a") == about(100.0, 1e-4));
  CHECK(beta_3("", "reference") == about(0.0, 1e-4));
  CHECK(beta_3("a b c", "a b c") == about(100.0, 1e-4));
  CHECK(beta_3("a b c", "abc") == about(100.0, 1e-4));
  CHECK(beta_3("", "c") == about(0.0, 1e-4));
  CHECK(beta_3("aa", "ab") == about(25.0, 1e-4));
  CHECK(beta_3("abcdefg", "hijklmnop") == 0.0);

  auto both = chrf_counts("a", "a", {});  // its corpus of two sentences
  const auto second = chrf_counts("b", "c", {});
  for (std::size_t i = 0; i < both.size(); ++i) both[i] += second[i];
  CHECK(100.0 * chrf(both, 3.0) == about(50.0, 1e-4));

  const ChrfOptions spaces{6, 0, 3.0, true};
  CHECK(100.0 * sentence_chrf("Die Beziehung zwischen Obama und Netanjahu ist nicht gerade freundlich.",
                              "Das Verhältnis zwischen Obama und Netanyahu ist nicht gerade freundschaftlich.",
                              spaces) ==
        about(67.3481606, 1e-4));
  CHECK(100.0 * sentence_chrf("risk assessment must be made of those who are qualified and expertise in the sector - "
                              "these are the scientists .",
                              "risk assessment has to be undertaken by those who are qualified and expert in that "
                              "area - that is the scientists .",
                              spaces) ==
        about(65.2414427, 1e-4));
}

TEST_CASE("chrf: the examples of Hugging Face's evaluate, summed over their two sentences") {
  const std::string replies[] = {"The relationship between cats and dogs is not exactly friendly.",
                                 "a good bookshop is just a genteel black hole that knows how to read."};
  const std::string references[] = {"The relationship between dogs and cats is not exactly friendly.",
                                    "A good bookshop is just a genteel Black Hole that knows how to read."};
  const auto corpus = [&](std::size_t word_order) {
    const ChrfOptions options{6, word_order, 2.0, false};
    auto all = chrf_counts(replies[0], references[0], options);
    const auto more = chrf_counts(replies[1], references[1], options);
    for (std::size_t i = 0; i < all.size(); ++i) all[i] += more[i];
    return 100.0 * chrf(all, 2.0);
  };
  CHECK(corpus(0) == about(84.64214891738334));
  CHECK(corpus(2) == about(82.87263732906315));
}

TEST_CASE("chrf: words lose one mark, at the end before the start") {
  CHECK(joined(chrf_words("(hi) there! - 'x \"é\" ...")) == "(hi ) there ! - ' x \"é \" .. .");
}

TEST_CASE("jaccard: shares of shingles, by hand") {
  const auto score = [](std::string_view a, std::string_view b, std::size_t n) {
    return jaccard(unicode_words(a), unicode_words(b), n);
  };
  CHECK(score("a b c d", "a b c e", 3) == about(1.0 / 3.0));  // abc of abc, bcd, bce
  CHECK(score("a b c d", "b a c d", 1) == 1.0);
  CHECK(score("a a a a", "a a", 2) == 1.0);  // a set has each once
  CHECK(score("a b", "a b", 3) == 1.0);      // shorter than a shingle: one shingle
  CHECK(score("a b", "a b c", 3) == 0.0);
  CHECK(score("", "a b c", 3) == 0.0);
  CHECK(score("a rose is a rose is a rose", "a flower is a flower is a rose", 4) == 0.0);
  CHECK(score("a rose is a rose is a rose", "a flower is a rose", 2) == about(2.0 / 5.0));
}

TEST_CASE("cosine: by hand, and what has no angle has none") {
  const std::vector<double> x{1, 0}, y{0, 2}, diagonal{3, 3}, zero{0, 0};
  CHECK(*cosine(x, x) == 1.0);
  CHECK(*cosine(x, y) == 0.0);
  CHECK(*cosine(x, diagonal) == about(std::sqrt(0.5)));
  CHECK(*cosine(x, std::vector<double>{-4, 0}) == -1.0);
  CHECK(*cosine(std::vector<double>{1e300, 1e300}, diagonal) == about(1.0));
  CHECK(*cosine(std::vector<double>{1e-300, 0}, diagonal) == about(std::sqrt(0.5)));
  CHECK_FALSE(cosine(x, zero));
  CHECK_FALSE(cosine(zero, x));
  CHECK_FALSE(cosine(x, std::vector<double>{1, 0, 0}));
  CHECK_FALSE(cosine({}, {}));
  CHECK_FALSE(cosine(x, std::vector<double>{std::numeric_limits<double>::quiet_NaN(), 1}));
  CHECK_FALSE(cosine(x, std::vector<double>{std::numeric_limits<double>::infinity(), 1}));
}
