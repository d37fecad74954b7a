// The case that a person names.
#pragma once

#include <span>
#include <string>

#include "headgate/base/result.hpp"
#include "headgate/domain/suite.hpp"

namespace headgate::cli {

struct CaseName {
  std::string suite, id;
};

// By id, or by suite/id, which tells apart what stands in several suites. Fails (input) with what is nearest.
Result<CaseName> find_case(std::span<const Suite> suites, const std::string& wanted);

}  // namespace headgate::cli
