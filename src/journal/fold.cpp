#include "headgate/journal/fold.hpp"

#include <cstdint>
#include <map>
#include <utility>

#include "columns.hpp"
#include "headgate/base/assert.hpp"

namespace headgate::journal {
namespace {

constexpr Digest no_digest;

// Fixed layouts, so that one hash over a small buffer does: a word that tells the use, then the parts.
Digest joined(std::string_view use, const Digest& first, const Digest& second) {
  std::string text(use);
  text.append(reinterpret_cast<const char*>(first.bytes.data()), first.bytes.size());
  text.append(reinterpret_cast<const char*>(second.bytes.data()), second.bytes.size());
  return sha256(text);
}

// The facts digest of a cell that could not be graded; its message is for people.
Digest ungraded_facts(ErrorKind error) { return sha256(std::string("headgate/ungraded/1\n") + name(error)); }

// While a cell waits for its grade, its observation keeps the digest of the result's facts in `record`: a fold needs no
// memory of its own for a cell.
bool has_reply(const Observation& seen) { return seen.status == Status::ok || seen.grade_offset != 0; }
bool is_replied(const Observation& seen) { return seen.status == Status::ok && !seen.score; }
bool is_ungraded(const Observation& seen) { return seen.status == Status::ungraded && seen.grade_offset != 0; }

void conclude(Observation& seen, const Digest& grade_facts) {
  seen.record = joined("headgate/record/1", seen.record, grade_facts);
}

}  // namespace

struct Fold::State {
  PlanHead head;
  CaseTable cases;
  std::vector<Digest> case_digests;
  std::vector<Observation> observations;
  std::size_t repeats = 0;
  std::size_t foreign = 0;
  bool has_header = false;
  bool is_foreign = false;
  // Intents without what became of them, each with what it reserved: as many as calls were in flight.
  std::map<std::pair<CellIndex, CallId>, double> out;
  double spent_usd = 0.0;  // of calls that are not out
  double asked_usd = 0.0;  // of that: of graders' questions
  std::map<CellIndex, std::vector<AnswerAt>> answers;
  MeasureColumns measures;
  LabelTable labels;

  // A call that is sent again though nobody knows what became of it may be paid for twice.
  void send(const RecordView& record) {
    const double reserve = record.reserve_usd.value_or(0.0);
    const auto [sent, is_new] = out.try_emplace({record.cell, record.call}, reserve);
    if (is_new) return;
    spent_usd += sent->second;
    if (!is_of_cell(record.cell, record.call)) asked_usd += sent->second;
    sent->second = reserve;
  }

  void settle(const RecordView& record) {
    const double spent = record.spent_usd.value_or(0.0);
    spent_usd += spent;
    if (spent != 0.0 && !is_of_cell(record.cell, record.call)) asked_usd += spent;
    if (!out.empty()) out.erase({record.cell, record.call});
  }

  // Kept while its cell, or the other one of its pair, which may have asked the same, may still be graded. A call that
  // a grader makes is not in the plan; its cell is.
  void add_answer(const RecordView& record) { answers[record.cell].push_back({record.offset, record.error}); }

  // Of a cell that is graded now.
  void forget_answers(CellIndex cell) {
    const Observation& other = observations[cell ^ 1U];
    if (other.status != Status::ok || !other.score) return;
    answers.erase(cell);
    answers.erase(cell ^ 1U);
  }

  bool is_ours(const RecordView& record) const {
    return record.cell < observations.size() && is_of_cell(record.cell, record.call);
  }

  // The call for the cell's own reply; any other is a grader's question.
  bool is_of_cell(CellIndex cell, const CallId& call) const {
    if (cell >= observations.size()) return false;
    const CellRef ref = cell_ref(cell, head.trials);
    const Digest& route = head.routes[static_cast<std::size_t>(ref.arm)].digest;
    return call == call_id(case_digests[ref.item], route, ref.arm, ref.trial);
  }

  void add_result(const RecordView& record) {
    Observation& seen = observations[record.cell];
    if (has_reply(seen)) {
      if (record.status == Status::ok) ++repeats;
      return;
    }
    seen = Observation{};
    seen.status = record.status;
    seen.error = record.error;
    seen.result_offset = record.offset;
    seen.record = record.facts;
    if (record.status == Status::ok) {
      seen.fallback = record.fallback;
      seen.cached = record.cached;
      if (record.first_token_ms) seen.first_token_ms = static_cast<float>(*record.first_token_ms);
      seen.latency_ms = record.latency_ms;
      seen.cost_usd = record.cost_usd;
      seen.reply_mark = record.reply.mark();
      seen.said_mark = record.said.value_or(seen.reply_mark);
    } else {
      conclude(seen, no_digest);
    }
  }

  void add_grade(const RecordView& record) {
    Observation& seen = observations[record.cell];
    if (!is_replied(seen) && !is_ungraded(seen)) return;  // graded already, or the grade of a lost result
    const std::uint32_t suite = cases[cell_ref(record.cell, head.trials).item].suite;
    if (record.graders != head.suites[suite].graders_digest || record.reply.mark() != seen.reply_mark) return;
    seen.grade_offset = record.offset;
    seen.status = record.status;
    seen.error = record.error;
    if (record.status != Status::ok) return;
    if (!answers.empty()) forget_answers(record.cell);
    seen.pass = record.pass;
    seen.score = record.score;
    seen.judged = record.judged;
    seen.fails_anyway = record.fails_anyway;
    for (const Measure& measure : record.measures) {
      measures.add(record.cell, observations.size(), measure.name, measure.value);
    }
    if (!record.label.empty() || !record.expected_label.empty()) {
      labels.add(record.cell, observations.size(), record.label, record.expected_label);
    }
    conclude(seen, record.facts);
  }
};

Fold::Fold(PlanHead head, CaseTable cases, std::vector<Digest> case_digests) : state_(std::make_unique<State>()) {
  HG_ASSERT(cases.size() == case_digests.size());
  const std::size_t cells = cases.size() * head.trials * 2;
  state_->head = std::move(head);
  state_->cases = std::move(cases);
  state_->case_digests = std::move(case_digests);
  state_->observations.resize(cells);
  state_->cases.link_variants();
}

Fold::Fold(const Plan& plan) : state_(std::make_unique<State>()) {
  state_->head = plan.head;
  state_->cases.reserve(plan.cases.size());
  state_->case_digests.reserve(plan.cases.size());
  for (std::size_t i = 0; i < plan.cases.size(); ++i) {
    state_->cases.add(plan.cases[i], plan.case_suite[i], 0);
    state_->case_digests.push_back(plan.cases[i].digest);
  }
  state_->observations.resize(plan.cells());
  state_->cases.link_variants();
}

Fold::~Fold() = default;

void Fold::add(const RecordView& record) {
  switch (record.type) {
    case RecordType::header:
      state_->has_header = true;
      if (record.plan != state_->head.digest) state_->is_foreign = true;
      return;
    case RecordType::result:
    case RecordType::grade:
      if (record.type == RecordType::result) state_->settle(record);
      if (!state_->is_ours(record)) {
        ++state_->foreign;
      } else if (record.type == RecordType::result) {
        state_->add_result(record);
      } else {
        state_->add_grade(record);
      }
      return;
    case RecordType::intent:
    case RecordType::failed_try:
    case RecordType::answer:
      if (record.cell >= state_->observations.size()) {
        ++state_->foreign;
      } else if (record.type == RecordType::intent) {
        state_->send(record);
      } else {
        state_->settle(record);
        if (record.type == RecordType::answer) state_->add_answer(record);
      }
      return;
    case RecordType::note:
    case RecordType::end:
      return;
  }
}

Fold::Progress Fold::progress(CellIndex cell) const {
  const Observation& seen = state_->observations[cell];
  if (is_replied(seen)) return Progress::replied;
  return seen.error == ErrorKind::not_started ? Progress::nothing : Progress::done;
}

std::uint64_t Fold::result_offset(CellIndex cell) const { return state_->observations[cell].result_offset; }
const Observation& Fold::so_far(CellIndex cell) const { return state_->observations[cell]; }
std::size_t Fold::in_flight() const { return state_->out.size(); }

double Fold::spent_usd() const {
  double spent = state_->spent_usd;
  for (const auto& [call, reserve] : state_->out) spent += reserve;
  return spent;
}

double Fold::asked_usd() const {
  double spent = state_->asked_usd;
  for (const auto& [sent, reserve] : state_->out) {
    if (reserve != 0.0 && !state_->is_of_cell(sent.first, sent.second)) spent += reserve;
  }
  return spent;
}

const std::vector<Fold::AnswerAt>& Fold::answers(CellIndex cell) const {
  static const std::vector<AnswerAt> none;
  const auto found = state_->answers.find(cell);
  return found == state_->answers.end() ? none : found->second;
}
bool Fold::has_header() const { return state_->has_header; }
bool Fold::is_foreign() const { return state_->is_foreign; }

Evidence Fold::finish(JournalHealth health) && {
  for (Observation& seen : state_->observations) {
    if (is_ungraded(seen)) {
      conclude(seen, ungraded_facts(seen.error));
    } else if (is_replied(seen)) {
      const std::uint64_t offset = seen.result_offset;
      seen = Observation{};
      seen.error = ErrorKind::interrupted;
      seen.result_offset = offset;
    }
  }
  health.repeats += state_->repeats;
  health.foreign += state_->foreign;
  Evidence evidence;
  evidence.plan = std::move(state_->head);
  evidence.cases = std::move(state_->cases);
  evidence.observations = std::move(state_->observations);
  state_->measures.take(evidence);
  evidence.labels = state_->labels.take();
  evidence.journal = std::move(health);
  return evidence;
}

}  // namespace headgate::journal
