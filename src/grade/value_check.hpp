// What is asked of one value in a reply: to equal something, to be near a number, to match a pattern, to be one of
// several, to be there or not to be there.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compare_json.hpp"
#include "json_template.hpp"
#include "pattern.hpp"

namespace headgate::grade {

const FieldTable& value_check_table();
std::vector<Field> value_check_fields();
// The shape of a value where a check may stand: an object with one of the table's keys is a check, anything else is
// what the value must equal.
Shape value_check_shape();

class ValueCheck {
 public:
  // From the value at `written`, which has passed value_check_shape().
  static std::optional<ValueCheck> build(const Tree& tree, const Json& written, Complaints& complaints);
  // From the fields of value_check_table() among others in `options`; without any, the value must be there.
  static std::optional<ValueCheck> from_fields(const Tree& tree, const Json& options, Complaints& complaints);

  static ValueCheck present() { return ValueCheck(); }
  static std::optional<ValueCheck> equal_to(const Tree& tree, const Json& value, Complaints& complaints);

  bool wants_absence() const { return exists_ && !*exists_; }
  bool looks_at_value() const { return equals_ || near_ || matches_ || !one_of_.empty(); }

  // "" where `found` (nullptr: it is not there), which stands at `at` and is called `name`, is as asked; else what is
  // wrong, in a sentence without a full stop.
  Judged<std::string> fault_of(const Json* found, const std::string& name, const std::vector<std::string>& at,
                               const JsonComparison& how, const Case& item) const;
  // The same of a text: where a number is asked for, the text is read as one ("1,234.50").
  Judged<std::string> fault_of(std::optional<std::string_view> found, const std::string& name, const Tolerance& how,
                               const Case& item) const;

  std::string lacks(const Case& item) const;

 private:
  Judged<std::string> fault_of_text(std::string_view text, const std::string& name, const Tolerance& how,
                                    const Case& item) const;
  Judged<Json> wanted_number(const Case& item) const;

  std::optional<JsonTemplate> equals_, near_;
  std::optional<Tolerance> tolerance_;
  std::optional<Pattern> matches_;
  std::vector<JsonTemplate> one_of_;
  std::optional<bool> exists_;
};

// A text that is one number and nothing else, as replies write them: "1,234.50", "$5", "3/4".
std::optional<Decimal> number_in(std::string_view text);

// Whether a text is what a JSON value says: a number within the tolerance, a text in NFC with white space trimmed, true
// or false by name.
bool text_is(std::string_view text, const Json& wanted, const Tolerance& tolerance);

}  // namespace headgate::grade
