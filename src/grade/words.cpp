#include "words.hpp"

#include <algorithm>
#include <array>

#include "headgate/base/code_points.hpp"

namespace headgate::grade {
namespace {

bool is_ascii_digit(char c) { return c >= '0' && c <= '9'; }
bool is_ascii_word(char c) { return is_ascii_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }
bool is_ascii_punctuation(char c) { return c > ' ' && c < '\x7f' && !is_ascii_word(c); }

void add_span(Words& words, std::size_t start, std::size_t end) {
  words.spans.push_back({static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(end - start)});
}

// Fills the spans with what white space separates.
void cut_at_spaces(Words& words) {
  const std::string_view text = words.text;
  constexpr std::size_t outside = std::string_view::npos;
  std::size_t start = outside;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t here = at;
    const bool space = is_space(next_point(text, at));
    if (space && start != outside) add_span(words, start, here);
    if (space) start = outside;
    if (!space && start == outside) start = here;
  }
  if (start != outside) add_span(words, start, text.size());
}

Words lowered(std::string_view text) {
  Words out;
  std::string scratch;
  const std::string_view lower = lower_case(text, scratch);
  if (lower.data() == scratch.data() && !scratch.empty()) {
    out.text = std::move(scratch);
  } else {
    out.text = lower;
  }
  return out;
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  std::size_t at = text.find(what);
  if (at == text.npos) return text;
  std::string out;
  std::size_t from = 0;
  for (; at != text.npos; at = text.find(what, from)) {
    out.append(text, from, at - from);
    out += with;
    from = at + what.size();
  }
  return out.append(text, from);
}

template <class Text>
void append(Text& out, const Text& in, std::size_t from, std::size_t to) {
  out.insert(out.end(), in.begin() + static_cast<std::ptrdiff_t>(from), in.begin() + static_cast<std::ptrdiff_t>(to));
}

// The three forms of the rules below. Each is what one pass of substitutions does: it goes on behind a match, so that
// of three marks in a row the middle one may stay where it is.
template <class Text, class Is>
Text spaced(const Text& in, const Is& is) {  // "x" becomes " x "
  Text out;
  out.reserve(in.size() * 2);
  std::size_t done = 0;
  for (std::size_t at = 0; at < in.size(); ++at) {
    if (!is(in[at])) continue;
    append(out, in, done, at);
    out.push_back(' ');
    out.push_back(in[at]);
    out.push_back(' ');
    done = at + 1;
  }
  append(out, in, done, in.size());
  return out;
}

enum class Spaces { around_second, around_first };
template <class Text, class First, class Second>
Text spaced(const Text& in, const First& first, const Second& second, Spaces where) {
  Text out;
  out.reserve(in.size() + in.size() / 2);
  std::size_t done = 0;
  for (std::size_t at = 0; at + 1 < in.size(); ++at) {
    if (!second(in[at + 1]) || !first(in[at])) continue;
    append(out, in, done, at);
    if (where == Spaces::around_first) out.push_back(' ');
    out.push_back(in[at]);
    out.push_back(' ');
    out.push_back(in[at + 1]);
    if (where == Spaces::around_second) out.push_back(' ');
    done = at + 2;
    ++at;
  }
  append(out, in, done, in.size());
  return out;
}

// What mteval-v13a sets apart wherever it stands: ASCII punctuation but ' , - and the full stop.
bool is_apart(char c) { return is_ascii_punctuation(c) && c != '\'' && c != ',' && c != '-' && c != '.'; }

// A character of several bytes is never a mark or digit, so that bytes will do.
std::string mteval_13a(std::string_view text) {
  std::string line(text);
  const std::array<std::array<std::string_view, 2>, 7> entities = {
      {{"<skipped>", ""}, {"-\n", ""}, {"\n", " "}, {"&quot;", "\""}, {"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}}};
  for (const auto& [what, with] : entities) line = replaced(std::move(line), what, with);
  line.insert(0, 1, ' ');
  line += ' ';
  const auto is_stop = [](char c) { return c == '.' || c == ','; };
  const auto is_digit = [](char c) { return is_ascii_digit(c); };
  const auto is_other = [](char c) { return !is_ascii_digit(c); };
  line = spaced(line, is_apart);
  line = spaced(line, is_other, is_stop, Spaces::around_second);
  line = spaced(line, is_stop, is_other, Spaces::around_first);
  return spaced(
      line, is_digit, [](char c) { return c == '-'; }, Spaces::around_second);
}

std::string international(std::string_view text) {
  const auto is_no_numeral = [](std::uint32_t point) { return !is_numeral(point); };
  std::vector<std::uint32_t> line = code_points(text);
  line = spaced(line, is_no_numeral, is_punctuation, Spaces::around_second);
  line = spaced(line, is_punctuation, is_no_numeral, Spaces::around_first);
  line = spaced(line, is_symbol);
  std::string out;
  out.reserve(text.size() * 2);
  for (const std::uint32_t point : line) append_point(out, point);
  return out;
}

}  // namespace

Words ascii_words(std::string_view text) {
  Words out = lowered(text);
  const std::string& lower = out.text;
  for (std::size_t at = 0; at < lower.size();) {
    const std::size_t start = at;
    while (at < lower.size() && is_ascii_word(lower[at])) ++at;
    if (at > start) {
      add_span(out, start, at);
    } else {
      ++at;
    }
  }
  return out;
}

Words unicode_words(std::string_view text) {
  Words out = lowered(text);
  const std::string_view lower = out.text;
  constexpr std::size_t outside = std::string_view::npos;
  std::size_t start = outside;
  const auto end_at = [&](std::size_t end) {
    if (start != outside) add_span(out, start, end);
    start = outside;
  };
  for (std::size_t at = 0; at < lower.size();) {
    const std::size_t here = at;
    const std::uint32_t point = next_point(lower, at);
    if (is_ideographic(point) && is_letter_or_digit(point)) {
      end_at(here);
      add_span(out, here, at);
    } else if (is_letter_or_digit(point) || (point >= 0x80 && is_mark(point))) {
      if (start == outside) start = here;
    } else {
      end_at(here);
    }
  }
  end_at(lower.size());
  return out;
}

Words squad_words(std::string_view text) {
  Words out = lowered(text);
  std::erase_if(out.text, is_ascii_punctuation);
  std::string& plain = out.text;
  const auto is_word_at = [&](std::size_t at) {
    if (is_ascii(plain[at])) return is_ascii_word(plain[at]);
    return is_letter_or_digit(next_point(plain, at));
  };
  for (std::size_t at = 0; at < plain.size();) {
    const std::size_t start = at;
    const bool inside = is_word_at(at);
    while (at < plain.size() && is_word_at(at) == inside) static_cast<void>(next_point(plain, at));
    const std::string_view run = std::string_view(plain).substr(start, at - start);
    if (run == "a" || run == "an" || run == "the")
      std::fill_n(plain.begin() + static_cast<std::ptrdiff_t>(start), run.size(), ' ');
  }
  cut_at_spaces(out);
  return out;
}

Words bleu_words(std::string_view text, BleuTokens tokens) {
  Words out;
  switch (tokens) {
    case BleuTokens::mteval_13a:
      out.text = mteval_13a(text);
      break;
    case BleuTokens::international:
      out.text = international(text);
      break;
    case BleuTokens::none:
      out.text = text;
      break;
    case BleuTokens::characters:
      out.text = text;
      for (std::size_t at = 0; at < text.size();) {
        const std::size_t start = at;
        if (!is_space(next_point(text, at))) add_span(out, start, at);
      }
      return out;
  }
  cut_at_spaces(out);
  return out;
}

Words chrf_words(std::string_view text) {
  Words whole;
  whole.text = text;
  cut_at_spaces(whole);
  std::vector<Words::Span> parts;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    const auto [start, length] = whole.spans[i];
    const std::string_view word = whole[i];
    std::size_t first = 0;
    const bool single = (next_point(word, first), first == word.size());
    if (!single && is_ascii_punctuation(word.back())) {
      parts.push_back({start, length - 1});
      parts.push_back({start + length - 1, 1});
    } else if (!single && is_ascii_punctuation(word.front())) {
      parts.push_back({start, 1});
      parts.push_back({start + 1, length - 1});
    } else {
      parts.push_back({start, length});
    }
  }
  whole.spans = std::move(parts);
  return whole;
}

}  // namespace headgate::grade
