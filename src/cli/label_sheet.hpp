// What people labelled, as they keep it: a spreadsheet's CSV or JSON lines, of any shape.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "headgate/base/complaints.hpp"
#include "headgate/base/json.hpp"

namespace headgate::cli {

// One row, by its id, with the members of that row in every file that has it.
struct LabelRow {
  std::string id;
  Place place;                         // in the first file that has it
  std::map<std::string, JsonText> in;  // by file: the row as a JSON object
};

struct LabelSheet {
  std::vector<std::string> files;    // as given
  std::vector<LabelRow> rows;        // in the order of the first file, then what only later ones have
  std::vector<std::string> columns;  // of CSV files, in order, each once

  // A column's name, or a JSON pointer into a row; of one file ("out.jsonl#/verdict"), or of the first that has it.
  // Nothing where it is missing, null, or an empty text.
  std::optional<Json> value(const LabelRow& row, const std::string& field) const;
  // Whether any row has that field, be it empty.
  bool has(const std::string& field) const;
  // Names of columns and members, in order, each once; not all where they are many.
  std::vector<std::string> fields() const;
};

// Joined by id: the member `id` of each row, or where that is empty the first of key, case_id and id that it has.
// Complains (input) of what cannot be read, of rows without an id, and of one id twice in one file.
std::optional<LabelSheet> read_labels(const std::vector<std::string>& files, const std::string& id,
                                      Complaints& complaints);

// "1=first,2=second": what people or a judge wrote, to the category it means. Fails (input) where it is not that.
Result<std::map<std::string, std::string>> read_map(const std::string& written);

// The text by which a value is looked up in such a map: a text without the white space around it, else its JSON.
std::string word_of(const Json& value);

// "fail" or "pass", however people write that in a spreadsheet; nothing for any other word.
std::optional<std::string> pass_or_fail(std::string_view word);

}  // namespace headgate::cli
