#include "references.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "headgate/base/text.hpp"
#include "later.hpp"

namespace headgate::config {
namespace {

using Words = std::set<std::string>;

class Checker {
 public:
  Checker(const Tree& tree, std::span<const Suite> suites, Complaints& complaints)
      : tree_(tree), suites_(suites), complaints_(complaints) {}

  void severe(const Rules& rules) {
    Words classes;
    for (const Suite& suite : suites_) {
      for (const auto& [name, description] : suite.head.severe_classes) classes.insert(name);
    }
    for (std::size_t i = 0; i < rules.severe.size(); ++i) {
      const std::string& name = rules.severe[i].severe_class;
      if (name != "*" && !name.empty())
        require(classes, name, at("/rules/severe")[i].at("class"), "severe class", "declares");
    }
  }

  void segments(const Rules& rules) {
    if (!rules.segments) return;
    std::map<std::string, Words> declared;
    for (const Suite& suite : suites_) {
      for (const auto& [dimension, values] : suite.head.segments)
        declared[dimension].insert(values.begin(), values.end());
    }
    Words dimensions;
    for (const auto& [dimension, values] : declared) dimensions.insert(dimension);
    for (std::size_t i = 0; i < rules.segments->by.size(); ++i) {
      require(dimensions, rules.segments->by[i], at("/rules/segments/by")[i], "segment dimension", "declares");
    }
    for (std::size_t i = 0; i < rules.segments->required.size(); ++i) {
      required(rules.segments->required[i], at("/rules/segments/required")[i], *rules.segments, declared);
    }
  }

  void must_pass(const Rules& rules) {
    if (!rules.must_pass) return;
    Words tags;
    for (const Suite& suite : suites_) {
      for (const Case& item : suite.cases) tags.insert(item.tags.begin(), item.tags.end());
    }
    for (std::size_t i = 0; i < rules.must_pass->tags.size(); ++i) {
      require(tags, rules.must_pass->tags[i], at("/rules/must_pass/tags")[i], "tag", "has");
    }
    for (std::size_t i = 0; i < rules.must_pass->cases.size(); ++i) {
      require_case(rules.must_pass->cases[i], at("/rules/must_pass/cases")[i]);
    }
  }

  void known_failures(const Rules& rules) {
    Words named;
    for (std::size_t i = 0; i < rules.known_failures.size(); ++i) {
      if (rules.known_failures[i].case_id.empty()) continue;
      const Json& where = at("/known_failures")[i].at("case");
      require_case(rules.known_failures[i].case_id, where);
      if (!named.insert(rules.known_failures[i].case_id).second) {
        complaints_.add(tree_.error(where, "case '" + rules.known_failures[i].case_id + "' stands here twice",
                                    "keep the entry that holds"));
      }
    }
  }

  void tested(std::span<const std::string> cases) {
    Words named;
    for (std::size_t i = 0; i < cases.size(); ++i) {
      if (cases[i].empty()) continue;
      const Json& where = at("/readiness/fallback_tested")[i];
      require_case(cases[i], where);
      if (!named.insert(cases[i]).second) {
        complaints_.add(tree_.error(where, "case '" + cases[i] + "' stands here twice", "name it once"));
      }
    }
  }

  // A recorded reply, a known failure and a must-pass case are named by the case alone: an id in two suites would let
  // one reply count twice.
  void one_suite_a_case() {
    std::map<std::string_view, std::size_t> first;
    for (std::size_t i = 0; i < suites_.size(); ++i) {
      std::size_t shared = 0;
      std::string example, other;
      for (const Case& item : suites_[i].cases) {
        const auto [found, added] = first.emplace(item.id, i);
        if (added) continue;
        if (shared++ == 0) {
          example = item.id;
          other = suites_[found->second].head.name;
        }
      }
      if (shared == 0) continue;
      complaints_.add(tree_.error(at("/suites")[i],
                                  plural(shared, "case id") + " of this suite also stand" + (shared == 1 ? "s" : "") +
                                      " in suite '" + other + "', such as '" + example + "'",
                                  "a recorded reply names its case alone: give the cases ids of their own"));
    }
  }

 private:
  const Json& at(const char* pointer) const { return *value_at(tree_.root(), pointer); }

  void require(const Words& known, const std::string& word, const Json& where, const char* noun, const char* verb) {
    if (word.empty() || known.contains(word)) return;
    const std::vector<std::string> names(known.begin(), known.end());
    std::string hint = did_you_mean(word, names);
    if (hint.empty() && !names.empty()) hint = "there is " + join_words(names);
    complaints_.add(
        tree_.error(where, "no suite of this gate " + std::string(verb) + " the " + noun + " '" + word + "'", hint));
  }

  void require_case(const std::string& id, const Json& where) {
    if (id.empty()) return;
    const auto before = [](const Case& item, const std::string& wanted) { return item.id < wanted; };
    for (const Suite& suite : suites_) {
      const auto found = std::lower_bound(suite.cases.begin(), suite.cases.end(), id, before);
      if (found != suite.cases.end() && found->id == id) return;
    }
    std::vector<std::string> ids;
    for (const Suite& suite : suites_) {
      for (const Case& item : suite.cases) ids.push_back(item.id);
    }
    complaints_.add(tree_.error(where, "no suite of this gate has the case '" + id + "'", did_you_mean(id, ids)));
  }

  void required(const std::string& written, const Json& where, const SegmentsRule& rule,
                const std::map<std::string, Words>& declared) {
    if (written.empty()) return;
    const std::size_t equals = written.find('=');
    const std::string dimension = written.substr(0, equals);
    if (equals == std::string::npos) {
      complaints_.add(tree_.error(where, "'" + written + "' is no dimension=value", "write language=de"));
      return;
    }
    const bool is_by_known = !rule.by.empty() && std::find(rule.by.begin(), rule.by.end(), "") == rule.by.end();
    if (is_by_known && std::find(rule.by.begin(), rule.by.end(), dimension) == rule.by.end()) {
      complaints_.add(tree_.error(where, "'" + dimension + "' is not among the dimensions in 'by'",
                                  did_you_mean(dimension, rule.by)));
      return;
    }
    const auto values = declared.find(dimension);
    if (values == declared.end()) return;  // said where `by` stands
    require(values->second, written.substr(equals + 1), where, ("value of " + dimension).c_str(), "declares");
  }

  const Tree& tree_;
  std::span<const Suite> suites_;
  Complaints& complaints_;
};

}  // namespace

void check_references(const Tree& tree, const Rules& rules, std::span<const Suite> suites, Complaints& complaints) {
  Checker checker(tree, suites, complaints);
  checker.severe(rules);
  checker.segments(rules);
  checker.must_pass(rules);
  checker.known_failures(rules);
  checker.one_suite_a_case();
}

void check_tested_cases(const Tree& tree, std::span<const std::string> cases, std::span<const Suite> suites,
                        Complaints& complaints) {
  Checker(tree, suites, complaints).tested(cases);
}

}  // namespace headgate::config
