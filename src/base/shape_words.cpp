#include "headgate/base/fields.hpp"
#include "headgate/base/text.hpp"

namespace headgate {
namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : " | ") + word;
  return out;
}

std::string range(const Shape& shape) {
  const std::string least = shape.min ? (shape.above_min ? " above " : " from ") + shortest(*shape.min) : "";
  if (!shape.max) return shape.min && !shape.above_min ? " of at least " + shortest(*shape.min) : least;
  const std::string most = shortest(*shape.max);
  if (!shape.min) return (shape.below_max ? " below " : " of at most ") + most;
  if (shape.above_min) return least + (shape.below_max ? ", below " : ", at most ") + most;
  return least + (shape.below_max ? ", below " : " to ") + most;
}

}  // namespace

std::string in_words(const Shape& shape, NameWriter write_name) {
  const auto named = [&](const std::string& name) { return write_name == nullptr ? name : write_name(name); };
  switch (shape.kind) {
    case Shape::Kind::any:
      return "any value";
    case Shape::Kind::null:
      return "null";
    case Shape::Kind::string:
      return shape.choices.empty() ? "text" : joined(shape.choices);
    case Shape::Kind::integer:
      return "whole number" + range(shape);
    case Shape::Kind::number:
      return "number" + range(shape);
    case Shape::Kind::boolean:
      return "true | false";
    case Shape::Kind::object:
      return named(shape.table->name);
    case Shape::Kind::variant:
      return named(shape.variants()->name);
    case Shape::Kind::list:
      return "list of " + in_words(shape.of.front(), write_name);
    case Shape::Kind::map:
      return "object of " + in_words(shape.of.front(), write_name);
    case Shape::Kind::either:
      break;
  }
  std::vector<std::string> words;
  for (const Shape& one : shape.of) words.push_back(in_words(one, write_name));
  return joined(words);
}

}  // namespace headgate
