// One case on both arms, in a second: what was sent, what came back, what every grader says of it.

#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "find_case.hpp"
#include "headgate/base/clock.hpp"
#include "headgate/base/file.hpp"
#include "headgate/base/text.hpp"
#include "headgate/grade/labels.hpp"
#include "headgate/journal/fold.hpp"
#include "headgate/journal/plan_file.hpp"
#include "headgate/journal/scan.hpp"
#include "headgate/run/quotes.hpp"
#include "inputs.hpp"
#include "output.hpp"
#include "run_cells.hpp"
#include "try_report.hpp"
#include "verb_options.hpp"

namespace headgate::cli {
namespace {

// A folder of our own that goes with us, however the function ends. In memory, unless TMPDIR says where: nothing in it
// is to outlive a crash, so no disk needs to be waited for.
class PrivateFolder {
 public:
  static Result<PrivateFolder> create(const Environment& environment) {
    std::string path = join_path(place(environment), "headgate-try-XXXXXX");
    if (::mkdtemp(path.data()) == nullptr) {
      return failure(ErrorCode::environment,
                     "cannot create a folder like '" + path + "': " + std::generic_category().message(errno),
                     "TMPDIR may name another place");
    }
    return PrivateFolder(std::move(path));
  }
  PrivateFolder(PrivateFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  PrivateFolder& operator=(PrivateFolder&&) = delete;
  ~PrivateFolder() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }

  const std::string& path() const { return path_; }

 private:
  explicit PrivateFolder(std::string path) : path_(std::move(path)) {}

  static std::string place(const Environment& environment) {
    if (const auto set = environment("TMPDIR"); set && !set->empty()) return *set;
    constexpr const char* memory = "/dev/shm";
    if (::access(memory, W_OK | X_OK) == 0) return memory;
    std::error_code trouble;
    const auto usual = std::filesystem::temp_directory_path(trouble);
    return trouble ? "." : usual.string();
  }

  std::string path_;
};

// For the arm that is not asked: nothing of it is called, and nothing of it is shown.
class NotAsked : public route::RecordedReplies {
 public:
  Outcome find(const std::string&, std::uint32_t) const override {
    return CallError{ErrorKind::reply_missing, "not asked"};
  }
  std::size_t size() const override { return 0; }
  Digest digest() const override { return {}; }
};

// Once, whatever the gate's trials are, unless asked otherwise.
Result<Plan> plan_of_one(const Context& context, config::Gate& gate, const CaseName& wanted) {
  run::PlanOptions options;
  options.only = [&wanted](const Case& item, const SuiteHead& suite) {
    return suite.name == wanted.suite && item.id == wanted.id;
  };
  HG_TRY(trials, trials_of(context));
  options.trials = trials.value_or(1);
  options.as_of = utc_stamp(real_clock().wall_seconds());
  return run::make_plan(std::move(gate), options);
}

// Turns the other arm into one that replies nothing.
void leave_out(Arm arm, Plan& plan, std::array<config::Route, 2>& routes) {
  const auto index = static_cast<std::size_t>(arm);
  routes[index].replies = std::make_shared<NotAsked>();
  routes[index].program.reset();
  routes[index].http.reset();
  routes[index].fallback.reset();
  plan.head.routes[index].kind = "replay";
  plan.head.routes[index].recorded = true;
  plan.head.digest = plan_digest(plan);
}

Result<TriedCell> read_cell(const RandomAccessFile& file, const Observation& seen, std::uint32_t trial) {
  TriedCell cell;
  cell.trial = trial;
  cell.status = seen.status;
  cell.error = seen.error;
  if (seen.error == ErrorKind::not_started) {
    cell.outcome = CallError{ErrorKind::not_started, "not run"};
    return cell;
  }
  HG_TRY(outcome, journal::read_result(file, seen.result_offset));
  cell.outcome = std::move(outcome);
  if (std::holds_alternative<CallError>(cell.outcome) || seen.grade_offset == 0) return cell;
  HG_TRY(grade, journal::read_grade(file, seen.grade_offset));
  cell.grade = std::move(grade);
  return cell;
}

Result<TriedArm> read_arm(const std::string& folder, const Evidence& evidence, const config::Route& route, Arm arm,
                          const Case& item, const report::Quotes& quotes) {
  const RouteUse& use = evidence.plan.routes[static_cast<std::size_t>(arm)];
  TriedArm tried{arm, use.name, use.kind, route.replies != nullptr, {}, {}, {}};
  if (!tried.recorded) {
    HG_TRY(messages, route.prompt.render(item));
    tried.messages = std::move(messages);
    if (route.http && use.kind == "generic_http") {
      HG_TRY(body, route.http->dialect->body({&tried.messages, &item, 0, {}}));
      tried.body = std::move(body);
    }
  }
  HG_TRY(file, RandomAccessFile::open(join_path(folder, "journal.jsonl")));
  for (std::uint32_t trial = 0; trial < evidence.plan.trials; ++trial) {
    HG_TRY(cell, read_cell(*file, evidence.at(0, trial, arm), trial));
    if (auto quote = quotes(0, trial)) {
      cell.call = std::move(arm == Arm::baseline ? quote->baseline : quote->candidate);
    }
    tried.cells.push_back(std::move(cell));
  }
  return tried;
}

Result<Tried> read_tried(const std::string& folder, const Plan& plan, const std::array<config::Route, 2>& routes,
                         const std::optional<Arm>& only) {
  HG_TRY(evidence, journal::read_evidence(folder));
  Tried tried{plan.head.suites[plan.case_suite[0]].name, plan.cases[0], {}, {}, {}, {}};
  tried.labels = grade::labels(plan.head.suites[plan.case_suite[0]].graders, tried.item.graders);
  const report::Quotes quotes = run::quotes_of(folder, evidence);
  if (const auto quote = quotes(0, 0)) {
    tried.input = quote->input;
    tried.expected = quote->expected;
  }
  for (const Arm arm : both_arms) {
    if (only && *only != arm) continue;
    HG_TRY(one, read_arm(folder, evidence, routes[static_cast<std::size_t>(arm)], arm, tried.item, quotes));
    tried.arms.push_back(std::move(one));
  }
  return tried;
}

std::optional<Arm> asked_arm(const Context& context) {
  const auto written = context.arguments.text("--arm");
  if (!written) return std::nullopt;
  return *written == name(Arm::baseline) ? Arm::baseline : Arm::candidate;
}

Result<ExitCode> try_verb(const Context& context) {
  ExitCode refused = ExitCode::refused;
  auto gate = load_gate(context, context.arguments.operands[0], 0, refused);
  if (!gate) return refused;
  HG_TRY(calls, call_wish(context, gate->budget));
  HG_CHECK(check_prices(calls, gate->routes));
  HG_TRY(wanted, find_case(gate->suites, context.arguments.operands[1]));
  HG_TRY(plan, plan_of_one(context, *gate, wanted));
  const auto only = asked_arm(context);
  if (only) leave_out(*only == Arm::baseline ? Arm::candidate : Arm::baseline, plan, gate->routes);

  const InterruptWatch watch;  // outlives the folder, so that a signal cannot keep it from being removed
  HG_TRY(folder, PrivateFolder::create(context.environment));
  HG_TRY(writer, journal::Writer::open(folder.path()));
  HG_CHECK(journal::write_plan(folder.path(), plan));
  RunFile unused;
  const CellsJob cells{.plan = plan,
                       .routes = gate->routes,
                       .plugins = gate->plugins,
                       .workers = 1,
                       .calls = calls,
                       .progress = {.silent = true, .live = false, .width = context.terminal.width},
                       .is_kept = false};
  HG_TRY(ran, run_cells(cells, folder.path(), unused, *writer, watch));
  if (ran.driven.interrupted) {
    say("interrupted");
    return interrupted_code(watch);
  }
  HG_TRY(tried, read_tried(folder.path(), plan, gate->routes, only));
  write_out(context.arguments.flag("--json") ? try_json(tried) : try_text(tried));
  return all_graded(tried) ? ExitCode::yes : ExitCode::inconclusive;
}

}  // namespace

Verb try_row() {
  Option arm = text("--arm", "ARM", "baseline or candidate alone (default: both)");
  arm.choices = {"baseline", "candidate"};
  return {.name = "try",
          .group = judging,
          .summary = "one case on both arms: prompt, reply, every grader's reason",
          .operands = "GATE CASE",
          .least_operands = 2,
          .most_operands = 2,
          .options = with(
              {arm, whole("--trials", "N", 1, "ask N times (default: once)", {"--repeat", "--epochs"}), set_option()},
              call_options()),
          .details =
              "CASE is an id, or suite/id where several suites have it. Shows the messages a live route is sent, the\n"
              "reply, its latency and cost, and the score and reason of every grader. Makes no decision and keeps\n"
              "nothing. Exits 0 where every reply came and was graded, whether it passed or not; 2 where one did not.",
          .examples = {"headgate try support.gate.yaml refund-017",
                       "headgate try support.gate.yaml refund-017 --arm candidate --trials 3 --json"},
          .run = try_verb};
}

}  // namespace headgate::cli
