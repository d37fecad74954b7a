#include "headgate/config/gate_file.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "amounts.hpp"
#include "data_path.hpp"
#include "helper_reader.hpp"
#include "headgate/base/text.hpp"
#include "language_reader.hpp"
#include "overrides.hpp"
#include "program_reader.hpp"
#include "references.hpp"
#include "rules_reader.hpp"
#include "well_shaped.hpp"

namespace headgate::config {
namespace {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""s;

constexpr std::size_t max_gate_file_bytes = std::size_t{4} << 20;
constexpr std::size_t max_name_bytes = 128;
constexpr DurationBounds deadline_bounds{Millis(1s), Millis(7 * 24h)};
constexpr std::uint64_t plugin_output_bytes = std::uint64_t{1} << 20;  // a verdict and its reason take less

std::optional<Tree> open(const std::string& path, const FileReader& files, Complaints& complaints) {
  Result<std::string> text = files.read(path, max_gate_file_bytes);
  if (text) return parse_config(path, std::move(*text), complaints);
  complaints.add({text.error().code, text.error().message, Place{path, 1, 1, "", 1, 1}, text.error().hint});
  return std::nullopt;
}

// The name becomes a folder of reports/.
bool is_folder_name(const std::string& name) {
  constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
  return name.find_first_not_of(allowed) == std::string::npos && name.size() <= max_name_bytes && name[0] != '.' &&
         name[0] != '-';
}

// Reads what stands in the file itself; the routes and suites it names come after. Of a file that did not pass its
// table all that is well shaped is read: all complaints come in one go.
class GateReader {
 public:
  // `tree` is well_shaped().
  GateReader(const Tree& tree, const GateOptions& options, Complaints& complaints)
      : tree_(tree), root_(tree.root()), options_(options), complaints_(complaints) {}

  std::optional<Gate> read() {
    const std::size_t before = complaints_.total();
    Gate gate;
    read_head(gate);
    read_data(gate);
    read_plugins(gate);
    read_baseline(gate);
    if (const Json* candidate = member(root_, "candidate")) read_route(gate, Arm::candidate, *candidate);
    const bool all_suites = read_suites(gate);
    if (all_suites) check_references(tree_, gate.rules, gate.suites, complaints_);
    read_languages(tree_, options_, gate, complaints_);
    read_helpers({tree_, *options_.files, options_.environment, options_.routes}, gate, complaints_);
    read_readiness(gate, all_suites);
    read_budget(gate);
    for (const Route& route : gate.routes) check_prompt(route, gate.suites, complaints_);
    if (complaints_.total() != before) return std::nullopt;
    return gate;
  }

 private:
  void read_head(Gate& gate) {
    const Json* name = member(root_, "gate");
    if (name != nullptr) gate.name = name->get<std::string>();
    if (name != nullptr && !is_folder_name(gate.name)) {
      complaints_.add(tree_.error(*name, "a gate's name is made of letters, digits, _ . and -, as it names a folder"));
    }
    if (const Json* question = member(root_, "release_question")) gate.release_question = question->get<std::string>();
    if (const Json* stage = member(root_, "stage")) parse(stage->get_ref<const std::string&>(), gate.stage);
    if (const Json* trials = member(root_, "trials")) {
      const Json* count = trials->is_object() ? member(*trials, "count") : trials;
      if (count != nullptr) gate.trials = count->get<std::uint32_t>();
    }
    gate.overrides = options_.overrides;
    gate.rules = read_rules(tree_, options_.today, complaints_);
  }

  void read_data(Gate& gate) {
    const Json* data = member(root_, "data");
    if (data == nullptr) return;
    gate.data = read_data_roots(tree_, *data, options_.environment, *options_.files, complaints_);
  }

  void read_plugins(Gate& gate) {
    const Json* plugins = member(root_, "plugins");
    if (plugins == nullptr) return;
    for (const auto& [name, written] : plugins->get_ref<const Json::object_t&>()) {
      if (name.empty()) {
        complaints_.add(tree_.error(written, "a plugin needs a name", {}, At::key));
        continue;
      }
      if (member(written, "command") == nullptr) continue;  // complained about
      const ProgramText text{tree_, written, *options_.files};
      const JsonText part = program_part(text, complaints_);
      route::ProgramLimits limits;
      limits.output_bytes = plugin_output_bytes;
      auto program = read_program(text, "plugin " + name, limits, options_.environment, complaints_);
      if (program) gate.plugins[name] = {std::move(*program), sha256(part.text)};
    }
  }

  // A plugin that is named but faulty has been complained about.
  void require_plugins(const Suite& suite, const Json& written) {
    const Json none = Json::object();
    const auto plugins = root_.find("plugins");
    const Json& named = plugins == root_.end() || !plugins->is_object() ? none : *plugins;
    for (const std::string& plugin : suite.needs.plugins) {
      if (named.contains(plugin)) continue;
      std::vector<std::string> names;
      for (const auto& [name, program] : named.items()) names.push_back(name);
      const std::string near = did_you_mean(plugin, names);
      complaints_.add(tree_.error(
          written, "suite '" + suite.head.name + "' asks plugin '" + plugin + "', which this gate does not name",
          near.empty() ? "say which program it is: plugins: {" + plugin + ": {command: [python3, …]}}" : near));
    }
  }

  void read_baseline(Gate& gate) {
    const Json* baseline = member(root_, "baseline");
    if (baseline == nullptr) return;
    if (!baseline->is_object()) return read_route(gate, Arm::baseline, *baseline);
    if (const Json* reuse = member(*baseline, "reuse")) gate.baseline_reuse = reuse->get<std::string>();
    if (const Json* route = member(*baseline, "route")) read_route(gate, Arm::baseline, *route);
  }

  void read_route(Gate& gate, Arm arm, const Json& named) {
    const std::string path = join_path(folder_of(tree_.name()), named.get_ref<const std::string&>());
    if (!options_.files->exists(path)) {
      complaints_.add(
          tree_.error(named, "there is no route file '" + path + "'", "paths are relative to the gate file"));
      return;
    }
    std::optional<Route> route =
        load_route(path, gate.data, *options_.files, complaints_, options_.environment, options_.routes);
    if (route && route->http && route->http->dialect != nullptr && route->http->dialect->embeds()) {
      complaints_.add(tree_.error(named, "route '" + route->use.name + "' turns texts into vectors and answers nobody",
                                  "api: embeddings is for routes that `embeddings` of a gate names"));
    }
    if (route) gate.routes[static_cast<std::size_t>(arm)] = std::move(*route);
    routes_read_ += route ? 1U : 0U;
  }

  void read_readiness(Gate& gate, bool all_suites) {
    const Json* readiness = member(root_, "readiness");
    const Json* tested = readiness == nullptr ? nullptr : member(*readiness, "fallback_tested");
    if (tested == nullptr) return;
    for (const Json& each : *tested) gate.fallback_tested.push_back(each.is_string() ? each.get<std::string>() : "");
    if (all_suites) check_tested_cases(tree_, gate.fallback_tested, gate.suites, complaints_);
    const auto has_fallback = [](const Route& route) {
      return route.fallback != nullptr || !route.use.fallback.empty();
    };
    if (routes_read_ < gate.routes.size() || std::ranges::any_of(gate.routes, has_fallback)) return;
    complaints_.add(tree_.error(*tested, "neither route of this gate has a fallback that could be tested",
                                "name one in the route file: fallback: other.yaml", At::key));
  }

  void read_budget(Gate& gate) {
    const Json* budget = member(root_, "budget");
    if (budget == nullptr) return;
    if (const Json* deadline = member(*budget, "deadline"))
      gate.budget.deadline = read_duration(tree_, *deadline, deadline_bounds, complaints_);
    const Json* max_usd = member(*budget, "max_usd");
    if (max_usd == nullptr) return;
    gate.budget.max_usd = max_usd->get<double>();
    if (options_.routes != RouteNeed::replies) check_budget(gate, tree_.place(*max_usd), complaints_);
  }

  bool read_suites(Gate& gate) {
    const Json* suites = member(root_, "suites");
    if (suites == nullptr) return false;
    bool all = true;
    for (const Json& written : *suites) {
      const bool read = written.is_string() && read_suite(gate, written);
      all = all && read;
    }
    return all;
  }

  bool read_suite(Gate& gate, const Json& written) {
    const Result<suite::Reference> reference = suite::parse_reference(written.get<std::string>());
    if (!reference) return refuse(written, reference.error());
    const Result<std::string> folder = suite::find_folder(*reference, folder_of(tree_.name()), *options_.files);
    if (!folder) return refuse(written, folder.error());
    suite::LoadOptions options;
    options.files = options_.files;
    options.registry = options_.registry;
    options.data = gate.data;
    options.for_each = options_.for_each;
    std::optional<Suite> loaded = suite::load(*folder, reference->range, options, complaints_);
    if (!loaded) return false;
    for (const Suite& other : gate.suites) {
      if (other.head.name != loaded->head.name) continue;
      complaints_.add(
          tree_.error(written, "suite '" + loaded->head.name + "' is named twice", "name every suite once"));
      return false;
    }
    require_plugins(*loaded, written);
    require_helpers(tree_, *loaded, written, complaints_);
    gate.suites.push_back(std::move(*loaded));
    return true;
  }

  bool refuse(const Json& written, const Error& error) {
    complaints_.add(tree_.error(written, error.message, error.hint));
    return false;
  }

  const Tree& tree_;
  const Json& root_;
  const GateOptions& options_;
  Complaints& complaints_;
  std::size_t routes_read_ = 0;
};

// Opens a gate file, lays the overrides over it, and calls `read(tree, complaints)`. Errors in overridden values are
// moved to what was typed.
template <class Read>
auto with_overrides(const std::string& path, const GateOptions& options, Complaints& complaints, const Read& read)
    -> decltype(read(std::declval<const Tree&>(), complaints)) {
  std::optional<Tree> file = open(path, *options.files, complaints);
  if (!file) return std::nullopt;
  const Overrides overrides(*file, options.overrides, complaints);
  const bool overridden = overrides.any();
  Complaints found;
  const Tree& source = overridden ? overrides.effective() : *file;
  auto out = read(without_later_gate_keys(source.with_root(source.root()), found), found);
  if (overridden) found = overrides.moved(std::move(found), *file);
  complaints.append(std::move(found));
  return out;
}

}  // namespace

std::optional<Gate> load_gate(const std::string& path, const GateOptions& options, Complaints& complaints) {
  const std::size_t before = complaints.total();
  std::optional<Gate> gate =
      with_overrides(path, options, complaints, [&](const Tree& tree, Complaints& found) -> std::optional<Gate> {
        if (check(tree, tree.root(), gate_table(), found)) return GateReader(tree, options, found).read();
        if (tree.root().is_object()) GateReader(well_shaped(tree, gate_table()), options, found).read();
        return std::nullopt;
      });
  if (complaints.total() != before) return std::nullopt;
  return gate;
}

void check_budget(const Gate& gate, const Place& place, Complaints& complaints) {
  std::vector<const Route*> seen;
  const auto check = [&](const Route& route) {
    const bool is_priced = !route.http || route.http->price.is_written();
    const bool is_said = std::ranges::any_of(seen, [&](const Route* each) { return each->file == route.file; });
    if (is_priced || is_said) return;
    seen.push_back(&route);
    complaints.add(
        {ErrorCode::input,
         "a budget in USD needs to know what route '" + route.use.name + "' costs, and " + route.file +
             " names no price",
         place,
         "write price: {input_per_mtok: …, output_per_mtok: …} there; {per_call_usd: 0} for a server of your "
         "own"});
  };
  for (const Route& route : gate.routes) {
    check(route);
    if (route.fallback != nullptr) check(*route.fallback);
  }
  for (const Route* route : asked_routes(gate)) check(*route);
}

std::optional<Rules> load_rules(const std::string& path, const GateOptions& options, Complaints& complaints) {
  const std::size_t before = complaints.total();
  std::optional<Rules> rules =
      with_overrides(path, options, complaints, [&](const Tree& tree, Complaints& found) -> std::optional<Rules> {
        if (check(tree, tree.root(), gate_table(), found)) return read_rules(tree, options.today, found);
        read_rules(well_shaped(tree, gate_table()), options.today, found);
        return std::nullopt;
      });
  if (complaints.total() != before) return std::nullopt;
  return rules;
}

}  // namespace headgate::config
