#include "mapped_case.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "case_lookup.hpp"

namespace headgate::suite {
namespace {

// An empty cell says nothing: it is absent, not the empty text.
Json record_of(const std::vector<std::string>& header, const CsvRow& row) {
  Json record = Json::object();
  for (std::size_t i = 0; i < header.size() && i < row.cells.size(); ++i) {
    record[header[i]] = row.cells[i].empty() ? Json() : Json(row.cells[i]);
  }
  return record;
}

}  // namespace

MappedCase::MappedCase(const CaseFile& file, const Tree& record, std::vector<std::size_t>& hits, Complaints& complaints)
    : file_(file), record_(&record), line_(record.first_line()) {
  if (record.root().is_object()) {
    map(record.root(), line_, hits, complaints);
  } else {
    complaints.add(record.error(record.root(), "a record must be an object"));
  }
}

MappedCase::MappedCase(const CaseFile& file, const std::vector<std::string>& header, const CsvRow& row,
                       std::vector<std::size_t>& hits, Complaints& complaints)
    : file_(file), line_(row.line) {
  map(record_of(header, row), line_, hits, complaints);
}

void MappedCase::map(const Json& record, std::size_t line, std::vector<std::size_t>& hits, Complaints& complaints) {
  std::vector<MapFault> faults;
  Json mapped = map_record(*file_.fields, record, hits, faults);
  for (MapFault& fault : faults) {
    complaints.add({ErrorCode::input, std::move(fault.message), place_of(fault.form), std::move(fault.hint)});
  }
  if (!faults.empty()) return;
  std::string text = canonical(mapped);
  mapped_.emplace(file_.name, Tree::Format::json, std::move(text), line, std::move(mapped));
}

std::optional<CaseEntry> MappedCase::read(const CaseReader& reader, GoodGraders& good, Complaints& complaints) const {
  if (!mapped_) return std::nullopt;
  Complaints about_mapped;
  std::optional<CaseEntry> entry = reader.read(*mapped_, good, about_mapped);
  for (const Error& error : about_mapped.errors()) {
    Error moved = error;
    moved.place = place_of(form_at(error.place.column));
    moved.message += " (as read by fields)";
    complaints.add(std::move(moved));
  }
  return entry;
}

Place MappedCase::place_of(const FieldForm* form) const {
  if (record_ == nullptr) return line_place(file_.name, line_text(file_.text, line_), line_);
  const Json* source = form == nullptr ? nullptr : source_of(*form, record_->root());
  return record_->place(source == nullptr ? record_->root() : *source);
}

// The form whose value, in the one line of the mapped text, is the last to begin at or before a column.
const FieldForm* MappedCase::form_at(std::size_t column) const {
  const FieldForm* best = nullptr;
  std::size_t best_column = 0;
  for (const FieldForm& form : file_.fields->forms) {
    const Json& root = mapped_->root();
    const auto target = root.find(form.target);
    if (target == root.end()) continue;
    const auto member = form.member.empty() ? target : target->find(form.member);
    if (!form.member.empty() && member == target->end()) continue;
    const std::size_t start = mapped_->place(*member, At::key).column;
    if (start > column || start < best_column) continue;
    best = &form;
    best_column = start;
  }
  return best;
}

}  // namespace headgate::suite
