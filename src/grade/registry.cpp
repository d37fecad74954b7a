#include "headgate/grade/registry.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "headgate/base/assert.hpp"
#include "headgate/base/text.hpp"
#include "negation.hpp"
#include "options.hpp"

namespace headgate::grade {
namespace {

constexpr std::string_view negation_prefix = "not_";
constexpr const char* keys_of_every_kind[] = {"kind", "since", "retired"};

// "not_contains" is contains, negated.
std::string_view plain_name(std::string_view written, bool& is_negated) {
  is_negated = written.starts_with(negation_prefix) && written.size() > negation_prefix.size();
  return is_negated ? written.substr(negation_prefix.size()) : written;
}

FieldTable with_common_fields(const Kind& kind) {
  FieldTable table = kind.options == nullptr ? FieldTable{} : *kind.options;
  table.name = kind.name;
  table.help = kind.help;
  std::vector<Field> all = {{"kind", one_of({kind.name, std::string(negation_prefix) + kind.name}),
                             "which grader; not_ turns it round", true}};
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
  const std::string near = nearest_kind(kinds, written);
  return {ErrorCode::input,
          "unknown grader '" + std::string(written) + "'",
          {},
          (near.empty() ? "" : near + " ") + "`headgate graders` lists all"};
}

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

Result<const Kind*> Registry::look_up(std::string_view written) const {
  bool is_negated = false;
  const Kind* kind = find(plain_name(written, is_negated));
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
  bool is_negated = false;
  const auto& written = name->get_ref<const std::string&>();
  const Kind* kind = find(plain_name(written, is_negated));
  if (kind == nullptr) {
    Error unknown = unknown_kind(kinds_, written);
    complaints.add(tree.error(*name, std::move(unknown.message), std::move(unknown.hint)));
    return nullptr;
  }
  if (!check(tree, grader, fields(*kind), complaints)) return nullptr;
  const std::size_t before = complaints.total();
  GraderPtr built = kind->build({tree, grader, complaints, *this});
  HG_ASSERT((built != nullptr) == (complaints.total() == before));  // a fault has a complaint, a complaint no grader
  return built != nullptr && is_negated ? negated(std::move(built)) : std::move(built);
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

GraderSpec Registry::spec(const Json& grader) {
  GraderSpec out;
  out.kind = plain_name(grader.at("kind").get_ref<const std::string&>(), out.negated);
  Json options = grader;
  for (const char* key : keys_of_every_kind) options.erase(key);
  out.options = to_text(options);
  return out;
}

const Variants& grader_variants() {
  static const Variants variants = [] {
    Variants all{"grader", "kind", {}};
    for (const Kind& kind : registry().kinds()) {
      all.all.push_back({{kind.name, std::string(negation_prefix) + kind.name}, &registry().fields(kind)});
    }
    return all;
  }();
  return variants;
}

Shape grader_shape() {
  return variant_of([] { return &grader_variants(); });
}

}  // namespace headgate::grade
