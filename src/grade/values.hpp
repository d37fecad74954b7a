// The `value` of a text grader: one text or a list of them, with templates, in comparable form.
#pragma once

#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "headgate/base/fields.hpp"
#include "headgate/domain/template.hpp"
#include "headgate/grade/registry.hpp"
#include "verdict.hpp"

namespace headgate::grade {

// What the values came to for one case. Borrows from the Values and the case it was filled from.
struct Needles {
  std::vector<std::string_view> texts;  // never empty
  std::list<std::string> owned;         // what could not be borrowed; a list, so that it never moves
};

class Values {
 public:
  struct Rules {
    bool fold_case = false;
    bool trim = false;
    bool lists = false;     // a list is welcome, also one that comes from the case
    bool empty_ok = false;  // an empty text may be asked for; where not, it would pass every reply
  };

  // From the option of that name, by default {{case.expected}}. Nothing after at least one complaint.
  static std::optional<Values> build(const BuildContext& context, Rules rules, const char* name = "value");

  Judged<Needles> fill(const Case& item) const;
  std::string lacks(const Case& item) const;

 private:
  struct One {
    Template text;
    std::string ready;  // comparable form, where the template is constant
  };
  explicit Values(Rules rules) : rules_(rules) {}
  Judged<bool> add_list(const Variable& variable, const Case& item, Needles& out) const;
  Judged<bool> add(std::string_view text, Needles& out) const;
  std::string prepared(std::string_view text) const;

  Rules rules_;
  std::vector<One> all_;
};

// The field `value` for the table of a grader: a text, number or true/false; with `lists` also a list of them.
Field value_field(std::string help, bool lists, bool required = false);

}  // namespace headgate::grade
