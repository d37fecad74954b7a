// A record of other people's shape, turned into a case object by `fields`. Complaints about the case are given the
// place of the column they come from.
#pragma once

#include <string>
#include <vector>

#include "case_files.hpp"
#include "headgate/base/csv.hpp"

namespace headgate::suite {

class MappedCase {
 public:
  // Both count which forms found something, and complain about what `fields` could not read.
  MappedCase(const CaseFile& file, const Tree& record, std::vector<std::size_t>& hits, Complaints& complaints);
  MappedCase(const CaseFile& file, const std::vector<std::string>& header, const CsvRow& row,
             std::vector<std::size_t>& hits, Complaints& complaints);

  // Nothing after a complaint of the constructor.
  std::optional<CaseEntry> read(const CaseReader& reader, GoodGraders& good, Complaints& complaints) const;

 private:
  void map(const Json& record, std::size_t line, std::vector<std::size_t>& hits, Complaints& complaints);
  Place place_of(const FieldForm* form) const;
  const FieldForm* form_at(std::size_t column) const;

  const CaseFile& file_;
  const Tree* record_ = nullptr;  // of a JSONL record; not of a CSV row
  std::size_t line_;
  std::optional<Tree> mapped_;
};

}  // namespace headgate::suite
