// A checked script, value by value, to what the server works with.

#include <algorithm>
#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>

#include "headgate/base/text.hpp"
#include "script_data.hpp"
#include "script_tables.hpp"

namespace headgate::fake {
namespace {

constexpr std::size_t most_file_bytes = std::size_t{256} << 20;

const Json* member(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() ? nullptr : &*found;
}

Micros micros(const Json& milliseconds) { return std::llround(milliseconds.get<double>() * 1000.0); }

// Sets what is written, leaves what is not. Everything has its shape: the tables were checked before.
void set(const Json& from, const char* key, std::string& out) {
  if (const Json* value = member(from, key)) out = value->get<std::string>();
}
void set(const Json& from, const char* key, bool& out) {
  if (const Json* value = member(from, key)) out = value->get<bool>();
}
void set(const Json& from, const char* key, double& out) {
  if (const Json* value = member(from, key)) out = value->get<double>();
}
template <class Whole>
void set_whole(const Json& from, const char* key, Whole& out) {
  if (const Json* value = member(from, key)) out = value->get<Whole>();
}
void set_time(const Json& from, const char* key, Micros& out) {
  if (const Json* value = member(from, key)) out = micros(*value);
}
// By the place of the word in `words`, which are in the order of the enumeration.
template <class Enum>
void set_word(const Json& from, const char* key, std::initializer_list<std::string_view> words, Enum& out) {
  const Json* value = member(from, key);
  if (value == nullptr) return;
  const auto found = std::find(words.begin(), words.end(), std::string_view(value->get_ref<const std::string&>()));
  out = static_cast<Enum>(std::distance(words.begin(), found));
}

std::vector<std::uint64_t> numbers(const Json& value) {
  if (!value.is_array()) return {value.get<std::uint64_t>()};
  return value.get<std::vector<std::uint64_t>>();
}

std::vector<std::string> texts(const Json& value) {
  if (!value.is_array()) return {value.get<std::string>()};
  return value.get<std::vector<std::string>>();
}

bool is_header_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

bool is_header_value(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

class Reader {
 public:
  Reader(const Tree& tree, const FileReader& files, const std::string& folder, Complaints& complaints)
      : tree_(tree), files_(files), folder_(folder), complaints_(complaints) {}

  ScriptData read() {
    const Json& root = tree_.root();
    ScriptData out;
    set_whole(root, "seed", out.seed);
    set_whole(root, "remember", out.remember);
    set_whole(root, "log", out.log);
    if (const Json* tls = member(root, "tls")) {
      out.certificate = Certificate::good;
      set_word(*tls, "certificate", {"none", "good", "expired", "wrong_host", "self_signed"}, out.certificate);
    }
    out.shared_limits = limits(root, "shared_limits");
    out.profiles.push_back(profile("", root));
    if (const Json* named = member(root, "profiles")) {
      for (const auto& [name, value] : named->items()) out.profiles.push_back(named_profile(name, value));
    }
    return out;
  }

 private:
  void complain(const Json& at, std::string message, std::string hint = {}, At which = At::value) {
    complaints_.add(tree_.error(at, std::move(message), std::move(hint), which));
  }

  Profile named_profile(const std::string& name, const Json& value) {
    const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
             c == '.';
    });
    if (name.empty() || !plain || name == "v1" || name == "stats" || name == "log" || name == "reset") {
      complain(value, "'" + name + "' cannot be the first part of a path of its own",
               "letters, digits, '-', '_' and '.'; not v1, stats, log or reset", At::key);
    }
    return profile(name, value);
  }

  Profile profile(std::string name, const Json& from) {
    Profile out;
    out.name = std::move(name);
    lay_over(from, out.behaviour);
    if (const Json* rules = member(from, "rules")) {
      for (const Json& each : *rules) {
        Rule rule{when(each.at("when")), out.behaviour};
        lay_over(each, rule.behaviour);
        out.rules.push_back(std::move(rule));
      }
    }
    out.limits = limits(from, "limits");
    if (const Json* key = member(from, "key")) {
      set(*key, "bearer", out.key.bearer);
      set(*key, "x_api_key", out.key.x_api_key);
      set(*key, "echo", out.key.echo);
    }
    if (const Json* models = member(from, "models")) out.models = models->get<std::vector<std::string>>();
    return out;
  }

  When when(const Json& from) {
    When out;
    if (const Json* value = member(from, "index")) out.index = numbers(*value);
    if (const Json* value = member(from, "attempt")) out.attempt = numbers(*value);
    if (const Json* value = member(from, "contains")) out.contains = texts(*value);
    set_whole(from, "first", out.first);
    set_whole(from, "every", out.every);
    set_whole(from, "attempts_to", out.attempts_to);
    set(from, "equals", out.equals);
    set(from, "model", out.model);
    if (const Json* value = member(from, "stream")) out.stream = value->get<bool>();
    if (const Json* value = member(from, "share")) out.share = value->get<double>();
    if (const Json* value = member(from, "share_of_tries")) out.share_of_tries = value->get<double>();
    set_time(from, "until_ms", out.until);
    set_time(from, "from_ms", out.from);
    if (from.empty()) {
      complain(from, "this rule is for every request, so nothing else would ever be answered",
               "write it into the profile itself, or say when");
    }
    return out;
  }

  std::vector<Limit> limits(const Json& from, const char* key) {
    std::vector<Limit> out;
    const Json* all = member(from, key);
    if (all == nullptr) return out;
    for (const Json& each : *all) {
      Limit limit;
      set_word(each, "kind", {"bucket", "window", "in_flight", "tokens"}, limit.kind);
      set(each, "amount", limit.amount);
      limit.period = limit.kind == LimitKind::bucket ? 1'000'000 : 60'000'000;
      set_time(each, "period_ms", limit.period);
      limit.burst = limit.amount;
      set(each, "burst", limit.burst);
      if (limit.kind == LimitKind::bucket && limit.burst < 1) {
        complain(each, "a bucket that holds less than one request accepts none",
                 "write burst: 1, or a longer period_ms");
      }
      set(each, "rejected_cost", limit.rejected_cost);
      set_time(each, "halve_after_ms", limit.halve_after);
      set_whole(each, "status", limit.status);
      limit.retry_after = "auto";
      header(each, "retry_after", limit.retry_after);
      set(each, "retry_after_ms", limit.in_ms);
      set_word(each, "headers", {"none", "openai", "anthropic"}, limit.headers);
      out.push_back(std::move(limit));
    }
    return out;
  }

  void header(const Json& from, const char* key, std::string& out) {
    const Json* value = member(from, key);
    if (value == nullptr) return;
    out = value->get<std::string>();
    if (!is_header_value(out)) complain(*value, "a header cannot hold line breaks");
  }

  void file(const Json& from, const char* key, std::optional<std::string>& out) {
    const Json* name = member(from, key);
    if (name == nullptr) return;
    auto text = files_.read(join_path(folder_, name->get_ref<const std::string&>()), most_file_bytes);
    if (text) {
      out = std::move(*text);
    } else {
      complain(*name, text.error().message, text.error().hint);
    }
  }

  void lay_over(const Json& from, Behaviour& out) {
    said(from, out);
    shaped(from, out);
    broken(from, out);
  }

  void said(const Json& from, Behaviour& out) {
    set(from, "text", out.text);
    set(from, "echo", out.echo);
    if (const Json* all = member(from, "answers")) {
      out.answers.clear();
      for (const Json& each : *all) {
        const bool whole = each.contains("equals");
        out.answers.push_back(
            {each.at(whole ? "equals" : "contains").get<std::string>(), whole, each.at("text").get<std::string>()});
      }
    }
    if (const Json* table = member(from, "table")) {
      out.table.clear();
      for (const auto& [input, answer] : table->items()) out.table.emplace(input, answer.get<std::string>());
    }
    if (const Json* wrong = member(from, "wrong")) {
      set(*wrong, "share", out.wrong_share);
      set(*wrong, "text", out.wrong_text);
    }
    if (const Json* tools = member(from, "tools")) {
      out.tools.clear();
      for (const Json& each : *tools) {
        const Json* arguments = member(each, "arguments");
        std::string text = arguments == nullptr     ? std::string("{}")
                           : arguments->is_string() ? arguments->get<std::string>()
                                                    : canonical(*arguments);
        out.tools.push_back({each.at("name").get<std::string>(), std::move(text)});
      }
      out.finish = out.tools.empty() ? Finish::stop : Finish::tool_calls;
    }
    set_word(from, "finish", {"stop", "length", "content_filter", "refusal", "tool_calls", "unknown"}, out.finish);
    set_word(from, "garble", {"none", "bad_utf8", "nul", "surrogate"}, out.garble);
    if (const Json* usage = member(from, "usage")) out.usage = usage_of(*usage);
  }

  static UsageScript usage_of(const Json& from) {
    UsageScript out;
    if (from.is_object()) {
      out.kind = UsageKind::given;
      set_whole(from, "input_tokens", out.input);
      set_whole(from, "output_tokens", out.output);
      set_whole(from, "cached_tokens", out.cached);
      set_whole(from, "reasoning_tokens", out.reasoning);
      return out;
    }
    const Json holder = {{"usage", from}};
    set_word(holder, "usage", {"estimated", "given", "missing", "null", "negative", "absurd", "fractional", "text"},
             out.kind);
    return out;
  }

  void shaped(const Json& from, Behaviour& out) {
    if (const Json* stream = member(from, "stream")) {
      StreamScript& to = out.stream;
      set_whole(*stream, "piece", to.piece);
      set_time(*stream, "gap_ms", to.gap);
      set(*stream, "comments", to.comments);
      set(*stream, "crlf", to.crlf);
      set(*stream, "multi_line", to.multi_line);
      set(*stream, "bom", to.bom);
      set(*stream, "tight", to.tight);
      set(*stream, "done", to.done);
      if (const Json* error = member(*stream, "error")) {
        to.error_after = error->at("after").get<std::uint32_t>();
        to.error_message = "Overloaded";
        set(*error, "message", to.error_message);
      }
    }
    if (const Json* generic = member(from, "generic")) out.generic = canonical(*generic);
    if (from.contains("status") || from.contains("error")) out.body.reset();  // of what this is laid over
    set_whole(from, "status", out.status);
    if (const Json* body = member(from, "body"))
      out.body = body->is_string() ? body->get<std::string>() : canonical(*body);
    file(from, "body_file", out.body);
    header(from, "content_type", out.content_type);
    if (const Json* headers = member(from, "headers")) {
      for (const auto& [name, value] : headers->items()) {
        if (!is_header_name(name)) complain(value, "'" + name + "' is no name of a header", {}, At::key);
        if (!is_header_value(value.get_ref<const std::string&>())) complain(value, "a header cannot hold line breaks");
        std::erase_if(out.headers, [&, key = std::string_view(name)](const auto& each) { return each.first == key; });
        out.headers.emplace_back(name, value.get<std::string>());
      }
    }
    header(from, "retry_after", out.retry_after);
    header(from, "location", out.location);
    if (const Json* error = member(from, "error")) {
      set(*error, "type", out.error_type);
      set(*error, "code", out.error_code);
      set(*error, "message", out.error_message);
      if (out.error_type.empty()) out.error_type = "server_error";
    }
    set_word(from, "framing", {"length", "chunked", "close"}, out.framing);
    if (const Json* compress = member(from, "compress")) out.gzip = compress->get_ref<const std::string&>() == "gzip";
  }

  void broken(const Json& from, Behaviour& out) {
    set_time(from, "delay_ms", out.delay);
    set_time(from, "jitter_ms", out.jitter);
    set(from, "spread", out.spread);
    if (const Json* raw = member(from, "raw")) out.raw = raw->get<std::string>();
    file(from, "raw_file", out.raw);
    if (const Json* drip = member(from, "drip")) {
      out.drip.bytes = 1;
      set_whole(*drip, "bytes", out.drip.bytes);
      set_time(*drip, "every_ms", out.drip.every);
    }
    if (const Json* cut = member(from, "cut")) {
      out.cut.emplace();
      set_word(*cut, "in", {"head", "body", "chunk", "events"}, out.cut->in);
      set_whole(*cut, "after", out.cut->after);
      set_word(*cut, "how", {"close", "reset", "finish"}, out.cut->how);
    }
    set_word(from, "instead", {"answer", "close", "reset", "never"}, out.instead);
    set_whole(from, "huge", out.huge);
    set_whole(from, "bomb", out.bomb);
    if (const Json* length = member(from, "content_length")) out.content_length = length->get<std::uint64_t>();
  }

  const Tree& tree_;
  const FileReader& files_;
  const std::string& folder_;
  Complaints& complaints_;
};

}  // namespace

std::optional<Script> read_script(const Tree& tree, const FileReader& files, const std::string& folder,
                                  Complaints& complaints) {
  if (!check(tree, tree.root(), script_table(), complaints)) return std::nullopt;
  const std::size_t before = complaints.total();
  auto data = std::make_shared<ScriptData>(Reader(tree, files, folder, complaints).read());
  if (complaints.total() != before) return std::nullopt;
  return data;
}

}  // namespace headgate::fake
