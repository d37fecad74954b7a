#include "cell_work.hpp"

#include <new>
#include <utility>

#include "headgate/base/assert.hpp"
#include "headgate/base/bug_error.hpp"
#include "headgate/base/random.hpp"
#include "headgate/base/text.hpp"
#include "headgate/base/unicode.hpp"
#include "headgate/journal/scan.hpp"
#include "live_work.hpp"

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

// A cell between two tasks.
struct HeldCell : Opaque {
  explicit HeldCell(Graded&& what) : graded(std::move(what)) {}
  Graded graded;
};

Graded& held_in(const Task& task) {
  auto* held = dynamic_cast<HeldCell*>(task.held.get());
  HG_ASSERT(held != nullptr);
  return held->graded;
}

route::Arrival& arrival_in(const Arrived& arrived) {
  auto* response = dynamic_cast<Response*>(arrived.what.get());
  HG_ASSERT(response != nullptr);
  return response->arrival;
}

CellNews news_of(CellIndex cell) {
  CellNews news;
  news.cell = cell;
  return news;
}

Graded graded_of(Outcome&& outcome) {
  Graded graded{std::move(outcome), {}, {}, {}, 0, {}};
  if (const auto* reply = std::get_if<Reply>(&graded.outcome)) graded.reply = reply_digest(*reply);
  return graded;
}

std::string answer_record(CellIndex cell, const PendingAsk& ask, const AnswerBody& body) {
  if (const auto* error = std::get_if<CallError>(&body)) return journal::answer_body(cell, ask.id, ask.key, *error);
  return journal::answer_body(cell, ask.id, ask.key, std::get<JsonText>(body));
}

}  // namespace

struct CellWork::Subject {
  CellIndex cell;
  CellRef ref;
  const Case& item;
  const config::Route& route;
  const grade::SuiteGraders& graders;
  const Digest& graders_digest;
  CallId call;
};

std::string CellWork::result_record(const Subject& cell, const Graded& graded) {
  return journal::result_body(cell.cell, cell.call, cell.item.id, cell.ref, graded.outcome, graded.reply);
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
  if (task.held == nullptr) {  // the reply of its route
    HG_ASSERT(task.arrived.size() == 1);
    const Subject cell = subject_of(task.cell);
    Outcome outcome = outcome_of(cell.route, arrival_in(task.arrived.front()));
    shorten(outcome);
    Graded graded = graded_of(std::move(outcome));
    std::string record = result_record(cell, graded);
    if (record.size() > journal::max_record_bytes) {  // escapes may take six times the bytes that came
      graded = graded_of(CallError{ErrorKind::too_large, "the reply does not fit in a record of the journal"});
      record = result_record(cell, graded);
    }
    news.records.push_back(std::move(record));
    task.held = std::make_shared<HeldCell>(std::move(graded));
    return news;
  }
  Graded& graded = held_in(task);
  for (const Arrived& arrived : task.arrived) {
    PendingAsk& ask = graded.asked.at(arrived.slot);
    HG_ASSERT(!ask.answered && graded.open > 0);
    ask.answered = true;
    --graded.open;
    AnswerBody body = Asks::read(ask.kind, std::move(arrival_in(arrived)));
    if (auto* error = std::get_if<CallError>(&body)) error->message = words(error->message);
    std::string record = answer_record(task.cell, ask, body);
    if (record.size() > journal::max_record_bytes) {
      body = CallError{ErrorKind::plugin_failed, "the answer does not fit in a record of the journal"};
      record = answer_record(task.cell, ask, body);
    }
    news.records.push_back(std::move(record));
    graded.answers.push_back(Asks::answer_of(ask.key, ask.kind, std::move(body)));
  }
  return news;
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
  Graded& graded = held_in(task);
  if (std::holds_alternative<CallError>(graded.outcome)) return news;
  if (graded.open == 0) {
    judge(cell, graded, news);
  } else {
    news.hand = Hand::given_back;
  }
  if (news.hand == Hand::given_back) news.held = std::move(task.held);
  return news;
}

CellNews CellWork::prepare(const Subject& cell) const {
  CellNews news = news_of(cell.cell);
  auto request = request_to(cell.route, static_cast<std::size_t>(cell.ref.arm), cell.call, cell.item, cell.ref.trial);
  if (auto* error = std::get_if<CallError>(&request)) {
    Outcome outcome = std::move(*error);
    shorten(outcome);
    news.records.push_back(journal::result_body(cell.cell, cell.call, cell.item.id, cell.ref, outcome, {}));
    return news;
  }
  auto& call = std::get<route::Call>(request);
  news.hand = Hand::given_back;
  const std::size_t lane = call.lane;
  news.calls.push_back(
      {lane, 0, cell.call, journal::intent_body(cell.cell, cell.call), std::make_shared<Request>(std::move(call))});
  return news;
}

CellNews CellWork::whole(const Subject& cell) const {
  CellNews news = news_of(cell.cell);
  HG_ASSERT(cell.route.replies != nullptr);
  Outcome outcome = cell.route.replies->reply_to(cell.item, cell.ref.trial);
  shorten(outcome);
  Graded graded = graded_of(std::move(outcome));
  news.records.reserve(2);
  news.records.push_back(result_record(cell, graded));
  if (std::holds_alternative<CallError>(graded.outcome)) return news;
  judge(cell, graded, news);
  if (news.hand == Hand::given_back) news.held = std::make_shared<HeldCell>(std::move(graded));
  return news;
}

CellNews CellWork::grade_recorded(const Subject& cell) const {
  CellNews news = news_of(cell.cell);
  const auto at = replied_.cells.find(cell.cell);
  HG_ASSERT(at != replied_.cells.end());
  Result<Outcome> recorded = journal::read_result(*replied_.journal, at->second.result);
  if (!recorded) throw CannotRead(recorded.error().message);
  HG_ASSERT(std::holds_alternative<Reply>(*recorded));
  Graded graded = graded_of(std::move(*recorded));
  graded.known = known_answers(at->second);
  judge(cell, graded, news);
  if (news.hand == Hand::given_back) news.held = std::make_shared<HeldCell>(std::move(graded));
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
  auto& call = std::get<route::Call>(made);
  const std::size_t lane = call.lane;
  news.calls.push_back({lane, graded.asked.size(), id, journal::intent_body(cell.cell, id, ask.key()),
                        std::make_shared<Request>(std::move(call))});
  graded.asked.push_back({id, ask.key(), kind, false});
  ++graded.open;
  return false;
}

}  // namespace headgate::run
