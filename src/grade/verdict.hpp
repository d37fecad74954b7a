// The small change of graders: how a step ends, and how text from outside is quoted in its reason.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "headgate/base/result.hpp"
#include "headgate/grade/grader.hpp"

namespace headgate::grade {

// A value a grader needs, or why it cannot judge.
template <class T>
using Judged = tl::expected<T, CallError>;

inline CallError cannot_judge(std::string why) { return {ErrorKind::grader_failed, std::move(why)}; }
inline tl::unexpected<CallError> unjudged(std::string why) { return tl::unexpected(cannot_judge(std::move(why))); }

// A deterministic grader's grade: score 1 or 0.
inline Step verdict(bool pass, std::string reason) { return Grade{pass, pass ? 1.0 : 0.0, std::move(reason)}; }

// In double quotes, on one line, at most about 80 columns. May still be hostile: whoever prints it escapes it.
std::string in_quotes(std::string_view text);
// The same of a JSON text, which brings its own quotes where it is a string.
std::string on_one_line(std::string_view json);

}  // namespace headgate::grade
