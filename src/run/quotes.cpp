#include "headgate/run/quotes.hpp"

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "headgate/base/cannot_read.hpp"
#include "headgate/base/file.hpp"
#include "headgate/base/json.hpp"
#include "headgate/base/text.hpp"
#include "headgate/grade/labels.hpp"
#include "headgate/journal/plan_file.hpp"
#include "headgate/journal/scan.hpp"

namespace headgate::run {
namespace {

// A JSON text as people read it: strings bare, chat messages one a paragraph, anything else as it stands.
std::string readable(const JsonText& text) {
  if (text.absent()) return {};
  Result<Json> value = parse_own(text.text);
  if (!value) return text.text;
  if (value->is_string()) return value->get<std::string>();
  if (!value->is_array()) return text.text;
  std::string out;
  for (const Json& message : *value) {
    const bool is_message = message.is_object() && message.contains("role") && message.contains("content") &&
                            message.at("role").is_string();
    if (!is_message) return text.text;
    if (!out.empty()) out += '\n';
    const Json& content = message.at("content");
    out += message.at("role").get_ref<const std::string&>() + ": " +
           (content.is_string() ? content.get<std::string>() : canonical(content));
  }
  return out;
}

// As much of a JSON text as a report shows of it.
constexpr std::size_t most_json_columns = 400;

std::string shown(const char* what, const JsonText& json) {
  if (json.absent()) return {};
  return "\n" + std::string(what) + " " + elide(json.text.substr(0, 4 * most_json_columns), most_json_columns);
}

std::string turns(const JsonText& transcript) {
  if (transcript.absent()) return {};
  const Result<Json> list = parse_own(transcript.text);
  if (!list || !list->is_array()) return {};
  return "\ntranscript of " + plural(list->size(), "turn");
}

std::string reply_text(const Reply& reply) {
  std::string text = reply.text_kept ? reply.text : "only the grades of this reply were recorded, not its text";
  for (const ToolCall& call : reply.tool_calls) {
    if (!text.empty()) text += '\n';
    text += "calls " + call.name + "(" + call.arguments.text + ")";
  }
  text += turns(reply.transcript) + shown("state", reply.state);
  if (!reply.text_kept) text += shown("recorded", reply.recorded);
  return text;
}

// What is damaged is not quoted; a file that is gone or a disk that fails must not make a report that looks whole.
template <class T>
void insist(const Result<T>& got) {
  if (!got && got.error().code == ErrorCode::environment) throw CannotRead(got.error().message);
}

class Reader {
 public:
  Reader(std::string folder, const Evidence& evidence, std::shared_ptr<const RandomAccessFile> journal)
      : folder_(std::move(folder)), evidence_(evidence), journal_(std::move(journal)) {}

  std::optional<report::CaseQuote> read(CaseIndex item, std::uint32_t trial) const {
    if (item >= evidence_.cases.size() || trial >= evidence_.plan.trials) return std::nullopt;
    const CaseTable::Facts& facts = evidence_.cases[item];
    Result<Case> whole = journal::read_case(folder_, facts.plan_offset);
    insist(whole);
    if (!whole) return std::nullopt;
    report::CaseQuote quote;
    quote.id = whole->id;
    quote.suite = evidence_.plan.suites[facts.suite].name;
    quote.input = readable(whole->input);
    quote.expected = readable(whole->expected);
    quote.severe_class = whole->severe_class;
    quote.severity = whole->severity;
    quote.segments = whole->segments;
    quote.vars = whole->vars.text;
    quote.context = whole->context.text;
    quote.tags = whole->tags;
    quote.cluster = whole->cluster;
    quote.sampling = whole->sampling;
    quote.weight = whole->weight;
    const auto labels = grade::labels(evidence_.plan.suites[facts.suite].graders, whole->graders);
    for (const Arm arm : both_arms) {
      report::CellQuote& mine = arm == Arm::baseline ? quote.baseline : quote.candidate;
      mine = cell(evidence_.at(item, trial, arm), labels);
      if (!evidence_.plan.routes[static_cast<std::size_t>(arm)].recorded) add_call({item, trial, arm}, mine);
    }
    quote.regression =
        !passes(quote.candidate, trial, item, Arm::candidate) && passes(quote.baseline, trial, item, Arm::baseline);
    return quote;
  }

 private:
  // As for flips: an errored cell counts as failing for the candidate and as passing for the baseline.
  bool passes(const report::CellQuote& quote, std::uint32_t trial, CaseIndex item, Arm arm) const {
    return quote.status == Status::ok ? evidence_.at(item, trial, arm).pass : arm == Arm::baseline;
  }

  report::CellQuote cell(const Observation& seen, const std::vector<std::string>& labels) const {
    report::CellQuote quote;
    quote.status = seen.status;
    quote.error = seen.error;
    quote.pass = seen.status == Status::ok && seen.pass;
    if (!journal_ || seen.error == ErrorKind::not_started) return quote;
    Result<Outcome> outcome = journal::read_result(*journal_, seen.result_offset);
    insist(outcome);
    if (outcome) {
      const auto* reply = std::get_if<Reply>(&*outcome);
      quote.text = reply != nullptr ? reply_text(*reply) : std::get<CallError>(*outcome).message;
      if (reply != nullptr) {
        quote.via = reply->served_by;
        quote.cached = reply->cached;
        quote.request_id = reply->request_id;
        quote.first_token_ms = reply->first_token_ms;
      }
    }
    if (seen.grade_offset == 0) return quote;
    Result<journal::GradeFacts> graded = journal::read_grade(*journal_, seen.grade_offset);
    insist(graded);
    if (!graded) return quote;
    if (graded->error != ErrorKind::none) quote.grades.push_back({name(graded->error), false, graded->message, 0.0});
    for (std::size_t i = 0; i < graded->grades.size(); ++i) {
      journal::GradeFacts::One& one = graded->grades[i];
      quote.grades.push_back({std::move(one.kind), one.pass, std::move(one.reason), one.score,
                              labels.size() == graded->grades.size() ? labels[i] : std::string()});
    }
    return quote;
  }

  // What the call of a live route took, with the tries that failed. Also of a cell that has no result yet.
  void add_call(const CellRef& ref, report::CellQuote& quote) const {
    if (!journal_) return;
    const Observation& seen = evidence_.at(ref.item, ref.trial, ref.arm);
    if (seen.error != ErrorKind::not_started) {
      const Result<journal::CallFacts> facts = journal::read_call_facts(*journal_, seen.result_offset);
      insist(facts);
      if (facts) {
        quote.tries = facts->tries;
        quote.waited_ms = facts->waited_ms;
        quote.spent_usd = facts->spent_usd;
      }
    }
    const auto tries = this->tries().find(cell_index(ref, evidence_.plan.trials));
    if (tries == this->tries().end()) return;
    for (const std::uint64_t offset : tries->second) {
      Result<journal::RecordedTry> read = journal::read_try(*journal_, offset);
      insist(read);
      if (!read) continue;
      journal::FailedTry& what = read->what;
      quote.failed_tries.push_back(
          {what.number, std::move(read->ask), what.error, what.http_status, what.latency_ms, std::move(what.message)});
    }
  }

  using Tries = std::map<CellIndex, std::vector<std::uint64_t>>;

  // Looked for once, and only where somebody asks for a cell that was called.
  const Tries& tries() const {
    if (!tries_) {
      Result<Tries> found = journal::find_tries(*journal_);
      insist(found);
      tries_ = found ? std::move(*found) : Tries{};
    }
    return *tries_;
  }

  std::string folder_;
  const Evidence& evidence_;
  mutable std::optional<Tries> tries_;
  std::shared_ptr<const RandomAccessFile> journal_;
};

}  // namespace

report::Quotes quotes_of(const std::string& folder, const Evidence& evidence) {
  std::shared_ptr<const RandomAccessFile> journal;
  auto opened = RandomAccessFile::open(join_path(folder, "journal.jsonl"));
  insist(opened);
  if (opened) journal = std::move(*opened);
  // Shared, because a std::function must be copyable.
  auto reader = std::make_shared<Reader>(folder, evidence, std::move(journal));
  return [reader = std::move(reader)](CaseIndex item, std::uint32_t trial) { return reader->read(item, trial); };
}

}  // namespace headgate::run
