#include <algorithm>

#include "headgate/base/text.hpp"
#include "headgate/suite/load.hpp"
#include "headgate/suite/version.hpp"
#include "suite_names.hpp"

namespace headgate::suite {
namespace {

// Far more than folders nest, and a bound for a relative path that can climb for ever.
constexpr std::size_t max_climb = 40;
constexpr const char* lookup_folder = "eval_suites";

bool has_suite_file(const std::string& folder, const FileReader& files) {
  return std::any_of(std::begin(suite_file_names), std::end(suite_file_names),
                     [&](const char* name) { return files.exists(join_path(folder, name)); });
}

Error no_suite_in(const std::string& folder) {
  return {ErrorCode::input,
          "'" + folder + "' holds no suite: there is no suite.yaml in it",
          {},
          "a suite is a folder with suite.yaml and cases.jsonl"};
}

Result<std::string> folder_at_path(const Reference& reference, const std::string& base_folder,
                                   const FileReader& files) {
  std::string path = join_path(base_folder, reference.target);
  const std::string last = name_of(path);
  const bool names_the_file =
      std::find(std::begin(suite_file_names), std::end(suite_file_names), last) != std::end(suite_file_names);
  if (names_the_file && !files.is_folder(path)) {
    path = folder_of(path);
    if (path.empty()) path = ".";
  }
  if (!files.exists(path)) {
    return failure(ErrorCode::input, "there is no suite folder '" + path + "'",
                   "paths are relative to the file that names them");
  }
  if (!files.is_folder(path)) {
    return failure(ErrorCode::input, "'" + path + "' is not a suite folder",
                   "a suite is a folder with suite.yaml and cases.jsonl");
  }
  if (!has_suite_file(path, files)) return failure(no_suite_in(path));
  return path;
}

Result<std::string> folder_by_name(const Reference& reference, const std::string& base_folder,
                                   const FileReader& files) {
  std::string here = join_path(base_folder, ".");
  for (std::size_t level = 0; level < max_climb; ++level) {
    const std::string suites = join_path(here, lookup_folder);
    if (files.is_folder(suites)) {
      const std::string folder = join_path(suites, reference.target);
      if (!files.is_folder(folder)) {
        std::string hint = did_you_mean(reference.target, files.list(suites));
        if (hint.empty()) hint = "it holds " + join_words(files.list(suites));
        return failure(ErrorCode::input, "no suite '" + reference.target + "' in '" + suites + "'", hint);
      }
      if (!has_suite_file(folder, files)) return failure(no_suite_in(folder));
      return folder;
    }
    if (here == "/") break;
    here = join_path(here, "..");
  }
  const std::string base = join_path(base_folder, ".");
  return failure(ErrorCode::input,
                 "no suite '" + reference.target + "': there is no folder " + lookup_folder + " at or above " +
                     (base == "." ? "this folder" : "'" + base + "'"),
                 "put the suite into eval_suites/" + reference.target + ", or write a path that begins with ./");
}

}  // namespace

Result<Reference> parse_reference(const std::string& text) {
  Reference reference;
  reference.text = text;
  const std::size_t at = text.rfind('@');
  const std::size_t slash = text.rfind('/');
  const bool has_range = at != std::string::npos && (slash == std::string::npos || at > slash);
  reference.target = text.substr(0, has_range ? at : text.size());
  if (has_range) reference.range = text.substr(at + 1);
  reference.is_path = reference.target.starts_with('.') || reference.target.find('/') != std::string::npos;

  const char* hint = "write name, name@^1.4, name@1.4.0, ./path or ./path@draft";
  if (reference.target.empty()) return failure(ErrorCode::input, "'" + text + "' names no suite", hint);
  const bool known_range = reference.range == draft_range || Range::parse(reference.range).has_value();
  if (has_range && (reference.range.empty() || !known_range)) {
    return failure(ErrorCode::input, "'" + reference.range + "' is no version or range of versions", hint);
  }
  return reference;
}

Result<std::string> find_folder(const Reference& reference, const std::string& base_folder, const FileReader& files) {
  return reference.is_path ? folder_at_path(reference, base_folder, files)
                           : folder_by_name(reference, base_folder, files);
}

}  // namespace headgate::suite
