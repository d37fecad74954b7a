#include "headgate/journal/record.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "headgate/base/assert.hpp"
#include "headgate/domain/codec.hpp"
#include "line.hpp"
#include "members.hpp"

namespace headgate::journal {
namespace {

void append_usage(std::string& out, const Usage& usage) {
  bool first = true;
  const auto member = [&](std::string_view name, const std::optional<std::int64_t>& value) {
    if (!value) return;
    out += first ? "\"" : ",\"";
    first = false;
    out += name;
    out += "\":";
    append_json_number(out, *value);
  };
  out += '{';
  member("input_tokens", usage.input_tokens);
  member("output_tokens", usage.output_tokens);
  member("cached_input_tokens", usage.cached_input_tokens);
  member("reasoning_tokens", usage.reasoning_tokens);
  out += '}';
}

void append_tool_calls(std::string& out, const std::vector<ToolCall>& calls) {
  out += '[';
  for (const ToolCall& call : calls) {
    if (out.back() != '[') out += ',';
    out += "{\"id\":";
    append_json_string(out, call.id);
    out += ",\"name\":";
    append_json_string(out, call.name);
    if (!call.arguments.absent()) (out += ",\"arguments\":") += call.arguments.text;
    out += '}';
  }
  out += ']';
}

void append_documents(std::string& out, const std::vector<Passage>& documents) {
  out += '[';
  for (const Passage& passage : documents) {
    if (out.back() != '[') out += ',';
    out += "{\"id\":";
    append_json_string(out, passage.id);
    if (passage.score) append_json_number(out += ",\"score\":", *passage.score);
    out += ",\"text\":";
    append_json_string(out, passage.text);
    out += '}';
  }
  out += ']';
}

bool has_usage(const Usage& usage) {
  return usage.input_tokens || usage.output_tokens || usage.cached_input_tokens || usage.reasoning_tokens;
}

// Shorter waits are the scheduler's, and say nothing.
constexpr double shortest_wait_ms = 1.0;

bool is_amount(const std::optional<double>& amount) { return !amount || (std::isfinite(*amount) && *amount >= 0.0); }

void add_facts(Members& members, const CallFacts& facts) {
  HG_ASSERT(is_amount(facts.spent_usd) && is_amount(facts.waited_ms));
  if (facts.tries > 1) members.number("tries", std::uint64_t{facts.tries});
  if (facts.waited_ms >= shortest_wait_ms) members.number("waited_ms", facts.waited_ms);
  members.number("spent_usd", facts.spent_usd);
}

// What the reply's own digest tells apart besides its words, so that equal words may have unequal digests.
bool has_more_than_words(const Reply& reply) {
  return !reply.text_kept || !reply.documents.empty() || !reply.recorded.absent() || !reply.transcript.absent() ||
         !reply.state.absent();
}

std::string said_mark(const Reply& reply) {
  if (!reply.text_kept) return "0";
  Hasher hasher;
  hasher.field("headgate/said/1").field(reply.text);
  for (const ToolCall& call : reply.tool_calls) hasher.field(call.name).field(call.arguments.text);
  std::array<char, 16> digits{};
  const std::uint64_t mark = std::max<std::uint64_t>(hasher.finish().mark(), 1);
  return {digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), mark, 16).ptr};
}

void add_reply(Members& members, std::string_view case_id, const Reply& reply, const Digest& digest,
               const CallFacts& facts) {
  HG_ASSERT(is_amount(reply.latency_ms) && is_amount(reply.first_token_ms) && is_amount(reply.cost_usd));
  for (const auto& count : {reply.usage.input_tokens, reply.usage.output_tokens, reply.usage.cached_input_tokens,
                            reply.usage.reasoning_tokens}) {
    HG_ASSERT(count.value_or(0) >= 0);
  }
  members.word("status", name(Status::ok));
  members.hex("reply", digest);
  if (has_more_than_words(reply)) members.text("said", said_mark(reply));
  if (has_usage(reply.usage)) append_usage(members.key("usage"), reply.usage);
  members.number("cost_usd", reply.cost_usd);
  if (!reply.cached) {  // how long it took once says nothing of this run
    members.number("latency_ms", reply.latency_ms);
    members.number("first_token_ms", reply.first_token_ms);
  }
  add_facts(members, facts);
  if (reply.cached) members.boolean("cached", true);
  if (reply.repaired) members.boolean("repaired", true);
  if (!reply.served_by.empty()) members.text("via", reply.served_by);
  members.text("case", case_id);
  members.text("finish_reason", reply.finish_reason);
  if (!reply.request_id.empty()) members.text("request_id", reply.request_id);
  members.text("output", reply.text);
  if (!reply.tool_calls.empty()) append_tool_calls(members.key("tool_calls"), reply.tool_calls);
  if (!reply.documents.empty()) append_documents(members.key("documents"), reply.documents);
  if (!reply.transcript.absent()) members.key("transcript") += reply.transcript.text;
  if (!reply.state.absent()) members.key("state") += reply.state.text;
  if (!reply.recorded.absent()) members.key("recorded") += reply.recorded.text;
  if (!reply.text_kept) members.boolean("text_kept", false);
}

void add_error(Members& members, std::string_view case_id, const CallError& error, const CallFacts& facts) {
  HG_ASSERT(error.kind != ErrorKind::none);
  members.word("status", name(status_of(error.kind)));
  members.word("error", name(error.kind));
  add_facts(members, facts);
  members.text("case", case_id);
  members.text("message", error.message);
}

}  // namespace

std::string header_body(const Digest& plan_digest, std::string_view program_version) {
  std::string out;
  Members members(out, "header");
  members.word("format", journal_format);
  members.hex("plan", plan_digest);
  members.text("program", program_version);
  return out;
}

std::string result_body(CellIndex cell, const CallId& call, std::string_view case_id, const CellRef& ref,
                        const Outcome& outcome, const Digest& reply, const CallFacts& facts) {
  const auto* replied = std::get_if<Reply>(&outcome);
  std::string out;
  out.reserve(400 + (replied != nullptr ? replied->text.size() + replied->text.size() / 8 : 0));
  Members members(out, "result");
  members.number("cell", std::uint64_t{cell});
  members.hex("call", call);
  members.word("arm", name(ref.arm));
  members.number("trial", std::uint64_t{ref.trial});
  if (replied != nullptr) {
    add_reply(members, case_id, *replied, reply, facts);
  } else {
    add_error(members, case_id, std::get<CallError>(outcome), facts);
  }
  return out;
}

std::string result_body(CellIndex cell, const CallId& call, std::string_view case_id, const CellRef& ref,
                        const Outcome& outcome) {
  const auto* replied = std::get_if<Reply>(&outcome);
  return result_body(cell, call, case_id, ref, outcome, replied != nullptr ? reply_digest(*replied) : Digest{});
}

namespace {

// What a record cannot hold is left out: it is a grader's aside, and its grade stands without it.
bool is_recordable(const Measure& measure) {
  return std::isfinite(measure.value) && !measure.name.empty() && measure.name.size() <= max_measure_name_bytes &&
         std::ranges::all_of(measure.name, [](char each) { return static_cast<unsigned char>(each) > 0x20; });
}

// As much of a label as is kept, never a part of a character.
std::string_view beginning(std::string_view label) {
  if (label.size() <= max_label_bytes) return label;
  std::size_t end = max_label_bytes;
  while (end > 0 && (static_cast<unsigned char>(label[end]) & 0xC0U) == 0x80U) --end;
  return label.substr(0, end);
}

void append_measures(std::string& out, const std::vector<Measure>& measures) {
  std::size_t written = 0;
  for (const Measure& measure : measures) {
    if (!is_recordable(measure) || written == max_measures) continue;
    out += written++ == 0 ? ",\"measures\":{" : ",";
    append_json_string(out, measure.name);
    append_json_number(out += ':', measure.value);
  }
  if (written > 0) out += '}';
}

void append_grade(std::string& out, const GradeFacts::One& one) {
  append_json_string(out += "{\"kind\":", one.kind);
  out += one.pass ? ",\"pass\":true" : ",\"pass\":false";
  append_json_number(out += ",\"score\":", one.score);
  if (one.judged) out += ",\"judged\":true";
  append_measures(out, one.measures);
  if (!one.label.empty() || !one.expected_label.empty()) {
    append_json_string(out += ",\"label\":", beginning(one.label));
    append_json_string(out += ",\"expected_label\":", beginning(one.expected_label));
  }
  append_json_string(out += ",\"reason\":", one.reason);
  out += '}';
}

}  // namespace

std::string grade_body(CellIndex cell, const CallId& call, const Digest& reply, const Digest& graders,
                       const GradeFacts& facts) {
  std::string out;
  out.reserve(400 + 120 * facts.grades.size());
  Members members(out, "grade");
  members.number("cell", std::uint64_t{cell});
  members.hex("call", call);
  members.hex("reply", reply);
  members.hex("graders", graders);
  if (facts.error != ErrorKind::none) {
    members.word("error", name(facts.error));
    members.text("message", facts.message);
    return out;
  }
  HG_ASSERT(facts.score >= 0.0 && facts.score <= 1.0);
  members.boolean("pass", facts.pass);
  members.number("score", facts.score);
  if (facts.judged) members.boolean("judged", true);
  if (facts.fails_anyway) members.boolean("fails_anyway", true);
  std::string& list = members.key("grades");
  list += '[';
  for (const GradeFacts::One& one : facts.grades) {
    if (list.back() != '[') list += ',';
    append_grade(list, one);
  }
  list += ']';
  return out;
}

std::string intent_body(CellIndex cell, const CallId& call, std::string_view ask, std::optional<double> reserve_usd) {
  HG_ASSERT(is_amount(reserve_usd));
  std::string out;
  Members members(out, "intent");
  members.number("cell", std::uint64_t{cell});
  members.hex("call", call);
  members.number("reserve_usd", reserve_usd);
  if (!ask.empty()) members.text("ask", ask);
  return out;
}

std::string try_body(CellIndex cell, const CallId& call, std::string_view ask, const FailedTry& what) {
  HG_ASSERT(what.number > 0 && what.error != ErrorKind::none);
  HG_ASSERT(is_amount(what.latency_ms) && is_amount(what.spent_usd));
  std::string out;
  Members members(out, "try");
  members.number("cell", std::uint64_t{cell});
  members.hex("call", call);
  members.number("number", std::uint64_t{what.number});
  members.word("error", name(what.error));
  if (what.http_status > 0) members.number("http_status", static_cast<std::uint64_t>(what.http_status));
  members.number("latency_ms", what.latency_ms);
  members.number("spent_usd", what.spent_usd);
  if (!ask.empty()) members.text("ask", ask);
  members.text("message", what.message);
  return out;
}

std::string answer_body(CellIndex cell, const CallId& call, std::string_view ask, const JsonText& answer,
                        const CallFacts& facts) {
  HG_ASSERT(!ask.empty() && !answer.absent());
  std::string out;
  out.reserve(200 + answer.text.size());
  Members members(out, "result");
  members.number("cell", std::uint64_t{cell});
  members.hex("call", call);
  members.word("status", name(Status::ok));
  add_facts(members, facts);
  members.text("ask", ask);
  members.key("answer") += answer.text;
  return out;
}

std::string answer_body(CellIndex cell, const CallId& call, std::string_view ask, const CallError& error,
                        const CallFacts& facts) {
  HG_ASSERT(!ask.empty() && error.kind != ErrorKind::none);
  std::string out;
  Members members(out, "result");
  members.number("cell", std::uint64_t{cell});
  members.hex("call", call);
  members.word("status", name(status_of(error.kind)));
  members.word("error", name(error.kind));
  add_facts(members, facts);
  members.text("ask", ask);
  members.text("message", error.message);
  return out;
}

std::string note_body(std::string_view what, std::string_view text) {
  std::string out;
  Members members(out, "note");
  members.text("what", what);
  members.text("text", text);
  return out;
}

std::string end_body(std::string_view why) {
  std::string out;
  Members members(out, "end");
  members.text("why", why);
  return out;
}

void seal(std::string& out, std::string_view body, std::uint64_t sequence) {
  HG_ASSERT(body.find('\n') == std::string_view::npos);
  const std::size_t start = out.size();
  out += body;
  out += sequence_key;
  append_json_number(out, sequence);
  append_checksum(out, start);
}

}  // namespace headgate::journal
