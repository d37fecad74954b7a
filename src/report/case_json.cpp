#include "case_json.hpp"

#include "headgate/base/unicode.hpp"
#include "headgate/gate/case_state.hpp"
#include "headgate/report/explain.hpp"

namespace headgate::report {
namespace {

Json number_or_null(const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); }

}  // namespace

Json call_json(const CellQuote& quote) {
  Json out = Json::object();
  if (!quote.via.empty()) out["via"] = text_json(quote.via);
  if (quote.cached) out["cached"] = true;
  if (quote.tries > 1) out["tries"] = quote.tries;
  if (quote.waited_ms > 0.0) out["waited_ms"] = quote.waited_ms;
  if (quote.first_token_ms) out["first_token_ms"] = *quote.first_token_ms;
  if (quote.spent_usd) out["spent_usd"] = *quote.spent_usd;
  if (!quote.request_id.empty()) out["request_id"] = text_json(quote.request_id);
  for (const CellQuote::Try& tried : quote.failed_tries) {
    Json one = {{"number", tried.number},
                {"error", name(tried.error)},
                {"latency_ms", tried.latency_ms},
                {"message", text_json(tried.message)}};
    if (tried.http_status > 0) one["http_status"] = tried.http_status;
    if (!tried.ask.empty()) one["ask"] = text_json(tried.ask);
    out["failed_tries"].push_back(std::move(one));
  }
  return out;
}

Json text_json(const std::string& text) { return repair_utf8(text); }

Json cell_json(const Observation& seen, const CellQuote& quote) {
  Json grades = Json::array();
  for (const CellQuote::Why& why : quote.grades) {
    grades.push_back(
        {{"kind", text_json(why.kind)}, {"pass", why.pass}, {"score", why.score}, {"reason", text_json(why.reason)}});
  }
  const bool ok = seen.status == Status::ok;
  const bool is_error = seen.status != Status::ok && seen.grade_offset == 0;
  Json out = {{"status", name(seen.status)},
              {"error", seen.error == ErrorKind::none ? Json(nullptr) : Json(name(seen.error))},
              {"message", is_error ? text_json(quote.text) : Json(nullptr)},
              {"pass", ok ? Json(seen.pass) : Json(nullptr)},
              {"score", number_or_null(seen.score)},
              {"reply", is_error ? Json(nullptr) : text_json(quote.text)},
              {"latency_ms", number_or_null(seen.latency_ms)},
              {"cost_usd", number_or_null(seen.cost_usd)},
              {"grades", std::move(grades)}};
  if (Json call = call_json(quote); !call.empty()) out["call"] = std::move(call);
  return out;
}

Json segments_json(const std::vector<SegmentValue>& segments) {
  Json out = Json::object();
  for (const SegmentValue& each : segments) out[repair_utf8(each.dimension)] = text_json(each.value);
  return out;
}

CaseQuote quote_of(const Evidence& evidence, CaseIndex item, std::uint32_t trial, const Quotes& quotes) {
  if (quotes) {
    if (auto quote = quotes(item, trial)) return std::move(*quote);
  }
  const CaseTable::Facts& facts = evidence.cases[item];
  CaseQuote quote;
  quote.id = evidence.cases.id(item);
  quote.suite = evidence.plan.suites[facts.suite].name;
  quote.severity = facts.severity;
  if (facts.severe_class != CaseTable::no_class)
    quote.severe_class = evidence.cases.severe_class_name(facts.severe_class);
  quote.segments = evidence.cases.segment_values(facts.segments);
  quote.tags = evidence.cases.tag_names(facts.tags);
  quote.sampling = facts.sampling;
  quote.weight = facts.weight;
  for (const Arm arm : both_arms) {
    const Observation& seen = evidence.at(item, trial, arm);
    CellQuote& cell = arm == Arm::baseline ? quote.baseline : quote.candidate;
    cell.status = seen.status;
    cell.error = seen.error;
    cell.pass = seen.status == Status::ok && seen.pass;
  }
  return quote;
}

Json case_json(const Evidence& evidence, CaseIndex item, std::uint32_t trial, const Quotes& quotes) {
  const CaseQuote quote = quote_of(evidence, item, trial, quotes);
  Json out = {{"suite", text_json(quote.suite)},
              {"id", text_json(quote.id)},
              {"severity", name(quote.severity)},
              {"severe_class", quote.severe_class.empty() ? Json(nullptr) : text_json(quote.severe_class)},
              {"segments", segments_json(quote.segments)},
              {"trial", trial}};
  for (const Arm arm : both_arms) {
    const CellQuote& cell = arm == Arm::baseline ? quote.baseline : quote.candidate;
    Json value = cell_json(evidence.at(item, trial, arm), cell);
    value["state"] = gate::words_of(gate::state_of(evidence, item, arm));
    out[name(arm)] = std::move(value);
  }
  return out;
}

}  // namespace headgate::report
