// One question to a judge, asked again with what was wrong while its answer cannot be read.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "headgate/grade/grader.hpp"
#include "judge_verdict.hpp"

namespace headgate::grade {

inline constexpr std::size_t max_repairs = 3;

struct Question {
  std::string key;    // of the ask; repairs are asked under "<key>/repair1"
  std::string judge;  // whom
  std::vector<Message> messages;
  std::string schema;
  std::size_t repairs = 1;
};

// What to ask now, or the error in which the last answer ended, or nothing yet known to be wrong with `text`.
struct Said {
  std::variant<Ask, CallError, std::string> what;
};

// The first answer to `question` that `fault` has nothing against, as its text.
using FaultOf = std::function<std::optional<CallError>(std::string_view answer)>;
Said said(const Question& question, const Answers& answers, const FaultOf& fault);

// The same with the verdict that was read.
template <class T>
using Verdict = std::variant<Ask, CallError, T>;
template <class T>
Verdict<T> verdict_on(const Question& question, const Answers& answers,
                      const std::function<Read<T>(std::string_view)>& read) {
  std::optional<T> found;
  Said last = said(question, answers, [&](std::string_view answer) -> std::optional<CallError> {
    auto verdict = read(answer);
    if (!verdict) return std::move(verdict.error());
    found = std::move(*verdict);
    return std::nullopt;
  });
  if (auto* ask = std::get_if<Ask>(&last.what)) return std::move(*ask);
  if (auto* error = std::get_if<CallError>(&last.what)) return std::move(*error);
  return std::move(*found);
}

}  // namespace headgate::grade
