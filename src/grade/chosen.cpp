#include "chosen.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>

#include "comparable.hpp"
#include "headgate/base/unicode.hpp"
#include "verdict.hpp"

namespace headgate::grade {
namespace {

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_alnum(char c) {
  return is_lower(c) || is_upper(c) || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
}

// Emphasis, code marks and TeX dressing only hide the letter.
std::string undressed(std::string_view reply) {
  static const RE2 boxed(R"(\\(?:text|mathrm|mathbf|textbf)\{([^{}]*)\})");
  std::string out(reply);
  if (out.find('\\') != out.npos) RE2::GlobalReplace(&out, boxed, R"(\1)");
  std::erase_if(out, [](char c) { return c == '*' || c == '`' || c == '#' || c == '$'; });
  return out;
}

std::string_view without_marks(std::string_view text, std::string_view marks) {
  const std::size_t first = text.find_first_not_of(marks);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(marks) - first + 1);
}

// Words that can follow a claimed "A" or "I" without turning it into an article or a pronoun.
constexpr std::array<std::string_view, 12> after_a_letter = {"because", "since", "as",    "for",  "which", "and",
                                                             "or",      "due",   "based", "with", "not",   "but"};

class Search {
 public:
  Search(std::string_view text, const Choices& choices) : text_(text), choices_(choices) {
    if (!choices.texts.empty()) folded_ = comparable_copy(text, true);
  }

  struct Found {
    std::size_t index = 0;
    std::size_t end = 0;
  };
  std::vector<Found> found;
  std::string trouble;  // a claim that contradicts itself

  void whole() {
    const std::string_view bare = without_marks(text_, " \t\r\n()[]{}.,:;!\"'");
    if (bare.size() == 1 && (is_upper(bare[0]) || is_lower(bare[0]))) add(bare[0], 0);
    const std::string_view folded = without_marks(folded_, " \t\r\n.,:;!\"'");
    for (std::size_t i = 0; found.empty() && i < choices_.texts.size(); ++i) {
      if (folded == without_marks(choices_.texts[i], " \t\r\n.,:;!\"'")) found.push_back({i, 0});
    }
  }

  // What stands behind "the answer is", and before "is correct".
  void said() {
    static const RE2 lead_in(
        R"((?i)(?:\b(?:answer|choice|option|solution)\b(?:\s+(?:choice|option|letter))?)"
        R"((?:\s+(?:to|for)\s[^.:\n]{1,80}?)?(?:\s*[:=]|\s+(?:is|was|would\s+be|should\s+be|must\s+be|will\s+be))\s*:?)"
        R"(|\bI(?:['’]d|\s+would|\s+will|['’]ll)?\s+(?:choose|chose|pick|select|say|go\s+with|opt\s+for|answer))"
        R"(|\\boxed\{))"
        R"(\s*(?:(?:clearly|definitely|therefore|thus|probably|most\s+likely)\s+)?(?:(?:the\s+)?(?:option|choice|letter|answer)\s+)?())");
    static const RE2 verdict_behind(
        R"((?:^|[^A-Za-z0-9'’])()[(\["]?[A-Z][)\]"]?\s+is\s+(?:the\s+|clearly\s+)?(?:correct|right|best|answer)\b)");
    each_match(lead_in, [&](std::size_t at) { claim_at(at, true); });
    each_match(verdict_behind, [&](std::size_t at) { claim_at(at, false); });
    std::stable_sort(found.begin(), found.end(), [](const Found& a, const Found& b) { return a.end < b.end; });
  }

  void lines() {
    for (std::size_t start = 0; start <= text_.size();) {
      const std::size_t end = std::min(text_.find('\n', start), text_.size());
      line(start, end);
      start = end + 1;
    }
  }

  void parenthesised() {
    static const RE2 letter(R"((?:^|[^A-Za-z0-9])\(()[A-Z]\))");
    each_match(letter, [&](std::size_t at) { add(text_[at], at + 1); });
  }

  // Longer texts first and each place once, so that "New York" is not also "York".
  void texts() {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < choices_.texts.size(); ++i) order.push_back(i);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return choices_.texts[a].size() > choices_.texts[b].size(); });
    std::string rest = folded_;
    for (const std::size_t i : order) {
      const std::string& one = choices_.texts[i];
      for (std::size_t at = rest.find(one); at != rest.npos; at = rest.find(one, at + one.size())) {
        if ((at > 0 && joins(rest[at - 1], one.front())) || joins(one.back(), char_at(rest, at + one.size()))) continue;
        std::fill_n(rest.begin() + static_cast<std::ptrdiff_t>(at), one.size(), '\n');
        found.push_back({i, at});
      }
    }
    std::stable_sort(found.begin(), found.end(), [](const Found& a, const Found& b) { return a.end < b.end; });
  }

 private:
  static char char_at(std::string_view text, std::size_t i) { return i < text.size() ? text[i] : '\0'; }
  // Two ASCII letters or digits side by side are one word; other scripts write words without spaces.
  static bool joins(char a, char b) {
    return is_alnum(a) && is_alnum(b) && static_cast<unsigned char>(a) < 0x80 && static_cast<unsigned char>(b) < 0x80;
  }
  char at(std::size_t i) const { return char_at(text_, i); }

  bool add(char letter, std::size_t end) {
    const auto index = static_cast<std::size_t>((is_lower(letter) ? letter - 'a' : letter - 'A'));
    if (index >= choices_.count) return false;
    found.push_back({index, end});
    return true;
  }

  // Every match's empty group gives a place; the search goes on behind it.
  template <class Each>
  void each_match(const RE2& pattern, const Each& each) {
    re2::StringPiece rest(text_.data(), text_.size()), place;
    while (RE2::FindAndConsume(&rest, pattern, &place)) {
      each(static_cast<std::size_t>(place.data() - text_.data()));
    }
  }

  struct Letter {
    char letter = '\0';
    std::size_t end = 0;
    bool enclosed = false;
  };

  std::optional<Letter> letter_at(std::size_t i) const {
    const bool open = at(i) == '(' || at(i) == '[' || at(i) == '"' || at(i) == '\'' || at(i) == '{';
    i += open ? 1U : 0U;
    const char letter = at(i);
    if (!is_upper(letter) && !is_lower(letter)) return std::nullopt;
    const char next = at(i + 1);
    const bool closed = next == ')' || next == ']' || next == '}' || (open && (next == '"' || next == '\''));
    if (is_alnum(next) || (next == '\'' && !closed)) return std::nullopt;
    Letter out{letter, i + 1 + (closed ? 1U : 0U), open || closed};
    if (!out.enclosed && !stands_alone(letter, i + 1)) return std::nullopt;
    return out;
  }

  // Whether a bare letter that ends at `end` can be no word of the sentence.
  bool stands_alone(char letter, std::size_t end) const {
    const char next = at(end);
    const bool ends = next == '\0' || next == '\n' || next == '\r';
    const char after = at(end + 1);
    const bool stops = (next == '.' || next == ':' || next == ',' || next == ';' || next == '!') && !is_alnum(after);
    if (ends || stops) return true;
    if (is_lower(letter)) return false;
    if (letter != 'A' && letter != 'I') return true;
    if (next != ' ') return true;
    std::string_view rest = text_.substr(end + 1);
    rest =
        rest.substr(0, static_cast<std::size_t>(std::find_if_not(rest.begin(), rest.end(), is_alnum) - rest.begin()));
    return !rest.empty() && is_lower(rest.front())
               ? std::find(after_a_letter.begin(), after_a_letter.end(), rest) != after_a_letter.end()
               : rest.empty();
  }

  // A letter or option text that starts at `i` is claimed; "B or C" claims both.
  void claim_at(std::size_t i, bool texts_too) {
    const auto letter = letter_at(i);
    if (letter && add(letter->letter, letter->end)) {
      check_text_behind(letter->end, found.back().index);
      also_claimed(letter->end);
    } else if (texts_too) {
      if (const auto index = text_starting_at(i)) found.push_back({*index, i + 1});
    }
  }

  void also_claimed(std::size_t end) {
    static const RE2 another(R"(\s*(?:or|and|/|&)\s*()[(\["]?[A-Z])");
    re2::StringPiece rest(text_.data() + end, text_.size() - end), place;
    if (!RE2::Consume(&rest, another, &place)) return;
    if (const auto letter = letter_at(static_cast<std::size_t>(place.data() - text_.data())))
      add(letter->letter, letter->end);
  }

  std::optional<std::size_t> text_starting_at(std::size_t i) const {
    if (choices_.texts.empty() || i >= text_.size()) return std::nullopt;
    constexpr std::size_t most = 4'096;  // of the reply, for one comparison
    const std::string folded = comparable_copy(repair_utf8(without_marks(text_.substr(i, most), " \t\"'([{")), true);
    std::optional<std::size_t> best;
    for (std::size_t k = 0; k < choices_.texts.size(); ++k) {
      const std::string& one = choices_.texts[k];
      if (!folded.starts_with(one) || joins(one.back(), char_at(folded, one.size()))) continue;
      if (!best || one.size() > choices_.texts[*best].size()) best = k;
    }
    return best;
  }

  void check_text_behind(std::size_t end, std::size_t claimed) {
    const std::size_t text = text_.find_first_not_of(" .):-\t", end);
    if (text == text_.npos) return;
    const auto named = text_starting_at(text);
    if (named && *named != claimed && trouble.empty()) {
      trouble = std::string("claims ") + letter_of(claimed) + ", but names the text of " + letter_of(*named);
    }
  }

  void line(std::size_t start, std::size_t end) {
    const std::string_view line = text_.substr(start, end - start);
    const std::string_view bare = without_marks(line, " \t\r()[].,:;\"'");
    if (bare.size() == 1 && is_upper(bare[0])) {
      add(bare[0], end);
      return;
    }
    static const RE2 labelled(R"(\s*(?:\(()([A-Z])\)|()([A-Z])[).:])(?:\s|$).*)");
    re2::StringPiece enclosed, bare_letter, place;
    if (!RE2::FullMatch({line.data(), line.size()}, labelled, &place, &enclosed, &place, &bare_letter)) return;
    const re2::StringPiece& letter = enclosed.empty() ? bare_letter : enclosed;
    const auto letter_end = static_cast<std::size_t>(letter.data() - text_.data()) + 2;  // and the mark behind it
    if (!add(letter[0], letter_end)) return;
    check_text_behind(letter_end, found.back().index);
    also_claimed(letter_end);
  }

  std::string_view text_;
  const Choices& choices_;
  std::string folded_;
};

Chosen settle(const Search& search, Claim claim) {
  if (!search.trouble.empty()) return search.trouble;
  if (claim == Claim::first) return search.found.front().index;
  if (claim == Claim::last) return search.found.back().index;
  for (const auto& one : search.found) {
    if (one.index == search.found.front().index) continue;
    return std::string("claims both ") + letter_of(search.found.front().index) + " and " + letter_of(one.index);
  }
  return search.found.front().index;
}

}  // namespace

char letter_of(std::size_t index) { return static_cast<char>('A' + index); }

Chosen find_choice(std::string_view reply, const Choices& choices, Claim claim) {
  const std::string text = undressed(reply);
  Search search(text, choices);
  using Sign = void (Search::*)();
  for (const Sign sign : {&Search::whole, &Search::said, &Search::lines, &Search::parenthesised, &Search::texts}) {
    (search.*sign)();
    if (!search.found.empty()) return settle(search, claim);
  }
  return "no option is chosen in " + in_quotes(reply);
}

}  // namespace headgate::grade
