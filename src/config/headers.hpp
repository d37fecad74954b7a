// Which headers a route may add to its calls.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace headgate::config {

struct HeaderFault {
  std::string message;
  std::string hint;
};
// What is wrong with a name; `taken` are the headers that are sent already. Case makes no difference.
std::optional<HeaderFault> header_name_fault(std::string_view name, std::span<const std::string> taken);

// What is wrong with a value, after "the value of X "; null: nothing. Repeats nothing of it.
const char* header_value_fault(std::string_view value);

}  // namespace headgate::config
