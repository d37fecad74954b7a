// The program's own log: one file a run, for us, never for results. The only header that names it; spdlog is inside.
#pragma once

#include <string>
#include <string_view>

#include "headgate/base/result.hpp"

namespace headgate {

enum class LogLevel { debug, info, warning, error };

// Opens (appends to) the log file, mode 0600. Before the call, and after close_log, lines go nowhere. Thread-safe.
Result<void> open_log(const std::string& path, LogLevel least);
void close_log();
// One line; the text is escaped as terminal_line does.
void log(LogLevel level, std::string_view text);

}  // namespace headgate
