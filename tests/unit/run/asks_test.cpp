// Graders that ask: their questions are called, recorded, resumed and never paid for twice.
#include <set>

#include "headgate/base/random.hpp"
#include "live_gate.hpp"

using namespace headgate;
using namespace headgate::run;
using namespace headgate::run::samples;

namespace {

// Consults a plugin, consults it again about what it said, and runs a program at the same time as the first.
class Curious : public grade::Grader {
 public:
  grade::Step step(const grade::Subject& subject, const grade::Answers& answers) const override {
    const grade::Answer* first = answers.find("first");
    const grade::Answer* program = answers.find("run");
    if (first == nullptr || program == nullptr) {
      std::vector<grade::Ask> asks;
      const Json question = {{"text", subject.replies[0]->text}};
      if (first == nullptr) asks.push_back({"first", grade::Consult{"lint", canonical(question)}});
      if (program == nullptr) {
        asks.push_back({"run", grade::Program{"python", {{"main.py", "print(1)"}}, subject.replies[0]->text, {}}});
      }
      return asks;
    }
    if (const auto* error = std::get_if<CallError>(&first->what)) return *error;
    if (const auto* error = std::get_if<CallError>(&program->what)) return *error;
    const grade::Answer* second = answers.find("second");
    if (second == nullptr) {
      const Json said = Json::parse(std::get<JsonText>(first->what).text);
      return std::vector<grade::Ask>{{"second", grade::Consult{"lint", canonical(Json{{"again", said.at("n")}})}}};
    }
    if (const auto* error = std::get_if<CallError>(&second->what)) return *error;
    const auto& result = std::get<grade::ProgramResult>(program->what);
    const Json last = Json::parse(std::get<JsonText>(second->what).text);
    const bool pass = result.exit_code == 0 && last.at("n").get<int>() % 3 != 0;
    return Grade{pass, pass ? 1.0 : 0.0, result.output + " and " + std::to_string(last.at("n").get<int>())};
  }
};

const FieldTable no_options{"curious", "", {}};

grade::GraderPtr build_curious(const grade::BuildContext&) { return std::make_unique<Curious>(); }

const grade::Registry& with_curious() {
  static const grade::Registry all = [] {
    std::vector<grade::Kind> kinds(grade::registry().kinds().begin(), grade::registry().kinds().end());
    grade::Kind curious;
    curious.name = "curious";
    curious.options = &no_options;
    curious.build = &build_curious;
    kinds.push_back(curious);
    return grade::Registry(std::move(kinds));
  }();
  return all;
}

constexpr std::size_t lint_lane = 4;
constexpr std::size_t python_lane = 5;

int number_of(const std::string& text) {
  int sum = 0;
  for (const char c : text) sum = (sum * 31 + static_cast<unsigned char>(c)) % 1009;
  return sum;
}

std::optional<route::Arrival> helpers_too(const route::Call& call) {
  if (call.lane == lint_lane) {
    const Json question = Json::parse(call.payload);
    REQUIRE(question.at("id") == call.id);
    const int n = question.contains("text") ? number_of(question.at("text").get<std::string>())
                                            : question.at("again").get<int>() / 2;
    return said(Json{{"id", call.id}, {"n", n}}.dump());
  }
  if (call.lane == python_lane) {
    REQUIRE(call.files.size() == 1);
    REQUIRE(call.timeout_ms == 10'000U);
    route::Arrival arrival = said("ran \xFF" + std::to_string(call.payload.size()));
    arrival.exit = route::Exit{number_of(call.payload) % 5 == 0 ? 1 : 0, "some words"};
    return arrival;
  }
  return good_program(call);
}

struct World {
  test::TempFolder files;
  config::Gate gate;
  Plan plan;
  test::TempFolder run;

  explicit World(std::size_t cases, bool live) : gate(live ? live_gate(files, cases) : gate_of(files, cases)) {
    gate.suites[0].head.graders = {{"curious", false, {"{}"}}, {"length", false, {R"({"max":400})"}}};
    for (Case& item : gate.suites[0].cases) {
      if (item.id == "q1") item.graders = {{"curious", true, {"{}"}}};
      item.digest = case_digest(item);
    }
    seal(gate.suites[0]);
    plan = plan_of(gate);
    REQUIRE(journal::write_plan(run.path(), plan));
  }
  DriveOptions options(CallLog& log, Answering answering = helpers_too) const {
    DriveOptions options = live_options(log, std::move(answering));
    options.registry = &with_curious();
    options.helpers.plugins["lint"] = {program_named("plugin lint", 3), sha256("lint")};
    options.helpers.languages["python"] = program_named("python", 2);
    return options;
  }
  DriveResult drive(const DriveOptions& with) const { return drive_in(plan, gate, run.path(), with); }
  Evidence evidence() const { return evidence_in(run.path()); }
  Digest undisturbed() const {
    const test::TempFolder folder;
    REQUIRE(journal::write_plan(folder.path(), plan));
    CallLog log;
    drive_in(plan, gate, folder.path(), options(log));
    return records_digest(evidence_in(folder.path()));
  }
};

}  // namespace

TEST_CASE("what graders ask is called and recorded, and the grade follows from it") {
  for (const bool live : {false, true}) {
    const World world(20, live);
    CallLog log;
    const DriveResult driven = world.drive(world.options(log));
    const Evidence evidence = world.evidence();
    CHECK(evidence.journal.ended);
    CHECK(evidence.journal.foreign == 0);
    const std::size_t graded = count(evidence, Status::ok);
    CHECK(graded > 30);
    // Three questions a cell; the cells of q1 have the grader twice, and the two do not share answers.
    CHECK(log.on_lane(lint_lane) == 2 * (graded + 2));
    CHECK(log.on_lane(python_lane) == graded + 2);
    CHECK(driven.calls == log.calls.size());
    CHECK(log.most_out[lint_lane] <= 3);
    CHECK(log.most_out[python_lane] <= 2);
    std::size_t passed = 0;
    for (const Observation& seen : evidence.observations) passed += seen.status == Status::ok && seen.pass ? 1U : 0U;
    CHECK(passed > 0);
    CHECK(passed < graded);
    CHECK(world.run.read("journal.jsonl").find(R"("ask":"0/second")") != std::string::npos);
    CHECK(world.run.read("journal.jsonl").find(R"("ask":"2/run")") != std::string::npos);
  }
}

TEST_CASE("a second start over a finished journal sends nothing") {
  const World world(10, true);
  CallLog log;
  world.drive(world.options(log));
  const std::string before = world.run.read("journal.jsonl");
  CallLog again;
  CHECK(world.drive(world.options(again)).calls == 0);
  CHECK(again.calls.empty());
  CHECK(world.run.read("journal.jsonl") == before);
}

TEST_CASE("a journal without its grades is graded from the recorded answers alone") {
  const World world(10, true);
  CallLog log;
  world.drive(world.options(log));
  const Digest usual = records_digest(world.evidence());
  std::string kept;
  std::uint64_t sequence = 0;
  const std::string text = world.run.read("journal.jsonl");
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    std::string line = text.substr(at, end - at);
    at = end + 1;
    if (line.starts_with(R"({"t":"grade")") || line.starts_with(R"({"t":"end")")) continue;
    journal::seal(kept, line.substr(0, line.rfind(",\"q\":")), sequence++);
  }
  world.run.write("journal.jsonl", kept);
  CHECK(world.evidence().observations[0].status == Status::not_run);
  CallLog again;
  DriveOptions options = world.options(again);
  options.offline = true;
  CHECK(world.drive(options).cells_run == 20);
  CHECK(again.starts == 0);
  CHECK(records_digest(world.evidence()) == usual);
}

TEST_CASE("a run cut at any record asks only what was not answered") {
  for (const bool live : {false, true}) {
    const World world(4, live);
    const Digest usual = world.undisturbed();
    CallLog whole;
    world.drive(world.options(whole));
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

TEST_CASE("an interrupt between an answer and the next question keeps the answer") {
  const World world(12, true);
  const Digest usual = world.undisturbed();
  CallLog log;
  int asked = 0;
  DriveOptions options = world.options(log, [&](const route::Call& call) {
    if (call.lane == lint_lane) asked = 1;
    return helpers_too(call);
  });
  options.interrupted = [&] { return asked; };
  const DriveResult first = world.drive(options);
  CHECK(first.interrupted);
  std::set<std::string> paid;
  for (const route::Call& call : log.calls) paid.insert(call.id);
  CallLog again;
  const DriveResult second = world.drive(world.options(again));
  CHECK(second.maybe_repeated == 0);
  for (const route::Call& call : again.calls) CHECK_FALSE(paid.contains(call.id));
  CHECK(records_digest(world.evidence()) == usual);
}

TEST_CASE("helpers that fail leave their cells ungraded, and may be asked again") {
  const World world(6, true);
  CallLog log;
  world.drive(world.options(log, [&](const route::Call& call) -> std::optional<route::Arrival> {
    if (call.lane != lint_lane) return helpers_too(call);
    switch (number_of(call.id) % 3) {
      case 0:
        return went_wrong(ErrorKind::timeout, "plugin lint did not answer in 30 s");
      case 1:
        return said("{\"id\":\"x\",");
      default:
        return said("[1]");
    }
  }));
  const Evidence evidence = world.evidence();
  CHECK(evidence.journal.ended);
  CHECK(count(evidence, Status::ungraded) == 12);
  for (const Observation& seen : evidence.observations) CHECK(seen.error == ErrorKind::plugin_failed);
  CallLog nothing;
  CHECK(world.drive(world.options(nothing)).calls == 0);

  CallLog again;
  DriveOptions options = world.options(again);
  options.retry_errors = true;
  world.drive(options);
  CHECK(again.on_lane(0) == 0);  // the replies stand
  CHECK(again.on_lane(python_lane) == 0);
  CHECK(again.on_lane(lint_lane) > 0);
  CHECK(records_digest(world.evidence()) == world.undisturbed());
}

TEST_CASE("a question to nobody is an error, never a pass") {
  const World world(4, true);
  CallLog log;
  DriveOptions options = world.options(log);
  options.helpers = {};
  world.drive(options);
  const Evidence evidence = world.evidence();
  CHECK(count(evidence, Status::ungraded) == 8);
  CHECK(log.calls.size() == 8);
  CHECK(evidence.observations[0].error == ErrorKind::grader_failed);
  CHECK(world.run.read("journal.jsonl").find("nobody here can answer what plugin 'lint' is asked") !=
        std::string::npos);
}

TEST_CASE("offline refuses a question that no record answers") {
  const World world(4, false);
  CallLog log;
  DriveOptions options = world.options(log);
  options.offline = true;
  const auto refused = try_drive(world.plan, world.gate, world.run.path(), options);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::input);
  CHECK(refused.error().message.find("--offline: a grader of case 'q") == 0);
  CHECK(log.starts == 0);
}
