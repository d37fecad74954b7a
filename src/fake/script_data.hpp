// A script as the server works with it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "behaviour.hpp"
#include "headgate/fake/script.hpp"

namespace headgate::fake {

struct ScriptData {
  std::uint64_t seed = 0;
  Certificate certificate = Certificate::none;
  std::size_t remember = 1'000'000;  // bodies that are told apart
  std::size_t log = 1'000;           // the newest requests kept for GET /log
  std::vector<Profile> profiles;     // the first is the nameless one
  std::vector<Limit> shared_limits;
};

}  // namespace headgate::fake
