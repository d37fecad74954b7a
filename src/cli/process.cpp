#include "headgate/cli/process.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <exception>
#include <new>

#include "headgate/cli/cli.hpp"

namespace headgate::cli {
namespace {

// Where memory ends while something is being destroyed, no exception gets out: the JSON library allocates there.
[[noreturn]] void end_calmly() {
  int code = 0;
  try {
    if (const auto trouble = std::current_exception()) std::rethrow_exception(trouble);
    code = report_bug("it came to its end without a reason");
  } catch (const std::bad_alloc&) {
    code = report_shortage("there is not enough memory");
  } catch (const std::exception& trouble) {
    code = report_bug(trouble.what());
  } catch (...) {
    code = report_bug("something was thrown that nobody knows");
  }
  ::_exit(code);
}

}  // namespace

void prepare_process() {
  // open() takes the lowest free number, so going up from 0 fills exactly the closed ones.
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
    if (::fcntl(fd, F_GETFD) < 0) static_cast<void>(::open("/dev/null", fd == STDIN_FILENO ? O_RDONLY : O_WRONLY));
  }
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // a file-size limit is an error of write(), said with its path
  ::umask(077);
  std::set_terminate(end_calmly);
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  ::prctl(PR_SET_DUMPABLE, 0);
}

}  // namespace headgate::cli
