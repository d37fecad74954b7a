#include "headgate/grade/registry.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "foreign.hpp"
#include "headgate/base/assert.hpp"
#include "headgate/base/text.hpp"
#include "negation.hpp"
#include "options.hpp"

namespace headgate::grade {
namespace {

constexpr std::string_view negation_prefix = "not_";
constexpr std::string_view dashed_prefix = "not-";  // as other tools write it, before their own names
constexpr const char* keys_of_every_kind[] = {"kind", "since", "retired"};

bool is_negation(std::string_view written, std::string_view prefix) {
  return written.starts_with(prefix) && written.size() > prefix.size();
}

// A kind's name with dashes, as other tools write theirs; empty where that is no name of it, for it has no underscore
// or means something else there.
std::string dashed_name(const Kind& kind) {
  std::string out = kind.name;
  std::ranges::replace(out, '_', '-');
  const bool taken = out == kind.name || find_foreign(out) != nullptr ||
                     std::ranges::any_of(kind.aliases, [&](const Alias& alias) { return alias.name == out; });
  return taken ? std::string() : out;
}

std::vector<std::string> written_names(const Kind& kind) {
  std::vector<std::string> names = {kind.name, std::string(negation_prefix) + kind.name,
                                    std::string(dashed_prefix) + kind.name};
  if (std::string dashed = dashed_name(kind); !dashed.empty()) {
    names.push_back(std::string(dashed_prefix) + dashed);
    names.push_back(std::move(dashed));
  }
  for (const Alias& alias : kind.aliases) {
    names.push_back(alias.name);
    names.push_back(std::string(dashed_prefix) + alias.name);
  }
  return names;
}

FieldTable with_common_fields(const Kind& kind) {
  FieldTable table = kind.options == nullptr ? FieldTable{} : *kind.options;
  table.name = kind.name;
  table.help = kind.help;
  std::vector<Field> all = {{"kind", one_of(written_names(kind)), "which grader; not_ turns it round", true}};
  for (Field& field : table.fields) all.push_back(std::move(field));
  all.push_back({"since", version_shape(), "the first suite version that has this grader"});
  all.push_back({"retired", version_shape(), "the first suite version without it"});
  table.fields = std::move(all);
  return table;
}

// The names as people may write them; with not_ only where that is what was tried, so that a hint stays near.
std::string nearest_kind(std::span<const Kind> kinds, std::string_view written) {
  std::vector<std::string> names;
  for (const Kind& kind : kinds) names.push_back(kind.name);
  if (written.starts_with(negation_prefix)) {
    for (const Kind& kind : kinds) names.push_back(std::string(negation_prefix) + kind.name);
  }
  return did_you_mean(written, names);
}

Error unknown_kind(std::span<const Kind> kinds, std::string_view written) {
  const bool dashed = is_negation(written, dashed_prefix);
  if (const ForeignKind* foreign = find_foreign(dashed ? written.substr(dashed_prefix.size()) : written)) {
    return {ErrorCode::input,
            "'" + std::string(written) + "' is another tool's, and no grader here means the same",
            {},
            std::string(foreign->instead)};
  }
  const std::string near = nearest_kind(kinds, written);
  return {ErrorCode::input,
          "unknown grader '" + std::string(written) + "'",
          {},
          (near.empty() ? "" : near + " ") + "`headgate graders` lists all"};
}

Json preset_of(const Alias& alias) { return alias.options.empty() ? Json::object() : Json::parse(alias.options); }

}  // namespace

Registry::Registry(std::vector<Kind> kinds) : kinds_(std::move(kinds)) {
  std::sort(kinds_.begin(), kinds_.end(), [](const Kind& a, const Kind& b) { return a.name < b.name; });
  for (const Kind& kind : kinds_) {
    HG_ASSERT(kind.build != nullptr && !kind.name.empty());
    HG_ASSERT(!kind.name.starts_with(negation_prefix));
    HG_ASSERT(fields_.empty() || fields_.back().name != kind.name);
    fields_.push_back(with_common_fields(kind));
  }
}

const Kind* Registry::find(std::string_view name) const {
  const auto found = std::find_if(kinds_.begin(), kinds_.end(), [&](const Kind& kind) { return kind.name == name; });
  return found == kinds_.end() ? nullptr : &*found;
}

Registry::Meaning Registry::meaning_of(std::string_view written) const {
  if (const Kind* kind = find(written)) return {kind};
  const bool negated = is_negation(written, negation_prefix) || is_negation(written, dashed_prefix);
  const std::string_view plain = negated ? written.substr(negation_prefix.size()) : written;
  if (const Kind* kind = find(plain)) return {kind, nullptr, negated};
  for (const Kind& kind : kinds_) {
    if (!plain.empty() && dashed_name(kind) == plain) return {&kind, nullptr, negated};
    for (const Alias& alias : kind.aliases) {
      if (alias.name == plain) return {&kind, &alias, negated};
    }
  }
  return {};
}

Result<const Kind*> Registry::look_up(std::string_view written) const {
  const Kind* kind = meaning_of(written).kind;
  if (kind == nullptr) return failure(unknown_kind(kinds_, written));
  return kind;
}

const FieldTable& Registry::fields(const Kind& kind) const {
  const auto index = static_cast<std::size_t>(&kind - kinds_.data());
  HG_ASSERT(index < fields_.size());
  return fields_[index];
}

GraderPtr Registry::build(const Tree& tree, const Json& grader, Complaints& complaints) const {
  if (!grader.is_object()) {
    complaints.add(tree.error(grader, "a grader must be an object with `kind`",
                              R"(for example {"kind": "contains", "value": "refund"})"));
    return nullptr;
  }
  const Json* name = option(grader, "kind");
  if (name == nullptr || !name->is_string()) {
    complaints.add(
        tree.error(name == nullptr ? grader : *name, "a grader must name its `kind`", "`headgate graders` lists all"));
    return nullptr;
  }
  const auto& written = name->get_ref<const std::string&>();
  const Meaning meaning = meaning_of(written);
  if (meaning.kind == nullptr) {
    Error unknown = unknown_kind(kinds_, written);
    complaints.add(tree.error(*name, std::move(unknown.message), std::move(unknown.hint)));
    return nullptr;
  }
  if (meaning.alias != nullptr) return build_alias(tree, grader, meaning, complaints);
  if (!check(tree, grader, fields(*meaning.kind), complaints)) return nullptr;
  const std::size_t before = complaints.total();
  GraderPtr built = meaning.kind->build({tree, grader, complaints, *this});
  HG_ASSERT((built != nullptr) == (complaints.total() == before));  // a fault has a complaint, a complaint no grader
  return built != nullptr && meaning.negated ? negated(std::move(built)) : std::move(built);
}

// Builds what the alias stands for; whatever was written keeps its place.
GraderPtr Registry::build_alias(const Tree& tree, const Json& grader, const Meaning& meaning,
                                Complaints& complaints) const {
  const Json stands_for = preset_of(*meaning.alias);
  for (const auto& [key, value] : stands_for.items()) {
    const Json* own = option(grader, key);
    if (own == nullptr || *own == value) continue;
    complaints.add(tree.error(*own,
                              "'" + meaning.alias->name + "' means " + meaning.kind->name + " with " + key + " " +
                                  canonical(value) + ", and here it is " + canonical(*own),
                              "write kind: " + meaning.kind->name, At::key));
    return nullptr;
  }
  const Json::json_pointer at(tree.pointer(grader));
  Json root = tree.root();
  Json& inside = root.at(at);
  inside.update(stands_for);
  inside["kind"] = (meaning.negated ? std::string(negation_prefix) : std::string()) + meaning.kind->name;
  const Tree expanded = tree.with_root(std::move(root));
  return build(expanded, expanded.root().at(at), complaints);
}

Result<GraderPtr> Registry::build(const GraderSpec& spec) const {
  const auto damaged = [&](const std::string& why) {
    return failure(ErrorCode::untrusted, "the grader '" + spec.written_kind() + "' does not build: " + why);
  };
  auto options = parse_own(spec.options.text);
  if (!options) return damaged(options.error().message);
  if (!options->is_object()) return damaged("its options are not an object");
  (*options)["kind"] = spec.written_kind();
  Complaints complaints;
  const auto tree = parse_json(spec.written_kind(), canonical(*options), complaints);
  GraderPtr built = tree ? build(*tree, tree->root(), complaints) : nullptr;
  if (built == nullptr) return damaged(complaints.empty() ? "unknown" : complaints.errors().front().message);
  return built;
}

GraderSpec Registry::spec(const Json& grader) const {
  const Meaning meaning = meaning_of(grader.at("kind").get_ref<const std::string&>());
  GraderSpec out;
  if (meaning.kind != nullptr) {
    out.kind = meaning.kind->name;
    out.negated = meaning.negated;
  } else {  // whoever builds it complains
    out.kind = grader.at("kind").get<std::string>();
    out.negated = is_negation(out.kind, negation_prefix);
    if (out.negated) out.kind.erase(0, negation_prefix.size());
  }
  Json options = grader;
  if (meaning.alias != nullptr) options.update(preset_of(*meaning.alias));
  for (const char* key : keys_of_every_kind) options.erase(key);
  out.options = to_text(options);
  return out;
}

const char* name(Basis basis) {
  switch (basis) {
    case Basis::text:
      return "reply";
    case Basis::program:
      return "program";
    case Basis::plugin:
      return "plugin";
    case Basis::model:
      return "model";
    case Basis::parts:
      return "parts";
    case Basis::recorded:
      break;
  }
  return "recorded";
}

std::string_view may_decide(Basis basis) {
  switch (basis) {
    case Basis::text:
      return "decides: it rests on the reply alone";
    case Basis::program:
      return "decides: it rests on running the reply in a sandbox";
    case Basis::plugin:
      return "decides: it rests on a program that the gate names";
    case Basis::model:
      return "decides only once its judge is calibrated against people; until then the decision is inconclusive";
    case Basis::parts:
      return "decides as the graders do that it is made of";
    case Basis::recorded:
      break;
  }
  return "decides, and the decision says that the grade was not made here; a judge's verdict needs a calibration";
}

const Variants& grader_variants() {
  static const Variants variants = [] {
    Variants all{"grader", "kind", {}};
    for (const Kind& kind : registry().kinds()) {
      all.all.push_back({written_names(kind), &registry().fields(kind)});
    }
    return all;
  }();
  return variants;
}

Shape grader_shape() {
  return variant_of([] { return &grader_variants(); });
}

}  // namespace headgate::grade
