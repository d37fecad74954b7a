// The walk over a schema when it is built: is each keyword well formed, does each reference lead somewhere, and can
// every value be judged in the end?
#include <algorithm>
#include <deque>
#include <nlohmann/json.hpp>
#include <string_view>

#include "headgate/base/text.hpp"
#include "same_json.hpp"
#include "schema_formats.hpp"
#include "schema_places.hpp"
#include "schema_prepared.hpp"
#include "schema_words.hpp"

namespace headgate::grade {
namespace {

constexpr std::array<std::string_view, 7> type_names = {"array",  "boolean", "integer", "null",
                                                        "number", "object",  "string"};

bool is_type_name(const Json& value) {
  return value.is_string() &&
         std::any_of(type_names.begin(), type_names.end(), [&](std::string_view name) { return value == name; });
}

bool is_whole(const Json& value) {
  return value.is_number() && value.get<double>() >= 0 && value.get<double>() <= 9e15 &&
         value.get<double>() == static_cast<double>(value.get<std::int64_t>());
}

bool are_names(const Json& value) {
  return value.is_array() && std::all_of(value.begin(), value.end(), [](const Json& one) { return one.is_string(); });
}

class Walk {
 public:
  Walk(const Json& root, Schema::Prepared& prepared, const SchemaComplaint& complain)
      : root_(root), prepared_(prepared), complain_(complain), places_(prepared, complain) {}

  void all() {
    if (!places_.add_document(root_)) return;
    to_do_.push_back(&root_);
    for (; !to_do_.empty(); to_do_.pop_front()) {
      // Chains of references are as long as a schema likes, hence no recursion.
      if (seen_.size() > max_schema_parts) {
        return fault(root_, "the schema has more than " + std::to_string(max_schema_parts) + " parts");
      }
      schema(*to_do_.front());
    }
    no_circles();
  }

 private:
  void fault(const Json& at, std::string message, std::string hint = {}, At where = At::value) {
    complain_(at, 0, std::move(message), std::move(hint), where);
  }

  void need(bool good, const Keyword& keyword, const Json& value, const char* what) {
    if (!good) fault(value, "`" + std::string(keyword.name) + "` must be " + what);
  }

  void later(const Json& value, bool in_place) {
    to_do_.push_back(&value);
    if (in_place) inside_[current_].push_back(&value);
  }

  void schema(const Json& value) {
    if (value.is_boolean() || !seen_.insert(&value).second) return;
    if (!value.is_object()) return fault(value, "a schema must be an object, true or false");
    current_ = &value;
    order_.push_back(&value);
    // Up to draft 7 a reference hides whatever stands beside it, its faults too.
    const bool alone = prepared_.references_stand_alone() && value.contains("$ref");
    for (const Keyword& keyword : schema_keywords) {
      const auto found = value.find(std::string(keyword.name));
      if (found == value.end()) continue;
      if (alone && keyword.need != Need::reference && keyword.name != "definitions") continue;
      if (prepared_.knows(keyword.dialects)) {
        one(keyword, *found);
      } else if (keyword.need != Need::anchor && !places_.is_shipped(value)) {
        fault(*found, "`" + std::string(keyword.name) + "` says nothing in this draft", "`$schema` chooses the draft",
              At::key);
      }
    }
  }

  void one(const Keyword& keyword, const Json& value) {
    switch (keyword.need) {
      case Need::schema:
        prepared_.tracks = prepared_.tracks || keyword.name.starts_with("unevaluated");
        return later(value, keyword.in_place);
      case Need::schema_or_list:
        return items(keyword, value);
      case Need::schemas:
        need(value.is_array() && !value.empty(), keyword, value, "a list of schemas");
        return list(keyword, value);
      case Need::schema_map:
        need(value.is_object(), keyword, value, "an object of schemas");
        return members(keyword, value);
      case Need::pattern_map:
        need(value.is_object(), keyword, value, "an object of schemas by pattern");
        for (const auto& [key, member] : value.items()) pattern(key, member, At::key);
        return members(keyword, value);
      case Need::dependencies:
        return dependencies(keyword, value);
      case Need::type:
        return type(keyword, value);
      case Need::list:
        return choices(keyword, value);
      case Need::number:
        return need(value.is_number(), keyword, value, "a number");
      case Need::positive:
        return need(value.is_number() && value.get<double>() > 0, keyword, value, "a number above 0");
      case Need::count:
        return need(is_whole(value), keyword, value, "a whole number, 0 or more");
      case Need::boolean:
        return need(value.is_boolean(), keyword, value, "true or false");
      case Need::names:
        return need(are_names(value), keyword, value, "a list of names");
      case Need::name_map:
        need(value.is_object(), keyword, value, "an object of lists of names");
        if (!value.is_object()) return;
        for (const Json& member : value) need(are_names(member), keyword, member, "an object of lists of names");
        return;
      case Need::pattern:
        need(value.is_string(), keyword, value, "a pattern");
        if (value.is_string()) pattern(value.get_ref<const std::string&>(), value, At::value);
        return;
      case Need::reference:
        if (const Json* target = places_.target(*current_, value)) {
          prepared_.references[&value] = target;
          later(*target, true);
        }
        return;
      case Need::format:
        return format(keyword, value);
      case Need::anchor:
        return;  // schema_places.cpp has read it
      case Need::refused:
        return fault(value, "`" + std::string(keyword.name) + "` is not supported",
                     "write a `$ref` to the schema that it would find", At::key);
    }
  }

  void items(const Keyword& keyword, const Json& value) {
    if (!value.is_array()) return later(value, false);
    if (!prepared_.knows(dialect::old | dialect::d2019)) {
      fault(value, "`items` is one schema in 2020-12", "the list of the first items' schemas is `prefixItems`");
    } else if (prepared_.knows(dialect::d2020) && current_->contains("prefixItems")) {
      fault(value, "`items` is a list beside `prefixItems`", "write one of the two lists, and the rest in `items`");
    }
    list(keyword, value);
  }

  void list(const Keyword& keyword, const Json& value) {
    if (!value.is_array()) return;
    for (const Json& one : value) later(one, keyword.in_place);
  }

  void members(const Keyword& keyword, const Json& value) {
    if (!value.is_object()) return;
    for (const Json& one : value) later(one, keyword.in_place);
  }

  void type(const Keyword& keyword, const Json& value) {
    const bool good = value.is_array() && !value.empty() ? std::all_of(value.begin(), value.end(), is_type_name)
                                                         : is_type_name(value);
    if (!good)
      fault(value, "`" + std::string(keyword.name) + "` must be a type or a list of types",
            "array, boolean, integer, null, number, object, string");
  }

  void choices(const Keyword& keyword, const Json& value) {
    need(value.is_array() && !value.empty(), keyword, value, "a list of values");
    if (!value.is_array()) return;
    auto& all = prepared_.enums[&value];
    for (const Json& one : value) all.insert(comparable_json(one));
  }

  void format(const Keyword& keyword, const Json& value) {
    if (!prepared_.options.formats || places_.is_shipped(*current_)) return;
    need(value.is_string(), keyword, value, "the name of a format");
    if (!value.is_string()) return;
    const auto all = schema_formats();
    const auto& name = value.get_ref<const std::string&>();
    if (std::find(all.begin(), all.end(), name) != all.end()) return;
    const std::string near = did_you_mean(name, all);
    fault(value, "the format '" + name + "' is not judged",
          near.empty() ? "these are: " + join_words(all, all.size()) : near);
  }

  void dependencies(const Keyword& keyword, const Json& value) {
    need(value.is_object(), keyword, value, "an object");
    if (!value.is_object()) return;
    for (const Json& member : value) {
      if (member.is_array()) {
        need(are_names(member), keyword, member, "an object of names or schemas");
      } else {
        later(member, true);
      }
    }
  }

  void pattern(const std::string& text, const Json& at, At where) {
    auto compiled = Pattern::compile(text);
    if (compiled) {
      prepared_.patterns.emplace(&at, std::move(*compiled));
    } else {
      complain_(at, where == At::value ? compiled.error().offset : 0, "bad pattern: " + compiled.error().message,
                compiled.error().hint, where);
    }
  }

  // A schema that leads back to itself without looking deeper into the value never ends. Depth first, without
  // recursion: what is met again while it is still open closes a circle.
  void no_circles() {
    struct Step {
      const Json* at;
      std::size_t next = 0;
    };
    std::set<const Json*> open, done;
    for (const Json* start : order_) {  // as the walk met them: addresses are another run's accident
      std::vector<Step> path = {{start}};
      while (!path.empty() && !done.contains(start)) {
        Step& step = path.back();
        open.insert(step.at);
        const auto found = inside_.find(step.at);
        if (found == inside_.end() || step.next == found->second.size()) {
          open.erase(step.at);
          done.insert(step.at);
          path.pop_back();
          continue;
        }
        const Json* next = found->second[step.next++];
        if (open.contains(next)) return circle(*next, *step.at);
        if (!done.contains(next)) path.push_back({next});
      }
    }
  }

  void circle(const Json& first, const Json& last) {
    const auto own = last.find("$ref");
    const Json& at = own != last.end() ? *own : first.contains("$ref") ? first["$ref"] : first;
    fault(places_.is_shipped(at) ? root_ : at,
          "the schema leads back to itself here without looking deeper into the value",
          "a schema may name itself only below `properties`, `items` and the like");
  }

  const Json& root_;
  Schema::Prepared& prepared_;
  const SchemaComplaint& complain_;
  SchemaPlaces places_;
  std::deque<const Json*> to_do_;
  std::set<const Json*> seen_;
  std::vector<const Json*> order_;
  const Json* current_ = nullptr;
  std::map<const Json*, std::vector<const Json*>> inside_;  // what judges the same value, by who asks
};

// The dialect that `$schema` names; nothing after a complaint.
std::optional<std::uint8_t> dialects_of(const Json& root, const SchemaComplaint& complain) {
  const auto written = root.is_object() ? root.find("$schema") : root.end();
  if (!root.is_object() || written == root.end()) return dialect::any;
  constexpr std::pair<std::string_view, std::uint8_t> known[] = {
      {"json-schema.org/draft-04/schema", dialect::old},
      {"json-schema.org/draft-06/schema", dialect::old},
      {"json-schema.org/draft-07/schema", dialect::old},
      {"json-schema.org/draft/2019-09/schema", dialect::d2019},
      {"json-schema.org/draft/2020-12/schema", dialect::d2020},
  };
  if (written->is_string()) {
    std::string_view name = written->get_ref<const std::string&>();
    if (name.ends_with('#')) name.remove_suffix(1);
    for (const auto& [uri, dialects] : known) {
      if (name.ends_with(uri) && (name.starts_with("http://") || name.starts_with("https://")) &&
          name.size() <= uri.size() + std::string_view("https://").size()) {
        return dialects;
      }
    }
  }
  complain(*written, 0, "unknown `$schema`",
           "http://json-schema.org/draft-07/schema# or https://json-schema.org/draft/2020-12/schema", At::value);
  return std::nullopt;
}

}  // namespace

void prepare_schema(const Json& root, Schema::Prepared& prepared, const SchemaComplaint& complain) {
  const auto dialects = dialects_of(root, complain);
  if (!dialects) return;
  prepared.dialects = *dialects;
  Walk(root, prepared, complain).all();
}

}  // namespace headgate::grade
