// The digest of a plan in pieces, for a reader that does not hold the plan's cases and order in memory.
#pragma once

#include <cstddef>
#include <cstdint>

#include "headgate/domain/plan.hpp"

namespace headgate {

// Give every case in order, then the length of the order, then every cell of it; plan_digest does the same.
class PlanHasher {
 public:
  PlanHasher(const PlanHead& head, std::size_t cases);
  void add_case(std::uint32_t suite, const Digest& digest);
  void begin_order(std::size_t cells);
  void add_cell(CellIndex cell);
  Digest finish();

 private:
  Hasher hasher_;
};

}  // namespace headgate
