#include "headgate/domain/plan_hasher.hpp"

#include <nlohmann/json.hpp>

#include "headgate/domain/codec.hpp"

namespace headgate {

PlanHasher::PlanHasher(const PlanHead& plan, std::size_t cases) {
  Json head = to_json(plan);
  head.erase("as_of");
  head.erase("attempt");
  head.erase("digest");
  hasher_.field("headgate/plan/1").field(digest_of(head)).field(cases);
}

void PlanHasher::add_case(std::uint32_t suite, const Digest& digest) { hasher_.field(suite).field(digest); }
void PlanHasher::begin_order(std::size_t cells) { hasher_.field(cells); }
void PlanHasher::add_cell(CellIndex cell) { hasher_.field(cell); }
Digest PlanHasher::finish() { return hasher_.finish(); }

}  // namespace headgate
