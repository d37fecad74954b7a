// Phone numbers, by two stated rules: international ones, and North American ones as they are written there.
#include <algorithm>
#include <array>

#include "leaks.hpp"

namespace headgate::grade {
namespace {

struct Span {
  int first, last;
};
// Country calling codes in use (ITU-T E.164), of two and three digits.
constexpr std::array codes_2 = {Span{20, 20}, Span{27, 27}, Span{30, 34}, Span{36, 36}, Span{39, 41},
                                Span{43, 49}, Span{51, 58}, Span{60, 66}, Span{81, 82}, Span{84, 84},
                                Span{86, 86}, Span{90, 95}, Span{98, 98}};
constexpr std::array codes_3 = {
    Span{211, 213}, Span{216, 216}, Span{218, 218}, Span{220, 258}, Span{260, 269}, Span{290, 291}, Span{297, 299},
    Span{350, 359}, Span{370, 378}, Span{380, 383}, Span{385, 387}, Span{389, 389}, Span{420, 421}, Span{423, 423},
    Span{500, 509}, Span{590, 599}, Span{670, 670}, Span{672, 683}, Span{685, 692}, Span{800, 800}, Span{808, 808},
    Span{850, 850}, Span{852, 853}, Span{855, 856}, Span{870, 870}, Span{878, 878}, Span{880, 883}, Span{886, 886},
    Span{888, 888}, Span{960, 968}, Span{970, 977}, Span{979, 979}, Span{992, 996}, Span{998, 998}};

template <std::size_t count>
bool is_in(const std::array<Span, count>& spans, std::string_view digits) {
  int code = 0;
  for (const char c : digits) code = code * 10 + (c - '0');
  return std::ranges::any_of(spans, [&](const Span& one) { return code >= one.first && code <= one.last; });
}

bool has_country(std::string_view digits) {
  if (digits[0] == '1' || digits[0] == '7') return true;
  return is_in(codes_2, digits.substr(0, 2)) || is_in(codes_3, digits.substr(0, 3));
}

// 555-0100 to 555-0199 are kept for fiction in North America.
bool is_fiction(std::string_view national) { return national.size() == 10 && national.substr(3, 5) == "55501"; }

void add(std::vector<Leak>& out, const std::string& digits, std::size_t at, std::size_t end) {
  Leak leak{LeakKind::phone, "a phone number", "+" + digits, at, end - at};
  leak.example = digits.size() == 11 && digits[0] == '1' && is_fiction(std::string_view(digits).substr(1));
  out.push_back(std::move(leak));
}

// Behind + or 00: 8 to 15 digits that begin with a country code in use. Returns where it ends, or 0.
std::size_t international(std::string_view text, std::size_t at, std::size_t prefix, std::vector<Leak>& out) {
  constexpr std::size_t least = 8, most = 15;
  const Digits found = digits_from(text, at + prefix, " -.()/", 2, most + 1);
  const std::string digits(found.first(found.count));
  if (digits.size() < least || digits.size() > most || digits[0] == '0' || !has_country(digits)) return 0;
  const std::size_t end = found.ends[found.count - 1];
  if (!ends_word(text, end)) return 0;
  add(out, digits, at, end);
  return end;
}

// (415) 555-2671, 415-555-2671, 415.555.2671: area and exchange begin with 2 to 9. Returns where it ends, or 0.
std::size_t north_american(std::string_view text, std::size_t at, std::vector<Leak>& out) {
  const bool parenthesis = text[at] == '(';
  const std::size_t area = at + (parenthesis ? 1U : 0U);
  const auto digits = [&](std::size_t from, std::size_t count) {
    return from + count <= text.size() && std::ranges::all_of(text.substr(from, count), is_digit);
  };
  if (!digits(area, 3) || text[area] < '2') return 0;
  std::size_t next = area + 3;
  if (next >= text.size()) return 0;
  if (parenthesis ? text[next] != ')' : text[next] != '-' && text[next] != '.') return 0;
  const char first_sign = text[next++];
  if (parenthesis && next < text.size() && text[next] == ' ') ++next;
  if (!digits(next, 3) || text[next] < '2' || next + 3 >= text.size()) return 0;
  const char sign = text[next + 3];
  const bool fits = parenthesis ? sign == '-' || sign == '.' || sign == ' ' : sign == first_sign;
  if (!fits || !digits(next + 4, 4)) return 0;
  const std::size_t end = next + 8;
  if (!ends_word(text, end)) return 0;
  // A longer chain of groups is something else.
  if (end + 1 < text.size() && (text[end] == '-' || text[end] == '.') && is_digit(text[end + 1])) return 0;
  std::string all = "1";
  for (const auto& [from, count] : {std::pair{area, 3U}, std::pair{next, 3U}, std::pair{next + 4, 4U}}) {
    all += text.substr(from, count);
  }
  add(out, all, at, end);
  return end;
}

// Behind a digit and one blank or dash, as the groups of an account number stand.
bool continues_groups(std::string_view text, std::size_t at) {
  return at >= 2 && (text[at - 1] == ' ' || text[at - 1] == '-') && is_digit(text[at - 2]);
}

}  // namespace

void find_phones(std::string_view text, std::vector<Leak>& out) {
  for (std::size_t at = 0; at < text.size() && out.size() < max_leaks;) {
    const char c = text[at];
    const char before = at == 0 ? ' ' : text[at - 1];
    const bool begins = !is_alnum(before);
    std::size_t end = 0;
    if (begins && c == '+') {
      end = international(text, at, 1, out);
    } else if (begins && before != '.' && before != ',' && !continues_groups(text, at) &&
               text.substr(at).starts_with("00")) {
      end = international(text, at, 2, out);
    }
    if (end == 0 && begins && before != '-' && before != '.' && (c == '(' || is_digit(c))) {
      end = north_american(text, at, out);
    }
    if (end == 0) {
      end = at + 1;
      if (is_digit(c)) {
        while (end < text.size() && is_digit(text[end])) ++end;  // no number begins inside one
      }
    }
    at = end;
  }
}

}  // namespace headgate::grade
