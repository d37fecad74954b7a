// Graders that ask a judge: a route over HTTP of its own, with tries, money and records like any other.
#include "http_gate.hpp"

using namespace headgate;
using namespace headgate::run;
using namespace headgate::run::samples;

namespace {

constexpr std::size_t judge_lane = 4;

// Passes what the judge calls good.
class Judged : public grade::Grader {
 public:
  explicit Judged(std::string target) : target_(std::move(target)) {}
  grade::Step step(const grade::Subject& subject, const grade::Answers& answers) const override {
    const grade::Answer* verdict = answers.find("v0");
    if (verdict == nullptr) {
      grade::Chat chat{target_, {{"system", "You judge."}, {"user", subject.replies[0]->text}}, R"({"type":"object"})"};
      return std::vector<grade::Ask>{{"v0", std::move(chat)}};
    }
    if (const auto* error = std::get_if<CallError>(&verdict->what)) return *error;
    const Reply& reply = std::get<Reply>(verdict->what);
    const bool pass = reply.text == "good" && reply.finish_reason == "stop" && reply.usage.input_tokens == 1000;
    return Grade{pass, pass ? 1.0 : 0.0, "the judge said " + reply.text};
  }

 private:
  std::string target_;
};

const FieldTable no_options{"judged", "", {}};

const grade::Registry& with_judged() {
  static const grade::Registry all = [] {
    std::vector<grade::Kind> kinds(grade::registry().kinds().begin(), grade::registry().kinds().end());
    for (const char* name : {"judged", "judged_by_nobody"}) {
      grade::Kind kind;
      kind.name = name;
      kind.options = &no_options;
      kind.build = name == std::string("judged")
          ? [](const grade::BuildContext&) -> grade::GraderPtr { return std::make_unique<Judged>("rubric"); }
      : [](const grade::BuildContext&) -> grade::GraderPtr { return std::make_unique<Judged>("nobody"); };
      kinds.push_back(kind);
    }
    return grade::Registry(std::move(kinds));
  }();
  return all;
}

std::optional<route::Arrival> and_judge(const route::Call& call) {
  if (call.lane != judge_lane) return good_model(call);
  const Json body = Json::parse(call.payload);
  REQUIRE(body.at("messages").size() == 2);
  REQUIRE(call.payload.find("schema") != std::string::npos);
  return chat_reply(
      body.at("messages")[1].at("content").get<std::string>().find("unknown") == std::string::npos ? "good" : "bad");
}

struct World : HttpWorld {
  explicit World(std::size_t cases, const char* kind = "judged") : HttpWorld(cases) {
    gate.suites[0].head.graders = {{kind, false, {"{}"}}};
    headgate::seal(gate.suites[0]);
    seal();
  }
  DriveOptions options(CallLog& into, Answering answering = and_judge, const std::string& pool = "host/key/model") {
    DriveOptions options = HttpWorld::options(into, std::move(answering));
    options.registry = &with_judged();
    options.helpers.judges["rubric"] = model_route("judge", pool);
    return options;
  }
};

}  // namespace

TEST_CASE("a judge is asked over HTTP, its answer recorded and paid for, and the grade follows") {
  World world(14);
  const DriveResult driven = world.drive(world.options(world.log));
  CHECK(driven.calls == 56);
  CHECK(world.log.on_lane(judge_lane) == 28);
  CHECK(driven.spent_usd == Approx(56 * reply_usd));
  CHECK(driven.asked.calls == 28);
  CHECK(driven.asked.spent_usd == Approx(28 * reply_usd));
  const Evidence evidence = world.evidence();
  CHECK(count(evidence, Status::ok) == 28);
  CHECK(world.seen(evidence, 5, Arm::baseline).pass);
  CHECK_FALSE(world.seen(evidence, 6, Arm::baseline).pass);
  CHECK(world.run.read("journal.jsonl").find(R"(\"text\":\"good\")") == std::string::npos);  // JSON, not text in text
  CHECK(world.run.read("journal.jsonl").find(R"("text":"good")") != std::string::npos);

  // Nothing is asked again for a journal whose grades were lost.
  std::string kept;
  std::uint64_t sequence = 0;
  const std::string text = world.run.read("journal.jsonl");
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    const std::string line = text.substr(at, end - at);
    at = end + 1;
    if (line.starts_with(R"({"t":"grade")") || line.starts_with(R"({"t":"end")")) continue;
    journal::seal(kept, line.substr(0, line.rfind(",\"q\":")), sequence++);
  }
  world.run.write("journal.jsonl", kept);
  CallLog none;
  const DriveResult again = world.drive(world.options(none));
  CHECK(none.calls.empty());
  CHECK(again.asked.calls == 0);
  CHECK(again.asked.spent_usd == Approx(28 * reply_usd));  // over all starts
  CHECK(records_digest(world.evidence()) == records_digest(evidence));
}

TEST_CASE("a judge that fails leaves the reply ungraded, and may be asked again without its route") {
  World world(4);
  world.drive(world.options(world.log, [](const route::Call& call) -> std::optional<route::Arrival> {
    if (call.lane == judge_lane) return chat_error(400, "invalid_request", "what is this");
    return good_model(call);
  }));
  const Evidence evidence = world.evidence();
  CHECK(count(evidence, Status::ungraded) == 8);
  CHECK(evidence.observations[0].error == ErrorKind::judge_failed);
  CHECK(world.run.read("journal.jsonl").find("what is this") != std::string::npos);

  CallLog again;
  DriveOptions options = world.options(again);
  options.retry_errors = true;
  world.drive(options);
  CHECK(again.on_lane(0) + again.on_lane(1) == 0);
  CHECK(again.on_lane(judge_lane) == 8);
  CHECK(count(world.evidence(), Status::ok) == 8);
}

TEST_CASE("a judge that is turned away for ever costs no reply, and a later start asks it alone") {
  World world(4);
  DriveOptions options = world.options(
      world.log,
      [](const route::Call& call) -> std::optional<route::Arrival> {
        if (call.lane == judge_lane) return chat_error(429, "rate_limit", "no", {{"retry-after-ms", "300"}});
        return good_model(call);
      },
      "the judge's own host");
  options.helpers.judges["rubric"].http->limits.no_progress = Millis(200);
  const DriveResult driven = world.drive(options);
  CHECK(driven.why == Left::broken);
  CHECK(driven.cells_left == 8);
  CHECK(world.records("result").size() == 8);

  CallLog again;
  CHECK(world.drive(world.options(again)).cells_left == 0);
  CHECK(again.on_lane(0) + again.on_lane(1) == 0);
  CHECK(again.on_lane(judge_lane) == 8);
  CHECK(count(world.evidence(), Status::ok) == 8);
}

TEST_CASE("what a judge says that cannot be read is asked for again") {
  World world(2);
  std::map<std::string, int> seen;
  const DriveResult driven =
      world.drive(world.options(world.log, [&](const route::Call& call) -> std::optional<route::Arrival> {
        if (call.lane == judge_lane && seen[call.id]++ == 0) return answered(200, "oops");
        return and_judge(call);
      }));
  CHECK(driven.tries == 4 + 8);
  CHECK(world.records("try").size() == 4);
  CHECK(count(world.evidence(), Status::ok) == 4);
}

TEST_CASE("a judge that nobody named judges nothing") {
  World world(2, "judged_by_nobody");
  world.drive(world.options(world.log));
  const Evidence evidence = world.evidence();
  CHECK(count(evidence, Status::ungraded) == 4);
  CHECK(evidence.observations[0].error == ErrorKind::judge_failed);
  CHECK(world.run.read("journal.jsonl").find("nobody here can answer what judge 'nobody' is asked") !=
        std::string::npos);
}
