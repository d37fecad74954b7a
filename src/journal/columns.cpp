#include "columns.hpp"

#include <limits>
#include <utility>

namespace headgate::journal {

void MeasureColumns::add(CellIndex cell, std::size_t cells, const std::string& name, double value) {
  auto found = columns_.find(name);
  if (found == columns_.end()) {
    if (columns_.size() == max_measure_columns) {
      left_out_ = true;
      const auto last = std::prev(columns_.end());
      if (name > last->first) return;
      columns_.erase(last);
    }
    found = columns_.emplace(name, std::vector<float>(cells, std::numeric_limits<float>::quiet_NaN())).first;
  }
  found->second[cell] = static_cast<float>(value);
}

void MeasureColumns::take(Evidence& evidence) {
  for (auto& [name, values] : columns_) evidence.measures.push_back({name, std::move(values)});
  evidence.measures_left_out = left_out_;
  columns_.clear();
}

std::uint16_t LabelTable::index_of(const std::string& name) {
  const auto found = index_.find(name);
  if (found != index_.end()) return found->second;
  if (index_.size() == LabelColumns::none) {
    columns_.too_many = true;
    return LabelColumns::none;
  }
  const auto index = static_cast<std::uint16_t>(index_.size());
  index_.emplace(name, index);
  return index;
}

void LabelTable::add(CellIndex cell, std::size_t cells, const std::string& given, const std::string& expected) {
  if (columns_.given.empty()) {
    columns_.given.resize(cells, LabelColumns::none);
    columns_.expected.resize(cells, LabelColumns::none);
  }
  columns_.given[cell] = index_of(given);
  columns_.expected[cell] = index_of(expected);
}

LabelColumns LabelTable::take() {
  if (columns_.too_many) return {.names = {}, .given = {}, .expected = {}, .too_many = true};
  std::vector<std::uint16_t> place(index_.size());
  for (const auto& [name, index] : index_) {
    place[index] = static_cast<std::uint16_t>(columns_.names.size());
    columns_.names.push_back(name);
  }
  for (auto* column : {&columns_.given, &columns_.expected}) {
    for (std::uint16_t& each : *column) each = each == LabelColumns::none ? each : place[each];
  }
  index_.clear();
  return std::move(columns_);
}

}  // namespace headgate::journal
