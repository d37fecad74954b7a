// Failure of the outside world as a value. Our own mistakes are HG_ASSERT (assert.hpp), never a Result.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace headgate {

// The code of an error fixes the exit status of the program (cli/exit_code.hpp has the table).
enum class ErrorCode : std::uint8_t {
  input,        // usage, configuration, suite, lock: nothing was paid
  environment,  // cannot run or cannot record: key, quota, disk, permission
  untrusted,    // evidence does not hold: journal, digest, signature
  locked,       // the run directory is in use
};

// Where something stands in a text. `line` and `column` count from 1, columns in bytes; 0 means unknown.
struct Place {
  std::string file;
  std::size_t line = 0;
  std::size_t column = 0;
  std::string excerpt;    // the line itself, as read, at most a few hundred bytes; may be hostile: escape before printing
  std::size_t width = 1;  // bytes to underline from `column`
  std::size_t excerpt_from = 1;  // the column of the excerpt's first byte; above 1 where a long line was cut
};

struct Error {
  ErrorCode code = ErrorCode::input;
  std::string message;  // lowercase, no full stop, so that it composes after "error: "
  Place place;          // may be empty
  std::string hint;     // the next step, where we know one
};

template <class T>
using Result = tl::expected<T, Error>;

// Returns `error` as the failure of any Result.
inline tl::unexpected<Error> failure(Error error) { return tl::unexpected<Error>(std::move(error)); }
inline tl::unexpected<Error> failure(ErrorCode code, std::string message, std::string hint = {}) {
  return failure(Error{code, std::move(message), {}, std::move(hint)});
}

}  // namespace headgate

// HG_TRY(name, expression): binds `name` to the value of a Result, or returns its error from the enclosing function.
#define HG_TRY(name, ...)                                                                            \
  auto name##_result = (__VA_ARGS__);                                                                \
  if (!name##_result) return ::headgate::failure(std::move(name##_result).error());                  \
  auto name = std::move(*name##_result)

// HG_CHECK(expression): returns the error of a Result<void> (or of any Result whose value is not needed).
#define HG_CHECK(...)                                                                                \
  do {                                                                                               \
    auto hg_check_result = (__VA_ARGS__);                                                            \
    if (!hg_check_result) return ::headgate::failure(std::move(hg_check_result).error());            \
  } while (false)
