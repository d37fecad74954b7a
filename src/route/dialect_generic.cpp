// A team's own service: a request of the operator's making, and pointers into whatever it answers.
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "chat_body.hpp"
#include "chat_reply.hpp"
#include "generic_request.hpp"
#include "headgate/base/text.hpp"
#include "headgate/route/dialect.hpp"
#include "judged.hpp"
#include "reply_json.hpp"

namespace headgate::route {
namespace {

using simdjson::dom::element;

constexpr std::size_t most_columns = 80;

std::optional<double> number_at(element root, const std::string& pointer) {
  const auto value = recorded(root, pointer);
  double number = 0.0;
  if (!value || value->get_double().get(number) != simdjson::SUCCESS) return std::nullopt;
  if (!std::isfinite(number) || number < 0.0) return std::nullopt;
  return number;
}

std::optional<std::int64_t> tokens_at(element root, const std::string& pointer) {
  constexpr double most = 9007199254740992.0;
  const auto number = number_at(root, pointer);
  if (!number || *number != std::floor(*number) || *number > most) return std::nullopt;
  return static_cast<std::int64_t>(*number);
}

class Generic : public Dialect {
 public:
  Generic(GenericDialect what, std::vector<Error>& complaints)
      : request_(what, complaints), most_output_tokens_(most_output_tokens_of(what.params)), what_(std::move(what)) {}

  Result<std::string> body(const ChatRequest& request) const override { return request_.fill(request); }
  std::pair<std::string, std::string> key_header() const override { return {"Authorization", "Bearer "}; }
  bool streams() const override { return false; }
  std::vector<Variable> variables() const override { return request_.variables(); }
  std::optional<double> most_output_tokens() const override { return most_output_tokens_; }

  Outcome read(const Arrival& arrival) const override {
    if (auto none = no_reply(arrival)) return std::move(*none);
    ReplyJson& json = reply_json_of_thread();
    if (!json.parse(arrival.bytes)) return not_json(arrival.bytes);
    try {
      if (const auto twice = repeated_key(json.root())) {
        throw Malformed{quoted(*twice, most_columns) + " stands in it twice"};
      }
      return read_json(json, arrival);
    } catch (const Malformed& why) {
      return malformed(why.what, arrival.bytes);
    }
  }

 private:
  Outcome read_json(const ReplyJson& json, const Arrival& arrival) const {
    const element root = json.root();
    if (const auto error = recorded(root, what_.error)) {
      if (auto said = error_of(*error, Where::whole)) return std::move(*said);
    }
    Reply reply;
    if (const auto calls = recorded(root, what_.tool_calls)) {
      for (const element call : array_of(*calls, "tool_calls")) reply.tool_calls.push_back(recorded_call_of(call));
    }
    read_output(root, reply);
    if (const auto documents = recorded(root, what_.documents)) {
      for (const element document : array_of(*documents, "documents")) reply.documents.push_back(passage_of(document));
    }
    if (const auto turns = recorded(root, what_.transcript)) reply.transcript = transcript_of(*turns);
    if (const auto state = recorded(root, what_.state)) reply.state = {canonical_text(*state)};
    if (const auto reason = recorded(root, what_.finish_reason)) {
      reply.finish_reason = text_of(*reason, "finish_reason");
    }
    if (const auto id = recorded(root, what_.request_id)) reply.request_id = bounded_id(id_text(*id, "request_id"));
    reply.usage.input_tokens = tokens_at(root, what_.usage_input);
    reply.usage.output_tokens = tokens_at(root, what_.usage_output);
    doubt(reply.usage);
    reply.cost_usd = number_at(root, what_.cost_usd);
    reply.repaired = json.repaired();
    add_facts(arrival, reply);
    return judged(std::move(reply));
  }

  void read_output(element root, Reply& reply) const {
    const auto output = at(root, what_.output);
    if (!output && reply.tool_calls.empty()) {
      throw Malformed{what_.output.empty() ? "the reply has no tool calls"
                                           : "the reply has nothing at " + quoted(what_.output, most_columns)};
    }
    if (!output || output->is_null()) return;
    reply.text = output->is_string() ? text_of(*output, "output") : canonical_text(*output);
  }

  GenericRequest request_;
  std::optional<double> most_output_tokens_;
  GenericDialect what_;
};

bool is_pointer(const std::string& text) {
  try {
    return static_cast<void>(Json::json_pointer(text)), true;
  } catch (const Json::exception&) {
    return false;
  }
}

void check_pointers(const GenericDialect& what, std::vector<Error>& complaints) {
  const std::pair<const char*, const std::string*> pointers[] = {
      {"output", &what.output},           {"finish_reason", &what.finish_reason},
      {"usage_input", &what.usage_input}, {"usage_output", &what.usage_output},
      {"tool_calls", &what.tool_calls},   {"documents", &what.documents},
      {"transcript", &what.transcript},   {"state", &what.state},
      {"cost_usd", &what.cost_usd},       {"error", &what.error},
      {"request_id", &what.request_id}};
  for (const auto& [name, pointer] : pointers) {
    if (is_pointer(*pointer)) continue;
    complaints.push_back(Error{ErrorCode::input,
                               std::string(name) + " is no JSON pointer: " + quoted(*pointer, most_columns),
                               {},
                               "a pointer names each step after a slash: /choices/0/text"});
  }
  if (what.output.empty() && what.tool_calls.empty()) {
    complaints.push_back(Error{ErrorCode::input,
                               "nothing says where the reply's text stands",
                               {},
                               "write output: /… as a JSON pointer into the reply"});
  }
}

}  // namespace

std::shared_ptr<const Dialect> make_dialect(GenericDialect what, std::vector<Error>& complaints) {
  check_pointers(what, complaints);
  return std::make_shared<Generic>(std::move(what), complaints);
}

}  // namespace headgate::route
