// What a language's template is told on its stdin: fields, each a line with name and size, the bytes, and a newline.
//
//   nonce 32
//   0f3c…
//   mode 5
//   tests
//   program 27
//   def double(x): return 2 * x
//
// A field may come several times. Sizes are in bytes, so nothing needs to be escaped, and a shell can read it.
// docs/code.md has the names and what a template answers.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace headgate::grade {

class ProgramText {
 public:
  ProgramText& field(std::string_view name, std::string_view value) {
    text_.append(name).append(" ").append(std::to_string(value.size())).append("\n").append(value).append("\n");
    return *this;
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

}  // namespace headgate::grade
