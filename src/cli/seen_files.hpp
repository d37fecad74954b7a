// Remembers which files and folders a command read, and in which state, so that changes of them can be noticed.
#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "headgate/base/file.hpp"

namespace headgate::cli {

struct SeenPath {
  std::string path;
  bool listed = false;  // a folder whose every entry matters
};

// Passes everything on to the real files. Thread-safe, as suites are read in parallel.
class SeenFiles : public FileReader {
 public:
  Result<std::string> read(const std::string& path, std::size_t max_bytes) const override;
  Result<std::string> read_beneath(const std::string& root, const std::string& relative,
                                   std::size_t max_bytes) const override;
  bool exists(const std::string& path) const override;
  bool is_folder(const std::string& path) const override;
  std::vector<std::string> list(const std::string& folder) const override;

  // A file that others read, as a program of a route.
  void add(const std::string& path) const;

  // Also those that were looked for in vain.
  std::vector<SeenPath> paths() const;
  // Whether any of them is not what it was when it was first asked for.
  bool changed() const;

 private:
  // A file's identity, size and times; of a folder only that it is one; "" where there is nothing.
  static std::string state_of(const std::string& path);
  static std::string names_in(const std::string& folder);

  mutable std::mutex mutex_;
  mutable std::map<std::string, std::string> states_;
  mutable std::map<std::string, std::string> listings_;
};

}  // namespace headgate::cli
