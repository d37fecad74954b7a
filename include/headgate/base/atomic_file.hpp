// A file that appears whole or not at all, for content too large to hold in memory.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "headgate/base/file.hpp"
#include "headgate/base/result.hpp"

namespace headgate {

// Writes beside `path` under another name; commit() makes it durable and gives it its name. Without a commit nothing is
// left behind. Not copyable; single-threaded. All failures are ErrorCode::environment with path and errno
// text.
class AtomicFile {
 public:
  static Result<AtomicFile> create(const std::string& path, Access access = Access::owner);
  AtomicFile(AtomicFile&&) noexcept;
  AtomicFile& operator=(AtomicFile&&) noexcept;
  ~AtomicFile();

  Result<void> append(std::string_view bytes);
  // fsync, rename, fsync of the folder. Nothing may be appended afterwards.
  Result<void> commit();

 private:
  struct State;
  explicit AtomicFile(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Removes what writers that were killed left in a folder. Only for who knows that nobody else is writing there.
void remove_parts(const std::string& folder);

}  // namespace headgate
