#include "case_reader.hpp"

#include "own_json.hpp"

namespace headgate::journal {
namespace {

template <class Enum>
bool get_word(value at, Enum& out) {
  std::string_view word;
  return get(at, word) && parse(word, out);
}

bool get_segments(value at, std::vector<SegmentValue>& out) {
  object members;
  return get(at, members) && members_of(members, [&](std::string_view dimension, value segment) {
           out.push_back({std::string(dimension), {}});
           return get(segment, out.back().value);
         });
}

bool get_tags(value at, std::vector<std::string>& out) {
  return elements_of(at, [&](value tag) { return get(tag, out.emplace_back()); });
}

// A grader is written {"kind":"…",…options}: what follows the kind, in braces, is the canonical text of the options.
bool get_grader(value at, GraderSpec& out) {
  JsonText raw;
  if (!get(at, raw)) return false;
  std::string_view text = raw.text;
  constexpr std::string_view start = "{\"kind\":\"";
  if (!text.starts_with(start)) return false;
  text.remove_prefix(start.size());
  const std::size_t end = text.find('"');
  if (end == std::string_view::npos || end + 1 >= text.size()) return false;
  out.kind = text.substr(0, end);
  if (out.kind.find('\\') != std::string::npos) return false;
  if (out.kind.starts_with("not_")) {
    out.negated = true;
    out.kind.erase(0, 4);
  }
  text.remove_prefix(end + 1);
  if (text.starts_with(',')) text.remove_prefix(1);
  out.options.text = "{";
  out.options.text += text;
  return true;
}

bool get_member(Case& item, std::uint32_t& suite, std::string_view key, value at) {
  if (key == "suite") return get(at, suite);
  if (key == "id") return get(at, item.id);
  if (key == "digest") return get(at, item.digest);
  if (key == "severity") return get_word(at, item.severity);
  if (key == "severe_class") return get(at, item.severe_class);
  if (key == "cluster") return get(at, item.cluster);
  if (key == "variant_of") return get(at, item.variant_of);
  if (key == "sampling") return get_word(at, item.sampling);
  if (key == "weight") return get(at, item.weight);
  if (key == "segments") return get_segments(at, item.segments);
  if (key == "tags") return get_tags(at, item.tags);
  if (key == "graders") {
    return elements_of(at, [&](value grader) { return get_grader(grader, item.graders.emplace_back()); });
  }
  if (key == "expected") return get(at, item.expected);
  if (key == "vars") return get(at, item.vars);
  if (key == "context") return get(at, item.context);
  if (key == "input") return get(at, item.input);
  return key == "t";
}

}  // namespace

struct CaseReader::State {
  simdjson::ondemand::parser parser;
};

CaseReader::CaseReader() : state_(std::make_unique<State>()) {}
CaseReader::~CaseReader() = default;

const char* CaseReader::read(std::string_view line, Case& item, std::uint32_t& suite) {
  item = Case{};
  simdjson::ondemand::document document;
  object members;
  const simdjson::padded_string_view padded(line.data(), line.size(), line.size() + simdjson::SIMDJSON_PADDING);
  if (state_->parser.iterate(padded).get(document) != simdjson::SUCCESS) return "a line is not JSON";
  if (document.get_object().get(members) != simdjson::SUCCESS) return "a line is not an object";
  if (!members_of(members, [&](std::string_view key, value at) { return get_member(item, suite, key, at); })) {
    return "a case has a member of the wrong kind";
  }
  if (!(item.weight > 0.0)) return "a case has no weight";
  if (item.digest != case_digest(item)) return "a case does not digest to what it says";
  return nullptr;
}

}  // namespace headgate::journal
