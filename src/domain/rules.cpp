#include "headgate/domain/rules.hpp"

#include <nlohmann/json.hpp>

#include "headgate/domain/codec.hpp"
#include "names.hpp"

namespace headgate {
namespace {

constexpr Names<Stage, 3> stages{{{Stage::shadow, "shadow"}, {Stage::internal, "internal"}, {Stage::canary, "canary"}}};

}  // namespace

const char* name(Stage stage) { return name_in(stages, stage); }
bool parse(std::string_view word, Stage& out) { return parse_in(stages, word, out); }
const char* name(Metric metric) { return metric == Metric::score ? "score" : "pass"; }

Digest policy_digest(const Rules& rules) { return digest_of(to_json(rules)); }

}  // namespace headgate
