// Graders that compare the replies of a pair: asked once for both cells, whatever order things happen in.
#include <set>

#include "headgate/run/carry.hpp"
#include "http_gate.hpp"

using namespace headgate;
using namespace headgate::run;
using namespace headgate::run::samples;

namespace {

constexpr std::size_t judge_lane = 4;

// Asks in both orders which reply is better; then, once more, about what was said.
class Duel : public grade::Grader {
 public:
  grade::Scope scope() const override { return grade::Scope::pair; }
  grade::Step step(const grade::Subject& subject, const grade::Answers& answers) const override {
    const std::string seed = std::to_string(subject.seed);
    const std::string& first = subject.replies[0]->text;
    const std::string& second = subject.replies[1]->text;
    std::vector<grade::Ask> asks;
    if (answers.find("ab") == nullptr) asks.push_back(ask("ab", first + " or " + second + " by " + seed));
    if (answers.find("ba") == nullptr) asks.push_back(ask("ba", second + " or " + first + " by " + seed));
    if (!asks.empty()) return asks;
    std::string said;
    for (const char* key : {"ab", "ba"}) {
      const grade::Answer* answer = answers.find(key);
      if (const auto* error = std::get_if<CallError>(&answer->what)) return *error;
      said += std::get<Reply>(answer->what).text;
    }
    const grade::Answer* last = answers.find("last");
    if (last == nullptr) return std::vector<grade::Ask>{ask("last", said)};
    if (const auto* error = std::get_if<CallError>(&last->what)) return *error;
    const bool first_wins = std::get<Reply>(last->what).text == "even";
    return grade::PairGrade{{first_wins, first_wins ? 1.0 : 0.0, said + " for the first"},
                            {!first_wins, first_wins ? 0.0 : 1.0, said + " for the second"}};
  }
  Needs needs() const override { return {.judges = {{"rubric", sha256("duel"), false}}}; }

 private:
  static grade::Ask ask(std::string key, std::string text) {
    return {std::move(key), grade::Chat{"rubric", {{"user", std::move(text)}}, {}}};
  }
};

// Asks about one reply alone.
class Alone : public grade::Grader {
 public:
  grade::Step step(const grade::Subject& subject, const grade::Answers& answers) const override {
    const grade::Answer* verdict = answers.find("v0");
    if (verdict == nullptr) {
      return std::vector<grade::Ask>{
          {"v0", grade::Chat{"rubric", {{"user", "alone: " + subject.replies[0]->text}}, {}}}};
    }
    if (const auto* error = std::get_if<CallError>(&verdict->what)) return *error;
    return Grade{true, 1.0, std::get<Reply>(verdict->what).text};
  }
};

const FieldTable no_options{"duel", "", {}};

const grade::Registry& with_duel() {
  static const grade::Registry all = [] {
    std::vector<grade::Kind> kinds(grade::registry().kinds().begin(), grade::registry().kinds().end());
    grade::Kind duel, alone;
    duel.name = "duel";
    alone.name = "alone";
    duel.options = alone.options = &no_options;
    duel.build = [](const grade::BuildContext&) -> grade::GraderPtr { return std::make_unique<Duel>(); };
    alone.build = [](const grade::BuildContext&) -> grade::GraderPtr { return std::make_unique<Alone>(); };
    kinds.push_back(duel);
    kinds.push_back(alone);
    return grade::Registry(std::move(kinds));
  }();
  return all;
}

std::string question_of(const route::Call& call) {
  return Json::parse(call.payload).at("messages").back().at("content").get<std::string>();
}

std::optional<route::Arrival> and_judge(const route::Call& call) {
  if (call.lane != judge_lane) return good_model(call);
  std::size_t sum = 0;
  for (const char c : question_of(call)) sum = sum * 31 + static_cast<unsigned char>(c);
  return chat_reply(sum % 3 == 0 ? "odd" : "even");
}

enum class Arms { live, recorded, baseline_recorded, candidate_recorded };
constexpr Arms all_arms[] = {Arms::live, Arms::recorded, Arms::baseline_recorded, Arms::candidate_recorded};

struct World : HttpWorld {
  explicit World(std::size_t cases, Arms arms = Arms::live, bool with_alone = true) : HttpWorld(cases) {
    if (arms == Arms::recorded || arms == Arms::baseline_recorded) {
      gate.routes[0] = route_of(files, "support_a", replies_of(cases, 1, 0));
    }
    if (arms == Arms::recorded || arms == Arms::candidate_recorded) {
      gate.routes[1] = route_of(files, "support_b", replies_of(cases, 1, 3));
    }
    SuiteHead& suite = gate.suites[0].head;
    suite.graders = {{"length", false, {R"({"max":400})"}}, {"duel", false, {"{}"}}};
    if (with_alone) suite.graders.push_back({"alone", false, {"{}"}});
    headgate::seal(gate.suites[0]);
    plan = make_plan(gate, {}).value();
    REQUIRE(journal::write_plan(run.path(), plan));
  }
  DriveOptions options(CallLog& into, Answering answering = and_judge) {
    DriveOptions options = HttpWorld::options(into, std::move(answering));
    options.registry = &with_duel();
    options.helpers.judges["rubric"] = model_route("judge");
    return options;
  }
  Digest undisturbed() {
    const test::TempFolder folder;
    REQUIRE(journal::write_plan(folder.path(), plan));
    CallLog quiet;
    drive_in(plan, gate, folder.path(), options(quiet));
    return records_digest(evidence_in(folder.path()));
  }
  std::string why(const Evidence& evidence, CellIndex cell) const {
    auto file = RandomAccessFile::open(run.path("journal.jsonl"));
    REQUIRE(file);
    auto facts = journal::read_grade(**file, evidence.observations[cell].grade_offset);
    REQUIRE(facts);
    return facts->error != ErrorKind::none ? facts->message : facts->grades.at(1).reason;
  }
};

}  // namespace

TEST_CASE("a pair is asked about once, in both orders, and each cell gets its side") {
  World world(30);
  world.drive(world.options(world.log));
  const Evidence evidence = world.evidence();
  CHECK(count(evidence, Status::ok) == 60);
  CHECK(evidence.journal.foreign == 0);
  // Three questions a pair, and one a cell.
  CHECK(world.log.on_lane(judge_lane) == 3 * 30 + 60);
  std::set<std::string> ids;
  for (const route::Call& call : world.log.calls) ids.insert(call.id);
  CHECK(ids.size() == world.log.calls.size());
  std::size_t first = 0;
  for (CellIndex cell = 0; cell < 60; cell += 2) {
    const Observation& baseline = evidence.observations[cell];
    const Observation& candidate = evidence.observations[cell + 1];
    CHECK(baseline.pass != candidate.pass);
    CHECK(baseline.judged);
    first += baseline.pass ? 1U : 0U;
    CHECK(world.why(evidence, cell).ends_with("for the first"));
    CHECK(world.why(evidence, cell + 1).ends_with("for the second"));
  }
  CHECK(first > 0);
  CHECK(first < 30);
}

TEST_CASE("a pair gives the same whatever the number of workers and wherever its replies come from") {
  for (const Arms arms : all_arms) {
    World world(150, arms);
    const Digest usual = world.undisturbed();
    for (const std::size_t workers : {1U, 4U}) {
      const test::TempFolder folder;
      REQUIRE(journal::write_plan(folder.path(), world.plan));
      CallLog log;
      DriveOptions options = world.options(log);
      options.workers = workers;
      drive_in(world.plan, world.gate, folder.path(), options);
      CHECK(records_digest(evidence_in(folder.path())) == usual);
    }
  }
}

TEST_CASE("a run of pairs cut at any record asks only what was not answered, and ends the same") {
  for (const Arms arms : all_arms) {
    World world(3, arms);
    const Digest usual = world.undisturbed();
    world.drive(world.options(world.log));
    const std::string text = world.run.read("journal.jsonl");
    for (std::size_t cut = text.find('\n') + 1; cut < text.size(); cut = text.find('\n', cut) + 1) {
      world.run.write("journal.jsonl", text.substr(0, cut));
      std::set<std::string> answered;
      for (std::size_t at = 0; at < cut; at = text.find('\n', at) + 1) {
        const Json record = Json::parse(text.substr(at, text.find('\n', at) - at));
        if (record.at("t") == "result") answered.insert(record.at("call").get<std::string>());
      }
      CallLog log;
      world.drive(world.options(log));
      for (const route::Call& call : log.calls) {
        if (answered.contains(call.id)) FAIL("cut at byte " << cut << ": " << call.id << " was paid for twice");
      }
      if (records_digest(world.evidence()) != usual) FAIL("cut at byte " << cut);
    }
  }
}

TEST_CASE("a run of pairs may stop after any number of cells") {
  for (const Arms arms : all_arms) {
    World world(5, arms);
    const Digest usual = world.undisturbed();
    for (std::size_t cells = 1; cells < 10; ++cells) {
      const test::TempFolder folder;
      REQUIRE(journal::write_plan(folder.path(), world.plan));
      CallLog log;
      DriveOptions options = world.options(log);
      options.stop_after_cells = cells;
      CHECK(drive_in(world.plan, world.gate, folder.path(), options).interrupted);
      options.stop_after_cells = 0;
      drive_in(world.plan, world.gate, folder.path(), options);
      CHECK(records_digest(evidence_in(folder.path())) == usual);
      std::set<std::string> ids;
      for (const route::Call& call : log.calls) ids.insert(call.id);
      CHECK(ids.size() == log.calls.size());
    }
  }
}

TEST_CASE("where one arm has no reply, the other cannot be compared, and can once it has one") {
  World world(6);
  const Digest usual = world.undisturbed();
  const auto fails = [](const route::Call& call) -> std::optional<route::Arrival> {
    if (call.lane == 1 && asked(call) == 3) return chat_error(400, "invalid_request", "what is this");
    return and_judge(call);
  };
  world.drive(world.options(world.log, fails));
  const Evidence evidence = world.evidence();
  CHECK(world.seen(evidence, 3, Arm::candidate).error == ErrorKind::request_rejected);
  const Observation& other = world.seen(evidence, 3, Arm::baseline);
  CHECK(other.status == Status::ungraded);
  CHECK(other.error == ErrorKind::reply_missing);
  const auto cell = static_cast<CellIndex>(&other - evidence.observations.data());
  CHECK(world.why(evidence, cell) == "duel: compares two replies, and the other arm has none");
  CHECK(count(evidence, Status::ok) == 10);

  CallLog again;
  DriveOptions options = world.options(again);
  world.drive(options);
  CHECK(again.calls.empty());
  options.retry_errors = true;
  world.drive(options);
  CHECK(again.on_lane(0) == 0);
  CHECK(again.on_lane(1) == 1);
  CHECK(again.on_lane(judge_lane) == 5);
  CHECK(records_digest(world.evidence()) == usual);
}

TEST_CASE("a judge that fails leaves both cells of a pair ungraded, and is asked again alone") {
  World world(4, Arms::live, false);
  const Digest usual = world.undisturbed();
  const auto fails = [](const route::Call& call) -> std::optional<route::Arrival> {
    if (call.lane == judge_lane && question_of(call).size() < 10) return chat_error(400, "invalid_request", "no");
    return and_judge(call);
  };
  world.drive(world.options(world.log, fails));
  const Evidence evidence = world.evidence();
  CHECK(count(evidence, Status::ungraded) == 8);
  for (const Observation& seen : evidence.observations) CHECK(seen.error == ErrorKind::judge_failed);
  CallLog again;
  DriveOptions options = world.options(again);
  options.retry_errors = true;
  world.drive(options);
  CHECK(again.calls.size() == 4);
  CHECK(again.on_lane(judge_lane) == 4);
  CHECK(records_digest(world.evidence()) == usual);
}

TEST_CASE("one arm may be far slower than the other without holding a pair back for ever") {
  World world(400);
  world.gate.routes[0].http->limits.in_flight = 1;
  world.gate.routes[0].http->pool = "another host";
  world.gate.routes[1].http->limits.in_flight = 64;
  CallLog log;
  const DriveResult driven = world.drive(world.options(log));
  CHECK(driven.cells_run == 800);
  CHECK(count(world.evidence(), Status::ok) == 800);
  CHECK(log.most_out[0] == 1);
}

TEST_CASE("a pair's grades are carried with both of its replies, and made again with one") {
  World world(8);
  world.drive(world.options(world.log));
  const auto carried_grades = [&](const config::Gate& gate, const CarryOptions& options) {
    const Plan plan = make_plan(gate, {}).value();
    const test::TempFolder run;
    REQUIRE(journal::write_plan(run.path(), plan));
    auto writer = journal::Writer::open(run.path());
    REQUIRE(writer);
    CarryOptions with = options;
    with.registry = &with_duel();
    REQUIRE(carry_over(world.run.path(), plan, gate.routes, **writer, with));
    std::size_t grades = 0;
    auto file = RandomAccessFile::open(run.path("journal.jsonl"));
    REQUIRE(file);
    REQUIRE(journal::scan(**file, [&](const auto& record) { grades += record.type == journal::RecordType::grade; }));
    CallLog log;
    DriveOptions drive_with = world.options(log);
    REQUIRE(drive(plan, gate.routes, run.path(), **writer, drive_with));
    CHECK(count(evidence_in(run.path()), Status::ok) == 16);
    return std::pair(grades, log.on_lane(judge_lane));
  };
  config::Gate gate = world.gate;
  CHECK(carried_grades(gate, {}) == std::pair<std::size_t, std::size_t>(16, 0));
  CHECK(carried_grades(gate, {Arm::baseline}) == std::pair<std::size_t, std::size_t>(0, 8 * 5));
  gate.routes[1] = model_route("support_c");
  CHECK(carried_grades(gate, {}) == std::pair<std::size_t, std::size_t>(0, 8 * 5));
}
