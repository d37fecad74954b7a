#include "last_words.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "headgate/base/text.hpp"
#include "headgate/base/unicode.hpp"

namespace headgate::route {
namespace {

constexpr std::size_t columns_of_a_quote = 200;
constexpr std::size_t lines_of_a_quote = 3;
constexpr std::size_t columns_of_a_line = 120;
// More of a long line is not looked at; enough that a secret in what is shown is whole.
constexpr std::size_t looked_at = 16384;

}  // namespace

std::string redacted(std::string text, const Redactor* secrets) {
  return secrets == nullptr || secrets->empty() ? std::move(text) : (*secrets)(std::move(text));
}

std::string quoted_line(std::string_view line, const Redactor* secrets) {
  return elide(terminal_line(repair_utf8(redacted(std::string(line.substr(0, looked_at)), secrets))),
               columns_of_a_line);
}

void LastWords::add(std::string_view bytes) {
  if (bytes.size() >= most_bytes) {
    is_cut_ = is_cut_ || !kept_.empty() || bytes.size() > most_bytes;
    kept_.assign(bytes.substr(bytes.size() - most_bytes));
    return;
  }
  kept_.append(bytes);
  if (kept_.size() < 2 * most_bytes) return;
  kept_.erase(0, kept_.size() - most_bytes);
  is_cut_ = true;
}

std::string_view LastWords::bytes() const {
  const std::string_view all = kept_;
  return all.substr(all.size() - std::min(all.size(), most_bytes));
}

std::string LastWords::quoted(const Redactor* secrets) const {
  std::string text = redacted(std::string(bytes()), secrets);
  std::string_view rest = text;
  // The first line of a cut text may begin within a secret.
  const bool is_cut = is_cut_ || kept_.size() > most_bytes;
  if (is_cut && rest.find('\n') != std::string_view::npos) rest.remove_prefix(rest.find('\n'));
  std::vector<std::string_view> lines;  // the last first
  while (!rest.empty() && lines.size() < lines_of_a_quote) {
    const std::size_t before = rest.find_last_of("\n\r");
    const std::string_view line = before == std::string_view::npos ? rest : rest.substr(before + 1);
    rest = rest.substr(0, before == std::string_view::npos ? 0 : before);
    if (!is_blank(line)) lines.push_back(line);
  }
  std::string out;
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
    if (!out.empty()) out += " | ";
    out += terminal_line(repair_utf8(*line));
  }
  return elide(out, columns_of_a_quote);
}

}  // namespace headgate::route
