// What graders made of graders share: stepping their children, and building them.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "headgate/grade/registry.hpp"

namespace headgate::grade {

struct Child {
  std::string kind;
  std::shared_ptr<const Grader> grader;  // shared as graders are everywhere once built
};

// What the children came to.
struct Steps {
  std::vector<Ask> asks;
  std::vector<std::optional<Grade>> grades;  // by child; nothing: an error, or absent
  std::optional<CallError> error;            // the first
  std::optional<std::string> absent;         // the first
};

// "contains: the text has not …": whose words they are.
std::string under(const Child& child, const std::string& text);

// The measures of all children, in their order.
std::vector<Measure> measures_of(Steps& steps);

// A grader of children. What they ask is handed down under "0/", "1/", …
class Combined : public Grader {
 public:
  explicit Combined(std::vector<Child> children) : children_(std::move(children)) {}

  // Nothing is decided before every child has what it asked for, so that the order of answers cannot matter.
  Step step(const Subject& subject, const Answers& answers) const final;
  std::string lacks(const Case& item) const override;
  Needs needs() const override;
  bool reads_recorded_only() const override;

 protected:
  // `steps` has no asks.
  virtual Step combine(Steps steps) const = 0;
  const std::vector<Child>& children() const { return children_; }

 private:
  std::vector<Child> children_;
};

// Builds one child, or complains: also about a version window, which belongs to a whole grader, and about a grader that
// compares two replies, which has no grade of one to combine.
std::optional<Child> build_child(const BuildContext& context, const Json& written);

}  // namespace headgate::grade
