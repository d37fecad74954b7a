#include "json_lexis.hpp"
#include "spots.hpp"
#include "text_place.hpp"

namespace headgate {
namespace {

// Walks a text that is known to be good, so that it needs to look at brackets, quotes and commas only.
class JsonWalker {
 public:
  explicit JsonWalker(std::string_view text) : text_(text), at_(byte_order_mark_length(text)) { skip_space(); }

  Spot find(const TreePath& path, At at) {
    Spot key;
    for (const PathStep& step : path) {
      key = step.key ? enter_member(*step.key) : enter_item(step.index);
    }
    return at == At::key && !path.empty() && path.back().key ? key : here();
  }

 private:
  bool ended() const { return at_ >= text_.size(); }
  void skip_space() {
    while (!ended() && is_json_space(text_[at_])) ++at_;
  }
  void step_over(char c) {
    skip_space();
    if (!ended() && text_[at_] == c) ++at_;
    skip_space();
  }

  Spot here() {
    const std::size_t start = at_;
    if (ended() || text_[start] == '{' || text_[start] == '[') return {start, 1};
    skip_value();
    return {start, at_ - start};
  }

  // Leaves the walker at the value of that member.
  Spot enter_member(const std::string& wanted) {
    step_over('{');
    while (!ended() && text_[at_] == '"') {
      const std::size_t start = at_;
      std::string key;
      at_ = read_json_string(text_, at_, key).end;
      const Spot spot{start, at_ - start};
      step_over(':');
      if (key == wanted) return spot;
      skip_value();
      step_over(',');
    }
    return {at_, 1};
  }

  Spot enter_item(std::size_t index) {
    step_over('[');
    for (; index > 0; --index) {
      skip_value();
      step_over(',');
    }
    return {at_, 1};
  }

  void skip_string() {
    ++at_;
    while (!ended() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2U : 1U;
    ++at_;
  }

  void skip_value() {
    std::size_t depth = 0;
    do {
      skip_space();
      if (ended()) return;
      const char c = text_[at_];
      if (c == '"') {
        skip_string();
      } else if (c == '{' || c == '[') {
        ++depth;
        ++at_;
      } else if (c == '}' || c == ']') {
        --depth;
        ++at_;
      } else if (c == ',' || c == ':') {
        ++at_;
      } else {
        at_ += json_word_length(text_.substr(at_));
      }
    } while (depth > 0);
  }

  std::string_view text_;
  std::size_t at_;
};

}  // namespace

Spot find_in_json(std::string_view text, const TreePath& path, At at) { return JsonWalker(text).find(path, at); }

}  // namespace headgate
