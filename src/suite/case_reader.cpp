#include "case_reader.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "headgate/base/clock.hpp"
#include "headgate/base/fields.hpp"
#include "headgate/base/text.hpp"
#include "headgate/suite/load.hpp"
#include "operator_keys.hpp"

namespace headgate::suite {
namespace {

constexpr std::size_t max_image_bytes = std::size_t{32} << 20;

const Json* member(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() ? nullptr : &*found;
}

std::string text_of(const Json& object, const char* key) {
  const Json* found = member(object, key);
  return found != nullptr && found->is_string() ? found->get<std::string>() : std::string();
}

JsonText json_text_of(const Json& object, const char* key) {
  const Json* found = member(object, key);
  return found == nullptr ? JsonText{} : to_text(*found);
}

// C0, DEL and C1: an id is printed everywhere, and names one case for people and for machines.
bool has_control_character(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20 || byte == 0x7f) return true;
    if (byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0) return true;
  }
  return false;
}

// True when the id can at least be told from others.
bool check_id(const Tree& tree, Complaints& complaints) {
  const Json* id = member(tree.root(), "id");
  if (id == nullptr || !id->is_string() || id->get_ref<const std::string&>().empty()) return false;
  const auto& text = id->get_ref<const std::string&>();
  if (text.size() > max_id_bytes) {
    complaints.add(tree.error(*id, "an id may have at most " + std::to_string(max_id_bytes) + " bytes"));
  }
  if (has_control_character(text)) {
    complaints.add(tree.error(*id, "a control character in an id", "use printable characters only"));
  }
  return true;
}

// A message or part says one thing in one way.
void check_parts(const Tree& tree, const Json& input, Complaints& complaints) {
  for (const Json& message : input) {
    const Json& content = message.at("content");
    if (!content.is_array()) continue;
    for (const Json& part : content) {
      const bool image = part.at("type").get_ref<const std::string&>() == "image";
      const char* needed = image ? "file" : "text";
      const char* other = image ? "text" : "file";
      if (!part.contains(needed)) {
        complaints.add(tree.error(part, std::string("this part needs '") + needed + "'"));
      }
      if (part.contains(other)) {
        complaints.add(
            tree.error(part.at(other), std::string("'") + other + "' has no place in this part", {}, At::key));
      }
    }
  }
}

bool is_text_or_absent(const Json& object, const char* key) {
  const Json* found = member(object, key);
  return found == nullptr || found->is_string();
}

void sort_and_unify(std::vector<std::string>& words) {
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
}

template <class Map>
std::vector<std::string> keys_of(const Map& map) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : map) keys.push_back(key);
  return keys;
}

std::string hint_of(const std::string& word, const std::vector<std::string>& known, const std::string& where) {
  std::string hint = did_you_mean(word, known);
  if (!hint.empty()) return hint;
  return known.empty() ? "declare it in " + where : where + " declares " + join_words(known);
}

bool needs_pruning(const Tree& tree) {
  const auto& fields = case_table().fields;
  for (const auto& [key, value] : tree.root().get_ref<const Json::object_t&>()) {
    if (std::none_of(fields.begin(), fields.end(), [&, &name = key](const Field& field) { return field.name == name; })) return true;
  }
  return false;
}

void check_origin(const Tree& tree, Complaints& complaints) {
  const Json* origin = member(tree.root(), "origin");
  const Json* at = origin == nullptr ? nullptr : member(*origin, "at");
  if (at != nullptr && !is_date(at->get<std::string>())) {
    complaints.add(tree.error(*at, "'at' is no date", "write YYYY-MM-DD"));
  }
}

}  // namespace

std::optional<CaseEntry> CaseReader::read(const Tree& whole, GoodGraders& good, Complaints& complaints) const {
  if (whole.root().is_object() && needs_pruning(whole)) {
    // Rare, so the copy costs nothing that matters.
    const Tree pruned = without_operator_keys(whole.with_root(whole.root()), complaints);
    if (pruned.root().size() != whole.root().size()) return read(pruned, good, complaints);
  }
  const Tree& tree = whole;
  const bool shaped = check(tree, tree.root(), case_table(), complaints);
  if (!tree.root().is_object() || !check_id(tree, complaints)) return std::nullopt;

  CaseEntry entry;
  entry.item.id = tree.root().at("id").get<std::string>();
  entry.line = tree.first_line();
  if (is_text_or_absent(tree.root(), "since") && is_text_or_absent(tree.root(), "retired")) {
    entry.window = read_window(tree, tree.root(), complaints);
  }
  if (declared_.version && entry.window.since && *entry.window.since > *declared_.version) {
    complaints.add(tree.error(tree.root().at("since"),
                              "case '" + entry.item.id + "' is since " + entry.window.since->text() +
                                  ", but the suite is at " + declared_.version->text(),
                              "raise version in suite.yaml, or correct since"));
  }
  std::vector<GraderEntry> graders = read_graders(tree, registry_, good, complaints);
  if (!shaped) return entry;

  const Json& root = tree.root();
  Case& item = entry.item;
  read_input(tree, entry, complaints);
  item.vars = json_text_of(root, "vars");
  item.context = json_text_of(root, "context");
  item.expected = json_text_of(root, "expected");
  item.cluster = text_of(root, "cluster");
  entry.variant_of = text_of(root, "variant_of");
  if (const Json* tags = member(root, "tags")) item.tags = tags->get<std::vector<std::string>>();
  sort_and_unify(item.tags);
  if (const Json* weight = member(root, "weight")) item.weight = weight->get<double>();
  if (const Json* sampling = member(root, "sampling")) parse(sampling->get_ref<const std::string&>(), item.sampling);
  read_segments(tree, item, complaints);
  read_severity(tree, item, complaints);
  check_origin(tree, complaints);
  if (!entry.variant_of.empty() && !item.cluster.empty()) {
    complaints.add(tree.error(root.at("cluster"), "'cluster' and 'variant_of' exclude each other",
                              "a variant joins the cluster of '" + entry.variant_of + "'", At::key));
  }

  check_needs(tree, entry, graders, complaints);
  const bool windows = std::any_of(graders.begin(), graders.end(), [](const GraderEntry& each) {
    return each.window.since.has_value() || each.window.retired.has_value();
  });
  for (GraderEntry& grader : graders) {
    if (Needs needs = grader.built->needs(); !needs.empty()) {
      entry.needs.emplace_back(item.graders.size(), std::move(needs));
    }
    item.graders.push_back(std::move(grader.spec));
    if (windows) entry.grader_windows.push_back(grader.window);
  }
  return entry;
}

void CaseReader::read_segments(const Tree& tree, Case& item, Complaints& complaints) const {
  const Json* segments = member(tree.root(), "segments");
  if (segments == nullptr) return;
  for (const auto& [dimension, value] : segments->get_ref<const Json::object_t&>()) {
    const auto declared = declared_.segments.find(dimension);
    const auto& word = value.get_ref<const std::string&>();
    if (declared == declared_.segments.end()) {
      complaints.add(tree.error(value,
                                "undeclared segment dimension '" + elide(dimension, 40) + "' in case '" + item.id + "'",
                                hint_of(dimension, keys_of(declared_.segments), "segments in suite.yaml"), At::key));
    } else if (!declared->second.any && std::find(declared->second.values.begin(), declared->second.values.end(),
                                                  word) == declared->second.values.end()) {
      complaints.add(tree.error(
          value, "undeclared value '" + elide(word, 40) + "' of segment '" + dimension + "' in case '" + item.id + "'",
          hint_of(word, declared->second.values, "segments in suite.yaml")));
    }
    item.segments.push_back({dimension, word});
  }
  std::sort(item.segments.begin(), item.segments.end());
}

void CaseReader::read_severity(const Tree& tree, Case& item, Complaints& complaints) const {
  const Json& root = tree.root();
  const Json* severity = member(root, "severity");
  const Json* severe_class = member(root, "severe_class");
  if (severity != nullptr) parse(severity->get_ref<const std::string&>(), item.severity);
  item.severe_class = text_of(root, "severe_class");
  const std::vector<std::string> known = keys_of(declared_.severe_classes);
  if (item.severity == Severity::severe && severe_class == nullptr) {
    complaints.add(tree.error(
        *severity, "severe case '" + item.id + "' has no severe_class",
        known.empty() ? "declare severe_classes in suite.yaml and name one" : "name one of " + join_words(known)));
  }
  if (severe_class == nullptr) return;
  if (item.severity != Severity::severe) {
    complaints.add(tree.error(*severe_class, "case '" + item.id + "' has a severe_class but is not severe",
                              R"(write "severity": "severe", or remove the class)"));
  }
  if (!declared_.severe_classes.contains(item.severe_class)) {
    complaints.add(tree.error(
        *severe_class, "undeclared severe_class '" + elide(item.severe_class, 40) + "' in case '" + item.id + "'",
        hint_of(item.severe_class, known, "severe_classes in suite.yaml")));
  }
}

// A grader that needs what the case does not have could never judge it: better said now than after a paid reply.
void CaseReader::check_needs(const Tree& tree, const CaseEntry& entry, const std::vector<GraderEntry>& own,
                             Complaints& complaints) const {
  const Json* expected = member(tree.root(), "expected");
  const Json& at = expected == nullptr ? tree.root().at("id") : *expected;
  const auto ask = [&](const GraderEntry& grader) {
    if (!grader.window.overlaps(entry.window)) return;
    const std::string lack = grader.built->lacks(entry.item);
    if (lack.empty()) return;
    complaints.add(tree.error(
        at, lack + ", which grader '" + grader.spec.written_kind() + "' needs (case '" + entry.item.id + "')"));
  };
  for (const GraderEntry& grader : declared_.graders) ask(grader);
  for (const GraderEntry& grader : own) ask(grader);
}

// An image is part of what is asked: its digest goes into the input, so that another image is another case.
void CaseReader::read_input(const Tree& tree, CaseEntry& entry, Complaints& complaints) const {
  const Json& input = tree.root().at("input");
  entry.item.input = to_text(input);
  if (!input.is_array()) return;
  const std::size_t before = complaints.total();
  check_parts(tree, input, complaints);
  if (complaints.total() != before) return;

  Json sealed = input;
  for (std::size_t m = 0; m < input.size(); ++m) {
    const Json& content = input[m].at("content");
    if (!content.is_array()) continue;
    for (std::size_t p = 0; p < content.size(); ++p) {
      if (!content[p].contains("file")) continue;
      const Json& named = content[p].at("file");
      const auto path = named.get<std::string>();
      Result<std::string> bytes = files_.read_beneath(folder_, path, max_image_bytes);
      if (!bytes) {
        complaints.add(tree.error(named, bytes.error().message, bytes.error().hint));
        continue;
      }
      const std::string digest = sha256(*bytes).text();
      sealed[m]["content"][p]["digest"] = digest;
      entry.referenced.emplace_back(path, digest);
    }
  }
  entry.item.input = to_text(sealed);
}

}  // namespace headgate::suite
