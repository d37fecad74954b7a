#include "launch.hpp"

#include <fcntl.h>
#include <grp.h>
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/process/child.hpp>
#include <boost/process/error.hpp>
#include <boost/process/extend.hpp>
#include <boost/process/posix.hpp>
#include <cerrno>
#include <climits>
#include <csignal>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "headgate/base/text.hpp"
#include "headgate/route/sandbox.hpp"

namespace headgate::route {
namespace {

namespace bp = boost::process;

// What the child could not do before it became the program, told through a pipe that a successful execve closes.
struct Stumble {
  const char* step;
  int error;
};

struct Pipe {
  Fd read;
  Fd write;
};

// The child's own are bound over these, even where we were started with them closed.
constexpr int highest_given = Sandbox::verdict_fd;
static_assert(highest_given > STDERR_FILENO);

bool open_pipe(Pipe& pipe) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return false;
  pipe.read = out_of_the_way(Fd(ends[0]));
  pipe.write = out_of_the_way(Fd(ends[1]));
  return pipe.read && pipe.write;
}

bool never_wait_for(const Fd& fd) { return ::fcntl(fd.get(), F_SETFL, O_NONBLOCK) == 0; }

bool limit(__rlimit_resource resource, rlim_t most) {
  const rlimit both{most, most};
  return ::setrlimit(resource, &both) == 0;
}

// Everything that is allocated stands before the fork; between fork and execve there are system calls only.
class Setup : public bp::extend::handler {
 public:
  Setup(const Command& command, std::uint64_t memory_bytes, const Confinement* confinement, int verdict, int stumbles)
      : folder_(command.folder.c_str()),
        memory_bytes_(memory_bytes),
        confinement_(confinement),
        verdict_(verdict),
        stumbles_(stumbles),
        parent_(::getpid()) {
    for (const std::string& word : command.words) words_.push_back(const_cast<char*>(word.c_str()));
    words_.push_back(nullptr);
    for (const auto& [name, value] : command.environment) assignments_.push_back(name + "=" + value);
    for (std::string& assignment : assignments_) environment_.push_back(assignment.data());
    environment_.push_back(nullptr);
  }

  template <class Executor>
  void on_setup(Executor& executor) {
    executor.exe = words_.front();
    executor.cmd_line = words_.data();
    executor.env = environment_.data();
  }
  template <class Executor>
  void on_fork_error(Executor&, const std::error_code& code) {
    fork_error = code.value();
  }
  template <class Executor>
  void on_exec_setup(Executor&) const {
    if (const char* step = prepare()) stumble(step, errno);
  }
  template <class Executor>
  void on_exec_error(Executor&, const std::error_code& code) const {
    stumble(nullptr, code.value());
  }

  int fork_error = 0;

 private:
  // In the child. The step that failed (errno says why), or null.
  const char* prepare() const {
    if (confinement_ == nullptr && ::setpgid(0, 0) != 0) return "setpgid";
    if (const char* step = confinement_ == nullptr ? nullptr : confine()) return step;
    if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return "prctl";
    if (::getppid() != parent_) ::_exit(127);  // the parent ended before the line above
    if (!limit(RLIMIT_CORE, 0)) return "setrlimit";
    if (memory_bytes_ != 0 && !limit(RLIMIT_AS, memory_bytes_)) return "setrlimit";
    if (*folder_ != '\0' && ::chdir(folder_) != 0) return "enter its folder";
    if (::syscall(SYS_close_range, STDERR_FILENO + 1, UINT_MAX, CLOSE_RANGE_CLOEXEC) != 0) return "close_range";
    if (const char* step = confinement_ == nullptr ? nullptr : pass_on()) return step;
    for (int signal = 1; signal < SIGRTMIN; ++signal) ::signal(signal, SIG_DFL);  // what we ignore would stay ignored
    sigset_t none;
    ::sigemptyset(&none);
    if (::sigprocmask(SIG_SETMASK, &none, nullptr) != 0) return "sigprocmask";
    return nullptr;
  }

  // Before prctl: who changes his user is no longer told of his parent's death.
  const char* confine() const {
    if (::setsid() < 0) return "setsid";
    if (!limit(RLIMIT_CPU, confinement_->cpu_seconds) || !limit(RLIMIT_FSIZE, confinement_->file_bytes) ||
        !limit(RLIMIT_NOFILE, confinement_->open_files)) {
      return "setrlimit";
    }
    if (::geteuid() != 0) return nullptr;
    constexpr auto nobody = static_cast<uid_t>(Confinement::nobody);
    if (::setgroups(0, nullptr) != 0 || ::setresgid(nobody, nobody, nobody) != 0 ||
        ::setresuid(nobody, nobody, nobody) != 0) {
      return "give up being root";
    }
    return nullptr;
  }

  const char* pass_on() const {
    for (const int fd : confinement_->passed) {
      if (::fcntl(fd, F_SETFD, 0) != 0) return "pass a descriptor on";
    }
    return ::dup2(verdict_, Sandbox::verdict_fd) < 0 ? "dup2" : nullptr;
  }

  void stumble(const char* step, int error) const {
    const Stumble what{step, error};
    [[maybe_unused]] const ssize_t told = ::write(stumbles_, &what, sizeof what);
    ::_exit(127);
  }

  std::vector<char*> words_;
  std::vector<std::string> assignments_;
  std::vector<char*> environment_;
  const char* folder_;
  std::uint64_t memory_bytes_;
  const Confinement* confinement_;  // may be null
  int verdict_;
  int stumbles_;
  pid_t parent_;
};

std::string reason(int error) { return std::system_category().message(error); }

tl::unexpected<Error> cannot_start(const Command& command, const std::string& why, bool short_of_something = true) {
  return failure(ErrorCode::environment, "cannot start " + terminal_line(command.words.front()) + ": " + why,
                 short_of_something ? shortage : "");
}

void wait_for(pid_t pid) {
  while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
}

// Waits until the child has become the program, or has said why not.
Stumble hear(const Fd& fd) {
  Stumble what{nullptr, 0};
  ssize_t got = 0;
  do got = ::read(fd.get(), &what, sizeof what);
  while (got < 0 && errno == EINTR);
  return got == static_cast<ssize_t>(sizeof what) ? what : Stumble{nullptr, 0};
}

}  // namespace

Fd out_of_the_way(Fd fd) {
  return !fd || fd.get() > highest_given ? std::move(fd) : Fd(::fcntl(fd.get(), F_DUPFD_CLOEXEC, highest_given + 1));
}

Result<Launched> launch(const Command& command, std::uint64_t memory_bytes, const Confinement* confinement) {
  if (command.words.empty()) return failure(ErrorCode::environment, "cannot start an empty command");
  Pipe in, out, err, stumbles;
  if (!open_pipe(in) || !open_pipe(out) || !open_pipe(err) || !open_pipe(stumbles) || !never_wait_for(in.write) ||
      !never_wait_for(out.read) || !never_wait_for(err.read)) {
    return cannot_start(command, reason(errno));
  }
  Pipe verdict;
  if (confinement != nullptr && (!open_pipe(verdict) || !never_wait_for(verdict.read))) {
    return cannot_start(command, reason(errno));
  }
  Setup setup(command, memory_bytes, confinement, verdict.write.get(), stumbles.write.get());
  // Only the launching is Boost's: its waiting, its pipes and its closing of handles fail under load.
  bp::child child(bp::posix::fd.bind(STDIN_FILENO, in.read.get()), bp::posix::fd.bind(STDOUT_FILENO, out.write.get()),
                  bp::posix::fd.bind(STDERR_FILENO, err.write.get()), setup, bp::ignore_error);
  if (setup.fork_error != 0) return cannot_start(command, reason(setup.fork_error));
  Launched launched;
  launched.pid = child.id();
  child.detach();
  stumbles.write.close();
  if (const Stumble stumble = hear(stumbles.read); stumble.error != 0) {
    wait_for(launched.pid);
    const std::string step = stumble.step == nullptr ? "" : std::string(stumble.step) + ": ";
    // Of what the child itself meets, no memory may be its own limit, and the rest is the program's.
    const bool nobodys = stumble.error == EAGAIN || stumble.error == EMFILE || stumble.error == ENFILE;
    return cannot_start(command, step + reason(stumble.error), nobodys);
  }
  launched.exit = out_of_the_way(Fd(static_cast<int>(::syscall(SYS_pidfd_open, launched.pid, 0))));
  if (!launched.exit) {
    const int error = errno;
    ::kill(launched.pid, SIGKILL);
    wait_for(launched.pid);
    return cannot_start(command, reason(error));
  }
  launched.in = std::move(in.write);
  launched.out = std::move(out.read);
  launched.err = std::move(err.read);
  launched.verdict = std::move(verdict.read);
  return launched;
}

}  // namespace headgate::route
