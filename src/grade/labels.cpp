#include "headgate/grade/labels.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "headgate/base/json.hpp"
#include "headgate/base/text.hpp"
#include "headgate/base/unicode.hpp"

namespace headgate::grade {
namespace {

constexpr std::size_t max_options_columns = 40;

struct Named {
  std::string label;
  Json options = Json::object();
};

Named named(const GraderSpec& spec) {
  Named out{spec.written_kind()};
  if (auto options = parse_own(spec.options.text); options && options->is_object()) out.options = std::move(*options);
  const auto name = out.options.find("name");
  if (spec.kind == "plugin" && name != out.options.end() && name->is_string()) {
    out.label += ' ' + name->get_ref<const std::string&>();
  }
  return out;
}

std::string differing_options(const Named& one, const std::vector<Named>& all) {
  std::string out;
  for (const auto& [key, value] : one.options.items()) {
    const bool differs = std::ranges::any_of(all, [&](const Named& other) {
      const auto same = other.options.find(key);
      return other.label == one.label && (same == other.options.end() || *same != value);
    });
    if (differs) out += (out.empty() ? "" : ", ") + key + ' ' + canonical(value);
  }
  return elide(out, max_options_columns);
}

}  // namespace

std::vector<std::string> labels(std::span<const GraderSpec> of_suite, std::span<const GraderSpec> of_case) {
  std::vector<Named> all;
  for (const auto& specs : {of_suite, of_case}) {
    for (const GraderSpec& spec : specs) all.push_back(named(spec));
  }
  std::vector<std::string> out;
  for (const Named& one : all) {
    std::string label = one.label;
    if (const std::string options = differing_options(one, all); !options.empty()) label += ' ' + options;
    const std::string plain = label;
    for (std::size_t again = 2; std::ranges::find(out, label) != out.end(); ++again) {
      label = plain + " #" + std::to_string(again);
    }
    out.push_back(std::move(label));
  }
  return out;
}

}  // namespace headgate::grade
