#include "arguments.hpp"

#include <charconv>

#include "headgate/base/assert.hpp"

namespace headgate::cli {

std::vector<std::string> Arguments::texts(const std::string& option) const {
  HG_ASSERT(known_.contains(option));
  const auto found = values_.find(option);
  return found == values_.end() ? std::vector<std::string>{} : found->second;
}

bool Arguments::flag(const std::string& option) const { return !texts(option).empty(); }

std::optional<std::string> Arguments::text(const std::string& option) const {
  const auto all = texts(option);
  return all.empty() ? std::nullopt : std::optional<std::string>(all.back());
}

std::optional<std::uint64_t> Arguments::whole(const std::string& option) const {
  const auto written = text(option);
  if (!written) return std::nullopt;
  const auto number = parse_whole(*written);
  HG_ASSERT(number.has_value());
  return number;
}

std::optional<std::uint64_t> parse_whole(const std::string& text) {
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, trouble] = std::from_chars(text.data(), end, number);
  if (trouble != std::errc{} || stopped != end) return std::nullopt;
  return number;
}

}  // namespace headgate::cli
