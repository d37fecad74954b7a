#include "file_errors.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace headgate {

Error system_error(ErrorCode code, std::string_view what, const std::string& path, int number) {
  return {code, std::string(what) + " '" + path + "': " + std::generic_category().message(number), {}, {}};
}

Error cannot_read(const std::string& path, int number) {
  const bool system = number == EIO || number == EMFILE || number == ENFILE || number == ENOMEM || number == ESTALE;
  return system_error(system ? ErrorCode::environment : ErrorCode::input, "cannot read", path, number);
}

Error missing(const std::string& path) { return cannot_read(path, ENOENT); }

Error not_regular(const std::string& path, std::string_view kind) {
  return {ErrorCode::input, "'" + path + "' is not a regular file, it is " + std::string(kind), {}, {}};
}

Error too_large(const std::string& path, std::size_t max_bytes) {
  return {ErrorCode::input, "'" + path + "' is larger than " + std::to_string(max_bytes) + " bytes", {}, {}};
}

Error escape(const std::string& relative) {
  return {ErrorCode::input, "'" + relative + "' leaves the suite root", {}, "name a file inside the suite's folder"};
}

bool leaves_root(std::string_view relative) {
  if (relative.starts_with('/')) return true;
  std::size_t depth = 0;
  while (!relative.empty()) {
    const std::size_t end = std::min(relative.find('/'), relative.size());
    const std::string_view step = relative.substr(0, end);
    relative.remove_prefix(std::min(end + 1, relative.size()));
    if (step.empty() || step == ".") continue;
    if (step != "..") {
      ++depth;
    } else if (depth-- == 0) {
      return true;
    }
  }
  return false;
}

}  // namespace headgate
