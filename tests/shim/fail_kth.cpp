// Loaded before the C library, makes the k-th call of one function fail: what a full disk, a lost mount or a spent limit
// would do, at every place in turn.
//
//   HEADGATE_FAIL=write HEADGATE_FAIL_K=3 HEADGATE_FAIL_ERRNO=28 HEADGATE_FAIL_MARK=/path LD_PRELOAD=libfail_kth.so …
//
// The mark is a file that appears when the call has failed, and holds what it was about (a path, where that is known).
// With HEADGATE_FAIL_FOLDER only calls about a path that holds this text count. HEADGATE_FAIL_ERRNO=0 is a short
// count: read and write do one byte. Children started with an environment of their own are left alone.
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <spawn.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <type_traits>

namespace {

// No allocation and no library call that is itself wrapped here: the environment is read once, by hand.
struct Settings {
  const char* call = std::getenv("HEADGATE_FAIL");
  const char* folder = std::getenv("HEADGATE_FAIL_FOLDER");
  const char* mark = std::getenv("HEADGATE_FAIL_MARK");
  long k = number("HEADGATE_FAIL_K");
  int error = static_cast<int>(number("HEADGATE_FAIL_ERRNO"));
  pid_t owner = ::getpid();

  static long number(const char* name) {
    const char* const text = std::getenv(name);
    return text == nullptr ? 0 : std::strtol(text, nullptr, 10);
  }
};

// Made on first use: an allocation may come before any constructor here has run.
const Settings& settings() {
  alignas(Settings) static unsigned char place[sizeof(Settings)];
  static std::atomic<int> state{0};
  int expected = 0;
  if (state.compare_exchange_strong(expected, 1)) {
    new (place) Settings;
    state = 2;
  }
  while (state != 2) sched_yield();
  return *std::launder(reinterpret_cast<const Settings*>(place));
}

std::atomic<long> seen{0};

void leave_mark(const char* about) {
  if (settings().mark == nullptr) return;
  const long fd = syscall(SYS_open, settings().mark, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd < 0) return;
  char line[600];
  const int length = std::snprintf(line, sizeof line, "%s\n", about);
  if (length > 0) syscall(SYS_write, fd, line, std::strlen(line));
  syscall(SYS_close, fd);
}

// Whether this call is the one. `error` 0 asks for a short count where the function knows one.
bool fails(const char* call, const char* about) {
  const Settings& set = settings();
  if (set.call == nullptr || std::strcmp(set.call, call) != 0) return false;
  if (set.folder != nullptr && (about == nullptr || std::strstr(about, set.folder) == nullptr)) return false;
  if (static_cast<pid_t>(syscall(SYS_getpid)) != set.owner) return false;
  if (++seen != set.k) return false;
  leave_mark(about == nullptr ? "?" : about);
  errno = set.error;
  return true;
}

struct FileName {
  char text[512] = "?";
  explicit FileName(int fd) {
    char link[64];
    std::snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    const long length = syscall(SYS_readlink, link, text, sizeof text - 1);
    text[length > 0 ? length : 0] = '\0';
  }
};

bool watched(const char* call) {
  const Settings& set = settings();
  return set.call != nullptr && std::strcmp(set.call, call) == 0;
}

bool fails(const char* call, int fd) {
  if (!watched(call)) return false;
  const int before = errno;
  const FileName name(fd);
  errno = before;
  if (std::strstr(name.text, "[eventfd]") != nullptr) return false;  // a counter in memory, which does not fail so
  return fails(call, name.text);
}

template <class Function>
Function* real(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

bool writes(int flags) { return (flags & (O_WRONLY | O_RDWR | O_CREAT)) != 0; }

mode_t mode_of(int flags, std::va_list& rest) {
  return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0;
}

bool fails_to_open(const char* path, int flags) { return fails(writes(flags) ? "open" : "open_to_read", path); }

}  // namespace

// Function pointers are looked up once each; the first call of each comes from one thread or finds the same value.
#define HG_REAL(name, ...) static std::type_identity_t<__VA_ARGS__>* const next = real<__VA_ARGS__>(#name)

extern "C" {

ssize_t write(int fd, const void* bytes, std::size_t size) {
  HG_REAL(write, ssize_t(int, const void*, std::size_t));
  if (size > 0 && fails("write", fd)) {
    if (settings().error != 0) return -1;
    size = 1;
  }
  return next(fd, bytes, size);
}

ssize_t read(int fd, void* bytes, std::size_t size) {
  HG_REAL(read, ssize_t(int, void*, std::size_t));
  if (size > 0 && fails("read", fd)) {
    if (settings().error != 0) return -1;
    size = 1;
  }
  return next(fd, bytes, size);
}

ssize_t pread(int fd, void* bytes, std::size_t size, off_t at) {
  HG_REAL(pread, ssize_t(int, void*, std::size_t, off_t));
  if (size > 0 && fails("pread", fd)) {
    if (settings().error != 0) return -1;
    size = 1;
  }
  return next(fd, bytes, size, at);
}

int open(const char* path, int flags, ...) {
  HG_REAL(open, int(const char*, int, ...));
  std::va_list rest;
  va_start(rest, flags);
  const mode_t mode = mode_of(flags, rest);
  va_end(rest);
  return fails_to_open(path, flags) ? -1 : next(path, flags, mode);
}

int openat(int folder, const char* path, int flags, ...) {
  HG_REAL(openat, int(int, const char*, int, ...));
  std::va_list rest;
  va_start(rest, flags);
  const mode_t mode = mode_of(flags, rest);
  va_end(rest);
  return fails_to_open(path, flags) ? -1 : next(folder, path, flags, mode);
}

// openat2 has no wrapper of its own.
long syscall(long number, ...) {
  HG_REAL(syscall, long(long, ...));
  std::va_list rest;
  va_start(rest, number);
  long word[6];
  for (long& each : word) each = va_arg(rest, long);
  va_end(rest);
#ifdef SYS_openat2
  if (number == SYS_openat2 && fails("open_to_read", reinterpret_cast<const char*>(word[1]))) return -1;
#endif
  return next(number, word[0], word[1], word[2], word[3], word[4], word[5]);
}

DIR* opendir(const char* path) {
  HG_REAL(opendir, DIR*(const char*));
  return fails("opendir", path) ? nullptr : next(path);
}

int fsync(int fd) {
  HG_REAL(fsync, int(int));
  return fails("fsync", fd) ? -1 : next(fd);
}

int fdatasync(int fd) {
  HG_REAL(fdatasync, int(int));
  return fails("fdatasync", fd) ? -1 : next(fd);
}

int ftruncate(int fd, off_t size) {
  HG_REAL(ftruncate, int(int, off_t));
  return fails("ftruncate", fd) ? -1 : next(fd, size);
}

int flock(int fd, int what) {
  HG_REAL(flock, int(int, int));
  return fails("flock", fd) ? -1 : next(fd, what);
}

int fchmod(int fd, mode_t mode) {
  HG_REAL(fchmod, int(int, mode_t));
  return fails("fchmod", fd) ? -1 : next(fd, mode);
}

int chmod(const char* path, mode_t mode) {
  HG_REAL(chmod, int(const char*, mode_t));
  return fails("chmod", path) ? -1 : next(path, mode);
}

int mkdir(const char* path, mode_t mode) {
  HG_REAL(mkdir, int(const char*, mode_t));
  return fails("mkdir", path) ? -1 : next(path, mode);
}

int rename(const char* from, const char* to) {
  HG_REAL(rename, int(const char*, const char*));
  return fails("rename", to) ? -1 : next(from, to);
}

int unlink(const char* path) {
  HG_REAL(unlink, int(const char*));
  return fails("unlink", path) ? -1 : next(path);
}

// A failing close has closed the descriptor all the same.
int close(int fd) {
  HG_REAL(close, int(int));
  if (!fails("close", fd)) return next(fd);
  next(fd);
  errno = settings().error;
  return -1;
}

int pipe(int* ends) {
  HG_REAL(pipe, int(int*));
  return fails("pipe", "pipe") ? -1 : next(ends);
}

int pipe2(int* ends, int flags) {
  HG_REAL(pipe2, int(int*, int));
  return fails("pipe", "pipe2") ? -1 : next(ends, flags);
}

pid_t fork() {
  HG_REAL(fork, pid_t());
  return fails("fork", "fork") ? -1 : next();
}

// A wrapper cannot return twice, so the child gets a copy of the memory here.
pid_t vfork() {
  HG_REAL(fork, pid_t());
  return fails("fork", "vfork") ? -1 : next();
}

using Spawn = int(pid_t*, const char*, const posix_spawn_file_actions_t*, const posix_spawnattr_t*, char* const*,
                  char* const*);

int posix_spawn(pid_t* child, const char* path, const posix_spawn_file_actions_t* actions,
                const posix_spawnattr_t* attributes, char* const* words, char* const* environment) {
  HG_REAL(posix_spawn, Spawn);
  if (fails("fork", path)) return settings().error;
  return next(child, path, actions, attributes, words, environment);
}

int posix_spawnp(pid_t* child, const char* name, const posix_spawn_file_actions_t* actions,
                 const posix_spawnattr_t* attributes, char* const* words, char* const* environment) {
  HG_REAL(posix_spawnp, Spawn);
  if (fails("fork", name)) return settings().error;
  return next(child, name, actions, attributes, words, environment);
}

int epoll_create1(int flags) {
  HG_REAL(epoll_create1, int(int));
  return fails("epoll", "epoll_create1") ? -1 : next(flags);
}

int epoll_ctl(int poller, int what, int fd, epoll_event* event) {
  HG_REAL(epoll_ctl, int(int, int, int, epoll_event*));
  return fails("epoll", fd) ? -1 : next(poller, what, fd, event);
}

int eventfd(unsigned start, int flags) {
  HG_REAL(eventfd, int(unsigned, int));
  return fails("eventfd", "eventfd") ? -1 : next(start, flags);
}

using Begin = void*(void*);

int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, Begin* begin, void* what) {
  HG_REAL(pthread_create, int(pthread_t*, const pthread_attr_t*, Begin*, void*));
  return fails("thread", "thread") ? settings().error : next(thread, attributes, begin, what);
}

}  // extern "C"

// What cannot be had: operator new, which the standard library and all rooms use.
void* operator new(std::size_t size) {
  if (fails("memory", "operator new")) throw std::bad_alloc();
  void* const place = std::malloc(size == 0 ? 1 : size);
  if (place == nullptr) throw std::bad_alloc();
  return place;
}
void* operator new[](std::size_t size) { return operator new(size); }
void operator delete(void* place) noexcept { std::free(place); }
void operator delete[](void* place) noexcept { std::free(place); }
void operator delete(void* place, std::size_t) noexcept { std::free(place); }
void operator delete[](void* place, std::size_t) noexcept { std::free(place); }
