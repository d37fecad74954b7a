// What a program of a reply is tried with: the options of `code` that come from the suite and its cases.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "headgate/domain/template.hpp"
#include "headgate/grade/program_text.hpp"
#include "headgate/grade/registry.hpp"
#include "verdict.hpp"

namespace headgate::grade {

struct InOut {
  std::string input;
  std::string output;
};

// Of one case.
struct CodeTests {
  std::string prepend;
  std::string setup;
  std::vector<std::string> tests;
  std::string entry_point;
  std::vector<InOut> io;
};

class CodeTestOptions {
 public:
  static std::vector<Field> fields();
  static std::vector<KeyDemand> demands();
  // Nothing after at least one complaint.
  static std::optional<CodeTestOptions> build(const BuildContext& context);

  Judged<CodeTests> fill(const Case& item) const;
  bool is_io() const { return !io_.empty(); }

 private:
  struct Pair {
    Template input;
    Template output;
  };
  std::optional<Template> prepend_, entry_point_;
  std::vector<Template> setup_, tests_;
  std::vector<std::variant<Pair, Template>> io_;
};

}  // namespace headgate::grade
