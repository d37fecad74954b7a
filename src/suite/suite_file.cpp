#include "suite_file.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "headgate/base/clock.hpp"
#include "headgate/base/text.hpp"
#include "headgate/suite/load.hpp"
#include "operator_keys.hpp"
#include "suite_names.hpp"

namespace headgate::suite {
namespace {

constexpr std::size_t max_suite_file_bytes = std::size_t{16} << 20;
constexpr double share_tolerance = 0.01;  // shares are written with two digits

bool is_data_path(const std::string& path) { return path.starts_with("data:"); }

class Reader {
 public:
  Reader(std::string folder, const LoadOptions& options, Complaints& complaints)
      : folder_(std::move(folder)), options_(options), complaints_(complaints) {}

  std::optional<SuiteFiles> read() {
    const std::optional<std::string> name = suite_file_name();
    if (!name) return std::nullopt;
    out_.declared.file = shown_path(folder_, *name);
    chain_.push_back(*name);
    const std::optional<Tree> tree = open(*name, Place{out_.declared.file, 1, 1, "", 1, 1});
    if (!tree || !tree->root().is_object()) {
      if (tree) check(*tree, tree->root(), suite_table(), complaints_);
      return std::nullopt;
    }
    const bool shaped = check(*tree, tree->root(), suite_table(), complaints_);
    read_head(*tree, shaped);
    read_common(*tree, shaped, *name);
    if (!tree->root().contains("cases")) add_default_cases(tree->place(tree->root()));
    check_traffic(*tree);
    return std::move(out_);
  }

 private:
  std::optional<std::string> suite_file_name() {
    std::vector<std::string> found;
    for (const char* name : suite_file_names) {
      if (options_.files->exists(join_path(folder_, name))) found.emplace_back(name);
    }
    if (found.size() == 1) return found.front();
    const Place place{shown_path(folder_, suite_file_names[0]), 1, 1, "", 1, 1};
    if (found.empty()) {
      complaints_.add({ErrorCode::input, "'" + folder_ + "' holds no suite: there is no suite.yaml in it", place,
                       "a suite is a folder with suite.yaml and cases.jsonl"});
    } else {
      complaints_.add({ErrorCode::input, "the folder has " + join_words(found), place, "keep one of them"});
    }
    return std::nullopt;
  }

  // `from` is where the file was named.
  std::optional<Tree> open(const std::string& relative, const Place& from) {
    Result<std::string> text = options_.files->read_beneath(folder_, relative, max_suite_file_bytes);
    if (!text) {
      complaints_.add({text.error().code, text.error().message, from, text.error().hint});
      return std::nullopt;
    }
    std::optional<Tree> tree = parse_config(shown_path(folder_, relative), std::move(*text), complaints_);
    if (!tree) return std::nullopt;
    return without_operator_keys(std::move(*tree), complaints_);
  }

  void read_head(const Tree& tree, bool shaped) {
    const Json& root = tree.root();
    Declarations& declared = out_.declared;
    declared.version_place = tree.place(root);
    if (root.contains("suite") && root.at("suite").is_string()) {
      declared.name = root.at("suite").get<std::string>();
      check_name(tree, root.at("suite"));
    }
    if (root.contains("version") && root.at("version").is_string()) {
      declared.version = parse_version(root.at("version").get_ref<const std::string&>());
      declared.version_place = tree.place(root.at("version"));
      if (!declared.version) {
        complaints_.add(tree.error(root.at("version"), "'version' must be three numbers, such as 1.4.0"));
      }
    }
    if (root.contains("reviewed_at") && root.at("reviewed_at").is_string()) {
      declared.reviewed_at = root.at("reviewed_at").get<std::string>();
      if (!is_date(declared.reviewed_at)) {
        complaints_.add(tree.error(root.at("reviewed_at"), "'reviewed_at' is no date", "write YYYY-MM-DD"));
      }
    }
    if (!shaped) return;
    if (root.contains("pass") && root.at("pass").is_object()) {
      declared.pass = {PassRule::Kind::mean, root.at("pass").at("mean").get<double>()};
    }
    if (root.contains("traffic")) declared.traffic = root.at("traffic").get<decltype(declared.traffic)>();
  }

  void check_name(const Tree& tree, const Json& name) {
    constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
    const auto& text = name.get_ref<const std::string&>();
    if (text.empty() || (text.find_first_not_of(allowed) == std::string::npos && text[0] != '.')) return;
    complaints_.add(tree.error(name, "a suite's name is made of letters, digits, _ . and -"));
  }

  // What suite.yaml and included files have in common.
  void read_common(const Tree& tree, bool shaped, const std::string& relative) {
    const Json& root = tree.root();
    GoodGraders good;
    for (GraderEntry& grader : read_graders(tree, *options_.registry, good, complaints_)) {
      check_grader_window(tree, grader);
      out_.declared.graders.push_back(std::move(grader));
    }
    if (!shaped) return;
    if (root.contains("segments")) merge_segments(tree, root.at("segments"));
    if (root.contains("severe_classes")) merge_classes(tree, root.at("severe_classes"));
    std::shared_ptr<const FieldMap> fields;
    if (root.contains("fields")) {
      fields = std::make_shared<const FieldMap>(read_field_map(tree, root.at("fields"), complaints_));
      out_.mapped = true;
    }
    for_each_path(root, "cases", [&](const Json& path) {
      const auto& text = path.get_ref<const std::string&>();
      const std::string pattern = is_data_path(text) ? text : beside(relative, text);
      out_.sources.push_back({pattern, fields, tree.place(path)});
    });
    if (chain_.size() == 1) fields_of_default_ = fields;
    for_each_path(root, "include", [&](const Json& path) { include(tree, path, relative); });
  }

  void check_grader_window(const Tree& tree, const GraderEntry& grader) {
    const std::optional<SemVer>& version = out_.declared.version;
    if (!version || !grader.window.since || *grader.window.since <= *version) return;
    complaints_.add(
        tree.error(tree.root().at("graders"),
                   "a grader is since " + grader.window.since->text() + ", but the suite is at " + version->text(),
                   "raise version in suite.yaml, or correct since"));
  }

  template <class Each>
  static void for_each_path(const Json& root, const char* key, Each each) {
    const auto found = root.find(key);
    if (found == root.end()) return;
    if (found->is_string()) return each(*found);
    for (const Json& path : *found) each(path);
  }

  // A path as written in `relative`, from the suite's folder; one that leaves it still begins with "..".
  static std::string beside(const std::string& relative, const std::string& path) {
    return join_path(folder_of(relative), path);
  }

  void merge_segments(const Tree& tree, const Json& segments) {
    for (const auto& [dimension, values] : segments.get_ref<const Json::object_t&>()) {
      if (dimension.empty() || dimension.find('=') != std::string::npos) {
        complaints_.add(tree.error(values, "a segment dimension must not be empty or hold '='", {}, At::key));
      }
      Dimension& into = out_.declared.segments[dimension];
      if (values.is_string()) {
        into.any = true;
        continue;
      }
      for (const Json& value : values) {
        const auto& word = value.get_ref<const std::string&>();
        if (std::find(into.values.begin(), into.values.end(), word) != into.values.end()) {
          complaints_.add(
              tree.error(value, "value '" + elide(word, 40) + "' of segment '" + dimension + "' is declared twice"));
        } else {
          into.values.push_back(word);
        }
      }
    }
  }

  void merge_classes(const Tree& tree, const Json& classes) {
    for (const auto& [name, description] : classes.get_ref<const Json::object_t&>()) {
      if (!out_.declared.severe_classes.emplace(name, description.get<std::string>()).second) {
        complaints_.add(
            tree.error(description, "severe class '" + elide(name, 40) + "' is declared twice", {}, At::key));
      }
      if (name == "*") {
        complaints_.add(tree.error(description, "'*' means every class and cannot be one", {}, At::key));
      }
    }
  }

  void include(const Tree& tree, const Json& path, const std::string& relative) {
    const std::string target = beside(relative, path.get_ref<const std::string&>());
    const auto known = std::find(chain_.begin(), chain_.end(), target);
    if (known != chain_.end()) {
      std::string shown;
      for (auto step = known; step != chain_.end(); ++step) shown += *step + " -> ";
      complaints_.add(tree.error(path, "include cycle: " + shown + target, "remove one of these includes"));
      return;
    }
    if (std::find(included_.begin(), included_.end(), target) != included_.end()) {
      complaints_.add(tree.error(path, "'" + target + "' is included twice", "remove one of the two"));
      return;
    }
    if (chain_.size() > max_include_depth) {
      complaints_.add(tree.error(path, "includes nest deeper than " + std::to_string(max_include_depth)));
      return;
    }
    included_.push_back(target);
    chain_.push_back(target);
    if (const std::optional<Tree> part = open(target, tree.place(path))) {
      const bool shaped = check(*part, part->root(), include_table(), complaints_);
      if (part->root().is_object()) read_common(*part, shaped, target);
    }
    chain_.pop_back();
  }

  // suite.yaml names no cases: those of the usual names are meant, and may be missing only where an include has some.
  void add_default_cases(const Place& place) {
    const bool file = options_.files->exists(join_path(folder_, default_cases_file));
    const bool pattern = options_.files->is_folder(join_path(folder_, folder_of(default_cases_pattern)));
    if (file && pattern) {
      complaints_.add({ErrorCode::input, "the suite has cases.jsonl and a folder cases", place,
                       "say in suite.yaml which are meant: cases: [cases.jsonl, cases/*.jsonl]"});
      return;
    }
    if (!file && !pattern && !out_.sources.empty()) return;
    out_.sources.push_back({pattern ? default_cases_pattern : default_cases_file, fields_of_default_, place});
  }

  void check_traffic(const Tree& tree) {
    for (const auto& [dimension, shares] : out_.declared.traffic) {
      const Json& written = tree.root().at("traffic").at(dimension);
      const auto declared = out_.declared.segments.find(dimension);
      if (declared == out_.declared.segments.end()) {
        complaints_.add(tree.error(written, "traffic of undeclared segment dimension '" + dimension + "'",
                                   "declare it in segments", At::key));
        continue;
      }
      double sum = 0;
      for (const auto& [value, share] : shares) {
        sum += share;
        const auto& values = declared->second.values;
        if (!declared->second.any && std::find(values.begin(), values.end(), value) == values.end()) {
          complaints_.add(tree.error(written.at(value),
                                     "traffic of undeclared value '" + value + "' of segment '" + dimension + "'",
                                     did_you_mean(value, values), At::key));
        }
      }
      if (std::abs(sum - 1.0) > share_tolerance) {
        complaints_.add(
            tree.error(written, "the shares of '" + dimension + "' add up to " + shortest(sum) + ", not 1"));
      }
    }
  }

  std::string folder_;
  const LoadOptions& options_;
  Complaints& complaints_;
  SuiteFiles out_;
  std::vector<std::string> chain_;     // of files being read, from suite.yaml on
  std::vector<std::string> included_;  // every file ever included
  std::shared_ptr<const FieldMap> fields_of_default_;
};

}  // namespace

std::string shown_path(const std::string& folder, const std::string& relative) { return join_path(folder, relative); }

std::optional<SuiteFiles> read_suite_files(const std::string& folder, const LoadOptions& options,
                                           Complaints& complaints) {
  return Reader(folder, options, complaints).read();
}

}  // namespace headgate::suite
