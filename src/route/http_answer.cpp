#include <algorithm>

#include "headgate/route/transport.hpp"

namespace headgate::route {

const std::string* HttpAnswer::header(std::string_view lower_case_name) const {
  const auto found =
      std::find_if(headers.begin(), headers.end(), [&](const auto& each) { return each.first == lower_case_name; });
  return found == headers.end() ? nullptr : &found->second;
}

}  // namespace headgate::route
