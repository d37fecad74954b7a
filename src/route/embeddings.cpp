// OpenAI's embeddings.
#include <nlohmann/json.hpp>
#include <utility>

#include "chat_body.hpp"
#include "chat_reply.hpp"
#include "headgate/base/json.hpp"
#include "headgate/route/question.hpp"
#include "judged.hpp"
#include "reply_json.hpp"
#include "vectors.hpp"

namespace headgate::route {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;
using Rows = std::vector<std::vector<double>>;

constexpr std::size_t most_columns = 80;

// Each at its index; a server that gives none means the order of the texts.
Rows rows_of(object reply) {
  const auto data = get(reply, "data");
  if (!data) throw Malformed{"the reply has no data"};
  const auto items = array_of(*data, "data");
  Rows rows(items.size());
  std::size_t place = 0;
  for (const element each : items) {
    const object item = object_of(each, "an item of data");
    const auto index = get(item, "index");
    const std::optional<std::int64_t> at = count_at(item, "index");
    if (index && !at) throw Malformed{"an index is no whole number"};
    const std::size_t row = at ? static_cast<std::size_t>(*at) : place;
    if (row >= rows.size()) throw Malformed{"index " + std::to_string(row) + " is not of what was asked"};
    if (!rows[row].empty()) throw Malformed{"index " + std::to_string(row) + " stands twice"};
    const auto embedding = get(item, "embedding");
    if (!embedding) throw Malformed{"an item has no embedding"};
    rows[row] = vector_of(*embedding);
    ++place;
  }
  if (rows.empty()) throw Malformed{"the reply holds no embedding"};
  check_one_length(rows);
  return rows;
}

class Embeddings : public Dialect {
 public:
  explicit Embeddings(const EmbeddingsDialect& what) {
    start_ = "{\"model\":";
    append_text(start_, what.model);
    start_ += ",\"input\":[";
    if (what.params.absent()) return;
    const Result<Json> params = parse_own(what.params.text);
    if (!params || !params->is_object()) return;
    for (const auto& [key, value] : params->items()) {
      if (key == "model" || key == "input" || key == "encoding_format") continue;
      append_text(params_ += ',', key);
      params_ += ':' + canonical(value);
    }
  }

  Result<std::string> body(const ChatRequest& request) const override {
    std::string out = start_;
    bool first = true;
    for (const Message& message : *request.messages) {
      if (!std::exchange(first, false)) out += ',';
      append_text(out, message.text);
    }
    return out + ']' + params_ + '}';
  }

  std::pair<std::string, std::string> key_header() const override { return {"Authorization", "Bearer "}; }
  bool streams() const override { return false; }
  bool embeds() const override { return true; }
  std::optional<double> most_output_tokens() const override { return 0.0; }

  Outcome read(const Arrival& arrival) const override {
    if (auto none = no_reply(arrival)) return std::move(*none);
    ReplyJson& json = reply_json_of_thread();
    object members;
    if (!json.parse(arrival.bytes) || json.root().get_object().get(members) != simdjson::SUCCESS) {
      return not_json(arrival.bytes);
    }
    try {
      if (const auto twice = repeated_key(json.root())) {
        throw Malformed{quoted(*twice, most_columns) + " stands in it twice"};
      }
      if (auto error = error_member(members, Where::whole)) return std::move(*error);
      Reply reply;
      reply.text = vectors_text(rows_of(members));
      reply.usage.input_tokens = count_at(members, "usage", "prompt_tokens");
      reply.usage.output_tokens = 0;
      doubt(reply.usage);
      add_facts(arrival, reply);
      return reply;
    } catch (const Malformed& why) {
      return malformed(why.what, arrival.bytes);
    }
  }

 private:
  std::string start_;   // up to the texts
  std::string params_;  // after them
};

}  // namespace

std::shared_ptr<const Dialect> make_dialect(EmbeddingsDialect what) { return std::make_shared<Embeddings>(what); }

}  // namespace headgate::route
