#include "headgate/grade/cell.hpp"

#include <limits>

#include "judging.hpp"

using namespace headgate;
using namespace headgate::grade;
using namespace headgate::grade::testing;

namespace {

class Odd : public Grader {
 public:
  explicit Odd(std::string how) : how_(std::move(how)) {}
  Scope scope() const override { return how_ == "pair" ? Scope::pair : Scope::cell; }
  Step step(const Subject&, const Answers&) const override {
    if (how_ == "ask") return std::vector<Ask>{{"v0", Consult{"x", "{}"}}};
    if (how_ == "half") return Grade{true, 0.5, "half"};
    return Grade{true, how_ == "nan" ? std::numeric_limits<double>::quiet_NaN() : 1.5, "odd"};
  }

 private:
  std::string how_;
};

const FieldTable& odd_table() {
  static const FieldTable table{"odd", "", {{"how", string_shape(), "", true}}};
  return table;
}

GraderPtr build_odd(const BuildContext& context) {
  return std::make_unique<Odd>(context.options.at("how").get<std::string>());
}

const Registry& with_odd() {
  static const Registry all = [] {
    std::vector<Kind> kinds(registry().kinds().begin(), registry().kinds().end());
    kinds.push_back({"odd", "", "", R"({"kind":"odd","how":"nan"})", &odd_table(), &build_odd});
    return Registry(std::move(kinds));
  }();
  return all;
}

SuiteHead suite_with(const std::vector<std::string>& graders) {
  SuiteHead out;
  for (const std::string& one : graders) out.graders.push_back(registry().spec(Json::parse(one)));
  return out;
}

GradedCell graded(const SuiteHead& suite, const Case& item, std::string_view reply) {
  const auto graders = SuiteGraders::make(suite, with_odd());
  REQUIRE(graders);
  return graders->grade(item, reply_of(reply), 7);
}

const char* const says_yes = R"({"kind":"contains","value":"yes"})";
const char* const no_maybe = R"({"kind":"not_contains","value":"maybe"})";

}  // namespace

TEST_CASE("a cell passes when all graders of suite and case pass") {
  const SuiteHead suite = suite_with({says_yes, no_maybe});
  Case item = case_with("1");
  item.graders.push_back(registry().spec(Json::parse(R"({"kind":"length","max":3})")));
  const GradedCell good = graded(suite, item, "yes");
  CHECK(good.error == ErrorKind::none);
  CHECK(good.pass);
  CHECK(good.score == 1.0);
  REQUIRE(good.grades.size() == 3);
  CHECK(good.grades[1].kind == "not_contains");
  CHECK(good.grades[2].kind == "length");
  const GradedCell bad = graded(suite, item, "yes!");
  CHECK_FALSE(bad.pass);
  CHECK(bad.score == Approx(2.0 / 3.0));
}

TEST_CASE("with a mean rule the score must reach it") {
  SuiteHead suite = suite_with({says_yes, no_maybe});
  suite.pass = {PassRule::Kind::mean, 0.5};
  CHECK(graded(suite, case_with("1"), "no").pass);
  suite.pass.least_mean = 0.6;
  CHECK_FALSE(graded(suite, case_with("1"), "no").pass);
  CHECK(graded(suite, case_with("1"), "yes").pass);
}

TEST_CASE("what cannot be judged makes the cell ungraded, whatever else passed") {
  struct Row {
    const char* written;
    ErrorKind error;
  };
  const Row row = GENERATE(values<Row>({
      {R"({"kind":"odd","how":"nan"})", ErrorKind::score_out_of_range},
      {R"({"kind":"odd","how":"high"})", ErrorKind::score_out_of_range},
      {R"({"kind":"not_odd","how":"high"})", ErrorKind::score_out_of_range},
      {R"({"kind":"odd","how":"ask"})", ErrorKind::grader_failed},
      {R"({"kind":"odd","how":"pair"})", ErrorKind::reply_missing},
      {R"({"kind":"contains","value":"{{case.vars.none}}"})", ErrorKind::grader_failed},
      {R"({"kind":"not_contains","value":"{{case.vars.none}}"})", ErrorKind::grader_failed},
  }));
  INFO(row.written);
  const GradedCell cell = graded(suite_with({says_yes, row.written}), case_with("1"), "yes");
  CHECK(cell.error == row.error);
  CHECK_FALSE(cell.message.empty());
  CHECK_FALSE(cell.pass);
  CHECK(cell.score == 0.0);
  CHECK(cell.grades.empty());
}

TEST_CASE("a score between counts as it is") {
  const GradedCell cell = graded(suite_with({R"({"kind":"odd","how":"half"})", says_yes}), case_with("1"), "yes");
  CHECK(cell.pass);
  CHECK(cell.score == 0.75);
}

TEST_CASE("what is absent fails, also turned round") {
  for (const char* written : {R"({"kind":"equals","value":"x","extract":{"after":"A:"}})",
                              R"({"kind":"not_equals","value":"x","extract":{"after":"A:"}})"}) {
    const GradedCell cell = graded(suite_with({written}), case_with("1"), "no marker");
    CHECK(cell.error == ErrorKind::none);
    CHECK_FALSE(cell.pass);
    CHECK(cell.score == 0.0);
    CHECK(cell.grades[0].grade.reason == R"(the marker "A:" is missing)");
  }
}

TEST_CASE("no grader, no reply, no pass") {
  CHECK(graded(suite_with({}), case_with("1"), "yes").error == ErrorKind::grader_failed);
  CHECK(graded(suite_with({no_maybe}), case_with("1"), "").error == ErrorKind::empty_reply);
  Case item = case_with("1");
  item.graders.push_back({"regx", false, {"{}"}});
  CHECK(graded(suite_with({says_yes}), item, "yes").error == ErrorKind::grader_failed);
}

TEST_CASE("a reply of tool calls alone is a reply, and has no text for a negated grader to pass on") {
  const auto graders = SuiteGraders::make(suite_with({no_maybe}), registry());
  REQUIRE(graders);
  Reply reply;
  reply.tool_calls.push_back({"1", "look_up", {"{}"}});
  const GradedCell cell = graders->grade(case_with("1"), reply, 1);
  CHECK(cell.error == ErrorKind::none);
  CHECK_FALSE(cell.pass);
}

TEST_CASE("a suite whose spec was damaged is refused") {
  SuiteHead suite;
  suite.graders.push_back({"regex", false, {R"({"pattern":"("})"}});
  const auto made = SuiteGraders::make(suite, registry());
  REQUIRE_FALSE(made);
  CHECK(made.error().code == ErrorCode::untrusted);
}

namespace {

// Asks as its option says, by round: "a,b;c" asks a and b, then c, then passes.
class Asker : public Grader {
 public:
  explicit Asker(std::string plan) : plan_(std::move(plan)) {}
  Step step(const Subject&, const Answers& answers) const override {
    std::size_t at = 0;
    while (at <= plan_.size()) {
      const std::size_t end = std::min(plan_.find(';', at), plan_.size());
      std::vector<Ask> asks;
      for (std::size_t key = at; key < end; key = std::min(plan_.find(',', key), end) + 1) {
        const std::string name = plan_.substr(key, std::min(plan_.find(',', key), end) - key);
        if (name.front() == '!' || answers.find(name) == nullptr) {
          asks.push_back({name.substr(name.front() == '!' ? 1 : 0), Consult{"x", "{}"}});
        }
      }
      if (!asks.empty()) return asks;
      at = end + 1;
    }
    if (plan_ == "nothing") return std::vector<Ask>{};
    return Grade{true, 1.0, "asked"};
  }

 private:
  std::string plan_;
};

const FieldTable asker_table{"asker", "", {{"plan", string_or_empty(), "", true}}};

GraderPtr build_asker(const BuildContext& context) {
  return std::make_unique<Asker>(context.options.at("plan").get<std::string>());
}

struct Conversation {
  std::vector<std::vector<std::string>> rounds;  // keys asked
  GradedCell end;
};

// Answers everything until there is a grade.
Conversation converse(const std::vector<std::string>& plans) {
  static const Registry all = [] {
    std::vector<Kind> kinds(registry().kinds().begin(), registry().kinds().end());
    kinds.push_back({"asker", "", "", R"({"kind":"asker","plan":""})", &asker_table, &build_asker});
    return Registry(std::move(kinds));
  }();
  SuiteHead suite;
  for (const std::string& plan : plans) {
    suite.graders.push_back(registry().spec(Json{{"kind", "asker"}, {"plan", plan}}));
  }
  const auto graders = SuiteGraders::make(suite, all);
  REQUIRE(graders);
  std::vector<Answer> answers;
  Conversation out;
  while (out.rounds.size() < 100) {
    CellStep step = graders->step(case_with("1"), reply_of("yes"), 7, answers);
    if (auto* graded = std::get_if<GradedCell>(&step)) {
      out.end = std::move(*graded);
      return out;
    }
    out.rounds.emplace_back();
    for (const CellAsk& ask : std::get<std::vector<CellAsk>>(step)) {
      out.rounds.back().push_back(ask.key());
      answers.push_back({ask.key(), JsonText{"{}"}});
    }
  }
  FAIL("it asks for ever");
  return out;
}

std::string many(std::size_t count, const std::string& prefix) {
  std::string plan;
  for (std::size_t i = 0; i < count; ++i) plan += (i == 0 ? "" : ",") + prefix + std::to_string(i);
  return plan;
}

}  // namespace

TEST_CASE("all that can be asked at once is asked at once, under keys that cannot collide") {
  using Keys = std::vector<std::string>;
  const Conversation two = converse({"a,b;c", "a", "", "c;c2"});
  REQUIRE(two.rounds.size() == 2);
  CHECK(two.rounds[0] == Keys{"0/a", "0/b", "1/a", "3/c"});
  CHECK(two.rounds[1] == Keys{"0/c", "3/c2"});
  CHECK(two.end.error == ErrorKind::none);
  CHECK(two.end.grades.size() == 4);
  CHECK(two.end.pass);
}

TEST_CASE("a grader that breaks the rules of asking has not judged") {
  const auto why = [](const std::string& plan) {
    const Conversation talk = converse({plan});
    CHECK(talk.end.error == ErrorKind::grader_failed);
    CHECK_FALSE(talk.end.pass);
    return talk.end.message;
  };
  CHECK(why("a,a") == "asker: asks 'a' twice");
  CHECK(why("a;!a") == "asker: asks 'a' again");
  CHECK(why("nothing").find("asks nothing") != std::string::npos);
  CHECK(why(many(65, "k")) == "asker: asks more than 64 questions");
  CHECK(why(many(40, "k") + ";" + many(25, "m")) == "asker: asks more than 64 questions");
  CHECK(converse({many(40, "k") + ";" + many(24, "m")}).end.pass);
  // The bound is each grader's own.
  CHECK(converse({many(64, "k"), many(64, "k")}).end.pass);
}

TEST_CASE("an error of one grader ends a cell before more is asked") {
  const Conversation talk = converse({"a;b", "x,x"});
  CHECK(talk.rounds.empty());
  CHECK(talk.end.message == "asker: asks 'x' twice");
}
