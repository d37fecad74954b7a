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
#include "lane_plan.hpp"

namespace headgate::run {
namespace {

// Messages and reasons are sentences for people; a longer one quotes a reply that stands in the record anyway.
constexpr std::size_t max_words_columns = 600;

std::string words(std::string_view text) { return elide(repair_utf8(text), max_words_columns); }

void shorten(Outcome& outcome) {
  if (auto* error = std::get_if<CallError>(&outcome)) error->message = words(error->message);
}

journal::GradeFacts facts_of(grade::GradedCell&& graded) {
  journal::GradeFacts facts;
  facts.error = graded.error;
  facts.message = words(graded.message);
  facts.pass = graded.pass;
  facts.score = graded.score;
  facts.grades.reserve(graded.grades.size());
  for (grade::NamedGrade& one : graded.grades) {
    facts.grades.push_back({std::move(one.kind), one.grade.pass, one.grade.score, words(one.grade.reason)});
  }
  return facts;
}

Fate fate_of(const journal::GradeFacts& facts) {
  if (facts.error != ErrorKind::none) return Fate::error;
  return facts.pass ? Fate::passed : Fate::failed;
}

CellNews news_of(CellIndex cell) {
  CellNews news;
  news.cell = cell;
  return news;
}

Graded graded_of(Outcome&& outcome) {
  Graded graded;
  graded.outcome = std::move(outcome);
  if (const auto* reply = std::get_if<Reply>(&graded.outcome)) graded.reply = reply_digest(*reply);
  return graded;
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

std::string answer_record(CellIndex cell, const PendingAsk& ask, const AnswerBody& body,
                          const journal::CallFacts& facts) {
  if (const auto* error = std::get_if<CallError>(&body)) {
    return journal::answer_body(cell, ask.id, ask.key, *error, facts);
  }
  return journal::answer_body(cell, ask.id, ask.key, std::get<JsonText>(body), facts);
}

}  // namespace

struct HeldCell : Opaque {
  enum class Stage : std::uint8_t {
    calling,       // its route, or the fallback of that
    falling_back,  // which is still to be called
    graded,        // or on the way to it
  };
  Stage stage = Stage::calling;
  bool by_fallback = false;          // who is called
  std::optional<CallError> primary;  // what its route ended with, where the fallback is called
  journal::CallFacts before;         // of that call
  std::optional<Digest> cache_key;
  bool is_to_be_kept = false;  // by the cache, once its record is handed over
  Graded graded;
};

namespace {

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

struct CellWork::Subject {
  CellIndex cell;
  CellRef ref;
  const Case& item;
  const config::Route& route;
  const grade::SuiteGraders& graders;
  const Digest& graders_digest;
  CallId call;
};

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
  Graded& graded = held.graded;
  PendingAsk& ask = graded.asked.at(arrived.slot);
  HG_ASSERT(!ask.answered && graded.open > 0);
  const journal::FailedTry failed = try_of(arrived);
  Asks::ReadAnswer read{CallError{}, {}, {}, ErrorKind::none};
  journal::CallFacts facts = facts_of(arrived, {});
  if (arrived.failed) {
    read.body = Asks::failed(ask.kind, std::move(*arrived.failed));
  } else {
    read = Asks::read(ask, std::move(arrival_in(arrived)));
    if (read.cost_usd) facts.spent_usd = read.cost_usd;
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
  --graded.open;
  news.reads.push_back({arrived.ticket, {}, read.cost_usd, read.tokens});
  std::string record = answer_record(cell, ask, read.body, facts);
  if (record.size() > journal::max_record_bytes) {
    read.body = Asks::failed(ask.kind, {ErrorKind::too_large, "the answer does not fit in a record of the journal"});
    record = answer_record(cell, ask, read.body, facts);
  }
  news.records.push_back(std::move(record));
  graded.answers.push_back(Asks::answer_of(ask.key, ask.kind, std::move(read.body)));
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
  if (std::exchange(held->is_to_be_kept, false)) keep(*held);
  if (held->stage == HeldCell::Stage::falling_back) fall_back(cell, *held, news);
  go_on(cell, std::move(held), news);
  return news;
}

void CellWork::keep(const HeldCell& held) const {
  const auto* reply = std::get_if<Reply>(&held.graded.outcome);
  if (reply != nullptr) cache_->keep(*held.cache_key, *reply, real_clock().wall_seconds());
}

void CellWork::go_on(const Subject& cell, std::shared_ptr<HeldCell> held, CellNews& news) const {
  Graded& graded = held->graded;
  if (held->stage == HeldCell::Stage::graded) {
    if (std::holds_alternative<CallError>(graded.outcome)) return;
    if (graded.open == 0) judge(cell, graded, news);
    if (graded.open == 0) return;
  }
  news.hand = Hand::given_back;
  news.held = std::move(held);
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

CellNews CellWork::grade_recorded(const Subject& cell) const {
  CellNews news = news_of(cell.cell);
  const auto at = replied_.cells.find(cell.cell);
  HG_ASSERT(at != replied_.cells.end());
  Result<Outcome> recorded = journal::read_result(*replied_.journal, at->second.result);
  if (!recorded) throw CannotRead(recorded.error().message);
  HG_ASSERT(std::holds_alternative<Reply>(*recorded));
  auto held = std::make_shared<HeldCell>();
  held->stage = HeldCell::Stage::graded;
  held->graded = graded_of(std::move(*recorded));
  held->graded.known = known_answers(at->second);
  go_on(cell, std::move(held), news);
  return news;
}

// The first good answer of a call stands, over an error before it too.
KnownAnswers CellWork::known_answers(const Replied::At& at) const {
  KnownAnswers known;
  for (const std::uint64_t offset : at.answers) {
    Result<journal::RecordedAnswer> answer = journal::read_answer(*replied_.journal, offset);
    if (!answer) throw CannotRead(answer.error().message);
    journal::RecordedAnswer& first = known.try_emplace(answer->call, *answer).first->second;
    if (first.error.kind != ErrorKind::none) first = std::move(*answer);
  }
  return known;
}

// A grader of somebody else's that throws has not judged: the cell is ungraded, and the run goes on.
grade::CellStep CellWork::step(const Subject& cell, const Graded& graded) const {
  const std::uint64_t seed = Random(plan_.head.seed, cell.cell).next();
  grade::GradedCell failed;
  failed.error = ErrorKind::grader_failed;
  try {
    return cell.graders.step(cell.item, std::get<Reply>(graded.outcome), seed, graded.answers);
  } catch (const BugError&) {
    throw;
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& e) {
    failed.message = e.what();
  }
  return failed;
}

void CellWork::judge(const Subject& cell, Graded& graded, CellNews& news) const {
  while (true) {  // ends: every step that asks asks something new, and max_asks bounds it
    grade::CellStep stepped = step(cell, graded);
    if (auto* done = std::get_if<grade::GradedCell>(&stepped)) {
      return conclude(cell, graded, std::move(*done), news);
    }
    bool all_answered = true;
    for (grade::CellAsk& ask : std::get<std::vector<grade::CellAsk>>(stepped)) {
      all_answered = answer(cell, std::move(ask), graded, news) && all_answered;
    }
    if (!all_answered) {
      news.hand = Hand::given_back;
      return;
    }
  }
}

void CellWork::conclude(const Subject& cell, const Graded& graded, grade::GradedCell&& step, CellNews& news) const {
  const journal::GradeFacts facts = facts_of(std::move(step));
  news.records.push_back(journal::grade_body(cell.cell, cell.call, graded.reply, cell.graders_digest, facts));
  news.hand = Hand::finished;
  news.fate = fate_of(facts);
}

bool CellWork::answer(const Subject& cell, grade::CellAsk&& ask, Graded& graded, CellNews& news) const {
  const CallId id = asks_.id_of(cell.call, graded.reply, ask);
  const AskKind kind = Asks::kind_of(ask.ask);
  if (const auto known = graded.known.find(id); known != graded.known.end()) {
    const journal::RecordedAnswer& said = known->second;
    AnswerBody body = said.error.kind != ErrorKind::none ? AnswerBody(said.error) : AnswerBody(said.answer);
    graded.answers.push_back(Asks::answer_of(ask.key(), kind, std::move(body)));
    return true;
  }
  auto made = asks_.call_of(id, ask.ask);
  if (auto* error = std::get_if<CallError>(&made)) {
    graded.answers.push_back({ask.key(), std::move(*error)});
    return true;
  }
  if (offline_) {
    throw Offline("--offline: a grader of case '" + cell.item.id + "' (" + ask.spec.written_kind() +
                  ") asks what is not recorded");
  }
  news.calls.push_back(outgoing_of(std::move(std::get<Prepared>(made)), graded.asked.size(), id, ask.key()));
  graded.asked.push_back(asks_.pending(id, ask.key(), ask.ask));
  ++graded.open;
  return false;
}

}  // namespace headgate::run
