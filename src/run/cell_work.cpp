#include "cell_work.hpp"

#include <algorithm>
#include <new>
#include <utility>

#include "headgate/base/assert.hpp"
#include "headgate/base/bug_error.hpp"
#include "headgate/base/clock.hpp"
#include "headgate/base/random.hpp"
#include "headgate/base/text.hpp"
#include "headgate/base/unicode.hpp"
#include "headgate/journal/scan.hpp"
#include "held_cell.hpp"
#include "lane_plan.hpp"

namespace headgate::run {
namespace {

void shorten(Outcome& outcome) {
  if (auto* error = std::get_if<CallError>(&outcome)) error->message = words(error->message);
}

route::Arrival& arrival_in(const Arrived& arrived) {
  auto* response = dynamic_cast<Response*>(arrived.what.get());
  HG_ASSERT(response != nullptr);
  return response->arrival;
}

// The last try of an arrival, should it have failed.
journal::FailedTry try_of(const Arrived& arrived) {
  journal::FailedTry failed;
  failed.number = std::max<std::uint32_t>(1, arrived.facts.tries);
  failed.spent_usd = arrived.facts.spent_usd;
  if (arrived.what == nullptr) return failed;
  const route::Arrival& arrival = arrival_in(arrived);
  failed.http_status = arrival.http ? arrival.http->status : 0;
  failed.latency_ms = arrival.latency_ms;
  return failed;
}

journal::FailedTry with(journal::FailedTry failed, const CallError& error) {
  failed.error = error.kind;
  failed.message = error.message;
  return failed;
}

// Its last try is in a record of its own where a worker asks for another.
journal::CallFacts facts_of(const Arrived& arrived, const std::optional<double>& cost_usd) {
  journal::CallFacts facts = arrived.facts;
  if (cost_usd) facts.spent_usd = cost_usd;
  if (arrived.what != nullptr) facts.tries = std::max(facts.tries, arrival_in(arrived).sends);
  return facts;
}

// The way to a route or the route itself; what its fallback is for.
bool is_of_the_route(ErrorKind kind) {
  const Status status = status_of(kind);
  return status == Status::route_error || status == Status::provider_error;
}

void add_known(KnownAnswers&& more, KnownAnswers& known) {
  for (auto& [id, answer] : more) {
    journal::RecordedAnswer& first = known.try_emplace(id, answer).first->second;
    if (first.error.kind != ErrorKind::none) first = std::move(answer);
  }
}

HeldCell& held_in(const Task& task) {
  auto* held = dynamic_cast<HeldCell*>(task.held.get());
  HG_ASSERT(held != nullptr);
  return *held;
}

}  // namespace

CellWork::CellWork(Means means)
    : plan_(means.plan),
      routes_(means.routes),
      graders_(std::move(means.graders)),
      replied_(std::move(means.replied)),
      asks_(std::move(means.asks)),
      offline_(means.offline),
      cache_(means.cache),
      made_to_fail_(plan_.head.fallback_tested.begin(), plan_.head.fallback_tested.end()) {}

std::string CellWork::result_record(const Subject& cell, const Graded& graded, const journal::CallFacts& facts) {
  return journal::result_body(cell.cell, cell.call, cell.item.id, cell.ref, graded.outcome, graded.reply, facts);
}

CellWork::Subject CellWork::subject_of(CellIndex cell) const {
  const CellRef ref = cell_ref(cell, plan_.head.trials);
  const auto arm = static_cast<std::size_t>(ref.arm);
  const std::uint32_t suite = plan_.case_suite[ref.item];
  const Case& item = plan_.cases[ref.item];
  return {cell,
          ref,
          item,
          routes_[arm],
          graders_[suite],
          plan_.head.suites[suite].graders_digest,
          call_id(item.digest, plan_.head.routes[arm].digest, ref.arm, ref.trial)};
}

std::optional<CellNews> CellWork::receive(Task& task) const {
  if (task.work != Work::go_on) return std::nullopt;
  CellNews news = news_of(task.cell);
  news.hand = Hand::at_work;
  HeldCell& held = held_in(task);
  if (held.stage == HeldCell::Stage::graded) {
    for (Arrived& arrived : task.arrived) receive_answer(task.cell, held, arrived, news);
    return news;
  }
  HG_ASSERT(held.stage == HeldCell::Stage::calling && task.arrived.size() == 1);
  receive_reply(subject_of(task.cell), held, task.arrived.front(), news);
  return news;
}

void CellWork::receive_reply(const Subject& cell, HeldCell& held, Arrived& arrived, CellNews& news) const {
  const config::Route& route = held.by_fallback ? *cell.route.fallback : cell.route;
  ReadReply read =
      arrived.failed ? ReadReply{std::move(*arrived.failed), {}, {}, false} : read_reply(route, arrival_in(arrived));
  shorten(read.outcome);
  const journal::FailedTry failed = try_of(arrived);
  const auto* error = std::get_if<CallError>(&read.outcome);
  if (error != nullptr && read.was_cut && !arrived.last) {
    news.records.push_back(journal::try_body(cell.cell, cell.call, {}, with(failed, *error)));
    news.reads.push_back({arrived.ticket, *error, {}, {}});
    return;
  }
  news.reads.push_back({arrived.ticket, {}, read.cost_usd, read.tokens});
  conclude_call(cell, held, std::move(read.outcome), facts_of(arrived, read.cost_usd), failed, news);
}

void CellWork::conclude_call(const Subject& cell, HeldCell& held, Outcome&& outcome, const journal::CallFacts& facts,
                             const journal::FailedTry& failed, CellNews& news) const {
  auto* error = std::get_if<CallError>(&outcome);
  if (!held.by_fallback && error != nullptr && cell.route.fallback && is_of_the_route(error->kind)) {
    news.records.push_back(journal::try_body(cell.cell, cell.call, {}, with(failed, *error)));
    held.stage = HeldCell::Stage::falling_back;
    held.primary = std::move(*error);
    held.before = facts;
    return;
  }
  held.is_to_be_kept = held.cache_key && !held.by_fallback;
  journal::CallFacts all = facts;
  if (held.by_fallback) {
    all.tries += held.before.tries;
    all.waited_ms += held.before.waited_ms;
  }
  record_outcome(cell, held, std::move(outcome), all, news);
}

void CellWork::record_outcome(const Subject& cell, HeldCell& held, Outcome&& outcome, const journal::CallFacts& facts,
                              CellNews& news) const {
  if (held.by_fallback) {
    if (auto* reply = std::get_if<Reply>(&outcome)) {
      reply->served_by = cell.route.fallback->use.name;
    } else {  // the route's own error stands; that nobody stepped in is told with it
      CallError both = *held.primary;
      both.message +=
          "; and its fallback '" + cell.route.fallback->use.name + "': " + std::get<CallError>(outcome).message;
      outcome = std::move(both);
      shorten(outcome);
    }
  }
  held.stage = HeldCell::Stage::graded;
  held.graded = graded_of(std::move(outcome));
  std::string record = result_record(cell, held.graded, facts);
  if (record.size() > journal::max_record_bytes) {  // escapes may take six times the bytes that came
    held.graded = graded_of(CallError{ErrorKind::too_large, "the reply does not fit in a record of the journal"});
    record = result_record(cell, held.graded, facts);
  }
  news.records.push_back(std::move(record));
}

void CellWork::receive_answer(CellIndex cell, HeldCell& held, Arrived& arrived, CellNews& news) const {
  PendingAsk& ask = held.asked.at(arrived.slot);
  HG_ASSERT(!ask.answered && held.open > 0);
  const journal::FailedTry failed = try_of(arrived);
  Asks::ReadAnswer read{CallError{}, {}, {}, ErrorKind::none};
  journal::CallFacts facts = facts_of(arrived, {});
  if (arrived.failed) {
    read.body = Asks::failed(ask.kind, std::move(*arrived.failed));
  } else {
    read = Asks::read(ask, std::move(arrival_in(arrived)));
    if (read.cost_usd) facts.spent_usd = read.cost_usd;
    if (read.to_keep) held.answers_to_keep.emplace_back(*ask.cache_key, std::move(*read.to_keep));
  }
  auto* error = std::get_if<CallError>(&read.body);
  if (error != nullptr) error->message = words(error->message);
  if (error != nullptr && read.cut != ErrorKind::none && !arrived.last) {
    const CallError why{read.cut, error->message};
    news.records.push_back(journal::try_body(cell, ask.id, ask.key, with(failed, why)));
    news.reads.push_back({arrived.ticket, why, {}, {}});
    return;
  }
  ask.answered = true;
  --held.open;
  news.reads.push_back({arrived.ticket, {}, read.cost_usd, read.tokens});
  std::string record = answer_record(cell, ask, read.body, facts);
  if (record.size() > journal::max_record_bytes) {
    read.body = Asks::failed(ask.kind, {ErrorKind::too_large, "the answer does not fit in a record of the journal"});
    record = answer_record(cell, ask, read.body, facts);
  }
  news.records.push_back(std::move(record));
  deliver(held, ask.asker, Asks::answer_of(ask.key, ask.kind, std::move(read.body)));
}

CellNews CellWork::finish(Task& task) const {
  const Subject cell = subject_of(task.cell);
  switch (task.work) {
    case Work::whole:
      return whole(cell);
    case Work::grade:
      return grade_recorded(cell);
    case Work::prepare:
      return prepare(cell);
    case Work::go_on:
      break;
  }
  CellNews news = news_of(task.cell);
  auto held = std::dynamic_pointer_cast<HeldCell>(std::move(task.held));
  HG_ASSERT(held != nullptr);
  if (task.other != nullptr) {
    held->other = std::dynamic_pointer_cast<HeldCell>(std::move(task.other));
    HG_ASSERT(held->other != nullptr);
    add_known(std::move(held->other->known), held->known);
  }
  if (std::exchange(held->is_to_be_kept, false)) keep(*held);
  for (const auto& [key, reply] : std::exchange(held->answers_to_keep, {})) {
    cache_->keep(key, reply, real_clock().wall_seconds());
  }
  if (held->stage == HeldCell::Stage::falling_back) fall_back(cell, *held, news);
  go_on(cell, std::move(held), news);
  return news;
}

void CellWork::keep(const HeldCell& held) const {
  const auto* reply = std::get_if<Reply>(&held.graded.outcome);
  if (reply != nullptr) cache_->keep(*held.cache_key, *reply, real_clock().wall_seconds());
}

void CellWork::go_on(const Subject& cell, std::shared_ptr<HeldCell> held, CellNews& news) const {
  if (held->stage == HeldCell::Stage::graded) {
    if (std::holds_alternative<CallError>(held->graded.outcome)) return;
    if (!std::exchange(held->has_met, true) && must_await(cell, *held)) {
      news.hand = Hand::awaits;
      news.held = std::move(held);
      return;
    }
    if (held->open == 0) judge(cell, *held, news);
    if (held->open == 0) return;
  }
  news.hand = Hand::given_back;
  news.held = std::move(held);
}

bool CellWork::must_await(const Subject& cell, HeldCell& held) const {
  held.compares = cell.graders.compares(cell.item);
  if (!held.compares) return false;
  const auto done = replied_.others.find(cell.cell);
  if (done == replied_.others.end()) return true;
  if (!done->second) return false;
  Result<Outcome> recorded = journal::read_result(*replied_.journal, *done->second);
  if (!recorded) throw CannotRead(recorded.error().message);
  HG_ASSERT(std::holds_alternative<Reply>(*recorded));
  held.others_reply = std::move(std::get<Reply>(*recorded));
  held.others_digest = reply_digest(*held.others_reply);
  return false;
}

bool CellWork::is_made_to_fail(const Subject& cell) const {
  return cell.route.fallback != nullptr && made_to_fail_.contains(cell.item.id);
}

CellNews CellWork::prepare(const Subject& cell) const {
  CellNews news = news_of(cell.cell);
  auto held = std::make_shared<HeldCell>();
  if (is_made_to_fail(cell)) {
    CallError error{ErrorKind::server_error,
                    "'" + cell.route.use.name + "' is made to fail on this case (readiness.fallback_tested)"};
    journal::CallFacts none;
    none.tries = 0;
    conclude_call(cell, *held, std::move(error), none, {}, news);
    fall_back(cell, *held, news);
  } else {
    call(cell, *held, news);
  }
  go_on(cell, std::move(held), news);
  return news;
}

void CellWork::call(const Subject& cell, HeldCell& held, CellNews& news) const {
  const auto lane = static_cast<std::size_t>(cell.ref.arm);
  auto request = request_to(cell.route, lane, cell.call, cell.item, cell.ref.trial);
  if (auto* error = std::get_if<CallError>(&request)) {
    Outcome outcome = std::move(*error);
    shorten(outcome);
    return record_outcome(cell, held, std::move(outcome), {}, news);
  }
  auto& prepared = std::get<Prepared>(request);
  if (cache_ != nullptr) {
    if (std::optional<Reply> kept = kept_reply(cell, prepared, held)) {
      news.is_cached = true;
      return record_outcome(cell, held, std::move(*kept), {}, news);
    }
  }
  if (offline_) {
    throw Offline("--offline: the reply of " + std::string(name(cell.ref.arm)) + " '" + cell.route.use.name +
                  "' to case '" + cell.item.id + "' is neither recorded nor in the cache");
  }
  news.calls.push_back(outgoing_of(std::move(prepared), 0, cell.call, {}));
}

std::optional<Reply> CellWork::kept_reply(const Subject& cell, const Prepared& prepared, HeldCell& held) const {
  held.cache_key = cache_key_of(cell.route, prepared, cell.item, cell.ref);
  Result<std::optional<Reply>> kept = cache_->find(*held.cache_key);
  if (!kept) throw CannotRead(kept.error().message);
  if (!*kept) return std::nullopt;
  (*kept)->cached = true;
  (*kept)->latency_ms.reset();
  (*kept)->first_token_ms.reset();
  return std::move(*kept);
}

void CellWork::fall_back(const Subject& cell, HeldCell& held, CellNews& news) const {
  const config::Route& route = *cell.route.fallback;
  held.by_fallback = true;
  const auto conclude_with = [&](Outcome&& outcome) {
    shorten(outcome);
    journal::CallFacts none;
    none.tries = 0;
    conclude_call(cell, held, std::move(outcome), none, {}, news);
  };
  if (route.replies) return conclude_with(route.replies->reply_to(cell.item, cell.ref.trial));
  if (!route.is_live()) return conclude_with(CallError{ErrorKind::reply_missing, "it has nothing that answers"});
  if (offline_) {
    throw Offline("--offline: the fallback '" + route.use.name + "' would be called for case '" + cell.item.id + "'");
  }
  // An id of its own: the provider may be the one that has seen the route's.
  const CallId id = call_id(cell.item.digest, route.use.digest, cell.ref.arm, cell.ref.trial);
  const std::size_t lane = first_fallback_lane + static_cast<std::size_t>(cell.ref.arm);
  auto request = request_to(route, lane, id, cell.item, cell.ref.trial);
  if (auto* error = std::get_if<CallError>(&request)) return conclude_with(std::move(*error));
  held.stage = HeldCell::Stage::calling;
  news.calls.push_back(outgoing_of(std::move(std::get<Prepared>(request)), 0, cell.call, {}));
}

CellNews CellWork::whole(const Subject& cell) const {
  CellNews news = news_of(cell.cell);
  HG_ASSERT(cell.route.replies != nullptr);
  auto held = std::make_shared<HeldCell>();
  Outcome outcome = cell.route.replies->reply_to(cell.item, cell.ref.trial);
  shorten(outcome);
  news.records.reserve(2);
  record_outcome(cell, *held, std::move(outcome), {}, news);
  go_on(cell, std::move(held), news);
  return news;
}

}  // namespace headgate::run
