#include "estimate_asks.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "expected_cost.hpp"
#include "headgate/grade/cell.hpp"

namespace headgate::run {
namespace {

using Estimates = std::map<std::string, AskEstimate>;

// The reply that a grader is shown, and how much longer than that it may be.
struct ShownReply {
  std::optional<Reply> reply;            // none: it is recorded that there is none
  std::optional<double> further_tokens;  // absent: no bound is known
};

ShownReply stand_in(Arm arm, const std::optional<double>& most_tokens) {
  Reply reply;
  reply.text = arm == Arm::baseline ? "…" : "……";  // replies that are equal are not compared
  return {std::move(reply), most_tokens};
}

ShownReply shown_reply(const config::Route& route, const Case& item, CellRef ref, bool is_taken) {
  if (is_taken || !route.replies) {
    return stand_in(ref.arm, route.http ? route.http->max_output_tokens : std::nullopt);
  }
  Outcome outcome = route.replies->reply_to(item, ref.trial);
  if (auto* reply = std::get_if<Reply>(&outcome)) return {std::move(*reply), 0.0};
  return {std::nullopt, 0.0};
}

std::size_t bytes_of(const grade::Ask& ask) {
  std::size_t bytes = 0;
  if (const auto* chat = std::get_if<grade::Chat>(&ask.what)) {
    for (const Message& message : chat->messages) bytes += message.text.size();
    bytes += chat->schema.size();
  }
  if (const auto* embed = std::get_if<grade::Embed>(&ask.what)) {
    for (const std::string& text : embed->texts) bytes += text.size();
  }
  return bytes;
}

std::size_t messages_of(const grade::Ask& ask) {
  if (const auto* chat = std::get_if<grade::Chat>(&ask.what)) return chat->messages.size();
  if (const auto* embed = std::get_if<grade::Embed>(&ask.what)) return embed->texts.size();
  return 0;
}

class Counter {
 public:
  Counter(const Helpers& helpers, Estimate& out) : helpers_(helpers), out_(out) {
    begin(helpers.judges, out.judges);
    begin(helpers.embeddings, out.embeddings);
  }

  // Whom it asks.
  std::pair<AskEstimate*, const config::Route*> find(const grade::Ask& ask) {
    if (const auto* chat = std::get_if<grade::Chat>(&ask.what)) return in(chat->target, helpers_.judges, out_.judges);
    if (const auto* embed = std::get_if<grade::Embed>(&ask.what)) {
      return in(embed->target, helpers_.embeddings, out_.embeddings);
    }
    return {};
  }

  void count(const grade::Ask& ask, const std::optional<double>& further_tokens) {
    const auto [estimate, route] = find(ask);
    if (estimate == nullptr) return;
    const double tokens = route::estimated_tokens(bytes_of(ask), messages_of(ask));
    ++estimate->calls;
    estimate->input_tokens += tokens;
    if (!route->http) {
      estimate->low_usd.reset();
      estimate->high_usd.reset();
      return;
    }
    const config::HttpRoute& http = *route->http;
    add(estimate->low_usd, least_cost(http.price, tokens));
    const bool is_bounded = further_tokens || http.price.input_per_mtok.value_or(1.0) == 0.0;
    add(estimate->high_usd,
        is_bounded ? route::worst_cost(http.price, tokens + further_tokens.value_or(0.0), http.max_output_tokens)
                   : std::nullopt);
    if (!is_bounded) unbounded_.insert(estimate);
  }

  void finish() {
    finish(helpers_.judges, out_.judges);
    finish(helpers_.embeddings, out_.embeddings);
  }

 private:
  static void begin(const std::map<std::string, config::Route>& routes, Estimates& estimates) {
    for (const auto& [name, route] : routes) {
      AskEstimate& each = estimates[name];
      each.route = route.use.name;
      each.low_usd = each.high_usd = 0.0;
    }
  }

  static std::pair<AskEstimate*, const config::Route*> in(const std::string& name,
                                                          const std::map<std::string, config::Route>& routes,
                                                          Estimates& estimates) {
    const auto route = routes.find(name);
    if (route == routes.end()) return {};
    return {&estimates.at(name), &route->second};
  }

  void finish(const std::map<std::string, config::Route>& routes, Estimates& estimates) {
    for (auto& [name, each] : estimates) {
      out_.calls += each.calls;
      add(out_.low_usd, each.low_usd);
      add(out_.high_usd, each.high_usd);
      if (each.low_usd && each.high_usd) continue;
      each.unknown = unbounded_.contains(&each) ? "nothing bounds the replies that it is asked about"
                                                : why_unknown(routes.at(name), "an answer");
    }
  }

  const Helpers& helpers_;
  Estimate& out_;
  std::set<const AskEstimate*> unbounded_;
};

// One pair: what its two cells ask, and what is asked about both once.
void count_pair(const Plan& plan, const std::array<config::Route, 2>& routes, const grade::SuiteGraders& graders,
                CellIndex first, const EstimateOptions& options, Counter& counter) {
  const CellRef ref = cell_ref(first, plan.head.trials);
  const Case& item = plan.cases[ref.item];
  std::array<ShownReply, 2> shown;
  for (std::size_t arm = 0; arm < 2; ++arm) {
    const bool is_taken = options.taken != nullptr && (*options.taken)[first + arm];
    shown[arm] = shown_reply(routes[arm], item, {ref.item, ref.trial, static_cast<Arm>(arm)}, is_taken);
  }
  const bool has_both = shown[0].reply && shown[1].reply;
  std::array<const Reply*, 2> pair{};
  std::optional<double> both_tokens;
  if (has_both) {
    pair = {&*shown[0].reply, &*shown[1].reply};
    if (shown[0].further_tokens && shown[1].further_tokens) {
      both_tokens = *shown[0].further_tokens + *shown[1].further_tokens;
    }
  }
  bool pair_is_counted = false;
  for (std::size_t arm = 0; arm < 2; ++arm) {
    if (!shown[arm].reply) continue;
    grade::CellReplies replies{*shown[arm].reply};
    if (has_both) replies.pair = pair;
    replies.side = arm;
    const grade::CellStep step = graders.step(item, replies, 0, {});
    const auto* asks = std::get_if<std::vector<grade::CellAsk>>(&step);
    if (asks == nullptr) continue;
    for (const grade::CellAsk& ask : *asks) {
      if (!ask.of_pair) {
        counter.count(ask.ask, shown[arm].further_tokens);
      } else if (!pair_is_counted) {
        counter.count(ask.ask, both_tokens);
      }
    }
    pair_is_counted = pair_is_counted || std::ranges::any_of(*asks, &grade::CellAsk::of_pair);
  }
}

}  // namespace

Result<void> add_questions(const Plan& plan, const std::array<config::Route, 2>& routes, const EstimateOptions& options,
                           Estimate& out) {
  const Helpers& helpers = *options.helpers;
  if (helpers.judges.empty() && helpers.embeddings.empty()) return {};
  std::vector<grade::SuiteGraders> graders;
  for (const SuiteHead& suite : plan.head.suites) {
    HG_TRY(built, grade::SuiteGraders::make(suite, *options.registry));
    graders.push_back(std::move(built));
  }
  Counter counter(helpers, out);
  for (CellIndex first = 0; first < plan.cells(); first += 2) {
    const CaseIndex item = cell_ref(first, plan.head.trials).item;
    count_pair(plan, routes, graders[plan.case_suite[item]], first, options, counter);
  }
  counter.finish();
  return {};
}

}  // namespace headgate::run
