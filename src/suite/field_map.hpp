// `fields:` reads other people's JSONL or CSV as it stands: a record in, a case object in our shape out.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "headgate/base/complaints.hpp"
#include "headgate/base/tree.hpp"

namespace headgate::suite {

// Where one key of the case comes from.
struct FieldForm {
  std::string target;             // "expected"; for a nested one "segments" or "vars"
  std::string member;             // the nested key: "steps"
  std::string from;               // as written: a column, or a JSON pointer beginning with '/'
  std::vector<std::string> path;  // the steps to it
  std::optional<Json> constant;
  std::map<std::string, Json> map;
  std::optional<double> scale;
  std::string drop_prefix;
  Place place;  // in suite.yaml

  std::string name() const { return member.empty() ? target : target + "." + member; }
};

struct FieldMap {
  std::vector<FieldForm> forms;
};

// Reads the object `fields` inside `tree`, with all its complaints.
FieldMap read_field_map(const Tree& tree, const Json& fields, Complaints& complaints);

// What went wrong with one form, for a person; the place is the caller's to add.
struct MapFault {
  const FieldForm* form;
  std::string message;
  std::string hint;
};

// The case object of a record. Absent and null columns leave their key out. `hits` counts, by form, records that had
// it.
Json map_record(const FieldMap& map, const Json& record, std::vector<std::size_t>& hits, std::vector<MapFault>& faults);

// The value in `record` that a form reads; null where there is none.
const Json* source_of(const FieldForm& form, const Json& record);

}  // namespace headgate::suite
