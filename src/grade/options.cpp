#include "options.hpp"

#include <nlohmann/json.hpp>

namespace headgate::grade {

const Json* option(const Json& options, std::string_view name) {
  const auto found = options.find(std::string(name));
  return found == options.end() ? nullptr : &*found;
}

bool flag(const Json& options, std::string_view name, bool fallback) {
  const Json* value = option(options, name);
  return value == nullptr ? fallback : value->get<bool>();
}

double quantity(const Json& options, std::string_view name, double fallback) {
  const Json* value = option(options, name);
  return value == nullptr ? fallback : value->get<double>();
}

std::string word(const Json& options, std::string_view name, std::string_view fallback) {
  const Json* value = option(options, name);
  return value == nullptr ? std::string(fallback) : value->get<std::string>();
}

}  // namespace headgate::grade
