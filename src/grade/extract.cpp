#include "extract.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "comparable.hpp"
#include "headgate/base/unicode.hpp"
#include "options.hpp"
#include "verdict.hpp"

namespace headgate::grade {
namespace {

std::optional<std::string_view> up_to(std::string_view text, std::string_view marker) {
  const std::size_t found = text.find(marker);
  return found == text.npos ? std::nullopt : std::optional(text.substr(0, found));
}

std::string_view without_return(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::string_view without_trailing_space(std::string_view text) {
  const std::string_view kept = trimmed(text);
  return text.substr(0, static_cast<std::size_t>(kept.data() - text.data()) + kept.size());
}

}  // namespace

const FieldTable& extract_table() {
  static const FieldTable table{
      "extract",
      "Which part of the reply is judged; the steps are taken in the order of this list.",
      {{"after", string_shape(), "what follows this text", false, {}, "\"Answer: \""},
       {"which", one_of({"first", "last"}), "which occurrence of `after`, or which match of `regex`", false,
        "\"first\""},
       {"at", one_of({"anywhere", "line_start"}), "where `after` counts", false, "\"anywhere\""},
       {"before", string_shape(), "what precedes the first occurrence of this text"},
       {"line", either({one_of({"first", "last"}), integer_shape().at_least(1)}),
        "one line, counted from 1; blank lines at the end do not count"},
       {"regex", string_shape(), "the first group of this RE2 pattern, or its whole match where it has no group"},
       {"drop_prefix", string_shape(), "taken off the start, once, where it is there"},
       {"drop_suffix", string_shape(), "taken off the end, once, where it is there", false, {}, "\".\""},
       {"else", one_of({"fail", "whole"}),
        "when a marker, line or match is missing: fail, or go on with the whole text of that step", false,
        "\"fail\""}}};
  return table;
}

std::optional<Extract> Extract::build(const Tree& tree, const Json& value, Complaints& complaints) {
  const auto marker = [&](const char* name) { return comparable_copy(word(value, name, ""), false); };
  Extract out;
  out.after_ = marker("after");
  out.before_ = marker("before");
  out.drop_prefix_ = marker("drop_prefix");
  out.drop_suffix_ = marker("drop_suffix");
  out.last_ = word(value, "which", "first") == "last";
  out.at_line_start_ = word(value, "at", "anywhere") == "line_start";
  out.else_whole_ = word(value, "else", "fail") == "whole";
  if (const Json* line = option(value, "line")) {
    out.line_ = line->is_string() ? Line{*line == "last", 1} : Line{false, line->get<std::size_t>()};
  }
  for (const char* name : {"which", "at"}) {
    const Json* written = option(value, name);
    const bool used = value.contains("after") || (value.contains("regex") && std::string_view(name) == "which");
    if (written == nullptr || used) continue;
    complaints.add(tree.error(*written, std::string("`") + name + "` says nothing without `after`", {}, At::key));
    return std::nullopt;
  }
  if (const Json* regex = option(value, "regex")) {
    out.regex_ = Pattern::compile(tree, *regex, false, complaints);
    if (!out.regex_) return std::nullopt;
  }
  return out;
}

Extract Extract::after(std::string_view marker) {
  Extract out;
  out.after_ = comparable_copy(marker, false);
  return out;
}

std::optional<std::string_view> Extract::behind_marker(std::string_view text) const {
  const auto counts = [&](std::size_t at) { return !at_line_start_ || at == 0 || text[at - 1] == '\n'; };
  const auto next = [&](std::size_t at) {
    if (last_) return at == 0 ? text.npos : text.rfind(after_, at - 1);
    return text.find(after_, at + 1);
  };
  std::size_t at = last_ ? text.rfind(after_) : text.find(after_);
  while (at != text.npos && !counts(at)) at = next(at);
  return at == text.npos ? std::nullopt : std::optional(text.substr(at + after_.size()));
}

std::optional<std::string_view> Extract::chosen_line(std::string_view text) const {
  text = without_trailing_space(text);
  if (line_->last) return without_return(text.substr(text.rfind('\n') + 1));  // npos + 1 is 0
  for (std::size_t number = 1; number < line_->number; ++number) {
    const std::size_t end = text.find('\n');
    if (end == text.npos) return std::nullopt;
    text.remove_prefix(end + 1);
  }
  return without_return(text.substr(0, text.find('\n')));
}

tl::expected<std::string_view, std::string> Extract::apply(std::string_view text) const {
  std::string missing;
  const auto take = [&](std::optional<std::string_view> part, const auto& what) {
    if (part) {
      text = *part;
    } else if (!else_whole_ && missing.empty()) {
      missing = what();
    }
  };
  if (!after_.empty()) {
    take(behind_marker(text),
         [&] { return "the marker " + in_quotes(after_) + (at_line_start_ ? " starts no line" : " is missing"); });
  }
  if (!before_.empty()) take(up_to(text, before_), [&] { return "the marker " + in_quotes(before_) + " is missing"; });
  if (line_) take(chosen_line(text), [&] { return "there is no line " + std::to_string(line_->number); });
  if (regex_) take(regex_->group_in(text, last_), [] { return std::string("the extract pattern matches nothing"); });
  if (!missing.empty()) return tl::unexpected(std::move(missing));
  if (text.starts_with(drop_prefix_)) text.remove_prefix(drop_prefix_.size());
  if (text.ends_with(drop_suffix_)) text.remove_suffix(drop_suffix_.size());
  return text;
}

}  // namespace headgate::grade
