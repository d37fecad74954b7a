// The folder of one call: private, filled with the call's files, gone with the object.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "headgate/base/result.hpp"

namespace headgate::route {

class CallFolder {
 public:
  // Beneath the system's folder for temporary files. Fails with nothing left behind: (input) where a path is
  // not relative or does not stay beneath the folder, else (environment).
  static Result<CallFolder> make(const std::vector<std::pair<std::string, std::string>>& files);

  CallFolder(CallFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  CallFolder& operator=(CallFolder&& other) noexcept;
  ~CallFolder() { remove(); }

  const std::string& path() const { return path_; }

 private:
  CallFolder() = default;
  void remove();

  std::string path_;
};

}  // namespace headgate::route
