#include "program_reader.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "amounts.hpp"
#include "headgate/base/digest.hpp"
#include "headgate/base/text.hpp"
#include "secret_reader.hpp"
#include "well_shaped.hpp"

namespace headgate::config {
namespace {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""min;

// What a program sees of headgate's own environment without being asked for.
constexpr const char* inherited[] = {"HOME", "LANG", "LC_ALL", "PATH", "TMPDIR", "TZ"};
constexpr const char* usual_path = "/usr/local/bin:/usr/bin:/bin";
constexpr std::size_t max_path_bytes = 4096;

constexpr DurationBounds timeout_bounds{Millis(1ms), Millis(24h)};
constexpr DurationBounds grace_bounds{Millis(0ms), Millis(1min)};
constexpr SizeBounds memory_bounds{std::uint64_t{1} << 20, std::uint64_t{1} << 50};
constexpr SizeBounds output_bounds{1, std::uint64_t{64} << 20};  // a record of the journal must hold it, escaped

std::string word(const Json& object, const char* key, const char* fallback) {
  const Json* found = member(object, key);
  return found == nullptr ? fallback : found->get<std::string>();
}

bool is_per_case(const Json& object) { return word(object, "mode", "worker") == "per_case"; }

bool has_nul(const std::string& text) { return text.find('\0') != std::string::npos; }

std::string plain_value(const Json& value) { return value.is_string() ? value.get<std::string>() : canonical(value); }

// Where the program runs. Absolute, so that nothing depends on where headgate itself stands when the child starts.
std::string folder_of_program(const Tree& tree) {
  const std::string folder = folder_of(tree.name());
  std::error_code fault;
  const auto absolute = std::filesystem::absolute(folder.empty() ? "." : folder, fault);
  return fault ? folder : join_path("", absolute.string());
}

class Reader {
 public:
  Reader(const ProgramText& text, const Environment& environment, Complaints& complaints)
      : text_(text), tree_(text.tree), object_(text.object), environment_(environment), complaints_(complaints) {}

  std::optional<route::ProgramSpec> read(std::string name, const route::ProgramLimits& defaults) {
    const std::size_t before = complaints_.total();
    route::ProgramSpec spec;
    spec.name = std::move(name);
    spec.limits = defaults;
    spec.command.folder = folder_of_program(tree_);
    read_environment(spec);
    read_command(spec);
    read_way(spec);
    read_limits(spec);
    return complaints_.total() == before ? std::optional(std::move(spec)) : std::nullopt;
  }

 private:
  void read_environment(route::ProgramSpec& spec) {
    std::map<std::string, std::string> all;
    for (const char* name : inherited) {
      const auto found = environment_ ? environment_(name) : std::nullopt;
      if (found) all[name] = *found;
    }
    std::vector<std::pair<std::string, std::string>> secrets;
    if (const Json* written = member(object_, "environment")) {
      for (const auto& [name, value] : written->get_ref<const Json::object_t&>()) {
        if (!is_variable_name(name)) {
          complaints_.add(tree_.error(value, "'" + name + "' is no name of an environment variable",
                                      "letters, digits and _, not beginning with a digit", At::key));
          continue;
        }
        if (value.is_null()) continue;  // complained about
        if (auto read = value_of(name, value, secrets)) all[name] = std::move(*read);
      }
    }
    spec.command.environment.assign(all.begin(), all.end());
    if (!secrets.empty()) spec.secrets = std::make_shared<const Redactor>(secrets);
  }

  std::optional<std::string> value_of(const std::string& name, const Json& value,
                                      std::vector<std::pair<std::string, std::string>>& secrets) {
    std::string text = plain_value(value);
    if (is_reference(text)) {
      const SecretReader reader(tree_, text_.files, environment_, text_.need, text_.missing, complaints_);
      auto secret = reader.read(value, name);
      if (!secret) return std::nullopt;
      secrets.emplace_back(std::move(secret->name), secret->value);
      return std::move(secret->value);
    }
    if (!has_nul(text)) return text;
    complaints_.add(tree_.error(value, "the value of " + name + " holds a NUL, which nothing can carry"));
    return std::nullopt;
  }

  void read_command(route::ProgramSpec& spec) {
    const Json* written = member(object_, "command");
    if (written == nullptr) return;
    const Json& command = *written;
    for (const Json& each : command) {
      if (each.is_null()) continue;
      spec.command.words.push_back(each.get<std::string>());
      if (has_nul(spec.command.words.back())) complaints_.add(tree_.error(each, "a word of a command holds a NUL"));
    }
    if (command[0].is_null()) return;
    std::string& first = spec.command.words.front();
    if (first.empty()) {
      complaints_.add(tree_.error(command[0], "the first word of a command names the program"));
      return;
    }
    const auto& environment = spec.command.environment;
    const auto path =
        std::find_if(environment.begin(), environment.end(), [](const auto& each) { return each.first == "PATH"; });
    auto found = route::find_program(first, spec.command.folder, path == environment.end() ? usual_path : path->second);
    if (!found) {
      if (text_.need == RouteNeed::replies) return;
      complaints_.add(tree_.error(command[0], found.error().message, found.error().hint));
      return;
    }
    first = std::filesystem::path(*found).is_absolute() ? std::move(*found) : join_path(spec.command.folder, *found);
  }

  void read_way(route::ProgramSpec& spec) {
    const bool per_case = is_per_case(object_);
    const bool text = word(object_, "speaks", "json") == "text";
    const bool is_mode_known = !object_.contains("mode") || member(object_, "mode") != nullptr;
    if (text && !per_case && is_mode_known) {
      complaints_.add(tree_.error(object_.at("speaks"), "a long-lived worker speaks JSON, a line for each request",
                                  "add mode: per_case, or remove speaks"));
    }
    spec.speaks = !per_case ? route::Speaks::json_lines : text ? route::Speaks::text_once : route::Speaks::json_once;
    const Json* ready = member(object_, "wait_for_ready");
    spec.says_ready = ready != nullptr && ready->get<bool>();
    if (spec.says_ready && per_case) for_workers_alone(*ready, "wait_for_ready");
  }

  void read_limits(route::ProgramSpec& spec) {
    const Json* limits = member(object_, "limits");
    if (limits == nullptr) return;
    duration(*limits, "timeout", timeout_bounds, spec.limits.timeout);
    duration(*limits, "start_timeout", timeout_bounds, spec.limits.start);
    duration(*limits, "grace", grace_bounds, spec.limits.grace);
    size(*limits, "memory", memory_bounds, spec.limits.memory_bytes);
    size(*limits, "output", output_bounds, spec.limits.output_bytes);
    if (const Json* workers = member(*limits, "workers")) spec.workers = workers->get<std::size_t>();
    spec.in_flight = std::max(spec.in_flight, spec.workers);
    if (const Json* in_flight = member(*limits, "in_flight")) spec.in_flight = in_flight->get<std::size_t>();
    if (!is_per_case(object_)) return;
    for (const char* key : {"workers", "start_timeout"}) {
      if (const Json* written = member(*limits, key)) for_workers_alone(*written, key);
    }
  }

  void for_workers_alone(const Json& value, const char* key) {
    complaints_.add(tree_.error(value, "'" + std::string(key) + "' is for long-lived workers, this is mode: per_case",
                                "remove it", At::key));
  }

  void duration(const Json& limits, const char* key, const DurationBounds& bounds, Millis& out) {
    const Json* written = member(limits, key);
    if (written != nullptr) out = read_duration(tree_, *written, bounds, complaints_).value_or(out);
  }

  void size(const Json& limits, const char* key, const SizeBounds& bounds, std::uint64_t& out) {
    const Json* written = member(limits, key);
    if (written != nullptr) out = read_size(tree_, *written, bounds, complaints_).value_or(out);
  }

  const ProgramText& text_;
  const Tree& tree_;
  const Json& object_;
  const Environment& environment_;
  Complaints& complaints_;
};

// The path that a word of a command may mean: the word, or what stands behind the = of an option.
std::string path_in(const std::string& word) {
  const std::size_t equals = word.starts_with('-') ? word.find('=') : std::string::npos;
  return equals == std::string::npos ? word : word.substr(equals + 1);
}

bool may_be_beside(const Tree& tree, const std::string& path) {
  if (path.empty() || path.size() > max_path_bytes || has_nul(path)) return false;
  return !path.starts_with('/') || path.starts_with(folder_of_program(tree) + "/");
}

}  // namespace

std::optional<route::ProgramSpec> read_program(const ProgramText& text, std::string name,
                                               const route::ProgramLimits& defaults, const Environment& environment,
                                               Complaints& complaints) {
  return Reader(text, environment, complaints).read(std::move(name), defaults);
}

JsonText program_part(const ProgramText& text, Complaints& complaints) {
  const Tree& tree = text.tree;
  const std::string folder = folder_of(tree.name());
  Json files = Json::object();
  const auto add = [&](const Json& where, const std::string& path) {
    const auto bytes = text.files.read(join_path(folder, path));
    if (bytes) {
      files[path] = {{"digest", sha256(*bytes).text()}, {"bytes", bytes->size()}};
    } else if (text.need != RouteNeed::replies) {
      complaints.add(tree.error(where, bytes.error().message, "its bytes are part of what the program is"));
    }
  };
  const Json* written_command = member(text.object, "command");
  if (written_command == nullptr) return {};
  const Json& command = *written_command;
  for (std::size_t i = 0; i < command.size(); ++i) {
    if (command[i].is_null()) continue;
    const auto& written = command[i].get_ref<const std::string&>();
    const std::string path = i == 0 ? written : path_in(written);
    const bool is_looked_up = i == 0 && path.find('/') == std::string::npos;
    if (is_looked_up || (i > 0 && !may_be_beside(tree, path)) || has_nul(path)) continue;
    const std::string full = join_path(folder, path);
    const bool is_file = text.files.exists(full) && !text.files.is_folder(full);
    // That the program itself is missing is said once, by who looks for it to start it.
    if (is_file || (i == 0 && !text.is_started)) add(command[i], path);
  }
  if (const Json* further = member(text.object, "files")) {
    for (const Json& each : *further) {
      if (each.is_string()) add(each, each.get<std::string>());
    }
  }
  Json out = {{"command", command},
              {"mode", word(text.object, "mode", "worker")},
              {"speaks", word(text.object, "speaks", "json")},
              {"files", std::move(files)}};
  if (const Json* environment = member(text.object, "environment")) {
    for (const auto& [name, value] : environment->get_ref<const Json::object_t&>()) {
      out["environment"][name] = plain_value(value);
    }
  }
  return to_text(out);
}

}  // namespace headgate::config
