#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <utility>
#include <vector>

#include "fault.hpp"
#include "headgate/base/file.hpp"
#include "headgate/base/tree.hpp"
#include "headgate/base/unicode.hpp"
#include "text_place.hpp"
#include "yaml_plain.hpp"
#include "yaml_text.hpp"

namespace headgate {
namespace {

// How a fault leaves yaml-cpp, whose handlers cannot refuse. Never leaves this file.
struct Refusal {
  Fault fault;
};

// Builds Json from yaml-cpp's events and refuses what is not in our subset.
class YamlBuilder : public YAML::EventHandler {
 public:
  YamlBuilder(std::string_view text, const TextLimits& limits) : text_(text), limits_(limits) {}

  Json take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (documents_++ == 0) return;
    if (text_.substr(yaml_offset(mark), 3) == "---") {
      refuse(mark, 3, "a second YAML document", "one file holds one document; remove the '---'");
    }
    refuse(mark, 1, "more text after the end of the value", "check the indentation");
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    refuse_properties(mark, anchor);
    const std::string_view written = plain_word(text_, yaml_offset(mark));
    const bool spelled = written == "~" || (written.size() == 4 && (written[0] == 'n' || written[0] == 'N'));
    if (!spelled) refuse_nothing(mark);
    plain(mark, spelled ? std::string(written) : std::string());
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    refuse(mark, 1, "aliases are not allowed", "write the value out, or quote a word that begins with '*'");
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    refuse_properties(mark, anchor);
    refuse_open_quote(mark);
    if (value.size() > limits_.max_string_bytes) {
      refuse(mark, 1, "a string longer than " + std::to_string(limits_.max_string_bytes) + " bytes", "shorten it");
    }
    if (!is_utf8(value)) {  // yaml-cpp decodes \N and \_ to single bytes
      refuse(mark, 1, "an escape that gives no UTF-8", "write the character itself, or \\u0085 or \\u00a0");
    }
    if (value.find('\0') != std::string::npos) refuse(mark, 1, "NUL is not allowed in a string", "remove it");
    if (tag == "?") {
      plain(mark, value);
    } else if (awaits_key()) {
      take_key(mark, value);
    } else {
      place() = value;
    }
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override {
    open(mark, tag, anchor, Json::value_t::array, style == YAML::EmitterStyle::Flow);
  }
  void OnSequenceEnd() override { open_.pop_back(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    open(mark, tag, anchor, Json::value_t::object, false);
  }
  void OnMapEnd() override { open_.pop_back(); }
  void OnAnchor(const YAML::Mark& mark, const std::string& /*name*/) override { refuse_anchor(mark); }

 private:
  struct Open {
    Json* value;
    bool flow_list;
    Json* member = nullptr;                     // the place for the value of the key just read
    std::size_t last_key = 0;                   // where that key stands
    std::map<std::string, std::size_t> keys{};  // where each key stands, to name the first of two
  };

  [[noreturn]] static void refuse(const YAML::Mark& mark, std::size_t width, std::string message, std::string hint) {
    throw Refusal{{yaml_offset(mark), width, std::move(message), std::move(hint)}};
  }

  [[noreturn]] static void refuse_anchor(const YAML::Mark& mark) {
    refuse(mark, 1, "anchors are not allowed", "write the value out, or quote a word that begins with '&'");
  }

  // yaml-cpp gives quoted scalars the tag "!", as it does with a written "!"; only the text tells.
  void refuse_properties(const YAML::Mark& mark, YAML::anchor_t anchor) const {
    const std::size_t at = yaml_offset(mark);
    if (at < text_.size() && text_[at] == '!') {
      refuse(mark, plain_word(text_, at).size(), "tags are not allowed", "remove the tag, or quote the word");
    }
    if (anchor != 0) refuse_anchor(mark);
  }

  // yaml-cpp lets the end of the text close a quote, so that a file cut short would pass.
  void refuse_open_quote(const YAML::Mark& mark) const {
    const std::size_t at = yaml_offset(mark);
    if (at >= text_.size() || (text_[at] != '"' && text_[at] != '\'')) return;
    if (end_of_quoted(text_, at) != std::string_view::npos) return;
    const std::size_t line = place_at("", text_, 1, at).line;
    throw Refusal{{text_.find_last_not_of(" \t\r\n") + 1, 1, "unexpected end of text in a string",
                   "the quote opened on line " + std::to_string(line) + " is never closed"}};
  }

  // It also reads `[1,,2]`, `{a, b: 1}` and a line without a colon as if a null stood there.
  void refuse_nothing(const YAML::Mark& mark) const {
    if (open_.empty()) return;
    const Open& parent = open_.back();
    if (parent.flow_list) refuse(mark, 1, "an empty item in a list", "remove the comma, or write null");
    if (!parent.value->is_object() || parent.member == nullptr) return;
    const std::size_t at = std::min(yaml_offset(mark), text_.size());
    const std::size_t before = text_.find_last_not_of(" \t\r\n", at == 0 ? 0 : at - 1);
    const bool flow_end = at < text_.size() && (text_[at] == ',' || text_[at] == '}' || text_[at] == ']');
    const bool no_colon = flow_end && before != std::string_view::npos && text_[before] != ':';
    if (at == parent.last_key || no_colon) {
      throw Refusal{{parent.last_key, 1, "expected ':' after the key", "write 'key: value'"}};
    }
  }

  // A bracket without a partner looks like the beginning of such a key, too.
  [[noreturn]] void refuse_collection_key(const YAML::Mark& mark) const {
    const std::size_t at = yaml_offset(mark);
    const bool bracket = at < text_.size() && (text_[at] == '[' || text_[at] == '{');
    if (bracket && !is_closed(text_, at))
      refuse(mark, 1, "a bracket that is never closed", "close it, or quote the text");
    refuse(mark, 1, "a key must be a string", "put the key in quotes");
  }

  bool awaits_key() const {
    return !open_.empty() && open_.back().value->is_object() && open_.back().member == nullptr;
  }

  void plain(const YAML::Mark& mark, const std::string& word) {
    if (awaits_key() && word.size() == 1 && std::string_view("yYnN").find(word[0]) != std::string_view::npos) {
      return take_key(mark, word);  // a coordinate or a count; no reader in use takes it for a truth value
    }
    Json value;
    if (std::optional<PlainFault> fault = resolve_plain(word, value)) {
      refuse(mark, word.size(), std::move(fault->message), std::move(fault->hint));
    }
    if (!awaits_key()) {
      place() = std::move(value);
    } else if (value.is_string()) {
      take_key(mark, word);
    } else {
      refuse(mark, word.size(), word.empty() ? "a key is missing before ':'" : "the key " + word + " is not a string",
             "put the key in quotes");
    }
  }

  void take_key(const YAML::Mark& mark, const std::string& key) {
    Open& object = open_.back();
    const auto [known, fresh] = object.keys.try_emplace(key, yaml_offset(mark));
    if (!fresh) {
      const std::size_t line = place_at("", text_, 1, known->second).line;
      refuse(mark, key.size(), "duplicate key '" + key + "', first on line " + std::to_string(line), "remove one");
    }
    object.last_key = yaml_offset(mark);
    object.member = &object.value->get_ref<Json::object_t&>()[key];
  }

  // The place for the next value.
  Json& place() {
    if (open_.empty()) return root_;
    Open& parent = open_.back();
    if (parent.value->is_array()) return parent.value->get_ref<Json::array_t&>().emplace_back();
    return *std::exchange(parent.member, nullptr);
  }

  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, Json::value_t kind, bool flow_list) {
    refuse_properties(mark, anchor);
    if (tag != "?" && !tag.empty()) refuse(mark, 1, "tags are not allowed", "remove the tag");
    if (awaits_key()) refuse_collection_key(mark);
    if (open_.size() >= limits_.max_depth) {
      refuse(mark, 1, "nesting deeper than " + std::to_string(limits_.max_depth), "flatten the value");
    }
    Json& value = place();
    value = Json(kind);
    open_.push_back({&value, flow_list});
  }

  std::string_view text_;
  const TextLimits& limits_;
  Json root_;
  std::vector<Open> open_;
  std::size_t documents_ = 0;
};

std::optional<Fault> build_yaml(std::string_view text, const TextLimits& limits, Json& root) {
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    YamlBuilder builder(text, limits);
    while (parser.HandleNextDocument(builder)) {
    }
    root = builder.take();
    return std::nullopt;
  } catch (Refusal& refusal) {
    return std::move(refusal.fault);
  } catch (const YAML::Exception& problem) {
    return yaml_fault(text, problem.mark, problem.msg);
  }
}

}  // namespace

std::optional<Tree> parse_yaml(std::string name, std::string text, Complaints& complaints, const TextLimits& limits) {
  const std::size_t mark = byte_order_mark_length(text);
  const std::string_view body = std::string_view(text).substr(mark);
  Json root;
  std::optional<Fault> fault = size_fault(text, limits);
  if (!fault) fault = find_yaml_byte_fault(body);
  if (!fault) fault = build_yaml(body, limits, root);
  if (fault) {
    complaints.add(fault_error(name, body, 1, std::move(*fault)));
    return std::nullopt;
  }
  text.erase(0, mark);
  return Tree(std::move(name), Tree::Format::yaml, std::move(text), 1, std::move(root));
}

std::optional<Tree> parse_config(std::string name, std::string text, Complaints& complaints, const TextLimits& limits) {
  if (extension_of(name) == ".json") return parse_json(std::move(name), std::move(text), complaints, 1, limits);
  return parse_yaml(std::move(name), std::move(text), complaints, limits);
}

}  // namespace headgate
