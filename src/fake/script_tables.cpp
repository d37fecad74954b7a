#include "script_tables.hpp"

#include <utility>

namespace headgate::fake {
namespace {

constexpr double most_ms = 3'600'000;
constexpr double most_bytes = 1e12;

Shape milliseconds() { return number_shape().at_least(0).at_most(most_ms); }
Shape count() { return integer_shape().at_least(1).at_most(1e9); }
Shape counts() { return either({count(), list_of(count()).at_least(1)}); }
Shape texts() { return either({string_shape(), list_of(string_shape()).at_least(1)}); }

const FieldTable& answer_table() {
  static const FieldTable table{
      "answer",
      "What is answered to some inputs.",
      {{"contains", string_shape(), "the input contains this text"},
       {"equals", string_shape(), "the input is this text"},
       {"text", string_or_empty(), "the answer", true}},
      {{KeyDemand::Count::exactly_one, {"contains", "equals"}, "an answer needs contains or equals, not both"}}};
  return table;
}

const FieldTable& wrong_table() {
  static const FieldTable table{"wrong",
                                "A share of the answers is wrong; which ones, the hash of the body decides.",
                                {{"share", fraction(), "of the bodies", true},
                                 {"text", string_or_empty(), "what is said instead", false, R"("wrong")"}}};
  return table;
}

const FieldTable& tool_table() {
  static const FieldTable table{"tool call",
                                "A tool that the model wants called.",
                                {{"name", string_shape(), "the tool", true},
                                 {"arguments", either({map_of(any_shape()), string_or_empty()}),
                                  "its arguments: an object, or a text that is sent as it is", false, "{}"}}};
  return table;
}

const FieldTable& usage_table() {
  static const FieldTable table{
      "usage",
      "Token counts as they are sent.",
      {{"input_tokens", integer_shape(), "of the prompt", true},
       {"output_tokens", integer_shape(), "of the answer", true},
       {"cached_tokens", integer_shape(), "of the prompt, from the provider's cache", false, "0"},
       {"reasoning_tokens", integer_shape(), "of the answer, not shown", false, "0"}}};
  return table;
}

const FieldTable& stream_error_table() {
  static const FieldTable table{"stream error",
                                "An error event in the middle of a stream, which then ends.",
                                {{"after", integer_shape().at_least(0), "events that come before it", true},
                                 {"message", string_or_empty(), "what it says", false, R"("Overloaded")"}}};
  return table;
}

const FieldTable& stream_table() {
  static const FieldTable table{
      "stream",
      "How an answer is streamed, where the request asks for a stream.",
      {{"piece", integer_shape().at_least(1).at_most(1e6), "bytes of text in an event, about", false, "16"},
       {"gap_ms", milliseconds(), "waited before each event but the first", false, "0"},
       {"comments", boolean_shape(), "comment lines before events", false, "false"},
       {"crlf", boolean_shape(), "lines end with CR LF", false, "false"},
       {"multi_line", boolean_shape(), "the data of an event stands on two lines", false, "false"},
       {"bom", boolean_shape(), "the stream begins with a byte-order mark", false, "false"},
       {"tight", boolean_shape(), "no blank behind the colon", false, "false"},
       {"done", boolean_shape(), "whether the end is said: [DONE], response.completed, message_stop", false, "true"},
       {"error", object_of(stream_error_table()), "an error midway"}}};
  return table;
}

const FieldTable& error_table() {
  static const FieldTable table{"error",
                                "What the body of an error says, in the shape of the dialect.",
                                {{"type", string_shape(), "its type; default: the usual one of the status"},
                                 {"code", string_shape(), "its code; default: none"},
                                 {"message", string_or_empty(), "for people"}}};
  return table;
}

const FieldTable& drip_table() {
  static const FieldTable table{"drip",
                                "The answer comes slowly.",
                                {{"bytes", integer_shape().at_least(1).at_most(1e6), "at a time", false, "1"},
                                 {"every_ms", number_shape().at_least(1).at_most(most_ms), "the time between", true}}};
  return table;
}

const FieldTable& cut_table() {
  static const FieldTable table{
      "cut",
      "The answer stops in the middle.",
      {{"in", one_of({"head", "body", "chunk", "events"}),
        "where: in the status line and headers, in the body, inside a chunk, or after events of a stream", true},
       {"after", integer_shape().at_least(0).at_most(most_bytes), "bytes of that part, or events, that still come",
        true},
       {"how", one_of({"close", "reset", "finish"}),
        "the connection is closed, reset, or the transfer ends as if it were whole", false, R"("close")"}}};
  return table;
}

const FieldTable& when_table() {
  static const FieldTable table{
      "when",
      "Which requests a rule is for; all that is written must hold.",
      {{"index", counts(), "the number of the request in its profile, from 1"},
       {"first", count(), "the first so many requests of the profile"},
       {"every", count(), "every so manieth request of the profile"},
       {"attempt", counts(), "which time this body is asked, from 1"},
       {"attempts_to", count(), "up to this attempt"},
       {"contains", texts(), "the body, or the input, contains the text, or any of them"},
       {"equals", string_shape(), "the input is this text"},
       {"model", string_shape(), "the model that the request names"},
       {"stream", boolean_shape(), "whether a stream is asked for"},
       {"share", fraction(), "a share of the bodies, by their hash: the same ones each time"},
       {"share_of_tries", fraction(), "a share of the tries, by the hash of body and attempt"},
       {"until_ms", milliseconds(), "so long after the first request of the server"},
       {"from_ms", milliseconds(), "from then on"}}};
  return table;
}

const FieldTable& limit_table() {
  static const FieldTable table{
      "limit",
      "A rate limit. A request over it is answered at once.",
      {{"kind", one_of({"bucket", "window", "in_flight", "tokens"}),
        "bucket: so many a period, saved up to burst; window: so many in each period from the first request on; "
        "in_flight: so many at once; tokens: a bucket of tokens (prompt as estimated and max_tokens)",
        true},
       {"amount", number_shape().above(0), "how many requests, or tokens", true},
       {"period_ms", number_shape().above(0).at_most(86'400'000),
        "in which time; default: a second for bucket, a minute for window and tokens"},
       {"burst", number_shape().at_least(1), "what can be saved up; default: amount"},
       {"rejected_cost", number_shape().at_least(0), "what a rejected request takes from a bucket", false, "0"},
       {"halve_after_ms", milliseconds(), "the amount halves so long after the first request"},
       {"status", integer_shape().at_least(400).at_most(599), "of the rejection", false, "429"},
       {"retry_after", string_shape(),
        "none: no header; auto: the whole seconds until it could be accepted; date+2 the date in two seconds; anything "
        "else is sent as it is",
        false, R"("auto")"},
       {"retry_after_ms", boolean_shape(), "say it in retry-after-ms instead", false, "false"},
       {"headers", one_of({"none", "openai", "anthropic"}), "tell limit, remaining and reset in every answer", false,
        R"("none")"}}};
  return table;
}

const FieldTable& key_table() {
  static const FieldTable table{
      "key",
      "The key that requests must carry; 401 without.",
      {{"bearer", string_shape(), "as Authorization: Bearer"},
       {"x_api_key", string_shape(), "as x-api-key"},
       {"echo", boolean_shape(), "the refusal repeats what was sent, as some servers do", false, "false"}},
      {{KeyDemand::Count::at_least_one, {"bearer", "x_api_key"}, "key needs bearer or x_api_key"}}};
  return table;
}

const FieldTable& tls_table() {
  static const FieldTable table{
      "tls",
      "Serves HTTPS with a certificate made at the start.",
      {{"certificate", one_of({"good", "expired", "wrong_host", "self_signed"}),
        "for localhost and 127.0.0.1, by a root made with it; or one with that fault", false, R"("good")"}}};
  return table;
}

}  // namespace

std::vector<Field> behaviour_fields() {
  return {
      {"text", string_or_empty(), "The answer, where nothing below says otherwise.", false, R"("ok")"},
      {"echo", boolean_shape(), "Where the input contains [[X]], the answer is X.", false, "true"},
      {"answers", list_of(object_of(answer_table())), "Answers by input; the first that fits."},
      {"table", map_of(string_or_empty()), "Answers by the whole input; looked up before answers."},
      {"wrong", object_of(wrong_table()), "A share of wrong answers."},
      {"finish", one_of({"stop", "length", "content_filter", "refusal", "tool_calls", "unknown"}),
       "How the model ended, in the words of each dialect.", false, R"("stop")"},
      {"tools", list_of(object_of(tool_table())), "Tool calls of the answer; finish becomes tool_calls."},
      {"usage",
       either({one_of({"estimated", "missing", "null", "negative", "absurd", "fractional", "text"}),
               object_of(usage_table())}),
       "Token counts: a fourth of the bytes, or one of the ways they go wrong.", false, R"("estimated")"},
      {"garble", one_of({"none", "bad_utf8", "nul", "surrogate"}),
       "What no text should hold, put behind the first half of the answer.", false, R"("none")"},
      {"stream", object_of(stream_table()), "How streams look."},
      {"generic", any_shape(),
       "The body of answers on paths of no dialect; {{text}}, {{input}}, {{model}}, {{id}}, {{input_tokens}} and "
       "{{output_tokens}} are filled in.",
       false, "", R"({"output": "{{text}}"})"},
      {"delay_ms", milliseconds(), "Waited before the answer begins.", false, "0"},
      {"jitter_ms", milliseconds(), "Up to so much more, by the hash of body and attempt.", false, "0"},
      {"spread", number_shape().at_least(0).at_most(3),
       "delay_ms is a median: the factor on it is log-normal with this sigma, by the hash of body and attempt.", false,
       "0"},
      {"status", integer_shape().at_least(200).at_most(599), "From 300 on the body is an error.", false, "200"},
      {"body", any_shape(), "The body: a text as it is, anything else as JSON."},
      {"body_file", string_shape(), "A file with the body."},
      {"content_type", string_shape(), "Default: application/json, text/event-stream for streams."},
      {"headers", map_of(string_or_empty()), "Further headers."},
      {"retry_after", string_shape(),
       "The Retry-After header, as written; date+2 becomes the date two seconds from now."},
      {"error", object_of(error_table()), "What an error says. With status 200: an error inside a good answer."},
      {"raw", string_shape(), "The whole answer, status line and all; then the connection is closed."},
      {"raw_file", string_shape(), "A file with it."},
      {"drip", object_of(drip_table()), "The body comes slowly."},
      {"cut", object_of(cut_table()), "The answer stops in the middle."},
      {"instead", one_of({"answer", "close", "reset", "never"}),
       "Instead of an answer the connection is closed or reset, or nothing ever comes.", false, R"("answer")"},
      {"huge", integer_shape().at_least(1).at_most(most_bytes), "A body of so many bytes, in chunks."},
      {"bomb", integer_shape().at_least(1).at_most(most_bytes),
       "A body that is so many bytes when it is unpacked (gzip), in whole MiB."},
      {"compress", one_of({"none", "gzip"}), "The body is compressed.", false, R"("none")"},
      {"framing", one_of({"length", "chunked", "close"}), "How the end of the body is told.", false, R"("length")"},
      {"content_length", integer_shape().at_least(0).at_most(most_bytes), "What Content-Length claims, true or not."},
      {"location", string_shape(), "Where a redirect (status 3xx) points; relative ones work."}};
}

const FieldTable& behaviour_table() {
  static const FieldTable table{"behaviour", "", behaviour_fields()};
  return table;
}

namespace {

const FieldTable& rule_table() {
  static const FieldTable table = [] {
    FieldTable out{"rule",
                   "Some requests are answered otherwise: what is written here replaces what the profile says.",
                   {{"when", object_of(when_table()), "Which requests.", true}}};
    for (Field& field : behaviour_fields()) out.fields.push_back(std::move(field));
    return out;
  }();
  return table;
}

std::vector<Field> profile_fields() {
  std::vector<Field> fields = {
      {"rules", list_of(object_of(rule_table())), "Other answers for some requests; the first rule that fits counts."},
      {"limits", list_of(object_of(limit_table())), "Rate limits of the profile."},
      {"key", object_of(key_table()), "The key that requests must carry."},
      {"models", list_of(string_shape()), "What GET .../models lists.", false, R"(["fake-model"])"}};
  for (Field& field : behaviour_fields()) fields.push_back(std::move(field));
  return fields;
}

const FieldTable& profile_table() {
  static const FieldTable table{"profile", "A server of its own behind the first part of the path.", profile_fields()};
  return table;
}

}  // namespace

const FieldTable& script_table() {
  static const FieldTable table = [] {
    FieldTable out{
        "fake provider",
        "What the fake provider does: a profile for all paths, and named ones for paths that begin with their name.",
        {{"profiles", map_of(object_of(profile_table())),
          "Profiles by the first part of the path: /NAME/v1/chat/completions."},
         {"shared_limits", list_of(object_of(limit_table())), "Rate limits of all profiles together."},
         {"tls", object_of(tls_table()), "Serves HTTPS."},
         {"seed", integer_shape().at_least(0), "Changes what hashes decide.", false, "0"},
         {"remember", integer_shape().at_least(0).at_most(1e8),
          "Bodies that are told apart; what comes after is as if never asked before.", false, "1000000"},
         {"log", integer_shape().at_least(0).at_most(1e6), "The newest requests that GET /log lists.", false, "1000"}}};
    for (Field& field : profile_fields()) out.fields.push_back(std::move(field));
    return out;
  }();
  return table;
}

}  // namespace headgate::fake
