#include "seen_files.hpp"

#include <sys/stat.h>

#include <algorithm>

namespace headgate::cli {

std::string SeenFiles::state_of(const std::string& path) {
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0) return {};
  if (S_ISDIR(facts.st_mode)) return "folder";
  std::string state;
  for (const auto number : {static_cast<long long>(facts.st_dev), static_cast<long long>(facts.st_ino),
                            static_cast<long long>(facts.st_size), static_cast<long long>(facts.st_mtim.tv_sec),
                            static_cast<long long>(facts.st_mtim.tv_nsec), static_cast<long long>(facts.st_ctim.tv_sec),
                            static_cast<long long>(facts.st_ctim.tv_nsec), static_cast<long long>(facts.st_mode)}) {
    state += std::to_string(number) + " ";
  }
  return state;
}

std::string SeenFiles::names_in(const std::string& folder) {
  std::string names;
  for (const std::string& name : real_files().list(folder)) names += name + "/";
  return names;
}

// The state is taken before the content is, so that a change in between is noticed.
void SeenFiles::add(const std::string& path) const {
  std::string state = state_of(path);
  const std::lock_guard lock(mutex_);
  states_.emplace(path, std::move(state));
}

Result<std::string> SeenFiles::read(const std::string& path, std::size_t max_bytes) const {
  add(path);
  return real_files().read(path, max_bytes);
}

Result<std::string> SeenFiles::read_beneath(const std::string& root, const std::string& relative,
                                            std::size_t max_bytes) const {
  add(join_path(root, relative));
  return real_files().read_beneath(root, relative, max_bytes);
}

bool SeenFiles::exists(const std::string& path) const {
  add(path);
  return real_files().exists(path);
}

bool SeenFiles::is_folder(const std::string& path) const {
  add(path);
  return real_files().is_folder(path);
}

std::vector<std::string> SeenFiles::list(const std::string& folder) const {
  std::string names = names_in(folder);
  {
    const std::lock_guard lock(mutex_);
    listings_.emplace(folder, std::move(names));
  }
  return real_files().list(folder);
}

std::vector<SeenPath> SeenFiles::paths() const {
  const std::lock_guard lock(mutex_);
  std::vector<SeenPath> paths;
  for (const auto& [path, state] : states_) {
    if (!listings_.contains(path)) paths.push_back({path, false});
  }
  for (const auto& [folder, names] : listings_) paths.push_back({folder, true});
  return paths;
}

bool SeenFiles::changed() const {
  const std::lock_guard lock(mutex_);
  return std::ranges::any_of(states_, [](const auto& each) { return state_of(each.first) != each.second; }) ||
         std::ranges::any_of(listings_, [](const auto& each) { return names_in(each.first) != each.second; });
}

}  // namespace headgate::cli
