#include "headgate/domain/evidence.hpp"

#include <algorithm>
#include <numeric>

#include "headgate/base/assert.hpp"
#include "headgate/base/json_append.hpp"

namespace headgate {
namespace {

// The index of `key` in a vector of interned values, added by `make` where it is new.
template <class Values, class Make>
std::uint32_t intern(std::unordered_map<std::string, std::uint32_t>& index, std::string key, Values& values, Make make) {
  const auto [found, added] = index.emplace(std::move(key), static_cast<std::uint32_t>(values.size()));
  if (added) values.push_back(make());
  return found->second;
}

// A key no other list of words shares: each word with its length before it.
void add_to_key(std::string& key, std::string_view word) {
  key += std::to_string(word.size());
  key += ':';
  key += word;
}

// The shortest digits, or nothing where no latency is known.
std::string latency_text(const std::optional<double>& latency_ms) {
  std::string text;
  if (latency_ms) append_json_number(text, *latency_ms);
  return text;
}

}  // namespace

void CaseTable::reserve(std::size_t cases) {
  facts_.reserve(cases);
  id_ends_.reserve(cases);
  ids_.reserve(cases * 16);
}

void CaseTable::add(const Case& item, std::uint32_t suite, std::uint64_t plan_offset) {
  Facts facts;
  facts.suite = suite;
  facts.plan_offset = plan_offset;
  facts.severity = item.severity;
  facts.sampling = item.sampling;
  facts.weight = item.weight;
  facts.recorded_by = recorded_by(item.graders);
  if (!item.expected.absent()) facts.expected_mark = std::max<std::uint64_t>(sha256(item.expected.text).mark(), 1);
  if (item.cluster.empty()) {
    facts.cluster = clusters_++;
  } else {
    std::string key = std::to_string(suite) + '/' + item.cluster;
    const auto [found, added] = cluster_index_.emplace(std::move(key), clusters_);
    if (added) ++clusters_;
    facts.cluster = found->second;
  }
  std::string segments_key;
  for (const SegmentValue& segment : item.segments) {
    add_to_key(segments_key, segment.dimension);
    add_to_key(segments_key, segment.value);
  }
  facts.segments = intern(segment_index_, std::move(segments_key), segment_sets_, [&] { return item.segments; });
  std::string tags_key;
  for (const std::string& tag : item.tags) add_to_key(tags_key, tag);
  facts.tags = intern(tag_index_, std::move(tags_key), tag_sets_, [&] { return item.tags; });
  if (!item.severe_class.empty()) {
    facts.severe_class = intern(class_index_, item.severe_class, classes_, [&] { return item.severe_class; });
  }
  if (!item.variant_of.empty()) variants_.emplace_back(static_cast<CaseIndex>(facts_.size()), item.variant_of);
  facts_.push_back(facts);
  ids_ += item.id;
  HG_ASSERT(ids_.size() <= 0xffffffff);
  id_ends_.push_back(static_cast<std::uint32_t>(ids_.size()));
}

void CaseTable::link_variants() {
  if (variants_.empty()) return;
  std::unordered_map<std::string, CaseIndex> by_id;
  const auto key = [](std::uint32_t suite, std::string_view id) { return std::to_string(suite) + '/' + std::string(id); };
  for (CaseIndex i = 0; i < facts_.size(); ++i) by_id.emplace(key(facts_[i].suite, id(i)), i);
  for (const auto& [item, parent] : variants_) {
    const auto found = by_id.find(key(facts_[item].suite, parent));
    if (found != by_id.end()) facts_[item].variant_of = found->second;
  }
}

std::string_view CaseTable::id(CaseIndex item) const {
  const std::uint32_t begin = item == 0 ? 0 : id_ends_[item - 1];
  return std::string_view(ids_).substr(begin, id_ends_[item] - begin);
}

std::optional<CaseIndex> CaseTable::find(std::string_view wanted) const {
  for (CaseIndex i = 0; i < facts_.size(); ++i) {
    if (id(i) == wanted) return i;
  }
  return std::nullopt;
}

Digest records_digest(const Evidence& evidence) {
  const std::size_t cases = evidence.cases.size();
  HG_ASSERT(evidence.observations.size() == cases * evidence.plan.trials * 2);
  std::vector<CaseIndex> sorted(cases);
  std::iota(sorted.begin(), sorted.end(), CaseIndex{0});
  std::sort(sorted.begin(), sorted.end(), [&](CaseIndex a, CaseIndex b) {
    const std::uint32_t suite_a = evidence.cases[a].suite;
    const std::uint32_t suite_b = evidence.cases[b].suite;
    return suite_a != suite_b ? suite_a < suite_b : evidence.cases.id(a) < evidence.cases.id(b);
  });
  const bool with_latency = evidence.plan.rules.latency.has_value();
  Hasher hasher;
  hasher.field("headgate/records/1");
  for (const CaseIndex item : sorted) {
    hasher.field(evidence.plan.suites[evidence.cases[item].suite].name).field(evidence.cases.id(item));
    for (const Arm arm : both_arms) {
      for (std::uint32_t trial = 0; trial < evidence.plan.trials; ++trial) {
        const Observation& seen = evidence.at(item, trial, arm);
        hasher.field(name(seen.status)).field(seen.record);
        if (with_latency) hasher.field(latency_text(seen.latency_ms));
      }
    }
  }
  return hasher.finish();
}

}  // namespace headgate
