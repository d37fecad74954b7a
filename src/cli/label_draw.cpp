#include "label_draw.hpp"

#include <algorithm>
#include <map>

#include "headgate/base/digest.hpp"
#include "headgate/base/random.hpp"

namespace headgate::cli {
namespace {

constexpr std::size_t key_digits = 12;

struct Stratum {
  std::vector<DrawnCase> cases;
  std::size_t wanted = 0;

  bool has_more() const { return wanted < cases.size(); }
};
using Strata = std::map<std::string, Stratum>;

// Its first trial, counted from one by chance, in which there is something to label.
std::optional<DrawnCase> unit_of(const Evidence& evidence, const DrawWish& wish, CaseIndex item) {
  const std::uint32_t trials = evidence.plan.trials;
  const auto from = static_cast<std::uint32_t>(Random(wish.seed, item).below(trials));
  for (std::uint32_t i = 0; i < trials; ++i) {
    DrawnCase out{item, (from + i) % trials, {}, 1.0};
    for (const Arm arm : both_arms) {
      if (wish.has_reply[cell_index({item, out.trial, arm}, trials)]) out.arms.push_back(arm);
    }
    if (out.arms.size() == 2 || (!out.arms.empty() && !wish.pairs_only)) return out;
  }
  return std::nullopt;
}

// One more case for each of these strata in turn, while there are any and the budget lasts.
void spread(const std::vector<Stratum*>& over, std::size_t& budget) {
  bool any = true;
  while (any && budget > 0) {
    any = false;
    for (Stratum* each : over) {
      if (budget == 0 || !each->has_more()) continue;
      ++each->wanted;
      --budget;
      any = true;
    }
  }
}

Hasher hasher_of(const char* what, const Evidence& evidence, CellIndex cell) {
  const CellRef ref = cell_ref(cell, evidence.plan.trials);
  Hasher hasher;
  hasher.field(what)
      .field(evidence.plan.suites[evidence.cases[ref.item].suite].name)
      .field(evidence.cases.id(ref.item))
      .field(std::uint64_t{ref.trial});
  return hasher;
}

}  // namespace

Drawing draw(const Evidence& evidence, const DrawWish& wish) {
  Strata strata;
  for (CaseIndex item = 0; item < evidence.cases.size(); ++item) {
    const CaseTable::Facts& facts = evidence.cases[item];
    if (!wish.suites[facts.suite]) continue;
    auto unit = unit_of(evidence, wish, item);
    if (!unit) continue;
    const bool severe = facts.severe_class != CaseTable::no_class;
    strata[severe ? evidence.cases.severe_class_name(facts.severe_class) : ""].cases.push_back(std::move(*unit));
  }
  std::vector<Stratum*> severe, plain;
  for (auto& [name, stratum] : strata) (name.empty() ? plain : severe).push_back(&stratum);
  std::size_t budget = (wish.replies + 1) / 2;
  std::size_t for_severe = severe.empty() ? 0 : (budget + 1) / 2;
  budget -= for_severe;
  spread(severe, for_severe);
  budget += for_severe;
  spread(plain, budget);
  spread(severe, budget);

  Drawing out;
  std::uint64_t index = evidence.cases.size();
  for (auto& [name, stratum] : strata) {
    Random random(wish.seed, index++);
    random.shuffle(stratum.cases);
    out.strata.push_back({name, stratum.cases.size(), stratum.wanted});
    for (std::size_t i = 0; i < stratum.wanted; ++i) {
      stratum.cases[i].probability = static_cast<double>(stratum.wanted) / static_cast<double>(stratum.cases.size());
      out.cases.push_back(std::move(stratum.cases[i]));
    }
  }
  Random(wish.seed, index).shuffle(out.cases);
  return out;
}

std::string reply_key(const Evidence& evidence, CellIndex cell) {
  Hasher hasher = hasher_of("headgate/label/1", evidence, cell);
  hasher.field(std::uint64_t{cell & 1U}).field(evidence.observations[cell].reply_mark);
  return "r-" + hasher.finish().hex().substr(0, key_digits);
}

std::string pair_key(const Evidence& evidence, CellIndex cell) {
  Hasher hasher = hasher_of("headgate/label-pair/1", evidence, cell);
  const CellIndex baseline = cell & ~CellIndex{1};
  hasher.field(evidence.observations[baseline].reply_mark).field(evidence.observations[baseline + 1].reply_mark);
  return "p-" + hasher.finish().hex().substr(0, key_digits);
}

Arm shown_first(const std::string& pair_key) {
  return (sha256("headgate/label-order/1 " + pair_key).bytes[0] & 1U) == 0 ? Arm::baseline : Arm::candidate;
}

}  // namespace headgate::cli
