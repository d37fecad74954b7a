#include "choose.hpp"

#include <algorithm>
#include <cmath>

#include "mix.hpp"

namespace headgate::fake {
namespace {

constexpr std::int64_t bytes_a_token = 4;
constexpr Micros longest_delay = 3'600'000'000;

bool holds(const std::vector<std::uint64_t>& any, std::uint64_t value) {
  return any.empty() || std::find(any.begin(), any.end(), value) != any.end();
}

bool contains_any(const std::vector<std::string>& texts, const Seen& seen) {
  return std::any_of(texts.begin(), texts.end(), [&](const std::string& text) {
    return seen.body.find(text) != std::string_view::npos || seen.question->input.find(text) != std::string::npos;
  });
}

std::int64_t estimated(std::string_view text) {
  return (static_cast<std::int64_t>(text.size()) + bytes_a_token - 1) / bytes_a_token;
}

Tokens counted(std::int64_t input, std::int64_t output, std::int64_t cached, std::int64_t reasoning) {
  const auto total = static_cast<std::int64_t>(static_cast<std::uint64_t>(input) + static_cast<std::uint64_t>(output));
  const auto fresh = static_cast<std::int64_t>(static_cast<std::uint64_t>(input) - static_cast<std::uint64_t>(cached));
  Tokens out;
  out.input = std::to_string(input);
  out.output = std::to_string(output);
  out.total = std::to_string(total);
  out.cached = std::to_string(cached);
  out.reasoning = std::to_string(reasoning);
  out.fresh = std::to_string(fresh);
  return out;
}

Tokens all(const std::string& value) {
  Tokens out;
  out.input = out.output = out.total = out.cached = out.reasoning = out.fresh = value;
  return out;
}

}  // namespace

std::uint64_t number_for(const Seen& seen, Use use, bool each_attempt) {
  const std::uint64_t mine = mix(static_cast<std::uint64_t>(use), seen.hash);
  return each_attempt ? mix(seen.attempt, mine) : mine;
}

bool matches(const When& when, const Seen& seen) {
  if (!holds(when.index, seen.index) || !holds(when.attempt, seen.attempt)) return false;
  if (when.first > 0 && seen.index > when.first) return false;
  if (when.every > 0 && seen.index % when.every != 0) return false;
  if (when.attempts_to > 0 && seen.attempt > when.attempts_to) return false;
  if (!when.contains.empty() && !contains_any(when.contains, seen)) return false;
  if (!when.equals.empty() && seen.question->input != when.equals) return false;
  if (!when.model.empty() && seen.question->model != when.model) return false;
  if (when.stream && seen.question->stream != *when.stream) return false;
  if (when.share && unit(number_for(seen, Use::share, false)) >= *when.share) return false;
  if (when.share_of_tries && unit(number_for(seen, Use::tries, true)) >= *when.share_of_tries) return false;
  if (when.until > 0 && seen.age >= when.until) return false;
  return seen.age >= when.from;
}

const Behaviour& behaviour_for(const Profile& profile, const Seen& seen) {
  for (const Rule& rule : profile.rules) {
    if (matches(rule.when, seen)) return rule.behaviour;
  }
  return profile.behaviour;
}

std::string text_for(const Behaviour& behaviour, const Seen& seen) {
  if (behaviour.wrong_share > 0 && unit(number_for(seen, Use::wrong, false)) < behaviour.wrong_share) {
    return behaviour.wrong_text;
  }
  const std::string& input = seen.question->input;
  if (!behaviour.table.empty()) {
    if (const auto found = behaviour.table.find(input); found != behaviour.table.end()) return found->second;
  }
  for (const AnswerRule& rule : behaviour.answers) {
    if (rule.whole ? input == rule.text : input.find(rule.text) != std::string::npos) return rule.answer;
  }
  if (behaviour.echo) {
    const std::size_t open = input.find("[[");
    const std::size_t close = open == std::string::npos ? open : input.find("]]", open + 2);
    if (close != std::string::npos) return input.substr(open + 2, close - open - 2);
  }
  return behaviour.text;
}

Tokens tokens_for(const Behaviour& behaviour, std::string_view body, std::string_view text) {
  const UsageScript& usage = behaviour.usage;
  switch (usage.kind) {
    case UsageKind::estimated:
      return counted(estimated(body), estimated(text), 0, 0);
    case UsageKind::given:
      return counted(usage.input, usage.output, usage.cached, usage.reasoning);
    case UsageKind::missing:
      return {};
    case UsageKind::null: {
      Tokens out;
      out.null = true;
      return out;
    }
    case UsageKind::negative:
      return counted(-estimated(body), -estimated(text), 0, 0);
    case UsageKind::absurd:
      return all("1e300");
    case UsageKind::fractional:
      return all("12.5");
    case UsageKind::text:
      break;
  }
  return all("\"many\"");
}

Micros delay_for(const Behaviour& behaviour, const Seen& seen) {
  double delay = static_cast<double>(behaviour.delay);
  if (behaviour.spread > 0) delay *= std::exp(behaviour.spread * normal(number_for(seen, Use::spread, true)));
  if (behaviour.jitter > 0) delay += static_cast<double>(behaviour.jitter) * unit(number_for(seen, Use::jitter, true));
  return std::min(longest_delay, static_cast<Micros>(std::llround(delay)));
}

}  // namespace headgate::fake
