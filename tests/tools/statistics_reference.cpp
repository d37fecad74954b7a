// Runs the stats room against a table of inputs and expected outputs, so that anybody with another statistics package
// can check our numbers: statistics_reference TABLE.json
//
// The table is {"rows": [{"id", "function", "inputs": {…}, "expected": {key: value}, "tolerance"}]}. A number holds
// when it is within the tolerance, absolute or relative, whichever is looser. "inf" and "-inf" are numbers; "nan",
// "undefined", "unbounded", "impossible" and null all say that there is no value, which is what an empty optional says.
//
// Exit status: 0 every row holds, 1 some row does not (or its function is not built), 3 no usable table.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <exception>
#include <fstream>
#include <iostream>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "headgate/stats/agreement.hpp"
#include "headgate/stats/bca.hpp"
#include "headgate/stats/binomial.hpp"
#include "headgate/stats/clusters.hpp"
#include "headgate/stats/combine.hpp"
#include "headgate/stats/completion.hpp"
#include "headgate/stats/cuped.hpp"
#include "headgate/stats/eprocess.hpp"
#include "headgate/stats/mcnemar.hpp"
#include "headgate/stats/mean_cost.hpp"
#include "headgate/stats/multiple.hpp"
#include "headgate/stats/paired.hpp"
#include "headgate/stats/planning.hpp"
#include "headgate/stats/ppi.hpp"
#include "headgate/stats/quantile.hpp"
#include "headgate/stats/ratio.hpp"
#include "headgate/stats/repeats.hpp"
#include "headgate/stats/score.hpp"
#include "headgate/stats/signflip.hpp"
#include "headgate/stats/weights.hpp"

namespace {

using nlohmann::json;
namespace stats = headgate::stats;

constexpr int exit_all_hold = 0;
constexpr int exit_some_miss = 1;
constexpr int exit_no_table = 3;

// Reading inputs ------------------------------------------------------------------------------------------------------

std::optional<double> number(const json& value) {
  if (value.is_number()) return value.get<double>();
  if (value == "inf") return std::numeric_limits<double>::infinity();
  if (value == "-inf") return -std::numeric_limits<double>::infinity();
  if (value == "nan") return std::numeric_limits<double>::quiet_NaN();
  return std::nullopt;
}

double real(const json& in, const char* key) { return number(in.at(key)).value(); }

double real_or(const json& in, const char* key, double fallback) { return in.contains(key) ? real(in, key) : fallback; }

std::uint64_t count(const json& in, const char* key) { return in.at(key).get<std::uint64_t>(); }

double alpha(const json& in) { return real(in, in.contains("alpha") ? "alpha" : "alpha_one_sided"); }

std::vector<std::optional<double>> scores(const json& in, const char* key) {
  std::vector<std::optional<double>> values;
  for (const json& value : in.at(key)) values.push_back(number(value));
  return values;
}

std::vector<double> column(const json& in, const char* key) {
  std::vector<double> values;
  if (!in.contains(key) || in.at(key).is_null()) return values;
  for (const json& value : in.at(key)) values.push_back(number(value).value());
  return values;
}

// Names of clusters may be anything; a row without one is its own cluster.
std::vector<std::uint32_t> clusters(const json& in) {
  std::vector<std::uint32_t> ids;
  if (!in.contains("cluster") || in.at("cluster").is_null()) return ids;
  std::map<std::string, std::uint32_t> known;
  std::uint32_t next = 0;
  for (const json& name : in.at("cluster")) {
    if (name.is_null()) {
      ids.push_back(next++);
      continue;
    }
    const auto [place, fresh] = known.emplace(name.dump(), next);
    if (fresh) ++next;
    ids.push_back(place->second);
  }
  return ids;
}

stats::PairedCounts paired_counts(const json& in) { return {count(in, "b"), count(in, "c"), count(in, "n")}; }

stats::PairedPlan paired_plan(const json& in) {
  stats::PairedPlan plan;
  plan.discordance = real(in, "discordance");
  plan.margin = real(in, "margin");
  plan.true_delta = real(in, "true_delta");
  plan.alpha = alpha(in);
  plan.power = real_or(in, "power", plan.power);
  return plan;
}

// Writing results; null is "no value" ---------------------------------------------------------------------------------

json maybe(std::optional<double> value) { return value ? json(*value) : json(); }

json maybe_count(std::optional<std::uint64_t> value) { return value ? json(*value) : json(); }

json bounds(const std::optional<stats::Bounds>& value) {
  return value ? json{{"lower", value->lower}, {"upper", value->upper}} : json::object();
}

// One function of the table each --------------------------------------------------------------------------------------

json binomial_bounds(const json& in) {
  const stats::Events events{real(in, "x"), real(in, "n")};
  const auto method = in.at("method").get<std::string>();
  if (method == "clopper_pearson") return bounds(stats::clopper_pearson(events, alpha(in)));
  if (method == "wilson") return bounds(stats::wilson(events, alpha(in)));
  if (method == "jeffreys") return bounds(stats::jeffreys(events, alpha(in)));
  throw std::invalid_argument("unknown method '" + method + "'");
}

json min_n_zero_failures(const json& in) {
  return {{"n", maybe_count(stats::min_n_zero_failures(real(in, "p_max"), alpha(in)))}};
}

json max_failures_allowed(const json& in) {
  return {{"x", stats::max_failures_allowed(count(in, "n"), real(in, "p_max"), alpha(in))}};
}

json mcnemar(const json& in) {
  const auto result = stats::mcnemar(count(in, "b"), count(in, "c"));
  return {{"p_exact_two_sided", result.p_exact}, {"p_mid_two_sided", result.p_mid}, {"p_exact_harm", result.p_harm}};
}

json paired_score_stat(const json& in) {
  return {{"t", maybe(stats::paired_score_statistic(paired_counts(in), real(in, "delta0")))}};
}

json paired_score_ci(const json& in) { return bounds(stats::paired_score_bounds(paired_counts(in), alpha(in))); }

json newcombe_paired_ci(const json& in) {
  const stats::PairedTable table{count(in, "both"), count(in, "cand_only"), count(in, "base_only"),
                                 count(in, "neither")};
  return bounds(stats::newcombe_paired(table, alpha(in)));
}

// The columns of a score row; a span into a temporary would not live long enough.
struct ScoreRow {
  std::vector<double> x, w;
  std::vector<std::uint32_t> ids;
  double lo, hi;

  explicit ScoreRow(const json& in)
      : x(column(in, "x")),
        w(column(in, "w")),
        ids(clusters(in)),
        lo(real_or(in, "lo", -1)),
        hi(real_or(in, "hi", 1)) {}

  stats::ScoreInput input() const { return {x, w, ids, lo, hi, 0.0}; }
};

json score_stat(const json& in) {
  const ScoreRow row(in);
  const auto sample = stats::ScoreSample::from(row.input());
  return {{"t", sample ? maybe(sample->statistic(real(in, "theta0"))) : json()}};
}

json score_ci(const json& in) {
  const ScoreRow row(in);
  const auto sample = stats::ScoreSample::from(row.input());
  return sample ? bounds(sample->bounds(alpha(in))) : json::object();
}

json score_clustered(const json& in) {
  const ScoreRow row(in);
  const auto sample = stats::ScoreSample::from(row.input(), stats::Dependence::always);
  if (!sample) return json::object();
  json result = bounds(sample->bounds(alpha(in)));
  result["var_ratio"] = sample->spread().ratio;
  result["df"] = maybe(sample->spread().df);
  result["t"] = maybe(sample->statistic(real(in, "theta0")));
  result["informative_clusters"] = sample->spread().informative;
  return result;
}

json cluster_mean(const json& in) {
  const auto y = column(in, "y");
  const auto w = column(in, "w");
  const auto ids = clusters(in);
  const auto result = stats::cluster_mean({y, w, ids});
  if (!result) return json::object();
  return {
      {"theta", result->mean}, {"se", maybe(result->se)}, {"df", maybe(result->df)}, {"clusters", result->clusters}};
}

json clustered_proportion_bounds(const json& in) {
  const auto x = column(in, "x");
  const auto ids = clusters(in);
  const auto result = stats::clustered_proportion_bounds(x, ids, alpha(in));
  if (!result) return json::object();
  json out = bounds(result->bounds);
  out["n_eff"] = result->n_eff;
  out["informative_clusters"] = result->informative;
  return out;
}

json quantile_ranks(const json& in) {
  const auto ranks = stats::quantile_ranks(count(in, "n"), real(in, "q"), alpha(in));
  return {{"lower_rank", ranks.lower}, {"upper_rank", ranks.upper}};
}

json adjust_p(const json& in) {
  const auto p = column(in, "p");
  const auto holm = stats::holm(p);
  const auto bh = stats::benjamini_hochberg(p);
  if (!holm || !bh) return json::object();
  return {{"holm", *holm}, {"bh", *bh}};
}

json pass_k(const json& in) {
  const stats::Trials trials{count(in, "n"), count(in, "c")};
  return {{"pass_at_k", maybe(stats::pass_at_k(trials, count(in, "k")))},
          {"pass_hat_k", maybe(stats::pass_hat_k(trials, count(in, "k")))}};
}

json agreement(const json& in) {
  const auto result = stats::agreement(column(in, "table"), count(in, "k"));
  if (!result) return json::object();
  return {{"po", result->observed}, {"kappa", maybe(result->kappa)}, {"ac1", maybe(result->ac1)}};
}

json krippendorff_alpha(const json& in) {
  std::vector<std::vector<double>> ratings;
  for (const json& unit : in.at("units")) {
    ratings.emplace_back();
    for (const json& value : unit) {
      if (const auto rating = number(value)) ratings.back().push_back(*rating);
    }
  }
  const std::vector<stats::UnitRatings> units(ratings.begin(), ratings.end());
  const bool interval = in.at("metric") == "interval";
  if (!interval && in.at("metric") != "nominal") throw std::invalid_argument("unknown metric");
  const auto metric = interval ? stats::RatingMetric::interval : stats::RatingMetric::nominal;
  return {{"alpha", maybe(stats::krippendorff_alpha(units, metric))}};
}

json signflip_exact(const json& in) {
  const auto result = stats::sign_flip_exact(column(in, "d"));
  if (!result) return json::object();
  return {{"p_greater", result->p_greater}, {"p_less", result->p_less}, {"p_two_sided", result->p_two_sided}};
}

json bca_endpoints(const json& in) {
  const auto replicates = column(in, "replicates");
  const auto jackknife = column(in, "jackknife");
  return bounds(stats::bca_bounds({real(in, "theta_hat"), replicates, jackknife}, alpha(in)));
}

json ratio_budget(const json& in) {
  const auto cost = column(in, "cost");
  const auto success = column(in, "success");
  const auto ids = clusters(in);
  const auto result = stats::ratio_budget({cost, success, ids, real(in, "budget")}, alpha(in));
  if (!result) return json::object();
  json out{{"t", maybe(result->t)}, {"df", maybe(result->df)}};
  out["fieller_lower"] = result->fieller ? json(result->fieller->lower) : json();
  out["fieller_upper"] = result->fieller ? json(result->fieller->upper) : json();
  return out;
}

json ppi_mean(const json& in) {
  const auto labels = column(in, "y_labeled");
  const auto judged = column(in, "judge_labeled");
  const auto rest = column(in, "judge_unlabeled");
  const auto result = stats::ppi_mean({labels, judged, rest});
  if (!result) return json::object();
  return {{"lambda_", result->lambda}, {"theta", result->mean}, {"se", result->se}};
}

json kish_ess(const json& in) { return {{"n_eff", maybe(stats::kish_ess(column(in, "w")))}}; }

json poststratified_mean(const json& in) {
  const auto y = column(in, "y");
  const auto stratum = in.at("stratum").get<std::vector<std::size_t>>();
  const auto target = column(in, "target");
  const auto result = stats::poststratified_mean({y, stratum, target});
  if (!result) return json::object();
  return {{"theta", maybe(result->mean)}, {"se", maybe(result->se)}, {"uncovered_mass", result->uncovered_mass}};
}

json cuped(const json& in) {
  const auto y = column(in, "y");
  const auto x = column(in, "x");
  const auto result = stats::cuped({y, x, real(in, "x_mean_known")});
  if (!result) return json::object();
  return {{"theta", result->slope}, {"mean", result->mean}, {"var_ratio", maybe(result->var_ratio)}};
}

json eprocess(const json& in) {
  const auto d = column(in, "d");
  stats::EProcessPlan plan;
  plan.margin = real(in, "margin");
  plan.side = in.at("side") == "harm" ? stats::BetSide::harm : stats::BetSide::admit;
  plan.population = count(in, "population");
  auto process = stats::EProcess::start(plan);
  if (!process) return json::object();

  std::vector<double> path;
  std::uint64_t first_025 = 0;
  std::uint64_t first_005 = 0;
  for (const double value : d) {
    path.push_back(process->step(value));
    if (first_025 == 0 && process->rejects(0.025)) first_025 = path.size();
    if (first_005 == 0 && process->rejects(0.005)) first_005 = path.size();
  }
  json shown = json::array();
  if (!path.empty()) {
    for (const std::size_t index : std::set<std::size_t>{0, path.size() / 2, path.size() - 1}) {
      shown.push_back(path[index]);
    }
  }
  return {{"log_e_first_mid_last", shown}, {"first_cross_alpha_025", first_025}, {"first_cross_alpha_005", first_005}};
}

json plan_n_paired(const json& in) { return {{"n", maybe_count(stats::plan_n_paired(paired_plan(in)))}}; }

json exact_power_paired(const json& in) {
  const auto power = stats::exact_power_paired(count(in, "n"), paired_plan(in));
  if (!power) return json::object();
  return {{"p_pass", power->p_pass}, {"p_fail", power->p_fail}};
}

json variance_components(const json& in) {
  const auto result = stats::variance_components(column(in, "scores"), count(in, "epochs"));
  if (!result) return json::object();
  return {{"within", maybe(result->within)},
          {"between", maybe(result->between)},
          {"se_mean", maybe(result->se_mean)},
          {"flaky_cases", result->flaky_cases}};
}

json completion_bounds(const json& in) {
  const auto result = stats::complete_differences(scores(in, "candidate"), scores(in, "baseline"));
  if (!result) return json::object();
  return {{"adverse", result->adverse},
          {"favourable", result->favourable},
          {"missing_candidate", result->missing_candidate},
          {"missing_baseline", result->missing_baseline},
          {"missing_both", result->missing_both}};
}

json combine(const json& in) {
  std::vector<stats::Trilean> answers;
  for (const json& answer : in.at("required")) {
    answers.push_back(answer == "pass"   ? stats::Trilean::yes
                      : answer == "fail" ? stats::Trilean::no
                                         : stats::Trilean::unknown);
  }
  switch (stats::all_of(answers)) {
    case stats::Trilean::yes:
      return {{"verdict", "eligible"}};
    case stats::Trilean::no:
      return {{"verdict", "not_eligible"}};
    case stats::Trilean::unknown:
      return {{"verdict", "inconclusive"}};
  }
  return json::object();
}

json hall_mean_bounds(const json& in) {
  const auto result = stats::hall_mean_bounds(column(in, "x"), alpha(in));
  if (!result) return json::object();
  json out = bounds(result->bounds);
  out["skew"] = result->skew;
  return out;
}

using Function = json (*)(const json& inputs);

const std::map<std::string, Function, std::less<>> functions = {
    {"adjust_p", adjust_p},
    {"agreement", agreement},
    {"bca_endpoints", bca_endpoints},
    {"binomial_bounds", binomial_bounds},
    {"cluster_mean", cluster_mean},
    {"clustered_proportion_bounds", clustered_proportion_bounds},
    {"combine", combine},
    {"completion_bounds", completion_bounds},
    {"cuped", cuped},
    {"eprocess", eprocess},
    {"exact_power_paired", exact_power_paired},
    {"hall_mean_bounds", hall_mean_bounds},
    {"kish_ess", kish_ess},
    {"krippendorff_alpha", krippendorff_alpha},
    {"max_failures_allowed", max_failures_allowed},
    {"mcnemar", mcnemar},
    {"min_n_zero_failures", min_n_zero_failures},
    {"newcombe_paired_ci", newcombe_paired_ci},
    {"paired_score_ci", paired_score_ci},
    {"paired_score_stat", paired_score_stat},
    {"pass_k", pass_k},
    {"plan_n_paired", plan_n_paired},
    {"poststratified_mean", poststratified_mean},
    {"ppi_mean", ppi_mean},
    {"quantile_ranks", quantile_ranks},
    {"ratio_budget", ratio_budget},
    {"score_ci", score_ci},
    {"score_clustered", score_clustered},
    {"score_stat", score_stat},
    {"signflip_exact", signflip_exact},
    {"variance_components", variance_components},
};

// Comparing -----------------------------------------------------------------------------------------------------------

bool is_no_value(const json& value) {
  return value.is_null() || value == "nan" || value == "undefined" || value == "unbounded" || value == "impossible";
}

bool holds(const json& expected, const json& got, double tolerance) {
  if (expected.is_array()) {
    if (!got.is_array() || got.size() != expected.size()) return false;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      if (!holds(expected[i], got[i], tolerance)) return false;
    }
    return true;
  }
  if (is_no_value(expected)) return got.is_null();
  const auto wanted = number(expected);
  if (!wanted) return expected == got;
  if (!got.is_number()) return false;
  const double value = got.get<double>();
  if (std::isinf(*wanted) || std::isinf(value)) return *wanted == value;
  return std::abs(value - *wanted) <= tolerance * std::max(1.0, std::abs(*wanted));
}

// JSON has no infinities; people read them anyway.
std::string shown(const json& value) {
  if (value.is_null()) return "no value";
  if (value.is_number_float() && std::isinf(value.get<double>())) return value.get<double>() > 0 ? "inf" : "-inf";
  return value.dump();
}

class Run {
 public:
  void row(const json& row) {
    ++rows_;
    const auto id = row.at("id").get<std::string>();
    const auto name = row.at("function").get<std::string>();
    const auto function = functions.find(name);
    if (function == functions.end()) {
      ++not_built_[name];
      return;
    }
    try {
      if (compare(id, row.at("expected"), function->second(row.at("inputs")), row.at("tolerance").get<double>())) {
        ++held_;
      }
    } catch (const std::exception& error) {
      std::cout << id << ": cannot run: " << error.what() << '\n';
    }
  }

  int finish() const {
    for (const auto& [name, rows] : not_built_) {
      std::cout << name << ": not built (" << rows << (rows == 1 ? " row)" : " rows)") << '\n';
    }
    std::cout << held_ << " of " << rows_ << " rows within tolerance\n";
    return held_ == rows_ ? exit_all_hold : exit_some_miss;
  }

 private:
  static bool compare(const std::string& id, const json& expected, const json& got, double tolerance) {
    bool all = true;
    for (const auto& [key, value] : expected.items()) {
      const json ours = got.contains(key) ? got.at(key) : json();
      if (holds(value, ours, tolerance)) continue;
      std::cout << id << ": " << key << ": expected " << shown(value) << ", got " << shown(ours) << '\n';
      all = false;
    }
    return all;
  }

  std::size_t rows_ = 0;
  std::size_t held_ = 0;
  std::map<std::string, std::size_t> not_built_;
};

int check(const char* path) {
  std::ifstream file(path);
  if (!file) {
    std::cerr << path << ": error: cannot be read\n";
    return exit_no_table;
  }
  try {
    const json table = json::parse(file);
    Run run;
    for (const json& row : table.at("rows")) run.row(row);
    return run.finish();
  } catch (const json::exception& error) {
    std::cerr << path << ": error: not a table of rows: " << error.what() << '\n';
    return exit_no_table;
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: statistics_reference TABLE.json\n";
    return exit_no_table;
  }
  return check(argv[1]);
}
