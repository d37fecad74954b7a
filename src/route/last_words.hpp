// The end of what a program wrote to its stderr, and texts of a program made fit for a message.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "headgate/base/redactor.hpp"

namespace headgate::route {

class LastWords {
 public:
  static constexpr std::size_t most_bytes = 4096;

  void add(std::string_view bytes);
  std::string_view bytes() const;
  // The last lines that say something, in one line: redacted, escaped, short. Empty where there is nothing.
  std::string quoted(const Redactor* secrets) const;

 private:
  std::string kept_;
  bool is_cut_ = false;
};

// One line of a program's output for a message: redacted, escaped, short.
std::string quoted_line(std::string_view line, const Redactor* secrets);

std::string redacted(std::string text, const Redactor* secrets);

}  // namespace headgate::route
