#include "watchdog.hpp"

#include "headgate/base/text.hpp"

namespace headgate::run {
namespace {

constexpr std::size_t most_cases = 3;

std::string words(const Watchdog::Wait& wait) {
  std::string out = plural(wait.calls, "call") + " to " + wait.name + (wait.calls == 1 ? " is out" : " are out");
  if (wait.cases.empty()) return out;
  return out + " (" + (wait.cases.size() == 1 ? "case " : "cases ") + join_words(wait.cases, most_cases) + ")";
}

}  // namespace

bool Watchdog::is_due(Instant now) const {
  if (now - since_ < patience) return false;
  return !told_ || *told_ < since_ || now - *told_ >= patience_again;
}

std::string Watchdog::tell(Instant now, const std::vector<Wait>& waits) {
  told_ = now;
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(now - since_).count();
  std::string out = "nothing has arrived for " + plural(static_cast<std::size_t>(minutes), "minute") + ":";
  for (std::size_t i = 0; i < waits.size(); ++i) out += (i == 0 ? " " : "; ") + words(waits[i]);
  return out;
}

}  // namespace headgate::run
