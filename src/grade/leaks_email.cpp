// E-mail addresses: a local part of the usual characters, @, and a domain of at least two labels of which the last is
// letters. Quoted local parts and addresses in words ("ana at mail dot com") are not looked for.
#include <algorithm>
#include <array>

#include "leaks.hpp"

namespace headgate::grade {
namespace {

constexpr std::size_t max_local = 64, max_domain = 253, max_label = 63;

bool is_local(char c) { return is_alnum(c) || std::string_view("._%+-'&=").find(c) != std::string_view::npos; }

// The length of the domain at `from`; 0 where there is none.
std::size_t domain_size(std::string_view text, std::size_t from) {
  std::size_t size = 0, label = 0, labels = 0, last_good = 0;
  bool letters = true;
  const auto close = [&] {
    ++labels;
    if (labels >= 2 && label >= 2 && letters) last_good = size;
  };
  for (; size <= max_domain && from + size < text.size(); ++size) {
    const char c = text[from + size];
    if (c == '.') {
      if (label == 0 || text[from + size - 1] == '-') return last_good;
      close();
      label = 0;
      letters = true;
    } else if (is_alnum(c) || (c == '-' && label > 0)) {
      if (++label > max_label) return last_good;
      letters = letters && !is_digit(c) && c != '-';
    } else {
      break;
    }
  }
  if (label > 0 && text[from + size - 1] != '-') close();
  return last_good;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

// RFC 2606 and RFC 6761.
bool is_example_domain(std::string_view domain) {
  constexpr std::array<std::string_view, 3> second = {"example.com", "example.org", "example.net"};
  constexpr std::array<std::string_view, 4> top = {".example", ".test", ".invalid", ".localhost"};
  return std::ranges::any_of(second, [&](std::string_view one) { return is_domain_or_below(domain, one); }) ||
         std::ranges::any_of(top, [&](std::string_view one) { return domain.ends_with(one); });
}

}  // namespace

bool is_domain_or_below(std::string_view domain, std::string_view of) {
  if (domain == of) return true;
  return domain.size() > of.size() && domain.ends_with(of) && domain[domain.size() - of.size() - 1] == '.';
}

void find_emails(std::string_view text, std::vector<Leak>& out) {
  for (std::size_t sign = text.find('@'); sign != text.npos && out.size() < max_leaks;
       sign = text.find('@', sign + 1)) {
    std::size_t start = sign;
    while (start > 0 && sign - start < max_local && is_local(text[start - 1])) --start;
    while (start < sign && !is_alnum(text[start])) ++start;  // "'ana@…" begins at the a
    if (start == sign || text[sign - 1] == '.') continue;
    const std::size_t size = domain_size(text, sign + 1);
    if (size == 0) continue;
    const std::size_t whole = sign + 1 + size - start;
    Leak leak{LeakKind::email, "an e-mail address", lower(text.substr(start, whole)), start, whole};
    leak.example = is_example_domain(std::string_view(leak.value).substr(sign + 1 - start));
    out.push_back(std::move(leak));
  }
}

}  // namespace headgate::grade
