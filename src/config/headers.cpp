#include "headers.hpp"

#include <algorithm>

#include "headgate/base/text.hpp"

namespace headgate::config {
namespace {

constexpr std::size_t max_shown_columns = 40;

// Of the way a request travels; whoever could set them could send two requests in the place of one.
constexpr std::string_view of_the_way[] = {
    "accept",         "accept-encoding",     "connection",       "content-encoding",
    "content-length", "content-type",        "expect",           "host",
    "keep-alive",     "proxy-authorization", "proxy-connection", "te",
    "trailer",        "transfer-encoding",   "upgrade",          "user-agent"};

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

bool is_token(std::string_view name) {
  constexpr std::string_view allowed = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  return !name.empty() && name.find_first_not_of(allowed) == std::string_view::npos;
}

}  // namespace

std::optional<HeaderFault> header_name_fault(std::string_view name, std::span<const std::string> taken) {
  const std::string shown = "'" + elide(name, max_shown_columns) + "'";
  if (!is_token(name)) return HeaderFault{shown + " is no name of a header", "letters, digits and -, as X-Team"};
  const std::string wanted = lower(name);
  if (std::find(std::begin(of_the_way), std::end(of_the_way), wanted) != std::end(of_the_way))
    return HeaderFault{"the header " + shown + " is set by headgate itself", "remove it"};
  const bool is_taken =
      std::any_of(taken.begin(), taken.end(), [&](const auto& each) { return lower(each) == wanted; });
  if (!is_taken) return std::nullopt;
  return HeaderFault{"the header " + shown + " is there already", "the key, the API itself or a line above sets it"};
}

const char* header_value_fault(std::string_view value) {
  if (std::any_of(value.begin(), value.end(), [](char c) { return (c >= 0 && c < ' ' && c != '\t') || c == 0x7f; }))
    return "holds a line break or another control character";
  constexpr std::string_view blanks = " \t";
  if (blanks.find(value.front()) != std::string_view::npos || blanks.find(value.back()) != std::string_view::npos)
    return "begins or ends with a blank";
  return nullptr;
}

}  // namespace headgate::config
