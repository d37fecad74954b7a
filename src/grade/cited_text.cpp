#include "cited_text.hpp"

#include <algorithm>

#include "comparable.hpp"
#include "headgate/base/unicode.hpp"

namespace headgate::grade {
namespace {

constexpr std::size_t max_marker = 120;       // bytes between brackets
constexpr std::size_t max_quotation = 2'000;  // bytes
constexpr std::size_t least_claim_words = 4;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

struct Span {
  std::size_t at = 0, end = 0;
};
struct Marker {
  Span span;
  std::vector<std::string> ids;
};

// "kb-12", "doc_3", "12": one word with a digit in it.
bool looks_like_id(std::string_view text) {
  constexpr std::size_t most = 64;
  if (text.empty() || text.size() > most || !std::ranges::any_of(text, is_digit)) return false;
  return std::ranges::all_of(
      text, [](char c) { return is_word(c) || c == '-' || c == '_' || c == '.' || c == ':' || c == '/' || c == '#'; });
}

std::vector<std::string> split_ids(std::string_view inside) {
  std::vector<std::string> out;
  while (true) {
    const std::size_t end = inside.find_first_of(",;");
    std::string_view one = inside.substr(0, end);
    if (const std::size_t dagger = one.find("†"); dagger != one.npos) one = one.substr(0, dagger);  // 【4†source】
    one = trimmed(one);
    if (one.starts_with('^')) one.remove_prefix(1);  // a footnote
    if (!one.empty()) out.emplace_back(one);
    if (end == inside.npos) return out;
    inside.remove_prefix(end + 1);
  }
}

// A marker in brackets that open at `at`.
std::optional<Marker> bracketed(std::string_view text, std::size_t at, std::string_view open, std::string_view close,
                                const std::set<std::string>& known) {
  const std::size_t from = at + open.size();
  const std::string_view near = text.substr(from, max_marker + close.size());
  const std::size_t size = near.find(close);
  if (size == near.npos) return std::nullopt;
  const std::string_view inside = near.substr(0, size);
  if (inside.find(open) != inside.npos || inside.find('\n') != inside.npos) return std::nullopt;
  const std::size_t end = from + size + close.size();
  const bool square = open == "[";
  if (square && end < text.size() && text[end] == '(' && !known.contains(std::string(trimmed(inside))))
    return std::nullopt;  // a link
  Marker out{{at, end}, split_ids(inside)};
  const bool any_known = std::ranges::any_of(out.ids, [&](const std::string& one) { return known.contains(one); });
  const bool all_ids = std::ranges::all_of(out.ids, looks_like_id);
  if (out.ids.empty() || (!any_known && !all_ids)) return std::nullopt;
  return out;
}

std::vector<Marker> markers_in(std::string_view text, const std::set<std::string>& known) {
  static constexpr std::pair<std::string_view, std::string_view> brackets[] = {{"[", "]"}, {"【", "】"}};
  std::vector<Marker> out;
  for (const auto& [open, close] : brackets) {
    for (std::size_t at = text.find(open); at != text.npos; at = text.find(open, at + open.size())) {
      if (auto marker = bracketed(text, at, open, close, known)) out.push_back(std::move(*marker));
    }
  }
  std::ranges::sort(out, {}, [](const Marker& one) { return one.span.at; });
  return out;
}

std::vector<Marker> markers_by(std::string_view text, const Pattern& pattern) {
  std::vector<Marker> out;
  pattern.each_in(text, [&](std::string_view whole, std::string_view group) {
    const auto at = static_cast<std::size_t>(whole.data() - text.data());
    Marker marker{{at, at + whole.size()}, split_ids(group)};
    if (!marker.ids.empty()) out.push_back(std::move(marker));
  });
  return out;
}

// Blanks in place of code, so that places stay: blocks, and `spans` on one line.
std::string without_code(std::string_view text) {
  std::string out(text);
  const auto blank = [&](std::size_t from, std::size_t to) {
    std::fill(out.begin() + static_cast<std::ptrdiff_t>(from), out.begin() + static_cast<std::ptrdiff_t>(to), ' ');
  };
  for (std::size_t at = out.find("```"); at != out.npos; at = out.find("```", at)) {
    const std::size_t close = out.find("```", at + 3);
    const std::size_t end = close == out.npos ? out.size() : close + 3;
    blank(at, end);
    at = end;
  }
  for (std::size_t at = out.find('`'); at != out.npos; at = out.find('`', at)) {
    const std::size_t stop = out.find_first_of("`\n", at + 1);
    if (stop != out.npos && out[stop] == '`') blank(at, stop + 1);
    at = std::min(stop == out.npos ? out.size() : stop + 1, out.size());
  }
  return out;
}

// Where sentences end. Nothing ends inside a quotation mark pair or marker: "…" and [1] stay whole.
std::vector<std::size_t> sentence_ends(std::string_view text, const std::vector<Span>& whole) {
  std::vector<std::size_t> out;
  auto skip = whole.begin();
  for (std::size_t at = 0; at < text.size();) {
    while (skip != whole.end() && skip->end <= at) ++skip;
    if (skip != whole.end() && skip->at <= at) {
      at = skip->end;
      continue;
    }
    const char c = text[at];
    const bool blank_next = at + 1 == text.size() || text[at + 1] == ' ' || text[at + 1] == '\n' ||
                            text[at + 1] == '[' || text.substr(at + 1).starts_with("【");
    std::size_t size = 0;
    if (c == '\n' || ((c == '.' || c == '!' || c == '?') && blank_next)) size = 1;
    for (const std::string_view mark : {"。", "！", "？"}) {
      if (text.substr(at).starts_with(mark)) size = mark.size();
    }
    at += std::max<std::size_t>(size, 1);
    if (size > 0) out.push_back(at);
  }
  if (out.empty() || out.back() != text.size()) out.push_back(text.size());
  return out;
}

// Finds the same mark again and again from growing places, and looks at no byte twice.
class Next {
 public:
  Next(std::string_view text, std::string_view mark) : text_(text), mark_(mark) {}
  std::size_t from(std::size_t at) {
    if (!known_ || (found_ != text_.npos && found_ < at)) found_ = text_.find(mark_, at);
    known_ = true;
    return found_;
  }

 private:
  std::string_view text_, mark_;
  bool known_ = false;
  std::size_t found_ = 0;
};

std::vector<Span> quotations_in(std::string_view text) {
  struct Marks {
    std::string_view open, close;
    Next next;
  };
  std::vector<Marks> pairs;
  for (const auto& [open, close] :
       {std::pair<std::string_view, std::string_view>{"\"", "\""}, {"“", "”"}, {"„", "“"}, {"«", "»"}, {"「", "」"}}) {
    pairs.push_back({open, close, Next(text, close)});
  }
  Next paragraph(text, "\n\n");
  std::vector<Span> out;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = 0;
    for (Marks& marks : pairs) {
      if (!text.substr(at).starts_with(marks.open)) continue;
      const std::size_t from = at + marks.open.size();
      const std::size_t close = marks.next.from(from);
      if (close != text.npos && close - from <= max_quotation && close < paragraph.from(from))
        end = close + marks.close.size();
      break;
    }
    if (end > 0) out.push_back({at, end});
    at = end > 0 ? end : at + 1;
  }
  return out;
}

std::size_t count_words(std::string_view text) {
  std::size_t words = 0, wide = 0;
  for (bool inside = false; const char c : text) {
    const bool letter = is_word(c);
    words += letter && !inside ? 1U : 0U;
    wide += static_cast<unsigned char>(c) >= 0xE3 ? 1U : 0U;  // East Asian texts have no blanks
    inside = letter;
  }
  return std::max(words, wide / 2);
}

std::string_view unquoted(std::string_view text) {
  const auto step = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; };
  std::size_t first = 1;
  while (first < text.size() && step(text[first])) ++first;
  std::size_t last = text.size() - 1;
  while (last > first && step(text[last])) --last;
  return text.substr(first, last - first);
}

}  // namespace

std::string quotable(std::string_view text) {
  std::string scratch;
  std::string out;
  bool blank = false;
  const std::string_view folded = comparable(text, true, scratch);
  static constexpr std::pair<std::string_view, char> marks[] = {{"“", '"'},  {"”", '"'},  {"„", '"'},
                                                                {"‘", '\''}, {"’", '\''}, {"\xC2\xA0", ' '}};
  for (std::size_t at = 0; at < folded.size();) {
    char c = folded[at];
    std::size_t size = 1;
    if (static_cast<unsigned char>(c) >= 0x80) {
      for (const auto& [mark, plain] : marks) {
        if (!folded.substr(at).starts_with(mark)) continue;
        c = plain;
        size = mark.size();
      }
    }
    at += size;
    if (c == ' ' || (c >= '\t' && c <= '\r')) {
      blank = !out.empty();
      continue;
    }
    if (blank) out += ' ';
    blank = false;
    out += c;
  }
  return out;
}

bool quotes(std::string_view source, std::string_view quotation) {
  std::size_t from = 0;
  while (true) {
    std::size_t gap = quotation.find("…");
    std::size_t size = std::string_view("…").size();
    if (const std::size_t dots = quotation.find("..."); dots < gap) {
      gap = dots;
      size = 3;
    }
    std::string_view part = trimmed(quotation.substr(0, gap));
    if (part.ends_with('[')) part = trimmed(part.substr(0, part.size() - 1));  // […]
    if (part.starts_with(']')) part = trimmed(part.substr(1));
    // A full stop or comma inside the marks may be the quoting sentence's own.
    while (!part.empty() && (part.back() == '.' || part.back() == ',')) part.remove_suffix(1);
    const std::size_t found = source.find(part, from);
    if (found == source.npos) return false;
    from = found + part.size();
    if (gap == quotation.npos) return true;
    quotation.remove_prefix(gap + size);
  }
}

CitedText read_citations(std::string_view text, const std::optional<Pattern>& marker,
                         const std::set<std::string>& known) {
  const std::string prose = without_code(text);
  const std::vector<Marker> markers = marker ? markers_by(prose, *marker) : markers_in(prose, known);
  const std::vector<Span> quotations = quotations_in(prose);
  std::vector<Span> whole = quotations;
  for (const Marker& one : markers) whole.push_back(one.span);
  std::ranges::sort(whole, {}, &Span::at);
  CitedText out;
  auto next_marker = markers.begin();
  auto next_quotation = quotations.begin();
  std::size_t start = 0;
  bool was_claim = false;
  for (const std::size_t end : sentence_ends(prose, whole)) {
    CitedSentence sentence;
    std::string words(std::string_view(prose).substr(start, end - start));
    for (; next_marker != markers.end() && next_marker->span.at < end; ++next_marker) {
      sentence.ids.insert(sentence.ids.end(), next_marker->ids.begin(), next_marker->ids.end());
      const std::size_t at = std::max(next_marker->span.at, start) - start;
      std::fill_n(words.begin() + static_cast<std::ptrdiff_t>(at), std::min(next_marker->span.end, end) - start - at,
                  ' ');
    }
    for (; next_quotation != quotations.end() && next_quotation->at < end; ++next_quotation) {
      sentence.quotations.push_back(quotable(
          unquoted(std::string_view(prose).substr(next_quotation->at, next_quotation->end - next_quotation->at))));
    }
    start = end;
    const std::size_t count = count_words(words);
    if (count == 0 && !sentence.ids.empty() && !out.sentences.empty()) {
      CitedSentence& before = out.sentences.back();
      if (was_claim && before.ids.empty()) ++out.cited_claims;
      before.ids.insert(before.ids.end(), sentence.ids.begin(), sentence.ids.end());
      continue;
    }
    if (count == 0 && sentence.ids.empty() && sentence.quotations.empty()) continue;
    was_claim = count >= least_claim_words;
    out.claims += was_claim ? 1U : 0U;
    out.cited_claims += was_claim && !sentence.ids.empty() ? 1U : 0U;
    out.sentences.push_back(std::move(sentence));
  }
  return out;
}

}  // namespace headgate::grade
