// Values that depend on the case: "{{case.expected}}", "Dear {{case.vars.name}}". Compiled once, filled for each cell.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "headgate/base/complaints.hpp"
#include "headgate/base/tree.hpp"
#include "headgate/domain/case.hpp"
#include "headgate/domain/reply.hpp"

namespace headgate {

inline constexpr const char* expected_template = "{{case.expected}}";

// A value of the case, or why there is none (grader_failed with a sentence).
template <class T>
using Filled = tl::expected<T, CallError>;

// What stands between {{ and }}.
struct Variable {
  enum class Source { id, input, expected, vars, context };
  Source source = Source::expected;
  std::string pointer;  // RFC 6901, into expected or vars; "" is the whole
  std::string written;  // "case.vars.name", for messages
  std::size_t offset = 0;  // where its {{ stands in the template's text, in bytes
};

class Template {
 public:
  struct Part {
    std::string literal;
    std::optional<Variable> variable;  // where set, `literal` is empty
  };

  explicit Template(std::string literal);
  explicit Template(Variable variable);

  // Compiles the string at `value`. An unknown variable is a complaint at its place, and nothing is returned.
  static std::optional<Template> compile(const Tree& tree, const Json& value, Complaints& complaints);
  // The same for a text that stands by itself, such as a prompt file. `complain` takes each fault with its offset in
  // the text, in bytes.
  using Complain = std::function<void(std::size_t offset, std::string message, std::string hint)>;
  static std::optional<Template> compile(std::string_view text, const Complain& complain);

  bool constant() const { return parts_.size() == 1 && !parts_.front().variable; }
  const std::vector<Part>& parts() const { return parts_; }
  // The variable that is the whole template, so that its JSON type counts; else nullptr.
  const Variable* only_variable() const;

  // The text for this case; a JSON string goes in as its text, anything else as canonical JSON. Borrows from the
  // template, the case or `scratch`. A value that is missing or null fails: it must never look like an empty text.
  Filled<std::string_view> fill(const Case& item, std::string& scratch) const;

 private:
  std::vector<Part> parts_;  // never empty
};

// The JSON of a variable for this case, as canonical text; borrows from the case or `scratch`. Not for case.id.
Filled<std::string_view> json_of(const Variable& variable, const Case& item, std::string& scratch);

// The text of a variable for this case; borrows from the case or `scratch`.
Filled<std::string_view> text_of(const Variable& variable, const Case& item, std::string& scratch);

// The text a JSON value stands for: a string's characters, anything else as it is written.
std::string_view text_of_json(std::string_view json, std::string& scratch);

}  // namespace headgate
