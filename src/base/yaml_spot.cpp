#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <sstream>

#include "spots.hpp"
#include "yaml_text.hpp"

namespace headgate {
namespace {

// Replays the events and compares its own path with the wanted one at every node.
class YamlLocator : public YAML::EventHandler {
 public:
  YamlLocator(std::string_view text, const TreePath& wanted) : text_(text), wanted_(wanted) {}

  Spot key_spot() const { return key_; }
  Spot value_spot() const { return value_; }

  void OnDocumentStart(const YAML::Mark& /*mark*/) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    const std::string_view word = plain_word(text_, yaml_offset(mark));
    const bool spelled = word == "~" || word == "null";
    const bool found = !takes_key() && path_ == wanted_;
    node(mark, std::string(word));
    // An omitted value has the place of whatever comes next, which is no help: its key stands for it.
    if (found && !spelled && !wanted_.empty() && wanted_.back().key) value_ = key_;
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override { node(mark, ""); }
  void OnScalar(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                const std::string& value) override {
    node(mark, value);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                       YAML::EmitterStyle::value /*style*/) override {
    enter(mark, false);
  }
  void OnSequenceEnd() override { leave(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                  YAML::EmitterStyle::value /*style*/) override {
    enter(mark, true);
  }
  void OnMapEnd() override { leave(); }

 private:
  // `path_` is the path of the node that comes next. In a map it ends in a step without a key while a key is due.
  bool takes_key() const { return !in_map_.empty() && in_map_.back() && !path_.back().key; }

  Spot spot(const YAML::Mark& mark, const std::string& value) const {
    const std::size_t at = yaml_offset(mark);
    if (at >= text_.size()) return {at, 1};
    const char quote = text_[at];
    if (quote == '"' || quote == '\'') {
      return {at, std::min(end_of_quoted(text_, at), text_.size()) - at};
    }
    return {at, text_.substr(at, value.size()) == value && !value.empty() ? value.size() : 1};
  }

  void node(const YAML::Mark& mark, const std::string& value) {
    if (takes_key()) {
      path_.back().key = value;
      if (path_ == wanted_) key_ = spot(mark, value);
      return;
    }
    if (path_ == wanted_) value_ = spot(mark, value);
    advance();
  }

  void enter(const YAML::Mark& mark, bool is_map) {
    if (path_ == wanted_) value_ = {yaml_offset(mark), 1};
    in_map_.push_back(is_map);
    path_.emplace_back();
  }

  void leave() {
    in_map_.pop_back();
    path_.pop_back();
    advance();
  }

  void advance() {
    if (in_map_.empty()) return;
    if (in_map_.back()) {
      path_.back().key.reset();
    } else {
      ++path_.back().index;
    }
  }

  std::string_view text_;
  const TreePath& wanted_;
  TreePath path_;
  std::vector<bool> in_map_;
  Spot key_;
  Spot value_;
};

}  // namespace

Spot find_in_yaml(std::string_view text, const TreePath& path, At at) {
  YamlLocator locator(text, path);
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    parser.HandleNextDocument(locator);
  } catch (const YAML::Exception&) {
    return {};  // the text was parsed before, so this does not happen; a place is not worth more than that
  }
  return at == At::key && !path.empty() && path.back().key ? locator.key_spot() : locator.value_spot();
}

}  // namespace headgate
