#include "http_tables.hpp"

#include <utility>

namespace headgate::config {
namespace {

constexpr double most_in_flight = 4096;  // calls of one route at once; each holds a connection
constexpr double most_a_minute = 1e9;    // beyond it a limit limits nothing
constexpr double most_usd = 1e6;         // of one call, or of a million tokens

Shape a_minute() { return number_shape().above(0).at_most(most_a_minute); }
Shape usd() { return number_shape().at_least(0).at_most(most_usd); }
Shape pointer() { return string_shape(); }

const FieldTable& price_table() {
  static const FieldTable table{
      "price",
      "What the provider asks, in USD. A price that is not written is unknown, which is not zero.",
      {{"input_per_mtok", usd(), "a million input tokens", false, "", "0.15"},
       {"output_per_mtok", usd(), "a million output tokens, reasoning included", false, "", "0.6"},
       {"cached_input_per_mtok", usd(), "a million input tokens that the provider had cached; else as input", false, "",
        "0.075"},
       {"per_call_usd", usd(), "every call, besides its tokens", false, "", "0.001"}},
      {{KeyDemand::Count::at_least_one,
        {"input_per_mtok", "output_per_mtok", "per_call_usd"},
        "a price needs input_per_mtok, output_per_mtok or per_call_usd",
        "a server of your own that costs nothing: price: {per_call_usd: 0}"}}};
  return table;
}

const FieldTable& limits_table() {
  static const FieldTable table{
      "limits of calls",
      "How often, how many at once and how long a route may be called. Routes with one host, key and model family "
      "share what they are allowed; the strictest of each counts.",
      {{"in_flight", integer_shape().at_least(1).at_most(most_in_flight),
        "calls at once, from the start; where left out it is found out, up to 64", false, "", "64"},
       {"requests_per_minute", a_minute(), "calls a minute; where left out, as the provider says", false, "", "3000"},
       {"tokens_per_minute", a_minute(), "tokens a minute, input and output", false, "", "200000"},
       {"timeout", string_shape(), "the most one try may take", false, R"("30s")"},
       {"connect_timeout", string_shape(), "of which until there is a connection", false, R"("10s")"},
       {"first_byte_timeout", string_shape(), "from the request's first byte to the reply's; none where left out",
        false, "", R"("20s")"},
       {"deadline", string_shape(), "the most a call may take with all its waiting and tries", false, R"("10m")"},
       {"no_progress", string_shape(), "without any success for so long, no more calls are made", false, R"("5m")"},
       {"retry_after", one_of({"honour", "cap", "ignore"}),
        "what is made of the provider's Retry-After: waited for, at most two minutes; cut at retry_after_cap; ignored",
        false, R"("honour")"},
       {"retry_after_cap", string_shape(), "with retry_after: cap", false, R"("10s")"},
       {"response", string_shape(), "the most bytes of one reply", false, R"("16MiB")"}}};
  return table;
}

const FieldTable& reply_pointers_table() {
  static const FieldTable table{
      "reply",
      "Where things stand in the reply of a service of your own, each a JSON pointer such as /answer/text.",
      {{"output", pointer(), "the text", false, R"("/output")"},
       {"finish_reason", pointer(), "why the reply ended"},
       {"usage_input", pointer(), "input tokens"},
       {"usage_output", pointer(), "output tokens"},
       {"tool_calls", pointer(), "the tools it called: a list of name, arguments and id, or of names"},
       {"documents", pointer(), "what was retrieved: a list of id, text and score", false, "", R"("/sources")"},
       {"transcript", pointer(), "what an agent did on the way: a list of turns"},
       {"state", pointer(), "what an agent left behind: any JSON"},
       {"cost_usd", pointer(), "what the call cost"},
       {"error", pointer(), "what went wrong; where it is there, the reply is an error"},
       {"request_id", pointer(), "how the service calls this reply"}}};
  return table;
}

Field only_for(const char* kinds, Field field) {
  field.only_for = kinds;
  return field;
}

}  // namespace

std::vector<Field> http_fields() {
  return {
      only_for(http_kinds, {"endpoint", string_shape(),
                            "Where it is: an http or https URL, or env:NAME. openai adds /chat/completions, "
                            "/responses or /embeddings, anthropic /v1/messages, generic_http nothing.",
                            true, "", R"("https://api.example.com/v1")"}),
      only_for("openai", {"api", one_of({"chat", "responses", "embeddings"}),
                          "Which of its languages the server speaks; embeddings is for a gate's `embeddings`.", false,
                          R"("chat")"}),
      only_for(http_kinds, {"key", string_shape(),
                            "The key, as env:NAME or file:PATH; never the key itself. A local server may need none.",
                            false, "", R"("env:SUPPORT_API_KEY")"}),
      only_for(http_kinds, {"headers", map_of(string_shape()), "Further headers, each value env:NAME or file:PATH.",
                            false, "{}", R"({"X-Team":"env:TEAM_HEADER"})"}),
      only_for(chat_kinds, {"stream", boolean_shape(),
                            "Whether replies are asked for bit by bit; then the time to the first token is known.",
                            false, "false"}),
      only_for("generic_http", {"request", any_shape(),
                                "The body to send, as JSON with {{messages}}, {{prompt}}, {{case.input}}, "
                                "{{case.vars.NAME}}, {{model}}, {{params}} and {{trial}} in its texts.",
                                true, "", R"json({"question":"{{prompt}}"})json"}),
      only_for("generic_http", {"reply", object_of(reply_pointers_table()), "Where things stand in what comes back.",
                                false, "{}", R"({"output":"/answer/text"})"}),
      only_for(http_kinds, {"price", object_of(price_table()), "What calls cost.", false, "",
                            R"({"input_per_mtok":0.15,"output_per_mtok":0.6})"}),
      only_for(http_kinds,
               {"limits", object_of(limits_table()), "How often, how many at once and how long it is called.", false,
                "{}", R"({"in_flight":64,"requests_per_minute":3000})"}),
      only_for(http_kinds, {"ca_file", string_shape(), "Further certificates to trust, in PEM; relative to this file.",
                            false, "", R"("certificates/company.pem")"}),
      only_for(http_kinds,
               {"http2", boolean_shape(), "Whether HTTP/2 is spoken where the server can.", false, "false"}),
      only_for(http_kinds, {"idempotency_header", string_shape(),
                            "The header in which the server takes the name of a call, to do it once only.", false, "",
                            R"("Idempotency-Key")"})};
}

}  // namespace headgate::config
