// A JSON value carried as its canonical text: small in memory, cheap to digest, copied without a parser.
#pragma once

#include <string>

namespace headgate {

// Empty text means "absent", which is not the same as the text `null`.
struct JsonText {
  std::string text;

  bool absent() const { return text.empty(); }
  friend bool operator==(const JsonText&, const JsonText&) = default;
};

}  // namespace headgate
