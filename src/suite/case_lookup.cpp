#include "case_lookup.hpp"

#include <algorithm>
#include <utility>

#include "headgate/base/text.hpp"

namespace headgate::suite {
namespace {

constexpr std::string_view data_prefix = "data:";
constexpr std::size_t max_excerpt_columns = 200;
constexpr std::size_t max_files_of_a_pattern = 10'000;

bool is_pattern(const std::string& path) { return path.find_first_of("*?") != std::string::npos; }

bool climbs(const std::string& path) { return path == ".." || path.starts_with("../") || path.starts_with('/'); }

}  // namespace

std::vector<FoundFile> CaseLookup::find(const CaseSource& source) {
  std::string root = folder_;
  std::string path = source.pattern;
  const bool from_data = path.starts_with(data_prefix);
  if (from_data) {
    path.erase(0, data_prefix.size());
    const std::size_t slash = path.find('/');
    const std::string name = path.substr(0, slash);
    const auto data = options_.data.find(name);
    if (data == options_.data.end() || slash == std::string::npos) {
      complain(source,
               slash == std::string::npos ? "'" + source.pattern + "' names no file"
                                          : "there is no data root '" + name + "'",
               "the gate file says where it is: data: {" + name + R"(: "${HEADGATE_DATA}/…"})");
      return {};
    }
    root = data->second;
    path.erase(0, slash + 1);
  }

  std::vector<FoundFile> found;
  for (const std::string& name : names_of(root, path, source)) {
    const std::string shown = join_path(root, name);
    if (std::find(seen_.begin(), seen_.end(), shown) != seen_.end()) {
      complain(source, "'" + shown + "' is named twice", "name every case file once");
      continue;
    }
    seen_.push_back(shown);
    Result<std::string> text = options_.files->read_beneath(root, name);
    if (text) {
      found.push_back({shown, std::move(*text)});
    } else {
      complain(source, text.error().message,
               from_data && text.error().hint.empty() ? "data root '" + root + "'" : text.error().hint,
               text.error().code);
    }
  }
  return found;
}

std::vector<std::string> CaseLookup::names_of(const std::string& root, const std::string& pattern,
                                              const CaseSource& source) {
  if (!is_pattern(pattern)) return {pattern};
  const std::string folder = folder_of(pattern);
  if (is_pattern(folder) || climbs(pattern)) {
    complain(
        source,
        climbs(pattern) ? "'" + pattern + "' leaves the suite root" : "only the last step of a path may be a pattern",
        "write cases/*.jsonl");
    return {};
  }
  std::vector<std::string> names;
  for (const std::string& name : options_.files->list(join_path(root, folder))) {
    if (name.starts_with('.') || !matches_pattern(name, name_of(pattern))) continue;
    names.push_back(folder.empty() ? name : folder + "/" + name);
  }
  if (names.empty())
    complain(source, "no file matches '" + pattern + "'", "patterns are relative to the file that names them");
  if (names.size() > max_files_of_a_pattern) {
    complain(source, "'" + pattern + "' matches more than " + std::to_string(max_files_of_a_pattern) + " files");
    names.clear();
  }
  return names;
}

void CaseLookup::complain(const CaseSource& source, std::string message, std::string hint, ErrorCode code) {
  complaints_.add({code, std::move(message), source.place, std::move(hint)});
}

bool matches_pattern(std::string_view name, std::string_view pattern) {
  // The last * tried so far, and how much of the name it had eaten.
  std::size_t star = std::string_view::npos;
  std::size_t eaten = 0;
  std::size_t n = 0;
  std::size_t p = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      eaten = n;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == name[n])) {
      ++p;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++eaten;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

std::string_view line_text(std::string_view text, std::size_t number) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  for (std::size_t line = 1; line < number; ++line) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  std::string_view line = text.substr(0, text.find('\n'));
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

Place line_place(const std::string& file, std::string_view line, std::size_t number) {
  return {file, number, 1, elide(line, max_excerpt_columns), 1, 1};
}

}  // namespace headgate::suite
