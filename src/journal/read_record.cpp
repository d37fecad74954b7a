// Whole records at a known place, texts included.
#include <algorithm>
#include <charconv>
#include <string>

#include "headgate/journal/scan.hpp"
#include "line.hpp"
#include "line_reader.hpp"
#include "own_json.hpp"

namespace headgate::journal {
namespace {

constexpr std::size_t usual_record_bytes = std::size_t{4} << 10;

Error misfit(std::uint64_t offset, const char* why) {
  return {ErrorCode::untrusted,
          "no whole record stands at byte " + std::to_string(offset) + " of the journal: " + why,
          {},
          {}};
}

// A parsed line with the buffer it borrows from.
struct Record {
  std::string text;
  std::size_t length = 0;
  simdjson::ondemand::parser parser;
  simdjson::ondemand::document document;
};

Result<void> read_line(const RandomAccessFile& file, std::uint64_t offset, Record& record) {
  if (offset >= file.size()) return failure(misfit(offset, "the file is shorter"));
  for (std::size_t wanted = usual_record_bytes;; wanted *= 4) {
    const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(wanted, file.size() - offset));
    HG_CHECK(file.read(offset, length, record.text));
    record.length = record.text.find('\n');
    if (record.length != std::string::npos) break;
    if (offset + length == file.size()) return failure(misfit(offset, "its line has no end"));
    if (length > LineReader::max_line_bytes) return failure(misfit(offset, "its line is too long"));
  }
  const LineCheck check = check_line(std::string_view(record.text).substr(0, record.length));
  if (check.fault != nullptr) return failure(misfit(offset, check.fault));
  record.text.resize(record.length + simdjson::SIMDJSON_PADDING);
  return {};
}

bool get_usage(value at, Usage& usage) {
  object members;
  return get(at, members) && members_of(members, [&](std::string_view key, value member) {
           if (key == "input_tokens") return get(member, usage.input_tokens);
           if (key == "output_tokens") return get(member, usage.output_tokens);
           if (key == "cached_input_tokens") return get(member, usage.cached_input_tokens);
           if (key == "reasoning_tokens") return get(member, usage.reasoning_tokens);
           return true;
         });
}

bool get_tool_call(ToolCall& call, std::string_view key, value at) {
  if (key == "id") return get(at, call.id);
  if (key == "name") return get(at, call.name);
  if (key == "arguments") return get(at, call.arguments);
  return true;
}

bool get_passage(Passage& passage, std::string_view key, value at) {
  if (key == "id") return get(at, passage.id);
  if (key == "text") return get(at, passage.text);
  if (key == "score") return get(at, passage.score);
  return true;
}

bool get_reply_member(Reply& reply, std::string_view key, value at) {
  if (key == "output") return get(at, reply.text);
  if (key == "finish_reason") return get(at, reply.finish_reason);
  if (key == "usage") return get_usage(at, reply.usage);
  if (key == "cost_usd") return get(at, reply.cost_usd);
  if (key == "latency_ms") return get(at, reply.latency_ms);
  if (key == "first_token_ms") return get(at, reply.first_token_ms);
  if (key == "cached") return get(at, reply.cached);
  if (key == "via") return get(at, reply.served_by);
  if (key == "request_id") return get(at, reply.request_id);
  if (key == "repaired") return get(at, reply.repaired);
  if (key == "tool_calls") return objects_of(at, reply.tool_calls, get_tool_call);
  if (key == "documents") return objects_of(at, reply.documents, get_passage);
  if (key == "transcript") return get(at, reply.transcript);
  if (key == "state") return get(at, reply.state);
  if (key == "recorded") return get(at, reply.recorded);
  if (key == "text_kept") return get(at, reply.text_kept);
  return true;
}

bool get_measures(value at, std::vector<Measure>& measures) {
  object members;
  return get(at, members) && members_of(members, [&](std::string_view key, value member) {
           Measure& measure = measures.emplace_back();
           measure.name = key;
           return get(member, measure.value);
         });
}

bool get_grade_member(GradeFacts::One& grade, std::string_view key, value at) {
  if (key == "kind") return get(at, grade.kind);
  if (key == "pass") return get(at, grade.pass);
  if (key == "score") return get(at, grade.score);
  if (key == "reason") return get(at, grade.reason);
  if (key == "judged") return get(at, grade.judged);
  if (key == "measures") return get_measures(at, grade.measures);
  if (key == "label") return get(at, grade.label);
  if (key == "expected_label") return get(at, grade.expected_label);
  return true;
}

// Calls `each` for the members of the record of that type at `offset`.
template <class Each>
Result<void> read_members(const RandomAccessFile& file, std::uint64_t offset, std::string_view type, const Each& each) {
  Record record;
  HG_CHECK(read_line(file, offset, record));
  object members;
  if (record.parser.iterate(record.text.data(), record.length, record.text.size()).get(record.document) !=
          simdjson::SUCCESS ||
      record.document.get_object().get(members) != simdjson::SUCCESS) {
    return failure(misfit(offset, "it is not JSON"));
  }
  bool is_type = false;
  const bool fits = members_of(members, [&](std::string_view key, value at) {
    if (key != "t") return each(key, at);
    std::string word;
    is_type = get(at, word) && word == type;
    return is_type;
  });
  if (!is_type) return failure(misfit(offset, "it is of another type"));
  if (!fits) return failure(misfit(offset, "a member is of the wrong kind"));
  return {};
}

}  // namespace

Result<Outcome> read_result(const RandomAccessFile& file, std::uint64_t offset) {
  Reply reply;
  CallError error;
  HG_CHECK(read_members(file, offset, "result", [&](std::string_view key, value at) {
    if (key == "error") return get(at, error.kind);
    if (key == "message") return get(at, error.message);
    return get_reply_member(reply, key, at);
  }));
  if (error.kind != ErrorKind::none) return Outcome(std::move(error));
  return Outcome(std::move(reply));
}

Result<CallFacts> read_call_facts(const RandomAccessFile& file, std::uint64_t offset) {
  CallFacts facts;
  HG_CHECK(read_members(file, offset, "result", [&](std::string_view key, value at) {
    if (key == "tries") return get(at, facts.tries);
    if (key == "waited_ms") return get(at, facts.waited_ms);
    if (key == "spent_usd") return get(at, facts.spent_usd);
    return true;
  }));
  return facts;
}

Result<RecordedTry> read_try(const RandomAccessFile& file, std::uint64_t offset) {
  RecordedTry tried;
  HG_CHECK(read_members(file, offset, "try", [&](std::string_view key, value at) {
    FailedTry& what = tried.what;
    std::uint32_t status = 0;
    if (key == "call") return get(at, tried.call);
    if (key == "ask") return get(at, tried.ask);
    if (key == "number") return get(at, what.number);
    if (key == "error") return get(at, what.error);
    if (key == "http_status") return get(at, status) && (what.http_status = static_cast<int>(status)) >= 0;
    if (key == "latency_ms") return get(at, what.latency_ms);
    if (key == "spent_usd") return get(at, what.spent_usd);
    if (key == "message") return get(at, what.message);
    return true;
  }));
  if (tried.what.error == ErrorKind::none) return failure(misfit(offset, "it is no failed try"));
  return tried;
}

Result<std::map<CellIndex, std::vector<std::uint64_t>>> find_tries(const RandomAccessFile& file) {
  constexpr std::string_view start = "{\"t\":\"try\",\"cell\":";
  std::map<CellIndex, std::vector<std::uint64_t>> found;
  LineReader reader(file);
  while (true) {
    HG_TRY(more, reader.next());
    if (!more) return found;
    const std::string_view line = reader.line();
    if (!line.starts_with(start)) continue;
    CellIndex cell = 0;
    const std::string_view digits = line.substr(start.size());
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), cell);
    if (read.ec == std::errc{} && check_line(line).fault == nullptr) found[cell].push_back(reader.offset());
  }
}

Result<RecordedAnswer> read_answer(const RandomAccessFile& file, std::uint64_t offset) {
  RecordedAnswer answer;
  HG_CHECK(read_members(file, offset, "result", [&](std::string_view key, value at) {
    if (key == "call") return get(at, answer.call);
    if (key == "error") return get(at, answer.error.kind);
    if (key == "message") return get(at, answer.error.message);
    if (key == "ask") return get(at, answer.ask);
    if (key == "answer") return get(at, answer.answer);
    return true;
  }));
  if (answer.ask.empty() || answer.answer.absent() == (answer.error.kind == ErrorKind::none)) {
    return failure(misfit(offset, "it is no answer"));
  }
  return answer;
}

Result<GradeFacts> read_grade(const RandomAccessFile& file, std::uint64_t offset) {
  GradeFacts facts;
  HG_CHECK(read_members(file, offset, "grade", [&](std::string_view key, value at) {
    if (key == "error") return get(at, facts.error);
    if (key == "message") return get(at, facts.message);
    if (key == "pass") return get(at, facts.pass);
    if (key == "score") return get(at, facts.score);
    if (key == "judged") return get(at, facts.judged);
    if (key == "fails_anyway") return get(at, facts.fails_anyway);
    return key != "grades" || objects_of(at, facts.grades, get_grade_member);
  }));
  return facts;
}

Result<std::vector<RecordedGrade>> read_grades(const RandomAccessFile& file, std::uint64_t offset) {
  HG_TRY(facts, read_grade(file, offset));
  return std::move(facts.grades);
}

}  // namespace headgate::journal
