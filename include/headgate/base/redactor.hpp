// Keeps known secrets out of texts that leave the process: the second line of defence, behind not writing them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace headgate {

// Immutable, hence thread-safe. Replaces each value, and its base64, percent-encoded and JSON-escaped forms, by
// [secret NAME]. Values shorter than eight bytes are left alone: they would hit innocent text.
class Redactor {
 public:
  static constexpr std::size_t least_bytes = 8;

  explicit Redactor(const std::vector<std::pair<std::string, std::string>>& named_values);

  bool empty() const { return forms_.empty(); }
  std::string operator()(std::string text) const;

 private:
  struct Form {
    std::string bytes;
    std::string stands_for;
  };
  std::vector<Form> forms_;  // longest first
};

}  // namespace headgate
