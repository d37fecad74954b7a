#include "headgate/run/filter.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <set>
#include <string_view>
#include <utility>

#include "headgate/base/text.hpp"
#include "headgate/base/unicode.hpp"

namespace headgate::run {
namespace {

constexpr std::array<const char*, 6> own_keys = {"id", "tag", "severity", "severe_class", "suite", "sampling"};

struct Term {
  enum class Relation { equal, unequal, holds };
  std::string key;
  Relation relation = Relation::equal;
  std::vector<std::string> values;
  bool negated = false;
};

// `*` any number of bytes, `?` one character. Linear in practice: only the last star is ever tried again.
bool matches(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t after_star = 0;
  while (t < text.size()) {
    const bool lone = p < pattern.size() && pattern[p] == '?' && (static_cast<unsigned char>(text[t]) & 0xC0U) != 0x80U;
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      after_star = t;
    } else if (lone) {
      ++p;
      for (++t; t < text.size() && (static_cast<unsigned char>(text[t]) & 0xC0U) == 0x80U;) ++t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++after_star;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool has(const Term& term, std::string_view text) {
  return std::any_of(term.values.begin(), term.values.end(), [&](const std::string& value) {
    return term.relation == Term::Relation::holds ? text.find(value) != std::string_view::npos : matches(value, text);
  });
}

// Whether one of the case's values under the term's key is meant. A case without the dimension has none.
bool touches(const Term& term, const Case& item, const SuiteHead& suite) {
  if (term.key == "id") return has(term, item.id);
  if (term.key == "suite") return has(term, suite.name);
  if (term.key == "severity") return has(term, name(item.severity));
  if (term.key == "sampling") return has(term, name(item.sampling));
  if (term.key == "severe_class") return has(term, item.severe_class);
  if (term.key == "tag")
    return std::any_of(item.tags.begin(), item.tags.end(), [&](const auto& tag) { return has(term, tag); });
  return std::any_of(item.segments.begin(), item.segments.end(), [&](const SegmentValue& segment) {
    return segment.dimension == term.key && has(term, segment.value);
  });
}

bool holds(const Term& term, const Case& item, const SuiteHead& suite) {
  const bool turned = term.negated != (term.relation == Term::Relation::unequal);
  return touches(term, item, suite) != turned;
}

class Parser {
 public:
  Parser(const std::string& text, const std::vector<std::string>& dimensions)
      : text_(text), keys_(own_keys.begin(), own_keys.end()) {
    keys_.insert(keys_.end(), dimensions.begin(), dimensions.end());
  }

  Result<std::vector<Term>> parse() {
    std::vector<Term> terms;
    std::size_t begin = 0;
    while (true) {
      const std::size_t end = std::min(text_.find(',', begin), text_.size());
      HG_TRY(term, parse_term(begin, end));
      terms.push_back(std::move(term));
      if (end == text_.size()) return terms;
      begin = end + 1;
    }
  }

 private:
  Error error(std::size_t at, std::size_t width, std::string message, std::string hint) const {
    return {ErrorCode::input, std::move(message), Place{"--filter", 1, at + 1, text_, std::max<std::size_t>(width, 1)},
            std::move(hint)};
  }

  void skip_spaces(std::size_t& begin, std::size_t& end) const {
    while (begin < end && text_[begin] == ' ') ++begin;
    while (end > begin && text_[end - 1] == ' ') --end;
  }

  Result<Term> parse_term(std::size_t begin, std::size_t end) const {
    Term term;
    skip_spaces(begin, end);
    if (begin == end)
      return failure(error(begin, 1, "a term is missing here", "a term reads key=value, as in tag=regression"));
    if (text_[begin] == '!' && begin + 1 < end) {
      term.negated = true;
      ++begin;
    }
    const std::size_t relation = text_.find_first_of("=!~", begin);
    const bool is_unequal = relation < end && text_[relation] == '!';
    const bool is_bare = is_unequal && (relation + 1 >= end || text_[relation + 1] != '=');
    if (is_bare) return failure(error(relation, 1, "a ! without its =", "a term reads key=value or key!=value"));
    if (relation >= end) {
      return failure(error(begin, end - begin, "no =, != or ~ in '" + text_.substr(begin, end - begin) + "'",
                           "a term reads key=value, as in tag=regression"));
    }
    std::size_t key_begin = begin;
    std::size_t key_end = relation;
    skip_spaces(key_begin, key_end);
    term.key = text_.substr(key_begin, key_end - key_begin);
    if (text_[relation] == '~') term.relation = Term::Relation::holds;
    if (is_unequal) term.relation = Term::Relation::unequal;
    if (std::find(keys_.begin(), keys_.end(), term.key) == keys_.end()) {
      std::string hint = did_you_mean(term.key, keys_);
      if (hint.empty()) hint = "keys are " + join_words(keys_, 20);
      return failure(error(key_begin, term.key.size(), "unknown key '" + term.key + "'", std::move(hint)));
    }
    HG_CHECK(parse_values(relation + (is_unequal ? 2 : 1), end, term));
    return term;
  }

  Result<void> parse_values(std::size_t begin, std::size_t end, Term& term) const {
    while (true) {
      const std::size_t bar = std::min(text_.find('|', begin), end);
      std::size_t value_begin = begin;
      std::size_t value_end = bar;
      skip_spaces(value_begin, value_end);
      std::string value = text_.substr(value_begin, value_end - value_begin);
      if (value.empty())
        return failure(error(value_begin, 1, "a value is missing here", "a term reads key=value|value"));
      HG_CHECK(check_blanks(value, value_begin));
      HG_CHECK(check_word(term, value, value_begin));
      term.values.push_back(std::move(value));
      if (bar == end) return {};
      begin = bar + 1;
    }
  }

  // A second term behind a blank would be taken for more of the value, and select nothing.
  Result<void> check_blanks(const std::string& value, std::size_t at) const {
    for (std::size_t blank = value.find(' '); blank != std::string::npos; blank = value.find(' ', blank + 1)) {
      std::size_t begin = value.find_first_not_of(" !", blank);
      if (begin == std::string::npos) return {};
      const std::size_t end = value.find_first_of(" =!~", begin);
      const std::size_t relation = end == std::string::npos ? end : value.find_first_not_of(' ', end);
      if (relation == std::string::npos || (value[relation] != '=' && value[relation] != '!' && value[relation] != '~'))
        continue;
      const std::string key = value.substr(begin, end - begin);
      if (std::find(keys_.begin(), keys_.end(), key) == keys_.end()) continue;
      return failure(error(at + begin, key.size(), "a second term, '" + value.substr(begin) + "', begins in the value",
                           "separate terms by a comma"));
    }
    return {};
  }

  // Severities and samplings are closed lists: a word outside them is a typing mistake that would select nothing.
  Result<void> check_word(const Term& term, const std::string& value, std::size_t at) const {
    static const std::vector<std::string> severities = {"normal", "major", "severe"};
    static const std::vector<std::string> samplings = {"random", "targeted"};
    if (term.key != "severity" && term.key != "sampling") return {};
    if (term.relation == Term::Relation::holds || value.find_first_of("*?") != std::string::npos) return {};
    const std::vector<std::string>& words = term.key == "severity" ? severities : samplings;
    if (std::find(words.begin(), words.end(), value) != words.end()) return {};
    std::string hint = did_you_mean(value, words);
    if (hint.empty()) hint = "it is one of " + join_words(words);
    return failure(error(at, value.size(), "unknown " + term.key + " '" + value + "'", std::move(hint)));
  }

  const std::string& text_;
  std::vector<std::string> keys_;
};

}  // namespace

std::string undeclared_value(const std::string& text, std::span<const SuiteHead> suites) {
  std::map<std::string, std::set<std::string>> declared;
  std::set<std::string> open;
  for (const SuiteHead& suite : suites) {
    declared["suite"].insert(suite.name);
    for (const auto& [name, description] : suite.severe_classes) declared["severe_class"].insert(name);
    for (const auto& [dimension, values] : suite.segments) {
      declared[dimension].insert(values.begin(), values.end());
      if (values.empty()) open.insert(dimension);  // takes any value
    }
  }
  std::vector<std::string> keys;
  for (const auto& [key, values] : declared) keys.push_back(key);
  const auto terms = Parser(text, keys).parse();
  if (!terms) return {};
  for (const Term& term : *terms) {
    const auto known = declared.find(term.key);
    const bool selects = term.negated == (term.relation == Term::Relation::unequal);
    if (!selects || known == declared.end() || known->second.empty() || open.contains(term.key)) continue;
    for (const std::string& value : term.values) {
      if (std::any_of(known->second.begin(), known->second.end(), [&](const std::string& each) {
            return has(Term{term.key, term.relation, {value}}, each);
          }))
        continue;
      const std::vector<std::string> values(known->second.begin(), known->second.end());
      const std::string near = did_you_mean(value, values);
      return "no suite declares " + term.key + " '" + value + "'; " + (near.empty() ? "" : near + " ") + "there is " +
             join_words(values, 16);
    }
  }
  return {};
}

Result<CaseFilter> parse_filter(const std::string& text, const std::vector<std::string>& known_dimensions) {
  if (!is_utf8(text)) return failure(ErrorCode::input, "the filter is not UTF-8");
  HG_TRY(terms, Parser(text, known_dimensions).parse());
  return CaseFilter([terms = std::move(terms)](const Case& item, const SuiteHead& suite) {
    return std::all_of(terms.begin(), terms.end(), [&](const Term& term) { return holds(term, item, suite); });
  });
}

}  // namespace headgate::run
