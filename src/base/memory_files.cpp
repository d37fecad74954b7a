#include <algorithm>

#include "file_errors.hpp"
#include "headgate/base/file.hpp"

namespace headgate {
namespace {

std::string beneath(const std::string& folder) {
  const std::string path = join_path(folder, ".");
  if (path == ".") return {};
  return path == "/" ? path : path + "/";
}

}  // namespace

Result<std::string> MemoryFiles::read(const std::string& path, std::size_t max_bytes) const {
  const auto file = files.find(join_path("", path));
  if (file == files.end()) return failure(is_folder(path) ? not_regular(path, "a folder") : missing(path));
  if (file->second.size() > max_bytes) return failure(too_large(path, max_bytes));
  return file->second;
}

Result<std::string> MemoryFiles::read_beneath(const std::string& root, const std::string& relative,
                                              std::size_t max_bytes) const {
  if (leaves_root(relative)) return failure(escape(relative));
  return read(join_path(root, relative), max_bytes);
}

bool MemoryFiles::exists(const std::string& path) const {
  return files.contains(join_path("", path)) || is_folder(path);
}

bool MemoryFiles::is_folder(const std::string& path) const {
  const std::string start = beneath(path);
  const auto first = files.lower_bound(start);
  return first != files.end() && first->first.starts_with(start);
}

std::vector<std::string> MemoryFiles::list(const std::string& folder) const {
  const std::string start = beneath(folder);
  std::vector<std::string> names;
  for (auto file = files.lower_bound(start); file != files.end() && file->first.starts_with(start); ++file) {
    const std::string rest = file->first.substr(start.size());
    const std::string name = rest.substr(0, rest.find('/'));
    if (!name.empty() && (names.empty() || names.back() != name)) names.push_back(name);
  }
  std::sort(names.begin(), names.end());  // "a-b" comes before "a/" in the map
  return names;
}

}  // namespace headgate
