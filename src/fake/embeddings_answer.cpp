// Embeddings: each text's words, hashed. Texts with many words in common point the same way.

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "mix.hpp"
#include "said.hpp"
#include "written.hpp"

namespace headgate::fake {
namespace {

constexpr std::size_t usual_dimensions = 64, most_dimensions = 4096;

bool is_of_word(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

void add_word(std::string& word, std::vector<double>& row) {
  if (word.empty()) return;
  for (char& c : word) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  const std::uint64_t hash = mix(word);
  row[hash % row.size()] += (hash >> 63U) != 0 ? 1.0 : -1.0;
  word.clear();
}

// Of length 1. A text without words has a direction of its own.
std::vector<double> vector_of(std::string_view text, std::size_t dimensions) {
  std::vector<double> row(dimensions, 0.0);
  std::string word;
  for (const char c : text) {
    if (is_of_word(c)) {
      word += c;
    } else {
      add_word(word, row);
    }
  }
  add_word(word, row);
  double squares = 0.0;
  for (const double each : row) squares += each * each;
  if (squares == 0.0) {
    row[mix(text) % row.size()] = squares = 1.0;
  }
  for (double& each : row) each /= std::sqrt(squares);
  return row;
}

}  // namespace

std::string embeddings_body(const Said& said) {
  const Question& question = *said.question;
  const std::uint64_t asked = question.dimensions == 0 ? usual_dimensions : question.dimensions;
  const auto dimensions = static_cast<std::size_t>(std::min<std::uint64_t>(asked, most_dimensions));
  std::string out = R"({"object":"list","data":[)";
  for (std::size_t i = 0; i < question.texts.size(); ++i) {
    out += joined({i == 0 ? "" : ",", R"({"object":"embedding","index":)", std::to_string(i), R"(,"embedding":)"});
    char before = '[';
    for (const double each : vector_of(question.texts[i], dimensions)) {
      out += before;
      before = ',';
      append_json_number(out, each);
    }
    out += "]}";
  }
  out += joined({R"(],"model":)", quoted(question.model)});
  if (said.usage.null) return out + R"(,"usage":null})";
  if (!said.usage.absent()) {
    out += joined({R"(,"usage":{"prompt_tokens":)", said.usage.input, R"(,"total_tokens":)", said.usage.input, "}"});
  }
  return out + "}";
}

}  // namespace headgate::fake
