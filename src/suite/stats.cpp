#include "headgate/suite/stats.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "headgate/base/assert.hpp"
#include "headgate/base/json.hpp"
#include "headgate/base/unicode.hpp"
#include "headgate/stats/binomial.hpp"
#include "headgate/stats/planning.hpp"
#include "headgate/stats/weights.hpp"

namespace headgate::suite {
namespace {

constexpr double least_effective = 30.0;  // below, no test of a mean is believed
constexpr double severe_level = 0.05;

// Random cases on their way to a Power: one weight a cluster.
class Sample {
 public:
  void add(const Case& item) {
    if (item.sampling != Sampling::random) return;
    ++cases_;
    if (item.cluster.empty()) {
      alone_.push_back(item.weight);
    } else {
      groups_[item.cluster] += item.weight;
    }
  }

  Power power() const {
    std::vector<double> weights = alone_;
    for (const auto& [cluster, weight] : groups_) weights.push_back(weight);
    Power power;
    power.cases = cases_;
    power.effective = stats::kish_ess(weights).value_or(0.0);
    if (power.effective < least_effective - 1e-9) return power;
    for (const double discordance : stats::usual_discordances) {
      const auto n = static_cast<std::uint64_t>(power.effective + 1e-9);
      power.carries.push_back({discordance, stats::smallest_margin(n, discordance).value_or(1.0)});
    }
    return power;
  }

 private:
  std::size_t cases_ = 0;
  std::vector<double> alone_;
  std::map<std::string, double> groups_;
};

const std::string* value_in(const Case& item, const std::string& dimension) {
  const auto found = std::ranges::find(item.segments, dimension, &SegmentValue::dimension);
  return found == item.segments.end() ? nullptr : &found->value;
}

DimensionMix mix_of(const Suite& suite, const std::string& dimension, const std::vector<std::string>& declared) {
  DimensionMix mix;
  mix.name = dimension;
  std::map<std::string, Part> parts;
  std::map<std::string, Sample> samples;
  for (const std::string& value : declared) parts[value];
  std::size_t random = 0;
  for (const Case& item : suite.cases) {
    const std::string* value = value_in(item, dimension);
    if (value == nullptr) {
      ++mix.without;
      continue;
    }
    Part& part = parts[*value];
    ++part.cases;
    if (item.sampling == Sampling::targeted) ++part.targeted;
    if (item.sampling == Sampling::random) ++random;
    samples[*value].add(item);
  }
  const auto traffic = suite.head.traffic.find(dimension);
  for (auto& [value, part] : parts) {
    part.value = value;
    part.power = samples[value].power();
    if (random > 0) part.share = static_cast<double>(part.power.cases) / static_cast<double>(random);
    if (traffic != suite.head.traffic.end()) {
      const auto share = traffic->second.find(value);
      part.traffic = share == traffic->second.end() ? 0.0 : share->second;
    }
    mix.parts.push_back(std::move(part));
  }
  return mix;
}

Crossing crossing_of(const Suite& suite, const std::string& down, const std::string& across) {
  Crossing crossing{down, across, {}};
  for (const Case& item : suite.cases) {
    const std::string* row = value_in(item, down);
    const std::string* column = value_in(item, across);
    if (row != nullptr && column != nullptr) ++crossing.cases[*row][*column];
  }
  return crossing;
}

void add_dimensions(const Suite& suite, Stats& stats) {
  std::map<std::string, std::vector<std::string>> dimensions = suite.head.segments;
  for (const Case& item : suite.cases) {
    for (const SegmentValue& segment : item.segments) dimensions[segment.dimension];
  }
  for (const auto& [name, declared] : dimensions) stats.dimensions.push_back(mix_of(suite, name, declared));
  const auto readable = [](const DimensionMix& mix) { return mix.parts.size() <= most_crossed_values; };
  for (std::size_t i = 0; i < stats.dimensions.size(); ++i) {
    for (std::size_t j = i + 1; j < stats.dimensions.size(); ++j) {
      const DimensionMix &down = stats.dimensions[i], &across = stats.dimensions[j];
      if (readable(down) && readable(across)) stats.crossings.push_back(crossing_of(suite, down.name, across.name));
    }
  }
}

void add_severities(const Suite& suite, Stats& stats) {
  for (const Severity each : {Severity::normal, Severity::major, Severity::severe}) stats.severities[name(each)] = 0;
  std::map<std::string, std::size_t> classes;
  for (const auto& [severe_class, description] : suite.head.severe_classes) classes[severe_class] = 0;
  for (const Case& item : suite.cases) {
    ++stats.severities[name(item.severity)];
    if (item.severity == Severity::severe) ++classes[item.severe_class];
  }
  for (const auto& [severe_class, cases] : classes) {
    const auto described = suite.head.severe_classes.find(severe_class);
    const auto bounds = stats::clopper_pearson({0.0, static_cast<double>(cases)}, severe_level);
    stats.severe_classes.push_back({severe_class, described == suite.head.severe_classes.end() ? "" : described->second,
                                    cases, bounds ? bounds->upper : 1.0});
  }
}

void add_clusters(const Suite& suite, Stats& stats) {
  std::map<std::string, std::size_t> clusters;
  for (const Case& item : suite.cases) {
    if (!item.cluster.empty()) ++clusters[item.cluster];
  }
  for (const auto& [cluster, cases] : clusters) {
    stats.largest_cluster = std::max(stats.largest_cluster, cases);
    if (cases < 2) continue;
    ++stats.clusters;
    stats.clustered_cases += cases;
  }
  if (!suite.cases.empty()) stats.largest_cluster = std::max<std::size_t>(stats.largest_cluster, 1);
}

void add_graders(const Suite& suite, Stats& stats) {
  std::map<std::string, GraderUse> uses;
  std::set<std::string> of_all;
  for (const GraderSpec& grader : suite.head.graders) of_all.insert(grader.written_kind());
  for (const std::string& kind : of_all) uses[kind] = {kind, suite.cases.size(), true};
  for (const Case& item : suite.cases) {
    std::set<std::string> own;
    for (const GraderSpec& grader : item.graders) own.insert(grader.written_kind());
    for (const std::string& kind : own) {
      GraderUse& use = uses[kind];
      use.kind = kind;
      if (!use.of_suite) ++use.cases;
    }
  }
  for (const auto& [kind, use] : uses) stats.graders.push_back(use);
}

std::string folded(const std::string& text) {
  std::string out;
  for (const char c : normalised(text, true)) {
    const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (!blank) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  return std::string(trimmed(out));
}

void fold_strings(Json& value) {
  if (value.is_string()) {
    value = folded(value.get_ref<const std::string&>());
  } else if (value.is_structured()) {
    for (Json& member : value) fold_strings(member);
  }
}

// Equal exactly where two cases ask the same. As a digest, because inputs may be long and many.
Digest question_of(const Case& item) {
  Hasher hasher;
  for (const JsonText* part : {&item.input, &item.vars, &item.context}) {
    if (part->absent()) {
      hasher.field("");
      continue;
    }
    auto value = parse_own(part->text);
    HG_ASSERT(value.has_value());
    fold_strings(*value);
    hasher.field(canonical(*value));
  }
  return hasher.finish();
}

void add_questions(const Suite& suite, Stats& stats) {
  std::map<Digest, std::vector<std::string>> same;
  for (const Case& item : suite.cases) {
    if (item.expected.absent()) stats.without_expected.push_back(item.id);
    same[question_of(item)].push_back(item.id);
  }
  for (auto& [digest, ids] : same) {
    if (ids.size() > 1) stats.same_input.push_back(std::move(ids));
  }
  std::ranges::sort(stats.same_input);
}

}  // namespace

Stats stats_of(const Suite& suite) {
  Stats stats;
  stats.head = suite.head;
  Sample all;
  for (const Case& item : suite.cases) {
    ++(item.sampling == Sampling::random ? stats.random : stats.targeted);
    all.add(item);
    for (const std::string& tag : item.tags) ++stats.tags[tag];
  }
  stats.power = all.power();
  add_dimensions(suite, stats);
  add_severities(suite, stats);
  add_clusters(suite, stats);
  add_graders(suite, stats);
  add_questions(suite, stats);
  return stats;
}

}  // namespace headgate::suite
