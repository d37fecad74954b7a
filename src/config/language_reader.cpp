#include "language_reader.hpp"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <thread>
#include <utility>
#include <vector>

#include "data_path.hpp"
#include "headgate/base/digest.hpp"
#include "headgate/base/text.hpp"
#include "headgate/route/sandbox.hpp"
#include "program_reader.hpp"
#include "well_shaped.hpp"

namespace headgate::config {
namespace {

// What stands here is what is seen inside a box; an interpreter elsewhere would not be.
constexpr const char* path_inside = "/usr/local/bin:/usr/bin:/bin";
constexpr const char* folder_inside = "/box/";
constexpr std::size_t max_template_bytes = std::size_t{1} << 20;
constexpr const char* form = "headgate/language/1";  // changes where the way of calling a template does

struct Shipped {
  const char* name;
  const char* needs;    // a program that must be there
  const char* install;  // the package that brings it, on Debian
};
constexpr Shipped shipped[] = {{"cpp", "g++", "g++"}, {"python", "python3", "python3"}};

const Shipped* find_shipped(std::string_view name) {
  const auto* found =
      std::find_if(std::begin(shipped), std::end(shipped), [&](const Shipped& one) { return one.name == name; });
  return found == std::end(shipped) ? nullptr : found;
}

class Reader {
 public:
  Reader(const Tree& tree, const GateOptions& options, Complaints& complaints)
      : tree_(tree), root_(tree.root()), options_(options), complaints_(complaints) {}

  void read(Gate& gate) {
    const Json* written = member(root_, "languages");
    if (written != nullptr) {
      for (const auto& [name, value] : written->items()) read_own(name, value, gate);
    }
    std::set<std::string> needed;
    for (const Suite& suite : gate.suites) needed.insert(suite.needs.languages.begin(), suite.needs.languages.end());
    for (const std::string& name : needed) require(name, gate);
    std::erase_if(gate.languages, [&](const auto& each) { return !needed.contains(each.first); });
    gate.unsandboxed = options_.unsafe_no_sandbox && !gate.languages.empty();
    if (!options_.unsafe_no_sandbox && !needed.empty()) find_box(gate);
  }

 private:
  void require(const std::string& name, Gate& gate) {
    const Json* own = member(root_, "languages");
    if (gate.languages.contains(name) || (own != nullptr && own->contains(name))) return;  // or complained about
    if (const Shipped* found = find_shipped(name)) return add_shipped(*found, gate);
    std::vector<std::string> names;
    for (const Shipped& one : shipped) names.emplace_back(one.name);
    const std::string near = did_you_mean(name, names);
    complaints_.add(tree_.error(suites(),
                                "a suite runs programs in '" + name + "', which this gate has no template for",
                                near.empty() ? "say how they are run: languages: {" + name + ": {command: [" + name +
                                                   ", …]}}; docs/code.md says what the command is told"
                                             : near));
  }

  void add_shipped(const Shipped& one, Gate& gate) {
    const std::string_view text = shipped_template(one.name);
    route::ProgramSpec spec = base_spec(one.name);
    auto needed = route::find_program(one.needs, "/", path_inside);
    if (!needed) {
      complaints_.add(tree_.error(
          suites(), "a suite runs programs in '" + std::string(one.name) + "', and there is no " + one.needs,
          "install it: apt-get install " + std::string(one.install)));
      return;
    }
    if (spec.name == "language python") {
      spec.command.words = {*needed, "-s", "-S", "-B", "-X", "utf8", "-c", std::string(text)};
    } else {
      spec.command.words = {"/bin/sh", "-c", std::string(text)};
    }
    gate.languages[one.name] = {std::move(spec), Hasher().field(form).field(one.name).field(text).finish()};
  }

  // The operator's files go into the box with their bytes: it sees none of his folders.
  void read_own(const std::string& name, const Json& written, Gate& gate) {
    if (name.empty()) return complaints_.add(tree_.error(written, "a language needs a name", {}, At::key));
    const Json* command = member(written, "command");
    if (command == nullptr) return;
    const std::size_t before = complaints_.total();
    const ProgramText text{tree_, written, *options_.files};
    const JsonText part = program_part(text, complaints_);
    route::ProgramSpec spec = base_spec(name);
    for (const Json& word : *command) {
      if (word.is_string()) spec.command.words.push_back(word.get<std::string>());
    }
    if (spec.command.words.size() != command->size()) return;
    std::string& first = spec.command.words.front();
    auto found = route::find_program(first, "/", path_inside);
    if (!found) {
      complaints_.add(tree_.error((*command)[0], found.error().message,
                                  "the interpreter of a language is looked for in " + std::string(path_inside) +
                                      ": what stands elsewhere is not seen inside a sandbox"));
    } else {
      first = std::move(*found);
    }
    add_files(*command, spec);
    if (const Json* readable = member(written, "readable")) {
      for (const Json& path : *readable) add_readable(path, spec);
    }
    if (complaints_.total() != before) return;
    gate.languages[name] = {std::move(spec), Hasher().field(form).field(name).field(part.text).finish()};
  }

  void add_files(const Json& command, route::ProgramSpec& spec) {
    const std::string folder = folder_of(tree_.name());
    for (std::size_t i = 1; i < spec.command.words.size(); ++i) {
      std::string& word = spec.command.words[i];
      const std::string path = join_path(folder, word);
      if (word.empty() || word.starts_with('-') || !options_.files->exists(path) || options_.files->is_folder(path))
        continue;
      auto bytes = options_.files->read(path, max_template_bytes);
      if (!bytes) {
        complaints_.add(tree_.error(command[i], bytes.error().message, bytes.error().hint));
        continue;
      }
      const std::string inside = folder_inside + std::filesystem::path(word).filename().string();
      spec.sandbox->files.emplace_back(inside, std::move(*bytes));
      word = inside;
    }
  }

  void add_readable(const Json& path, route::ProgramSpec& spec) {
    if (!path.is_string()) return;
    const auto& text = path.get_ref<const std::string&>();
    if (!text.starts_with('/') || !std::filesystem::exists(text)) {
      complaints_.add(tree_.error(path, "'" + text + "' is no absolute path of something that is there"));
      return;
    }
    spec.sandbox->readable.push_back(text);
  }

  route::ProgramSpec base_spec(const std::string& name) const {
    route::ProgramSpec spec;
    spec.name = "language " + name;
    spec.speaks = route::Speaks::files_once;
    spec.command.environment = {{"HOME", "/tmp"},
                                {"LANG", "C.UTF-8"},
                                {"PATH", path_inside},
                                {"PYTHONHASHSEED", "0"},  // sets come in the same order in every run
                                {"TMPDIR", "/tmp"}};
    spec.limits.memory_bytes = std::uint64_t{1} << 30;
    spec.limits.grace = Millis{0};
    spec.in_flight = std::max<std::size_t>(2, std::thread::hardware_concurrency());
    spec.sandbox.emplace();
    return spec;
  }

  void find_box(Gate& gate) {
    const auto path = options_.environment ? options_.environment("PATH") : std::nullopt;
    const auto found = route::find_bubblewrap(path.value_or(path_inside));
    if (!found) {
      complaints_.add(tree_.error(suites(), found.error().message,
                                  found.error().hint + "; --unsafe-no-sandbox runs them with your rights"));
      return;
    }
    for (auto& [name, language] : gate.languages) language.program.sandbox->bubblewrap = *found;
  }

  const Json& suites() const {
    const Json* suites = member(root_, "suites");
    return suites == nullptr ? root_ : *suites;
  }

  const Tree& tree_;
  const Json& root_;
  const GateOptions& options_;
  Complaints& complaints_;
};

}  // namespace

const FieldTable& language_table() {
  static const FieldTable table{
      "language",
      "How programs of replies in a language are run, in a sandbox. docs/code.md says what the command is told.",
      {{"command",
        list_of(string_shape()).at_least(1),
        "the program and its words; files beside the gate that it names go into the sandbox",
        true,
        {},
        R"(["ruby","languages/ruby.rb"])"},
       {"files", list_of(string_shape()), "further files whose bytes make it what it is", false, "[]"},
       {"readable", list_of(string_shape()), "absolute paths that are seen inside, besides /usr", false, "[]"}}};
  return table;
}

void read_languages(const Tree& tree, const GateOptions& options, Gate& gate, Complaints& complaints) {
  Reader(tree, options, complaints).read(gate);
}

}  // namespace headgate::config
