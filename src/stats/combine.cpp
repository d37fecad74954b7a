#include "headgate/stats/combine.hpp"

#include <algorithm>

namespace headgate::stats {

Trilean all_of(std::span<const Trilean> answers) {
  if (answers.empty()) return Trilean::unknown;
  return *std::min_element(answers.begin(), answers.end());
}

}  // namespace headgate::stats
