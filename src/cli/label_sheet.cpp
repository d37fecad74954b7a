#include "label_sheet.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "headgate/base/csv.hpp"
#include "headgate/base/file.hpp"
#include "headgate/base/json_pointer.hpp"
#include "headgate/base/lines.hpp"
#include "headgate/base/text.hpp"
#include "headgate/base/tree.hpp"
#include "headgate/base/unicode.hpp"

namespace headgate::cli {
namespace {

constexpr std::size_t max_sheet_bytes = std::size_t{256} << 20;
constexpr std::size_t max_fields_told = 30;
constexpr std::array usual_ids{"key", "case_id", "id"};

// A row of one file, before it is joined.
struct Row {
  Json value;
  Place place;
};

Place place(const std::string& file, std::size_t line) {
  Place out;
  out.file = file;
  out.line = line;
  return out;
}

std::vector<Row> csv_rows(const std::string& name, const std::string& text, std::vector<std::string>& columns,
                          Complaints& complaints) {
  std::vector<Row> out;
  const auto rows = parse_csv(name, text, complaints, csv_separator(text));
  if (!rows) return out;
  const std::vector<std::string>& head = rows->front().cells;
  for (const std::string& each : head) {
    if (std::ranges::find(columns, each) == columns.end()) columns.push_back(each);
  }
  for (std::size_t i = 1; i < rows->size(); ++i) {
    Row row{Json::object(), place(name, (*rows)[i].line)};
    for (std::size_t j = 0; j < head.size(); ++j) row.value[head[j]] = (*rows)[i].cells[j];
    out.push_back(std::move(row));
  }
  return out;
}

std::vector<Row> jsonl_rows(const std::string& name, const std::string& text, Complaints& complaints) {
  std::vector<Row> out;
  for (const Line& line : split_lines(text)) {
    const auto tree = parse_json(name, std::string(line.text), complaints, line.number);
    if (!tree) continue;
    if (!tree->root().is_object()) {
      complaints.add(tree->error(tree->root(), "a row of labels is a JSON object"));
      continue;
    }
    out.push_back({tree->root(), place(name, line.number)});
  }
  return out;
}

const Json* at(const Json& row, const std::string& field) {
  if (!field.starts_with('/')) {
    const auto found = row.find(field);
    return found == row.end() ? nullptr : &*found;
  }
  const Json* here = &row;
  for (const std::string& key : pointer_keys(field)) {
    if (here->is_object()) {
      const auto found = here->find(key);
      if (found == here->end()) return nullptr;
      here = &*found;
    } else if (here->is_array()) {
      const auto index = list_index(key);
      if (!index || *index >= here->size()) return nullptr;
      here = &(*here)[*index];
    } else {
      return nullptr;
    }
  }
  return here;
}

bool is_nothing(const Json& value) {
  return value.is_null() || (value.is_string() && trimmed(value.get_ref<const std::string&>()).empty());
}

std::optional<std::string> id_of(const Json& row, const std::string& written) {
  std::vector<std::string> fields(usual_ids.begin(), usual_ids.end());
  if (!written.empty()) fields = {written};
  for (const std::string& field : fields) {
    const Json* value = at(row, field);
    if (value == nullptr || is_nothing(*value) || value->is_structured()) continue;
    return word_of(*value);
  }
  return std::nullopt;
}

// Of which files a field is, and what it is called there.
std::pair<std::vector<std::string>, std::string> meant(const std::vector<std::string>& files,
                                                       const std::string& field) {
  const std::size_t hash = field.find('#');
  if (hash == std::string::npos || hash == 0) return {files, field};
  return {{field.substr(0, hash)}, field.substr(hash + 1)};
}

bool is_json(const std::string& file) { return file.ends_with(".jsonl") || file.ends_with(".ndjson"); }

}  // namespace

std::optional<Json> LabelSheet::value(const LabelRow& row, const std::string& field) const {
  const auto [wanted, name] = meant(files, field);
  for (const std::string& file : wanted) {
    const auto found = row.in.find(file);
    if (found == row.in.end()) continue;
    const Json whole = Json::parse(found->second.text);
    const Json* value = at(whole, name);
    if (value != nullptr && !is_nothing(*value)) return *value;
  }
  return std::nullopt;
}

bool LabelSheet::has(const std::string& field) const {
  const auto [wanted, name] = meant(files, field);
  if (name == field && std::ranges::find(columns, name) != columns.end()) return true;
  return std::ranges::any_of(rows, [&, &of = wanted, &called = name](const LabelRow& row) {
    return std::ranges::any_of(of, [&](const std::string& file) {
      const auto found = row.in.find(file);
      return found != row.in.end() && at(Json::parse(found->second.text), called) != nullptr;
    });
  });
}

std::vector<std::string> LabelSheet::fields() const {
  std::vector<std::string> out = columns;
  for (const LabelRow& row : rows) {
    for (const auto& [file, text] : row.in) {
      const Json whole = Json::parse(text.text);
      for (const auto& [key, value] : whole.items()) {
        if (out.size() >= max_fields_told) return out;
        if (std::ranges::find(out, key) == out.end()) out.push_back(key);
      }
    }
  }
  return out;
}

std::optional<LabelSheet> read_labels(const std::vector<std::string>& files, const std::string& id,
                                      Complaints& complaints) {
  LabelSheet out;
  out.files = files;
  std::map<std::string, std::size_t> known;
  const std::size_t before = complaints.total();
  for (const std::string& file : files) {
    const auto text = real_files().read(file, max_sheet_bytes);
    if (!text) {
      complaints.add(text.error());
      continue;
    }
    const std::vector<Row> rows =
        is_json(file) ? jsonl_rows(file, *text, complaints) : csv_rows(file, *text, out.columns, complaints);
    for (const Row& row : rows) {
      const auto key = id_of(row.value, id);
      if (!key) {
        complaints.add({ErrorCode::input, "this row has no id", row.place,
                        id.empty() ? "--id says which member it is; key, case_id and id are tried" : ""});
        continue;
      }
      const auto [at, is_new] = known.try_emplace(*key, out.rows.size());
      if (is_new) out.rows.push_back({*key, row.place, {}});
      if (!out.rows[at->second].in.emplace(file, to_text(row.value)).second) {
        complaints.add({ErrorCode::input, "'" + *key + "' stands twice in this file", row.place,
                        "one row a reply; further raters are further columns"});
      }
    }
  }
  return complaints.total() == before ? std::optional(std::move(out)) : std::nullopt;
}

Result<std::map<std::string, std::string>> read_map(const std::string& written) {
  std::map<std::string, std::string> out;
  for (std::size_t from = 0; from <= written.size();) {
    const std::size_t end = std::min(written.find(',', from), written.size());
    const std::string one = written.substr(from, end - from);
    const std::size_t equal = one.rfind('=');
    const std::string value(trimmed(std::string_view(one).substr(0, std::min(equal, one.size()))));
    const std::string means(equal == one.npos ? std::string_view() : trimmed(std::string_view(one).substr(equal + 1)));
    if (value.empty() || means.empty() || !out.emplace(value, means).second) {
      return failure(ErrorCode::input, "'" + written + "' is no map of labels",
                     "each value once, as 1=first,2=second,0=tie");
    }
    from = end + 1;
  }
  return out;
}

std::string word_of(const Json& value) {
  return value.is_string() ? std::string(trimmed(value.get_ref<const std::string&>())) : canonical(value);
}

std::optional<std::string> pass_or_fail(std::string_view word) {
  constexpr std::array passes{"pass", "passed", "p", "yes", "y", "good", "ok", "true", "1", "1.0", "ja", "oui"};
  constexpr std::array fails{"fail", "failed", "f", "no", "n", "bad", "not ok", "false", "0", "0.0", "nein", "non"};
  const std::string plain = normalised(trimmed(word), true);
  if (std::ranges::find(passes, plain) != passes.end()) return "pass";
  if (std::ranges::find(fails, plain) != fails.end()) return "fail";
  return std::nullopt;
}

}  // namespace headgate::cli
