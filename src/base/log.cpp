#include "headgate/base/log.hpp"

#include <fcntl.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <sys/stat.h>

#include <cerrno>
#include <memory>
#include <mutex>

#include "file_errors.hpp"
#include "headgate/base/text.hpp"
#include "posix_file.hpp"

namespace headgate {
namespace {

std::mutex& guard() {
  static std::mutex mutex;
  return mutex;
}

// Shared, so that close_log does not take the logger from under a thread that is writing.
std::shared_ptr<spdlog::logger>& current() {
  static std::shared_ptr<spdlog::logger> logger;
  return logger;
}

spdlog::level::level_enum level_of(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return spdlog::level::debug;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::warning:
      return spdlog::level::warn;
    case LogLevel::error:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

// spdlog creates files by the umask and lets children inherit them; so the file is made before, and marked after.
Result<void> create_private(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK, 0600));
  if (!file.is_open() || ::fchmod(file.get(), 0600) != 0) {
    return failure(system_error(ErrorCode::environment, "cannot write the log", path, errno));
  }
  return {};
}

}  // namespace

Result<void> open_log(const std::string& path, LogLevel least) {
  HG_CHECK(create_private(path));
  try {
    spdlog::file_event_handlers events;
    events.after_open = [](const spdlog::filename_t& /*name*/, std::FILE* file) {
      ::fcntl(::fileno(file), F_SETFD, FD_CLOEXEC);
    };
    const auto sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(path, false, events);
    auto logger = std::make_shared<spdlog::logger>("headgate", sink);
    logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
    logger->set_level(level_of(least));
    logger->flush_on(spdlog::level::debug);
    logger->set_error_handler([](const std::string& /*problem*/) {});  // the log is never worth a failed run
    const std::lock_guard lock(guard());
    current() = std::move(logger);
  } catch (const spdlog::spdlog_ex& problem) {
    return failure(ErrorCode::environment, "cannot write the log '" + path + "': " + problem.what());
  }
  return {};
}

void close_log() {
  const std::lock_guard lock(guard());
  current().reset();
}

void log(LogLevel level, std::string_view text) {
  std::shared_ptr<spdlog::logger> logger;
  {
    const std::lock_guard lock(guard());
    logger = current();
  }
  if (logger == nullptr || !logger->should_log(level_of(level))) return;
  logger->log(level_of(level), spdlog::string_view_t(terminal_line(text)));
}

}  // namespace headgate
