#include "vectors.hpp"

#include <cmath>
#include <string>
#include <utility>

#include "headgate/base/json_append.hpp"
#include "headgate/route/question.hpp"
#include "reply_json.hpp"
#include "reply_values.hpp"

namespace headgate::route {

using simdjson::dom::element;

std::vector<double> vector_of(element value) {
  std::vector<double> row;
  for (const element each : array_of(value, "an embedding")) {
    double number = 0.0;
    if (each.get_double().get(number) != simdjson::SUCCESS || !std::isfinite(number)) {
      throw Malformed{"an embedding holds what is no number"};
    }
    if (row.size() == most_dimensions) {
      throw Malformed{"an embedding has more than " + std::to_string(most_dimensions) + " numbers"};
    }
    row.push_back(number);
  }
  if (row.empty()) throw Malformed{"an embedding is empty"};
  return row;
}

void check_one_length(const std::vector<std::vector<double>>& rows) {
  for (const std::vector<double>& row : rows) {
    if (row.size() == rows.front().size()) continue;
    throw Malformed{"embeddings of " + std::to_string(rows.front().size()) + " and of " + std::to_string(row.size()) +
                    " numbers cannot be compared"};
  }
}

std::string vectors_text(const std::vector<std::vector<double>>& rows) {
  std::string out = "[";
  for (const std::vector<double>& row : rows) {
    if (out.size() > 1) out += ',';
    char before = '[';
    for (const double number : row) {
      out += std::exchange(before, ',');
      append_json_number(out, number);
    }
    out += ']';
  }
  return out += ']';
}

Result<std::vector<std::vector<double>>> read_vectors(std::string_view text) {
  ReplyJson& json = reply_json_of_thread();
  if (!json.parse(text)) return failure(ErrorCode::untrusted, "these are no vectors");
  try {
    std::vector<std::vector<double>> rows;
    for (const element each : array_of(json.root(), "the list of embeddings")) rows.push_back(vector_of(each));
    if (rows.empty()) return failure(ErrorCode::untrusted, "these are no vectors");
    check_one_length(rows);
    return rows;
  } catch (const Malformed& why) {
    return failure(ErrorCode::untrusted, why.what);
  }
}

}  // namespace headgate::route
