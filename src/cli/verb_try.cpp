// One case on both arms, in a second: what was sent, what came back, what every grader says of it.

#include "find_case.hpp"
#include "headgate/base/clock.hpp"
#include "inputs.hpp"
#include "output.hpp"
#include "tried_run.hpp"
#include "verb_options.hpp"

namespace headgate::cli {
namespace {

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
  HG_CHECK(check_prices(calls, *gate));
  HG_TRY(wanted, find_case(gate->suites, context.arguments.operands[1]));
  HG_TRY(plan, plan_of_one(context, *gate, wanted));
  const auto only = asked_arm(context);
  if (only) leave_out(*only == Arm::baseline ? Arm::candidate : Arm::baseline, plan, gate->routes);

  HG_TRY(tried, run_tried(context, *gate, plan, calls, only));
  if (const auto* stopped = std::get_if<ExitCode>(&tried)) return *stopped;
  const auto& shown = std::get<Tried>(tried);
  write_out(context.arguments.flag("--json") ? try_json(shown) : try_text(shown));
  return all_graded(shown) ? ExitCode::yes : ExitCode::inconclusive;
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
              {arm, whole("--trials", "N", 1, "ask N times (default: once)", {"--repeat", "--epochs"}), set_option(), sandbox_option()},
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
