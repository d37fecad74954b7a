#include "headgate/base/fields.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "headgate/base/assert.hpp"
#include "headgate/base/sorted_fields.hpp"
#include "headgate/base/text.hpp"
#include "headgate/base/unicode.hpp"

namespace headgate {
namespace {

// Longer values are cut in messages; the excerpt shows the rest.
constexpr std::size_t max_shown_columns = 40;

std::string found(const Json& value) {
  switch (value.type()) {
    case Json::value_t::null:
      return "null";
    case Json::value_t::boolean:
      return value.get<bool>() ? "true" : "false";
    case Json::value_t::object:
      return "an object";
    case Json::value_t::array:
      return "a list";
    case Json::value_t::string:
      return "the text '" + elide(value.get_ref<const std::string&>(), max_shown_columns) + "'";
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned:
    case Json::value_t::number_float:
      return "the number " + canonical(value);
    case Json::value_t::binary:
    case Json::value_t::discarded:
      break;
  }
  return "something else";
}

std::string expected(const Shape& shape) {
  switch (shape.kind) {
    case Shape::Kind::any:
    case Shape::Kind::variant:
      return "any value";
    case Shape::Kind::null:
      return "null";
    case Shape::Kind::string:
      return shape.choices.empty() ? "a text" : "one of " + join_words(shape.choices, 16);
    case Shape::Kind::integer:
      return "a whole number";
    case Shape::Kind::number:
      return "a number";
    case Shape::Kind::boolean:
      return "true or false";
    case Shape::Kind::object:
      return "an object";
    case Shape::Kind::list:
      return "a list";
    case Shape::Kind::map:
      return "an object";
    case Shape::Kind::either:
      break;
  }
  std::string out;
  for (const Shape& alternative : shape.of) out.append(out.empty() ? "" : " or ").append(expected(alternative));
  return out;
}

// Of a number that has a bound.
std::string range_of(const Shape& shape) {
  if (!shape.min) return (shape.below_max ? "below " : "at most ") + shortest(*shape.max);
  const std::string least = shortest(*shape.min);
  if (!shape.max) return (shape.above_min ? "above " : "at least ") + least;
  const std::string most = shortest(*shape.max);
  if (shape.below_max) return (shape.above_min ? "above " : "at least ") + least + " and below " + most;
  return shape.above_min ? "above " + least + " and at most " + most : "between " + least + " and " + most;
}

bool is_of_kind(const Json& value, const Shape& shape) {
  switch (shape.kind) {
    case Shape::Kind::any:
    case Shape::Kind::variant:
      return true;
    case Shape::Kind::null:
      return value.is_null();
    case Shape::Kind::string:
      return value.is_string();
    case Shape::Kind::integer:
      return value.is_number_integer();
    case Shape::Kind::number:
      return value.is_number();
    case Shape::Kind::boolean:
      return value.is_boolean();
    case Shape::Kind::object:
    case Shape::Kind::map:
      return value.is_object();
    case Shape::Kind::list:
      return value.is_array();
    case Shape::Kind::either:
      break;
  }
  return std::any_of(shape.of.begin(), shape.of.end(), [&](const Shape& one) { return is_of_kind(value, one); });
}

// Where the deciding word is unknown every field is.
bool is_welcome(const Field& field, const FieldTable& table, const Json& object) {
  const std::string_view word = sorting_word(table, object);
  const bool is_sorted = std::any_of(table.fields.begin(), table.fields.end(), [&](const Field& each) {
    return each.name == table.sorted_by && std::ranges::count(each.shape.choices, word) > 0;
  });
  return !is_sorted || belongs_to(field, word);
}

// Of a field that belongs to other words of the deciding key nothing is demanded.
bool is_demanded(const Field& field, const FieldTable& table, const Json& object) {
  return field.required && (field.only_for.empty() || belongs_to(field, sorting_word(table, object)));
}

class Checker {
 public:
  // Without `complaints` it only finds out whether the value is good.
  Checker(const Tree& tree, Complaints* complaints) : tree_(tree), complaints_(complaints) {}

  bool is_good() const { return good_; }

  void check(const Json& value, const Shape& shape) {
    if (shape.kind == Shape::Kind::either) return check_either(value, shape);
    if (!is_of_kind(value, shape))
      return complain(value, name_of(value) + " must be " + expected(shape) + ", not " + found(value));
    switch (shape.kind) {
      case Shape::Kind::any:
      case Shape::Kind::null:
      case Shape::Kind::variant:
      case Shape::Kind::boolean:
      case Shape::Kind::either:
        return;
      case Shape::Kind::string:
        return check_string(value, shape);
      case Shape::Kind::integer:
      case Shape::Kind::number:
        return check_number(value, shape);
      case Shape::Kind::object:
        HG_ASSERT(shape.table != nullptr);
        return check_table(value, *shape.table);
      case Shape::Kind::list:
        return check_list(value, shape);
      case Shape::Kind::map:
        for (const auto& [key, member] : value.get_ref<const Json::object_t&>()) check(member, shape.of.front());
        return;
    }
  }

  void check_table(const Json& value, const FieldTable& table) {
    const auto& object = value.get_ref<const Json::object_t&>();
    bool has_unknown = false;
    for (const auto& [key, member] : object) {
      if (const Field* field = field_of(table, value, key)) {
        check(member, field->shape);
      } else if (!table.open) {
        has_unknown = true;
        complain_unknown(key, member, value, table);
      }
    }
    for (const Field& field : table.fields) {
      if (is_demanded(field, table, value) && !object.contains(field.name)) {
        complain(value, "missing key '" + field.name + "' in " + table.name, field.help);
      }
    }
    for (const KeyDemand& demand : table.demands) {
      const auto there = std::count_if(demand.keys.begin(), demand.keys.end(),
                                       [&](const std::string& key) { return object.contains(key); });
      const bool too_many = demand.count == KeyDemand::Count::exactly_one && there > 1;
      const bool misspelt = there == 0 && has_unknown;  // likely, and said already
      if (too_many || (there == 0 && !misspelt)) complain(value, demand.message, demand.hint);
    }
  }

 private:
  void complain(const Json& value, std::string message, std::string hint = {}, At at = At::value) {
    good_ = false;
    if (complaints_ == nullptr) return;
    if (is_heard()) {
      complaints_->add(tree_.error(value, std::move(message), std::move(hint), at));
    } else {
      complaints_->add({ErrorCode::input, {}, {tree_.name(), 0, 0, {}, 1, 1}, {}});
    }
  }

  // Finding a place costs a walk over the text; a complaint that will only be counted must not.
  bool is_heard() const { return complaints_ != nullptr && complaints_->keeps_more_of(tree_.name()); }

  // How a message calls the value: the last key of its path with the indexes behind it, or "the whole text".
  std::string name_of(const Json& value) const {
    if (!is_heard()) return {};
    const std::string pointer = tree_.pointer(value);
    if (pointer.empty()) return "the whole text";
    std::string indexes;
    std::string rest = pointer;
    while (true) {
      const std::size_t slash = rest.rfind('/');
      const std::string step = rest.substr(slash + 1);
      rest.resize(slash);
      const bool index = !step.empty() && step.find_first_not_of("0123456789") == std::string::npos;
      if (!index) return "'" + elide(step, max_shown_columns) + indexes + "'";
      indexes = "[" + step + "]" + indexes;
      if (rest.empty()) return "'" + indexes + "'";
    }
  }

  void complain_unknown(const std::string& key, const Json& member, const Json& object, const FieldTable& table) {
    std::vector<std::string> names;
    for (const Field& field : table.fields) {
      const bool is_new = std::find(names.begin(), names.end(), field.name) == names.end();
      if (is_new && is_welcome(field, table, object)) names.push_back(field.name);
    }
    std::string hint = did_you_mean(key, names);
    if (hint.empty() && !names.empty()) hint = "known are " + join_words(names, 16);
    complain(member, "unknown key '" + elide(key, max_shown_columns) + "' in " + table.name, hint, At::key);
  }

  void check_string(const Json& value, const Shape& shape) {
    const auto& text = value.get_ref<const std::string&>();
    if (!shape.choices.empty()) {
      if (std::find(shape.choices.begin(), shape.choices.end(), text) != shape.choices.end()) return;
      return complain(value,
                      name_of(value) + " must be " + expected(shape) + ", not '" + elide(text, max_shown_columns) + "'",
                      did_you_mean(text, shape.choices));
    }
    check_size(value, shape, count_characters(text), "characters");
  }

  void check_list(const Json& value, const Shape& shape) {
    check_size(value, shape, value.size(), "items");
    for (const Json& item : value) check(item, shape.of.front());
  }

  void check_size(const Json& value, const Shape& shape, std::size_t size, const char* unit) {
    const auto actual = static_cast<double>(size);
    if (shape.min && actual < *shape.min) {
      const std::string message =
          size == 0 ? " must not be empty" : " needs at least " + shortest(*shape.min) + " " + unit;
      complain(value, name_of(value) + message);
    }
    if (shape.max && actual > *shape.max) {
      complain(value, name_of(value) + " may have at most " + shortest(*shape.max) + " " + unit);
    }
  }

  void check_number(const Json& value, const Shape& shape) {
    const auto number = value.get<double>();
    const bool low = shape.min && (shape.above_min ? number <= *shape.min : number < *shape.min);
    const bool high = shape.max && (shape.below_max ? number >= *shape.max : number > *shape.max);
    if (!low && !high) return;
    complain(value, name_of(value) + " must be " + range_of(shape) + ", not " + canonical(value));
  }

  // The complaints of the only alternative of the right kind say more than "neither fits".
  void check_either(const Json& value, const Shape& shape) {
    const Shape* candidate = nullptr;
    std::size_t candidates = 0;
    for (const Shape& alternative : shape.of) {
      if (!is_of_kind(value, alternative)) continue;
      Checker silent(tree_, nullptr);
      silent.check(value, alternative);
      if (silent.is_good()) return;
      candidate = &alternative;
      ++candidates;
    }
    if (candidates == 1) return check(value, *candidate);
    complain(value, name_of(value) + " must be " + expected(shape) + ", not " + found(value));
  }

  const Tree& tree_;
  Complaints* complaints_;
  bool good_ = true;
};

}  // namespace

bool check(const Tree& tree, const Json& value, const Shape& shape, Complaints& complaints) {
  Checker checker(tree, &complaints);
  checker.check(value, shape);
  return checker.is_good();
}

bool check(const Tree& tree, const Json& object, const FieldTable& table, Complaints& complaints) {
  return check(tree, object, object_of(table), complaints);
}

}  // namespace headgate
