#include <utility>

#include "headgate/base/fields.hpp"

namespace headgate {
namespace {

Shape of_kind(Shape::Kind kind) {
  Shape shape;
  shape.kind = kind;
  return shape;
}

Shape spelled(const char* pattern) {
  Shape shape = string_shape();
  shape.pattern = pattern;
  return shape;
}

}  // namespace

Shape Shape::at_least(double least) && {
  min = least;
  above_min = false;
  return std::move(*this);
}

Shape Shape::above(double bound) && {
  min = bound;
  above_min = true;
  return std::move(*this);
}

Shape Shape::at_most(double most) && {
  max = most;
  below_max = false;
  return std::move(*this);
}

Shape Shape::below(double bound) && {
  max = bound;
  below_max = true;
  return std::move(*this);
}

Shape any_shape() { return of_kind(Shape::Kind::any); }
Shape null_shape() { return of_kind(Shape::Kind::null); }
Shape string_shape() { return of_kind(Shape::Kind::string).at_least(1); }
Shape string_or_empty() { return of_kind(Shape::Kind::string); }

Shape one_of(std::vector<std::string> choices) {
  Shape shape = of_kind(Shape::Kind::string);
  shape.choices = std::move(choices);
  return shape;
}

Shape integer_shape() { return of_kind(Shape::Kind::integer); }
Shape number_shape() { return of_kind(Shape::Kind::number); }
Shape fraction() { return number_shape().at_least(0).at_most(1); }
Shape boolean_shape() { return of_kind(Shape::Kind::boolean); }

Shape date_shape() { return spelled("^[0-9]{4}-[0-9]{2}-[0-9]{2}$"); }
Shape version_shape() { return spelled(R"(^[0-9]+\.[0-9]+\.[0-9]+$)"); }

Shape object_of(const FieldTable& table) {
  Shape shape = of_kind(Shape::Kind::object);
  shape.table = &table;
  return shape;
}

Shape list_of(Shape member) {
  Shape shape = of_kind(Shape::Kind::list);
  shape.of.push_back(std::move(member));
  return shape;
}

Shape map_of(Shape member) {
  Shape shape = of_kind(Shape::Kind::map);
  shape.of.push_back(std::move(member));
  return shape;
}

Shape either(std::vector<Shape> alternatives) {
  Shape shape = of_kind(Shape::Kind::either);
  shape.of = std::move(alternatives);
  return shape;
}

Shape variant_of(const Variants* (*variants)()) {
  Shape shape = of_kind(Shape::Kind::variant);
  shape.variants = variants;
  return shape;
}

}  // namespace headgate
