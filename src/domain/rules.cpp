#include "headgate/domain/rules.hpp"

#include <charconv>
#include <nlohmann/json.hpp>

#include "headgate/base/text.hpp"
#include "headgate/domain/codec.hpp"
#include "names.hpp"

namespace headgate {
namespace {

constexpr Names<Stage, 3> stages{{{Stage::shadow, "shadow"}, {Stage::internal, "internal"}, {Stage::canary, "canary"}}};

}  // namespace

const char* name(Stage stage) { return name_in(stages, stage); }
bool parse(std::string_view word, Stage& out) { return parse_in(stages, word, out); }
const char* name(Metric metric) { return metric == Metric::score ? "score" : "pass"; }

std::string Reducer::text() const {
  switch (kind) {
    case Kind::mean:
      return "mean";
    case Kind::pass_at_k:
      return "pass@" + std::to_string(k);
    case Kind::pass_hat_k:
      return "pass^" + std::to_string(k);
    case Kind::majority:
      return "majority";
    case Kind::worst:
      return "worst";
    case Kind::best:
      break;
  }
  return "best";
}

bool parse(std::string_view word, Reducer& out) {
  using Kind = Reducer::Kind;
  for (const Kind plain : {Kind::mean, Kind::majority, Kind::worst, Kind::best}) {
    if (word == Reducer{plain}.text()) {
      out = {plain};
      return true;
    }
  }
  const bool at = word.starts_with("pass@"), hat = word.starts_with("pass^");
  if (!at && !hat) return false;
  const std::string_view digits = word.substr(5);
  std::uint32_t k = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), k);
  if (error != std::errc{} || end != digits.data() + digits.size() || k == 0) return false;
  out = {at ? Kind::pass_at_k : Kind::pass_hat_k, k};
  return true;
}

std::string reduce_problem(const Reducer& reduce, std::uint32_t trials) {
  if (reduce.k <= trials) return {};
  return reduce.text() + " takes at least " + plural(reduce.k, "trial") + ", and there " + (trials == 1 ? "is" : "are") +
         " " + std::to_string(trials);
}

Digest policy_digest(const Rules& rules) { return digest_of(to_json(rules)); }

}  // namespace headgate
