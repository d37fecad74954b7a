#include "pattern.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "headgate/base/unicode.hpp"

namespace headgate::grade {
namespace {

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

// RE2 names a missing ")" by the whole pattern; the reader wants the "(" that stays open.
std::size_t open_parenthesis(std::string_view pattern) {
  std::vector<std::size_t> open;
  bool in_class = false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c == '\\') {
      ++i;
    } else if (in_class) {
      in_class = c != ']';
    } else if (c == '[') {
      in_class = true;
      if (pattern.substr(i + 1).starts_with("]")) ++i;
    } else if (c == '(') {
      open.push_back(i);
    } else if (c == ')' && !open.empty()) {
      open.pop_back();
    }
  }
  return open.empty() ? 0 : open.back();
}

std::size_t fault_offset(std::string_view pattern, const RE2& compiled) {
  if (compiled.error_code() == RE2::ErrorMissingParen) return open_parenthesis(pattern);
  if (compiled.error_code() == RE2::ErrorTrailingBackslash) return pattern.empty() ? 0 : pattern.size() - 1;
  const std::size_t found = pattern.find(compiled.error_arg());
  return found == pattern.npos ? 0 : found;
}

bool is_look_around(const std::string& fragment) {
  return fragment.starts_with("(?=") || fragment.starts_with("(?!") || fragment.starts_with("(?<");
}

bool is_back_reference(const std::string& fragment) {
  return fragment.size() >= 2 && fragment[0] == '\\' && fragment[1] >= '1' && fragment[1] <= '9';
}

std::string fault_hint(const RE2& compiled) {
  if (is_look_around(compiled.error_arg()) || is_back_reference(compiled.error_arg())) {
    return "patterns are RE2: no look-around and no back-references, so that matching takes linear time";
  }
  return {};
}

}  // namespace

tl::expected<Pattern, Pattern::Fault> Pattern::compile(std::string_view pattern, bool fold_case) {
  RE2::Options options;
  options.set_max_mem(max_pattern_memory);
  options.set_log_errors(false);
  options.set_case_sensitive(!fold_case);
  auto compiled = std::make_shared<const RE2>(piece(pattern), options);
  if (!compiled->ok()) {
    return tl::unexpected(Fault{fault_offset(pattern, *compiled), compiled->error(), fault_hint(*compiled)});
  }
  return Pattern(std::move(compiled));
}

std::optional<Pattern> Pattern::compile(const Tree& tree, const Json& value, bool fold_case, Complaints& complaints) {
  const auto& written = value.get_ref<const std::string&>();
  auto compiled = compile(written, fold_case);
  // Texts are matched in NFC, so the pattern has to be in NFC too; its faults have places in the text as written.
  if (compiled && !is_ascii(written)) compiled = compile(normalised(written), fold_case);
  if (compiled) return std::move(*compiled);
  const Fault& fault = compiled.error();
  complaints.add(tree.error_inside(value, fault.offset, "bad pattern: " + fault.message, fault.hint));
  return std::nullopt;
}

bool Pattern::found_in(std::string_view text) const { return RE2::PartialMatch(piece(text), *compiled_); }
bool Pattern::covers(std::string_view text) const { return RE2::FullMatch(piece(text), *compiled_); }

std::optional<std::string_view> Pattern::group_in(std::string_view text, bool last) const {
  const bool has_group = compiled_->NumberOfCapturingGroups() > 0;
  re2::StringPiece found[2];
  std::optional<std::string_view> out;
  std::size_t from = 0;
  while (from <= text.size() && compiled_->Match(piece(text), from, text.size(), RE2::UNANCHORED, found, 2)) {
    const re2::StringPiece& hit = has_group ? found[1] : found[0];
    // A group that took no part in the match has no data; it counts as empty.
    out = hit.data() == nullptr ? std::string_view() : std::string_view(hit.data(), hit.size());
    if (!last) break;
    const auto end = static_cast<std::size_t>(found[0].data() - text.data()) + found[0].size();
    from = found[0].empty() ? end + 1 : end;
  }
  return out;
}

void Pattern::each_in(std::string_view text,
                      const std::function<void(std::string_view whole, std::string_view group)>& take) const {
  const bool has_group = compiled_->NumberOfCapturingGroups() > 0;
  re2::StringPiece found[2];
  std::size_t from = 0;
  while (from <= text.size() && compiled_->Match(piece(text), from, text.size(), RE2::UNANCHORED, found, 2)) {
    const auto start = static_cast<std::size_t>(found[0].data() - text.data());
    const std::string_view whole = text.substr(start, found[0].size());
    const bool took_part = has_group && found[1].data() != nullptr;
    take(whole, !has_group  ? whole
                : took_part ? std::string_view(found[1].data(), found[1].size())
                            : std::string_view());
    from = start + std::max<std::size_t>(whole.size(), 1);
  }
}

std::string Pattern::quote(std::string_view text) { return RE2::QuoteMeta(piece(text)); }

}  // namespace headgate::grade
