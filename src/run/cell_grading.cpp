// The grading of a cell, or of a pair as one: what its graders ask, and what they make of the answers.
#include <algorithm>
#include <iterator>

#include "headgate/base/assert.hpp"
#include "headgate/base/bug_error.hpp"
#include "headgate/base/unicode.hpp"
#include "held_cell.hpp"

namespace headgate::run {
namespace {

// Baseline first; empty where the other cell has no reply that could be compared.
std::array<const Reply*, 2> pair_of(const HeldCell& held, Arm arm) {
  const Reply* own = std::get_if<Reply>(&held.graded.outcome);
  const Reply* other = held.others_reply ? &*held.others_reply : nullptr;
  if (held.other != nullptr) other = std::get_if<Reply>(&held.other->graded.outcome);
  if (own == nullptr || other == nullptr || own->empty() || other->empty()) return {};
  if (arm == Arm::baseline) return {own, other};
  return {other, own};
}

bool is_asked(const HeldCell& held, const CallId& id, const std::string& key) {
  const auto is_it = [&](const PendingAsk& ask) { return ask.id == id; };
  const auto has_key = [&](const grade::Answer& answer) { return answer.key == key; };
  return std::ranges::any_of(held.asked, is_it) || std::ranges::any_of(held.other->graded.answers, has_key);
}

journal::GradeFacts facts_of(grade::GradedCell&& graded) {
  journal::GradeFacts facts;
  facts.error = graded.error;
  facts.message = words(graded.message);
  facts.pass = graded.pass;
  facts.score = graded.score;
  facts.grades.reserve(graded.grades.size());
  for (grade::NamedGrade& one : graded.grades) {
    facts.grades.push_back({std::move(one.kind), one.grade.pass, one.grade.score, words(one.grade.reason), one.judged,
                            std::move(one.grade.measures), repair_utf8(one.grade.label),
                            repair_utf8(one.grade.expected_label)});
  }
  facts.judged = graded.judged;
  facts.fails_anyway = graded.fails_anyway;
  return facts;
}

Fate fate_of(const journal::GradeFacts& facts) {
  if (facts.error != ErrorKind::none) return Fate::error;
  return facts.pass ? Fate::passed : Fate::failed;
}

}  // namespace

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
  held->known = known_answers(at->second);
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
grade::CellStep CellWork::step(const Subject& cell, const HeldCell& held, const Graded& graded) const {
  const CellIndex seeded = held.compares ? cell.cell & ~CellIndex{1} : cell.cell;  // both of a pair ask the same
  const std::uint64_t seed = Random(plan_.head.seed, seeded).next();
  std::array<const Reply*, 2> pair{};
  if (held.compares) pair = pair_of(held, held.other != nullptr ? Arm::baseline : cell.ref.arm);
  grade::CellReplies replies{std::get<Reply>(graded.outcome)};
  if (pair[0] != nullptr) replies.pair = pair;
  replies.side = static_cast<std::size_t>(cell.ref.arm);
  grade::GradedCell failed;
  failed.error = ErrorKind::grader_failed;
  try {
    return cell.graders.step(cell.item, replies, seed, graded.answers);
  } catch (const BugError&) {
    throw;
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& e) {
    failed.message = e.what();
  }
  return failed;
}

// Both cells of a pair step on the same answers: those to all that was asked in the rounds before. So what is known
// from an earlier start changes nothing but who has to be asked.
void CellWork::judge(const Subject& cell, HeldCell& held, CellNews& news) const {
  HG_ASSERT(held.other == nullptr || cell.ref.arm == Arm::baseline);
  std::vector<std::pair<Subject, Graded*>> sides{{cell, &held.graded}};
  if (held.other != nullptr) sides.emplace_back(subject_of(cell.cell + 1), &held.other->graded);
  const auto is_done = [](const auto& side) { return side.second->done.has_value(); };
  while (!std::ranges::all_of(sides, is_done)) {  // ends: what is asked is new, and max_asks bounds it
    std::vector<std::pair<std::size_t, grade::CellAsk>> asks;
    for (std::size_t i = 0; i < sides.size(); ++i) {
      Graded& graded = *sides[i].second;
      if (graded.done) continue;
      grade::CellStep stepped = step(sides[i].first, held, graded);
      if (auto* done = std::get_if<grade::GradedCell>(&stepped)) {
        graded.done = std::move(*done);
        continue;
      }
      for (grade::CellAsk& ask : std::get<std::vector<grade::CellAsk>>(stepped)) asks.emplace_back(i, std::move(ask));
    }
    bool all_answered = true;
    for (auto& [side, ask] : asks) {
      all_answered = answer(sides[side].first, std::move(ask), held, side != 0, news) && all_answered;
    }
    if (!all_answered) {
      news.hand = Hand::given_back;
      return;
    }
  }
  // The baseline's last: where a crash leaves only one of them, it is graded again with what both were answered.
  if (held.other != nullptr) news.other = conclude(sides[1].first, *sides[1].second, news);
  news.fate = conclude(cell, held.graded, news);
  news.hand = Hand::finished;
}

Fate CellWork::conclude(const Subject& cell, Graded& graded, CellNews& news) const {
  const journal::GradeFacts facts = facts_of(std::move(*graded.done));
  news.records.push_back(journal::grade_body(cell.cell, cell.call, graded.reply, cell.graders_digest, facts));
  return fate_of(facts);
}

// A question about both replies of a pair is the baseline's.
CallId CellWork::id_of(const Subject& cell, const grade::CellAsk& ask, const HeldCell& held,
                       const Graded& graded) const {
  if (!ask.of_pair) return asks_.id_of(cell.call, graded.reply, ask);
  const Digest& other = held.other != nullptr ? held.other->graded.reply : held.others_digest;
  const bool own_first = held.other != nullptr || cell.ref.arm == Arm::baseline;
  const Digest& first = own_first ? held.graded.reply : other;
  const Digest& second = own_first ? other : held.graded.reply;
  const CallId call = call_id(cell.item.digest, plan_.head.routes[0].digest, Arm::baseline, cell.ref.trial);
  return asks_.id_of(call, Hasher().field("headgate/pair/1").field(first).field(second).finish(), ask);
}

bool CellWork::answer(const Subject& cell, grade::CellAsk&& ask, HeldCell& held, bool is_others, CellNews& news) const {
  const Graded& graded = is_others ? held.other->graded : held.graded;
  const CallId id = id_of(cell, ask, held, graded);
  const AskKind kind = Asks::kind_of(ask.ask);
  const std::string key = ask.key();
  Asker asker = is_others ? Asker::other : Asker::own;
  if (ask.of_pair && held.other != nullptr) {
    if (is_others && is_asked(held, id, key)) return true;  // by the baseline's cell, in this very round
    if (!is_others && !held.other->graded.done) asker = Asker::both;
  }
  if (const auto known = held.known.find(id); known != held.known.end()) {
    const journal::RecordedAnswer& said = known->second;
    AnswerBody body = said.error.kind != ErrorKind::none ? AnswerBody(said.error) : AnswerBody(said.answer);
    deliver(held, asker, Asks::answer_of(key, kind, std::move(body)));
    return true;
  }
  auto made = asks_.call_of(id, ask.ask);
  if (auto* error = std::get_if<CallError>(&made)) {
    deliver(held, asker, {key, std::move(*error)});
    return true;
  }
  auto& prepared = std::get<Prepared>(made);
  PendingAsk pending = asks_.pending(id, key, asker, ask.ask);
  if (cache_ != nullptr) {
    const Arm arm = ask.of_pair ? Arm::baseline : cell.ref.arm;
    pending.cache_key = asks_.cache_key_of(prepared, ask, arm, cell.ref.trial);
    if (std::optional<AnswerBody> kept = kept_answer(pending)) {
      ++news.answers_cached;
      news.records.push_back(answer_record(news.cell, pending, *kept, {}));
      deliver(held, asker, Asks::answer_of(key, kind, std::move(*kept)));
      return true;
    }
  }
  if (offline_) {
    throw Offline("--offline: a grader of case '" + cell.item.id + "' (" + ask.spec.written_kind() +
                  ") asks what is neither recorded nor in the cache");
  }
  news.calls.push_back(outgoing_of(std::move(prepared), held.asked.size(), id, key));
  held.asked.push_back(std::move(pending));
  ++held.open;
  return false;
}

std::optional<AnswerBody> CellWork::kept_answer(const PendingAsk& ask) const {
  if (!ask.cache_key) return std::nullopt;
  Result<std::optional<Reply>> kept = cache_->find(*ask.cache_key);
  if (!kept) throw CannotRead(kept.error().message);
  return *kept ? Asks::read_kept(ask, **kept) : std::nullopt;
}

}  // namespace headgate::run
