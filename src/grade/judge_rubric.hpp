// What a judge is told to look for: named criteria with anchors, and the scale they are scored on. Shared by the kinds
// that ask a judge.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "headgate/base/digest.hpp"
#include "headgate/domain/template.hpp"
#include "headgate/grade/registry.hpp"
#include "verdict.hpp"

namespace headgate::grade {

// Enters the digest of every rubric: a judge that is told something else, or read in another way, is another judge.
inline constexpr const char* judge_version = "headgate/judge/1";

inline constexpr std::size_t max_criteria = 16;
inline constexpr int max_scale_points = 101;

struct Scale {
  bool pass_fail = true;  // the judge says "pass" or "fail"; counted as 1 and 0
  int min = 0, max = 1;

  double normal(double score) const { return (score - min) / (max - min); }  // in [0, 1]
  std::string point(int score) const;                                        // "fail", "3"
  std::optional<int> parse(std::string_view point) const;
};

struct Criterion {
  std::string name;  // unique; letters, digits, - and _
  Template description{std::string()};
  double weight = 1.0;
  std::vector<std::pair<int, std::string>> anchors;  // what a point of the scale means, in its order
  std::optional<int> min;                            // a reply below it does not pass, whatever its mean
};

struct Rubric {
  Scale scale;
  std::vector<Criterion> criteria;  // as written, at least one

  // "1. tone (weight 2): is it friendly? …", filled for the case.
  Judged<std::string> text(const Case& item) const;
  std::string lacks(const Case& item) const;
};

// From `criteria` or `rubric`, and `scale`. Nothing after at least one complaint.
std::optional<Rubric> build_rubric(const BuildContext& context);

// Where a text may have templates, at `name` of the options; absent where it is not written.
std::optional<Template> build_template(const BuildContext& context, std::string_view name, bool& good);

// The digest of everything a judge is told and how its answer is read: of all options but who the judge is, with what
// is left out standing for its default.
Digest rubric_digest(const Json& options, const FieldTable& table);

// The fields that build_rubric reads. `scored` kinds have a scale, with its anchors and minimums.
std::vector<Field> rubric_fields(bool scored);
KeyDemand rubric_demand();

}  // namespace headgate::grade
