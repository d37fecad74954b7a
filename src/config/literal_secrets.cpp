#include "literal_secrets.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>
#include <vector>

#include "endpoint.hpp"
#include "headgate/base/file.hpp"
#include "secret_reader.hpp"

namespace headgate::config {
namespace {

constexpr std::size_t least_unusual = 6;  // bytes; a shorter text may stand elsewhere in innocence
constexpr std::string_view key_words[] = {"api_key", "apikey", "api-key",       "token",  "access_token",
                                          "auth",    "secret", "authorization", "bearer", "password"};

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

// env:sk-… is a key with env: before it, not the name of a variable.
bool is_fine(const Json& value) {
  if (!value.is_string()) return false;
  const auto& text = value.get_ref<const std::string&>();
  return is_reference(text) && (!text.starts_with("env:") || is_variable_name(std::string_view(text).substr(4)));
}

using Literals = std::vector<const Json*>;

void collect(const Json& value, Literals& out) {
  if (value.is_structured()) {
    for (const Json& each : value) collect(each, out);
  } else if (!value.is_null() && !value.is_boolean() && !is_fine(value)) {
    out.push_back(&value);
  }
}

bool is_telling(const Json& endpoint) {
  if (!endpoint.is_string()) return false;
  const auto& text = endpoint.get_ref<const std::string&>();
  return text.find('@') != std::string::npos || text.find('?') != std::string::npos;
}

Literals literals_of(const Json& root) {
  Literals out;
  if (!root.is_object()) return out;
  for (const auto& [key, value] : root.get_ref<const Json::object_t&>()) {
    if (key == "key" || key == "headers" || is_key_word(key)) collect(value, out);
    if (key == "endpoint" && is_telling(value) && !parse_endpoint(value.get_ref<const std::string&>()))
      out.push_back(&value);
  }
  return out;
}

// Letters for letters, so that every place stays where it is.
void mask(std::string& text, std::size_t from, std::size_t bytes) {
  const std::size_t end = std::min(text.size(), from + bytes);
  for (std::size_t i = from; i < end; ++i) {
    if (text[i] != '\n' && text[i] != '\r' && text[i] != '"' && text[i] != '\'') text[i] = 'x';
  }
}

// A value that goes on over several lines stands there word by word. What is written before a colon is a key: without
// it nothing below would be found again.
void mask_words(std::string& text, std::string_view value) {
  constexpr std::string_view blanks = " \t\r\n";
  for (std::size_t from = value.find_first_not_of(blanks); from != value.npos;
       from = value.find_first_not_of(blanks, from)) {
    const std::string_view word = value.substr(from, value.find_first_of(blanks, from) - from);
    from += word.size();
    if (word.size() < least_unusual) continue;
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + word.size())) {
      const std::size_t behind = text.find_first_not_of("\"'", at + word.size());
      if (behind == std::string::npos || text[behind] != ':') mask(text, at, word.size());
    }
  }
}

std::size_t offset_of(const std::string& text, const Place& place) {
  std::size_t at = 0;
  for (std::size_t line = 1; line < place.line && at != std::string::npos; ++line) {
    at = text.find('\n', at);
    if (at != std::string::npos) ++at;
  }
  return at == std::string::npos ? text.size() : at + place.column - 1;
}

Error literal(const Tree& tree, const Json& value, const std::string& what, const std::string& form) {
  return tree.error(value, what + " is written as env:NAME or file:PATH, never as itself", form);
}

}  // namespace

bool is_key_word(const std::string& key) {
  const std::string word = lower(key);
  return std::find(std::begin(key_words), std::end(key_words), word) != std::end(key_words);
}

Tree with_masked_secrets(Tree tree, std::string text) {
  const Literals literals = literals_of(tree.root());
  if (literals.empty()) return tree;
  std::vector<std::pair<std::size_t, std::size_t>> places;
  std::vector<std::string> values;
  for (const Json* value : literals) {
    const Place place = tree.place(*value);
    places.emplace_back(offset_of(text, place), place.width);
    values.push_back(value->is_string() ? value->get<std::string>() : canonical(*value));
  }
  for (const std::string& value : values) mask_words(text, value);
  for (const auto& [offset, bytes] : places) mask(text, offset, bytes);
  const bool is_json = extension_of(tree.name()) == ".json";
  return Tree(tree.name(), is_json ? Tree::Format::json : Tree::Format::yaml, std::move(text), tree.first_line(),
              tree.root());
}

Tree without_literal_secrets(Tree tree, Complaints& complaints) {
  const Json& root = tree.root();
  if (!root.is_object()) return tree;
  Json kept = root;
  const auto key = root.find("key");
  if (key != root.end() && !is_fine(*key)) {
    complaints.add(literal(tree, *key, "the key", "write key: env:SUPPORT_API_KEY, and set that variable"));
    kept.erase("key");
  }
  const auto headers = root.find("headers");
  if (headers != root.end() && !headers->is_object()) {
    complaints.add(tree.error(*headers, "'headers' must be an object of names and where their values are",
                              "write headers: {X-Team: env:TEAM_HEADER}"));
    kept.erase("headers");
  } else if (headers != root.end()) {
    for (const auto& [name, value] : headers->get_ref<const Json::object_t&>()) {
      if (is_fine(value)) continue;
      complaints.add(literal(tree, value, "a header", "write " + name + ": env:NAME, and set that variable"));
      kept["headers"].erase(name);
    }
  }
  return tree.with_root(std::move(kept));
}

void hide_excerpts(Complaints& complaints, Complaints&& found) {
  for (Error error : found.errors()) {
    const std::string line = lower(error.place.excerpt);
    for (const std::string_view word : {"key", "header", "token", "auth", "secret", "bearer", "password", "@"}) {
      if (line.find(word) != std::string::npos) error.place.excerpt.clear();
    }
    complaints.add(std::move(error));
  }
}

}  // namespace headgate::config
