// A folder of our own that goes with us, however the function ends.
#pragma once

#include <string>
#include <utility>

#include "verbs.hpp"

namespace headgate::cli {

// Private, empty at first, and removed with all that is in it. In memory, unless TMPDIR says where: nothing in it is to
// outlive a crash, so no disk needs to be waited for.
class PrivateFolder {
 public:
  static Result<PrivateFolder> create(const Environment& environment);  // fails with environment
  PrivateFolder(PrivateFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  PrivateFolder& operator=(PrivateFolder&&) = delete;
  ~PrivateFolder();

  const std::string& path() const { return path_; }

 private:
  explicit PrivateFolder(std::string path) : path_(std::move(path)) {}

  std::string path_;
};

}  // namespace headgate::cli
