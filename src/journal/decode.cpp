#include "decode.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <string>
#include <utility>
#include <vector>

#include "headgate/domain/codec.hpp"
#include "line_reader.hpp"
#include "own_json.hpp"

namespace headgate::journal {
namespace {

// Decoding stops at the first fault and hands its words up.
using Fault = const char*;
constexpr Fault none = nullptr;
constexpr Fault not_json = "not JSON";
constexpr Fault out_of_range = "a number out of range";

// What the digest of a record's facts is taken of: words end with a newline, numbers are eight bytes after a 1, absent
// ones a 0, so no two lists of facts read alike.
class Facts {
 public:
  void begin(std::string_view what) {
    text_.clear();
    word(what);
  }
  void word(std::string_view text) {
    text_ += text;
    text_ += '\n';
  }
  // A text of any bytes, with its length before it.
  void named(std::string_view name, std::string_view text) {
    word(name);
    number(std::uint64_t{text.size()});
    word(text);
  }
  void digest(const Digest& value) {
    for (const std::uint8_t byte : value.bytes) text_ += static_cast<char>(byte);
  }
  void number(std::uint64_t number) {
    text_ += '\1';
    for (int i = 0; i < 8; ++i) text_ += static_cast<char>(static_cast<unsigned char>(number >> (8 * i)));
  }
  void number(double number) { this->number(std::bit_cast<std::uint64_t>(number + 0.0)); }  // -0 becomes 0
  template <class Number>
  void number(const std::optional<Number>& value) {
    if (value) {
      number(*value);
    } else {
      text_ += '\0';
    }
  }
  Digest finish() const { return sha256(text_); }

 private:
  std::string text_;
};

constexpr const char* usage_names[] = {"input_tokens", "output_tokens", "cached_input_tokens", "reasoning_tokens"};

bool read_usage(value at, std::optional<std::uint64_t> (&counts)[4]) {
  object usage;
  return get(at, usage) && members_of(usage, [&](std::string_view key, value member) {
           for (std::size_t i = 0; i < 4; ++i) {
             if (key != usage_names[i]) continue;
             std::uint64_t count = 0;
             if (member.get_uint64().get(count) != simdjson::SUCCESS) return false;
             counts[i] = count;
           }
           return true;
         });
}

// Calls `each(key, value)` until it returns false (a fault) or sets `stop`.
template <class Each>
Fault for_each_member(object& members, const Each& each) {
  bool stop = false;
  for (auto field : members) {
    std::string_view key;
    value at;
    if (field.unescaped_key().get(key) != simdjson::SUCCESS) return not_json;
    if (field.value().get(at) != simdjson::SUCCESS) return not_json;
    if (!each(key, at, stop)) return "a member of the wrong kind";
    if (stop) break;
  }
  return none;
}

bool get_mark(value at, std::optional<std::uint64_t>& out) {
  std::string_view digits;
  if (!get(at, digits)) return false;
  std::uint64_t mark = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), mark, 16);
  out = mark;
  return read.ec == std::errc{} && read.ptr == digits.data() + digits.size();
}

bool is_negative(const std::optional<double>& amount) { return amount.value_or(0.0) < 0.0; }

Fault read_result_facts(object& members, Facts& facts, RecordView& view) {
  std::optional<std::uint64_t> usage[4];
  std::string_view via;
  bool has_cell = false;
  bool has_call = false;
  bool has_reply = false;
  const Fault fault = for_each_member(members, [&](std::string_view key, value at, bool& stop) {
    if (key == "cell") return has_cell = get(at, view.cell);
    if (key == "call") return has_call = get(at, view.call);
    if (key == "reply") return has_reply = get(at, view.reply);
    if (key == "said") return get_mark(at, view.said);
    if (key == "error") return get(at, view.error);
    if (key == "ask") {  // what a grader asked, not the cell's own; its text follows
      view.type = RecordType::answer;
      return stop = true;
    }
    if (key == "usage") return read_usage(at, usage);
    if (key == "cost_usd") return get(at, view.cost_usd);
    if (key == "latency_ms") return get(at, view.latency_ms);
    if (key == "first_token_ms") return get(at, view.first_token_ms);
    if (key == "tries") return get(at, view.tries) && view.tries > 0;
    if (key == "spent_usd") return get(at, view.spent_usd);
    if (key == "cached") return get(at, view.cached);
    if (key == "via") return view.fallback = get(at, via) && !via.empty();
    stop = key == "case";  // texts follow
    return true;
  });
  if (fault != none) return fault;
  if (is_negative(view.spent_usd)) return out_of_range;
  view.status = status_of(view.error);
  if (view.type == RecordType::answer) return has_cell && has_call ? none : "an answer without its facts";
  if (!has_cell || !has_call || has_reply == (view.error != ErrorKind::none)) return "a result without its facts";
  if (is_negative(view.cost_usd) || is_negative(view.latency_ms) || is_negative(view.first_token_ms)) {
    return out_of_range;
  }
  facts.begin("headgate/result/1");
  facts.word(name(view.status));
  facts.word(name(view.error));
  facts.digest(view.reply);
  for (const auto& count : usage) facts.number(count);
  facts.number(view.cost_usd);
  // Only where it is so: most replies are the route's own, and were always digested without a word about it.
  if (view.fallback) facts.named("via", via);
  if (view.cached) facts.word("cached");
  view.facts = facts.finish();
  return none;
}

// One grade of the list. Texts borrow from the parser.
struct GradeView {
  std::string_view kind, label, expected_label;
  bool pass = false;
  bool judged = false;
  std::optional<double> score;
  std::vector<std::pair<std::string_view, double>> measures;

  bool take(std::string_view key, value at) {
    if (key == "kind") return get(at, kind);
    if (key == "pass") return get(at, pass);
    if (key == "score") return get(at, score);
    if (key == "judged") return get(at, judged);
    if (key == "label") return get(at, label);
    if (key == "expected_label") return get(at, expected_label);
    if (key == "measures") return take_measures(at);
    return true;  // the reason is for people
  }

  // Most grades measure nothing and classify nothing, and were always digested without a word about it.
  void digest(Facts& facts) const {
    facts.word(kind);
    facts.number(std::uint64_t{pass ? 1U : 0U});
    facts.number(*score);
    if (judged) facts.named("judged", {});
    for (const auto& [name, number] : measures) {
      facts.named("measure", name);
      facts.number(number);
    }
    if (label.empty() && expected_label.empty()) return;
    facts.named("label", label);
    facts.named("expected_label", expected_label);
  }

 private:
  bool take_measures(value at) {
    object members;
    return get(at, members) && members_of(members, [&](std::string_view name, value member) {
             double number = 0.0;
             if (!get(member, number) || measures.size() == max_measures || name.size() > max_measure_name_bytes) {
               return false;
             }
             measures.emplace_back(name, number);
             return true;
           });
  }
};

// Two graders of a kind may measure the same: the second one's is told apart by its number, as graders stand in order.
void add_measures(const GradeView& grade, RecordView& view) {
  for (const auto& [name, number] : grade.measures) {
    const std::string plain = std::string(grade.kind) + '.' + std::string(name);
    std::string unique = plain;
    for (int again = 2; std::ranges::count(view.measures, unique, &Measure::name) > 0; ++again) {
      unique = plain + '#' + std::to_string(again);
    }
    view.measures.push_back({std::move(unique), number});
  }
}

bool add_grades(value list, Facts& facts, RecordView& view) {
  return elements_of(list, [&](value element) {
    object members;
    GradeView grade;
    const auto member = [&](std::string_view key, value at) { return grade.take(key, at); };
    if (!get(element, members) || !members_of(members, member) || grade.kind.empty() || !grade.score) return false;
    grade.digest(facts);
    add_measures(grade, view);
    if (view.expected_label.empty() && view.label.empty()) {
      view.label = grade.label;
      view.expected_label = grade.expected_label;
    }
    return true;
  });
}

Fault read_grade_facts(object& members, Facts& facts, RecordView& view) {
  bool has_cell = false;
  bool has_call = false;
  bool has_reply = false;
  bool has_graders = false;
  bool has_pass = false;
  facts.begin("headgate/grade/1");
  const Fault fault = for_each_member(members, [&](std::string_view key, value at, bool& stop) {
    if (key == "cell") return has_cell = get(at, view.cell);
    if (key == "call") return has_call = get(at, view.call);
    if (key == "reply") return has_reply = get(at, view.reply);
    if (key == "graders") return has_graders = get(at, view.graders);
    if (key == "pass") return has_pass = get(at, view.pass);
    if (key == "score") return get(at, view.score);
    if (key == "error") return get(at, view.error);
    if (key == "judged") return get(at, view.judged);
    if (key == "fails_anyway") return get(at, view.fails_anyway);
    if (key == "grades") return add_grades(at, facts, view);
    stop = key == "message";
    return true;
  });
  if (fault != none) return fault;
  const bool graded = has_pass && view.score;
  if (!has_cell || !has_call || !has_reply || !has_graders || graded == (view.error != ErrorKind::none)) {
    return "a grade without its facts";
  }
  if (view.score && (*view.score < 0.0 || *view.score > 1.0)) return "a score out of range";
  view.status = graded ? Status::ok : Status::ungraded;
  facts.word(name(view.error));
  facts.number(std::uint64_t{view.pass ? 1U : 0U});
  facts.number(view.score);
  if (view.judged) facts.word("judged");
  if (view.fails_anyway) facts.word("fails_anyway");
  view.facts = facts.finish();
  return none;
}

Fault read_intent_facts(object& members, RecordView& view) {
  bool has_cell = false;
  bool has_call = false;
  const Fault fault = for_each_member(members, [&](std::string_view key, value at, bool& stop) {
    if (key == "cell") return has_cell = get(at, view.cell);
    if (key == "call") return has_call = get(at, view.call);
    if (key == "reserve_usd") return get(at, view.reserve_usd);
    stop = key == "ask";
    return true;
  });
  if (fault != none) return fault;
  if (is_negative(view.reserve_usd)) return out_of_range;
  return has_cell && has_call ? none : "an intent without its facts";
}

Fault read_try_facts(object& members, RecordView& view) {
  bool has_cell = false;
  bool has_call = false;
  const Fault fault = for_each_member(members, [&](std::string_view key, value at, bool& stop) {
    if (key == "cell") return has_cell = get(at, view.cell);
    if (key == "call") return has_call = get(at, view.call);
    if (key == "error") return get(at, view.error);
    if (key == "latency_ms") return get(at, view.latency_ms);
    if (key == "spent_usd") return get(at, view.spent_usd);
    stop = key == "ask" || key == "message";  // texts follow
    return true;
  });
  if (fault != none) return fault;
  if (is_negative(view.latency_ms) || is_negative(view.spent_usd)) return out_of_range;
  view.status = status_of(view.error);
  return has_cell && has_call && view.error != ErrorKind::none ? none : "a try without its facts";
}

Fault read_header_facts(object& members, RecordView& view) {
  bool has_plan = false;
  std::string_view format;
  const Fault fault = for_each_member(members, [&](std::string_view key, value at, bool&) {
    if (key == "format") return get(at, format);
    if (key == "plan") return has_plan = get(at, view.plan);
    return true;
  });
  if (fault != none) return fault;
  if (format != journal_format) return FactsDecoder::other_format;
  return has_plan ? none : "a header without its plan";
}

bool type_of(std::string_view word, RecordType& type) {
  static constexpr std::pair<std::string_view, RecordType> types[] = {
      {"result", RecordType::result},  {"grade", RecordType::grade}, {"intent", RecordType::intent},
      {"try", RecordType::failed_try}, {"note", RecordType::note},   {"end", RecordType::end},
      {"header", RecordType::header}};
  for (const auto& [known, value] : types) {
    if (word != known) continue;
    type = value;
    return true;
  }
  return false;
}

// The type is always the first member, so a record is told apart before any parser runs.
std::string_view type_word(std::string_view line) {
  constexpr std::string_view start = "{\"t\":\"";
  if (!line.starts_with(start)) return {};
  line.remove_prefix(start.size());
  return line.substr(0, line.find('"'));
}

}  // namespace

struct FactsDecoder::State {
  simdjson::ondemand::parser parser;
  Facts facts;

  Fault decode(std::string_view line, bool all, RecordView& view) {
    if (!type_of(type_word(line), view.type)) return "an unknown record type";
    const bool is_for_people = view.type == RecordType::note || view.type == RecordType::end;
    if (view.type != RecordType::header && (is_for_people || !all)) return none;
    simdjson::ondemand::document document;
    object members;
    const simdjson::padded_string_view padded(line.data(), line.size(), line.size() + simdjson::SIMDJSON_PADDING);
    if (parser.iterate(padded).get(document) != simdjson::SUCCESS) return not_json;
    if (document.get_object().get(members) != simdjson::SUCCESS) return not_json;
    switch (view.type) {
      case RecordType::header:
        return read_header_facts(members, view);
      case RecordType::result:
        return read_result_facts(members, facts, view);
      case RecordType::grade:
        return read_grade_facts(members, facts, view);
      case RecordType::intent:
        return read_intent_facts(members, view);
      case RecordType::failed_try:
        return read_try_facts(members, view);
      case RecordType::answer:
      case RecordType::note:
      case RecordType::end:
        break;
    }
    return none;
  }
};

FactsDecoder::FactsDecoder() : state_(std::make_unique<State>()) {}
FactsDecoder::~FactsDecoder() = default;

const char* const FactsDecoder::other_format = "a format this program does not read";

const char* FactsDecoder::decode(std::string_view line, bool facts, RecordView& view) {
  static_assert(simdjson::SIMDJSON_PADDING <= LineReader::padding);
  return state_->decode(line, facts, view);
}

}  // namespace headgate::journal
