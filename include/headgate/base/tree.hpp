// A strictly parsed JSON or YAML text that can say where each of its values stands. Success costs one parse; places are
// found by a second scan, only when something is wrong.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "headgate/base/complaints.hpp"
#include "headgate/base/json.hpp"

namespace headgate {

enum class At { value, key };

class Tree {
 public:
  enum class Format { json, yaml };

  Tree(std::string name, Format format, std::string text, std::size_t first_line, Json root);
  Tree(Tree&&) noexcept;
  Tree& operator=(Tree&&) noexcept;
  ~Tree();

  const std::string& name() const { return name_; }  // as the user would type it; goes into every place
  const Json& root() const { return *root_; }
  std::size_t first_line() const { return first_line_; }  // of its text in its file

  // The same text with another root: root() without some members, or with other values in place of some. What both have
  // in common keeps its places.
  Tree with_root(Json root) const;

  // Where `value` stands; it must be a value inside root() (by identity, asserted). At::key points to its key.
  Place place(const Json& value, At at = At::value) const;

  // The JSON pointer of a value inside root(), "" for the root.
  std::string pointer(const Json& value) const;

  // An input error at that value.
  Error error(const Json& value, std::string message, std::string hint = {}, At at = At::value) const;

  // An input error inside the string at `value`, `offset` bytes into its decoded text (a bad regex, a bad template).
  // The place is exact in JSON and in YAML scalars on one line, escapes counted; else the start of the string.
  Error error_inside(const Json& value, std::size_t offset, std::string message, std::string hint = {}) const;

 private:
  std::string name_;
  Format format_;
  std::string text_;
  std::size_t first_line_;
  std::unique_ptr<Json> root_;
};

// Bounds of one text (measured reasons: 100,000 levels overflow the stack when dumped; see docs of the limits).
struct TextLimits {
  std::size_t max_bytes = std::size_t{256} << 20;
  std::size_t max_line_bytes = std::size_t{8} << 20;
  std::size_t max_string_bytes = std::size_t{8} << 20;
  std::size_t max_depth = 64;
};

// Strict JSON: no duplicate keys, no integer that does not fit 64 bits, no NaN or overflow, no lone surrogate, valid
// UTF-8, no NUL, depth at most 64; a byte-order mark is accepted and dropped. On any fault adds complaints with place
// and hint and returns nothing. `first_line` is the number of the text's first line in its file (JSONL).
std::optional<Tree> parse_json(std::string name, std::string text, Complaints& complaints, std::size_t first_line = 1,
                               const TextLimits& limits = {});

// Strict YAML subset: one document; duplicate keys, aliases, anchors, tags, non-string keys, and the plain scalars that
// YAML versions disagree on (yes/no/on/off, octal-looking 012, 0o7, 1:30) are errors with a hint. Dates stay strings.
std::optional<Tree> parse_yaml(std::string name, std::string text, Complaints& complaints, const TextLimits& limits = {});

// By the file's extension: .json, else YAML (of which every JSON file here is a subset).
std::optional<Tree> parse_config(std::string name, std::string text, Complaints& complaints, const TextLimits& limits = {});

}  // namespace headgate
