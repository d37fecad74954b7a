// The complaints about files, the same for the real and the remembered ones.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "headgate/base/result.hpp"

namespace headgate {

Error missing(const std::string& path);
Error not_regular(const std::string& path, std::string_view kind);
Error too_large(const std::string& path, std::size_t max_bytes);
Error escape(const std::string& relative);

// A file that was named and cannot be read: the fault of who named it, or, where the disk fails or the system has no
// more descriptors or memory, the environment's.
Error cannot_read(const std::string& path, int number);

// With the words for errno. `what` is "cannot read", "cannot write" ...
Error system_error(ErrorCode code, std::string_view what, const std::string& path, int number);

// Whether the path is absolute or climbs above where it starts, by its words alone.
bool leaves_root(std::string_view relative);

}  // namespace headgate
