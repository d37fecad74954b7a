#include "compare_json.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "headgate/base/json_pointer.hpp"
#include "headgate/base/text.hpp"
#include "matching.hpp"
#include "options.hpp"
#include "same_json.hpp"

namespace headgate::grade {
namespace {

constexpr const char* field_names[] = {"tolerance", "relative", "any_order", "extra_keys", "ignore"};

Json in_any_order(const Json& value) {
  if (value.is_object()) {
    Json out = Json::object();
    for (const auto& [key, member] : value.items()) out[key] = in_any_order(member);
    return out;
  }
  if (!value.is_array()) return value;
  std::vector<std::pair<std::string, Json>> members;
  for (const Json& member : value) {
    Json sorted = in_any_order(member);
    std::string text = comparable_json(sorted);
    members.emplace_back(std::move(text), std::move(sorted));
  }
  std::sort(members.begin(), members.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  Json out = Json::array();
  for (auto& [text, member] : members) out.push_back(std::move(member));
  return out;
}

class Comparing {
 public:
  Comparing(const JsonComparison& how, std::vector<std::string> at) : how_(how), path_(std::move(at)) {}

  // "" or the first difference.
  std::string of(const Json& found, const Json& wanted) {
    if (++compared_ > max_compared_values || is_ignored()) return {};
    if (found.is_object() && wanted.is_object()) return of_objects(found, wanted);
    if (found.is_array() && wanted.is_array()) return of_lists(found, wanted);
    const bool same = found.is_number() && wanted.is_number() ? are_near(found, wanted) : same_json(found, wanted);
    return same ? std::string() : unlike(found, wanted);
  }

  bool gave_up() const { return compared_ > max_compared_values; }

 private:
  bool are_near(const Json& found, const Json& wanted) const {
    if (compare_numbers(found, wanted) == 0) return true;
    return near(found.get<double>(), wanted.get<double>(), how_.tolerance);
  }

  bool is_ignored() const {
    return std::any_of(how_.ignored.begin(), how_.ignored.end(), [&](const auto& place) {
      return place.size() == path_.size() &&
             std::equal(place.begin(), place.end(), path_.begin(),
                        [](const std::string& asked, const std::string& key) { return asked == "*" || asked == key; });
    });
  }

  std::string where() const {
    std::string out;
    for (const std::string& key : path_) out += pointer_step(key);
    return out.empty() ? "the value" : on_one_line(out);
  }

  // Sentences are made only where somebody reads them.
  std::string unlike(const Json& found, const Json& wanted) const {
    if (trying_ > 0) return "differs";
    return where() + " is " + on_one_line(canonical(found)) + ", expected " + on_one_line(canonical(wanted));
  }

  std::string below(const std::string& key, const Json& found, const Json& wanted) {
    path_.push_back(key);
    std::string out = of(found, wanted);
    path_.pop_back();
    return out;
  }

  bool ignores(const std::string& key) {
    path_.push_back(key);
    const bool out = is_ignored();
    path_.pop_back();
    return out;
  }

  std::string of_objects(const Json& found, const Json& wanted) {
    for (const auto& [key, value] : wanted.items()) {
      const auto own = found.find(key);
      if (own == found.end()) {
        if (ignores(key)) continue;
        return trying_ > 0 ? "differs" : where() + " lacks " + in_quotes(key);
      }
      if (std::string fault = below(key, *own, value); !fault.empty()) return fault;
    }
    if (how_.extra_keys) return {};
    for (const auto& [key, value] : found.items()) {
      if (wanted.contains(key) || ignores(key)) continue;
      return trying_ > 0 ? "differs" : where() + " has " + in_quotes(key) + ", which is not expected";
    }
    return {};
  }

  std::string of_lists(const Json& found, const Json& wanted) {
    if (found.size() != wanted.size()) {
      if (trying_ > 0) return "differs";
      return where() + " has " + plural(found.size(), "item") + ", expected " + std::to_string(wanted.size());
    }
    if (how_.any_order) return of_sets(found, wanted);
    for (std::size_t i = 0; i < found.size(); ++i) {
      if (std::string fault = below(std::to_string(i), found[i], wanted[i]); !fault.empty()) return fault;
    }
    return {};
  }

  std::string no_match(const Json& wanted) const {
    if (trying_ > 0) return "differs";
    return where() + " has nothing that matches the expected " + on_one_line(canonical(wanted));
  }

  std::string of_exact_sets(const Json& found, const Json& wanted) {
    std::multiset<std::string> left;
    for (const Json& member : found) left.insert(comparable_json(in_any_order(member)));
    compared_ += found.size() + wanted.size();
    for (const Json& member : wanted) {
      const auto own = left.find(comparable_json(in_any_order(member)));
      if (own == left.end()) return no_match(member);
      left.erase(own);
    }
    return {};
  }

  // Each wanted member needs a found one of its own. With a tolerance one that fits may be another's only match.
  std::string of_sets(const Json& found, const Json& wanted) {
    const bool exact =
        how_.ignored.empty() && !how_.extra_keys && how_.tolerance.absolute <= 0 && how_.tolerance.relative <= 0;
    if (exact) return of_exact_sets(found, wanted);
    const auto partners = matched(wanted.size(), found.size(), [&](std::size_t i, std::size_t j) {
      return !gave_up() && matches(found[j], wanted[i], j);
    });
    if (gave_up()) return {};
    const auto alone = std::find(partners.begin(), partners.end(), no_partner);
    return alone == partners.end() ? std::string()
                                   : no_match(wanted[static_cast<std::size_t>(alone - partners.begin())]);
  }

  bool matches(const Json& found, const Json& wanted, std::size_t index) {
    ++trying_;
    const bool good = below(std::to_string(index), found, wanted).empty();
    --trying_;
    return good && !gave_up();
  }

  const JsonComparison& how_;
  std::vector<std::string> path_;
  std::size_t compared_ = 0;
  int trying_ = 0;
};

}  // namespace

std::optional<JsonComparison> JsonComparison::build(const Tree& tree, const Json& options, Complaints& complaints) {
  JsonComparison out;
  out.tolerance = {quantity(options, "tolerance", 0.0), quantity(options, "relative", 0.0)};
  out.any_order = flag(options, "any_order", false);
  out.extra_keys = flag(options, "extra_keys", false);
  bool good = true;
  if (const Json* ignore = option(options, "ignore")) {
    for (const Json& place : *ignore) {
      const auto& text = place.get_ref<const std::string&>();
      if (text.starts_with('/')) {
        out.ignored.push_back(pointer_keys(text));
        continue;
      }
      complaints.add(tree.error(place, "not a JSON pointer", "write /key/0/key, or /key/*/key for every member"));
      good = false;
    }
  }
  return good ? std::optional(std::move(out)) : std::nullopt;
}

std::vector<const Json*> JsonComparison::written(const Json& options) {
  std::vector<const Json*> out;
  for (const char* name : field_names) {
    if (const Json* value = option(options, name)) out.push_back(value);
  }
  return out;
}

Judged<std::string> JsonComparison::difference(const Json& found, const Json& wanted,
                                               const std::vector<std::string>& at) const {
  Comparing comparing(*this, at);
  std::string out = comparing.of(found, wanted);
  if (comparing.gave_up()) return unjudged("lists in any order are too long to be tried pair by pair");
  return out;
}

std::vector<Field> comparison_fields() {
  return {{"tolerance", number_shape().at_least(0), "how far off a number may be, inclusive", false, "0"},
          {"relative", number_shape().at_least(0), "the same as a share of the expected number; the wider one holds",
           false, "0"},
          {"any_order", boolean_shape(), "lists are compared without regard to order", false, "false"},
          {"extra_keys", boolean_shape(), "objects may have keys that are not expected", false, "false"},
          {"ignore",
           list_of(string_shape()).at_least(1),
           "JSON pointers into the reply's JSON that are not compared; * is every key or index",
           false,
           {},
           R"(["/id", "/items/*/updated_at"])"}};
}

}  // namespace headgate::grade
