#include "judging.hpp"

using namespace headgate;
using namespace headgate::grade;
using namespace headgate::grade::testing;

namespace {

// A grader that ends as its option says; with `ask` it asks two questions first, and passes on the answer "yes".
class Scripted : public Grader {
 public:
  explicit Scripted(std::string how) : how_(std::move(how)) {}
  Step step(const Subject&, const Answers& answers) const override {
    if (how_ == "pass") return Grade{true, 0.75, "good"};
    if (how_ == "fail") return Grade{false, 0.25, "bad"};
    if (how_ == "absent") return Absent{"nothing there"};
    if (how_ == "error") return CallError{ErrorKind::judge_failed, "no judge"};
    const Answer* first = answers.find("v0");
    const Answer* second = answers.find("v1");
    std::vector<Ask> asks;
    if (first == nullptr) asks.push_back({"v0", Consult{"lint", "{}"}});
    if (second == nullptr) asks.push_back({"v1", Consult{"lint", "{}"}});
    if (!asks.empty()) return asks;
    return Grade{true, 1.0, "answered " + std::get<JsonText>(first->what).text};
  }
  Needs needs() const override { return how_ == "ask" ? Needs{.plugins = {"lint"}} : Needs{}; }

 private:
  std::string how_;
};

const FieldTable& scripted_table() {
  static const FieldTable table{"scripted", "", {{"how", string_shape(), "", true}}};
  return table;
}

GraderPtr build_scripted(const BuildContext& context) {
  return std::make_unique<Scripted>(context.options.at("how").get<std::string>());
}

const Registry& scripted_registry() {
  static const Registry all = [] {
    std::vector<Kind> kinds(registry().kinds().begin(), registry().kinds().end());
    kinds.push_back({"scripted", "", "", R"({"kind":"scripted","how":"pass"})", &scripted_table(), &build_scripted});
    return Registry(std::move(kinds));
  }();
  return all;
}

GraderPtr combined(const std::string& kind, const std::vector<std::string>& hows) {
  Json written = {{"kind", kind}, {"graders", Json::array()}};
  for (const std::string& how : hows) written["graders"].push_back({{"kind", "scripted"}, {"how", how}});
  if (kind == "not") written = {{"kind", "not"}, {"grader", {{"kind", "scripted"}, {"how", hows[0]}}}};
  Complaints complaints;
  const auto tree = parse_json("x", written.dump(), complaints);
  GraderPtr out = scripted_registry().build(*tree, tree->root(), complaints);
  REQUIRE(out != nullptr);
  return out;
}

}  // namespace

TEST_CASE("all_of, any_of and not combine what their graders came to") {
  struct Row {
    const char* kind;
    std::vector<std::string> hows;
    const char* word;
    double score;
  };
  const Row row = GENERATE(values<Row>({
      {"all_of", {"pass", "pass"}, "pass", 0.75},
      {"all_of", {"pass", "fail"}, "fail", 0.25},
      {"all_of", {"pass", "absent"}, "absent", -1},
      {"all_of", {"fail", "absent"}, "fail", 0},
      {"all_of", {"fail", "error"}, "error", -1},
      {"all_of", {"absent", "error"}, "error", -1},
      {"any_of", {"fail", "pass"}, "pass", 0.75},
      {"any_of", {"fail", "fail"}, "fail", 0.25},
      {"any_of", {"error", "pass"}, "pass", 0.75},
      {"any_of", {"absent", "pass"}, "pass", 0.75},
      {"any_of", {"error", "fail"}, "error", -1},
      {"any_of", {"absent", "fail"}, "absent", -1},
      {"any_of", {"absent", "error"}, "error", -1},
      {"not", {"pass"}, "fail", 0.25},
      {"not", {"fail"}, "pass", 0.75},
      {"not", {"absent"}, "absent", -1},
      {"not", {"error"}, "error", -1},
  }));
  INFO(row.kind << " " << Json(row.hows).dump());
  const auto outcome = outcome_of(step(*combined(row.kind, row.hows), reply_of("x"), case_with("1")));
  CHECK(outcome.word == row.word);
  CHECK(outcome.score == row.score);
}

TEST_CASE("the verdict of a combination does not depend on the order of its graders") {
  const std::vector<std::string> hows = {"pass", "fail", "absent", "error"};
  for (const char* kind : {"all_of", "any_of"}) {
    for (const auto& a : hows) {
      for (const auto& b : hows) {
        const auto one = outcome_of(step(*combined(kind, {a, b}), reply_of("x"), case_with("1")));
        const auto other = outcome_of(step(*combined(kind, {b, a}), reply_of("x"), case_with("1")));
        CHECK(one.word == other.word);
        CHECK(one.score == other.score);
      }
    }
  }
}

TEST_CASE("questions of the parts go out under their numbers, and the answers find back") {
  const auto both = combined("all_of", {"ask", "pass", "ask"});
  const Reply reply = reply_of("x");
  const Reply* const replies[] = {&reply};
  const Case item = case_with("1");
  std::vector<Answer> answers;
  const auto keys = [&] {
    std::string out;
    const Step step = both->step({item, replies, 1}, Answers(answers));
    if (const auto* asks = std::get_if<std::vector<Ask>>(&step)) {
      for (const Ask& ask : *asks) out += ask.key + " ";
    } else {
      out = outcome_of(step).word;
    }
    return out;
  };
  const auto answer = [&](const char* key) { answers.push_back({key, JsonText{std::string("\"") + key + "\""}}); };
  CHECK(keys() == "0/v0 0/v1 2/v0 2/v1 ");
  answer("2/v1");
  answer("0/v0");
  CHECK(keys() == "0/v1 2/v0 ");
  answer("0/v1");
  answer("2/v0");
  CHECK(keys() == "pass");
}

TEST_CASE("questions come through not and through combinations in combinations, and an answer finds its grader") {
  const std::string written =
      R"({"kind":"not","grader":{"kind":"any_of","graders":[{"kind":"not_all_of","graders":)"
      R"([{"kind":"scripted","how":"fail"},{"kind":"scripted","how":"ask"}]},{"kind":"scripted","how":"fail"}]}})";
  Complaints complaints;
  const auto tree = parse_json("x", written, complaints);
  const GraderPtr deep = scripted_registry().build(*tree, tree->root(), complaints);
  REQUIRE(deep != nullptr);
  CHECK(deep->needs().plugins == std::set<std::string>{"lint"});
  const Reply reply = reply_of("x");
  const Reply* const replies[] = {&reply};
  const Case item = case_with("1");
  const Step asked = deep->step({item, replies, 1}, Answers());
  const auto* asks = std::get_if<std::vector<Ask>>(&asked);
  REQUIRE(asks != nullptr);
  REQUIRE(asks->size() == 2);
  CHECK((*asks)[0].key == "0/1/v0");
  CHECK((*asks)[1].key == "0/1/v1");
  CHECK(std::get<Consult>((*asks)[0].what).target == "lint");
  const std::vector<Answer> answers = {{"0/1/v0", JsonText{"1"}}, {"0/1/v1", JsonText{"2"}}, {"v0", JsonText{"3"}}};
  const auto outcome = outcome_of(deep->step({item, replies, 1}, Answers(answers)));
  CHECK(outcome.word == "fail");  // all_of with a fail: fail; not_all_of: pass; any_of: pass; not: fail
  // Without the child that fails, it is the answer that decides.
  const auto alone = scripted_registry().build(registry().spec(
      Json::parse(R"({"kind":"not","grader":{"kind":"any_of","graders":[{"kind":"scripted","how":"fail"},)"
                  R"({"kind":"all_of","graders":[{"kind":"scripted","how":"ask"}]}]}})")));
  REQUIRE(alone);
  const std::vector<Answer> mine = {{"1/0/v0", JsonText{"7"}}, {"1/0/v1", JsonText{"8"}}, {"v0", JsonText{"9"}}};
  const auto decided = outcome_of((*alone)->step({item, replies, 1}, Answers(mine)));
  CHECK(decided.word == "fail");
  CHECK(decided.reason.find("all_of: all 1 hold") != std::string::npos);
}

TEST_CASE("a combination says which part decided") {
  CHECK(judge(R"({"kind":"all_of","graders":[{"kind":"contains","value":"a"},{"kind":"not_contains","value":"b"}]})",
              "a b")
            .reason == R"(not_contains: holds, but must not: contains "b")");
  CHECK(judge(R"({"kind":"any_of","graders":[{"kind":"contains","value":"a"},{"kind":"contains","value":"b"}]})", "c")
            .reason == R"(none of 2 holds; contains: does not contain "a")");
  CHECK(judge(R"({"kind":"not","grader":{"kind":"contains","value":"a"}})", "c").reason ==
        R"(does not hold, as asked: does not contain "a")");
}

TEST_CASE("faults of parts have their own places") {
  const auto errors = complaints_about(
      R"({"kind":"all_of","graders":[{"kind":"regx"},{"kind":"regex","pattern":"("},{"kind":"equals"},7]})");
  REQUIRE(errors.size() == 3);
  CHECK(errors[0].message == "unknown grader 'regx'");
  CHECK(errors[0].place.column == 37);
  CHECK(errors[1].place.column == 72);
  CHECK(complaints_about(R"({"kind":"any_of","graders":[]})").size() == 1);
  CHECK(complaints_about(R"({"kind":"not"})").size() == 1);
  CHECK(complaints_about(R"({"kind":"not","grader":{"kind":"equals","since":"1.0.0"}})").size() == 1);
}

TEST_CASE("not_not_x is x again, and every composite nests") {
  CHECK(judge(R"({"kind":"not_not","grader":{"kind":"contains","value":"a"}})", "a").word == "pass");
  CHECK(judge(R"({"kind":"not_all_of","graders":[{"kind":"any_of","graders":[{"kind":"contains","value":"a"}]}]})", "b")
            .word == "pass");
}
