#include "headgate/journal/writer.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "headgate/base/assert.hpp"
#include "headgate/base/atomic_file.hpp"
#include "headgate/base/clock.hpp"
#include "headgate/base/text.hpp"
#include "headgate/journal/record.hpp"

namespace headgate::journal {
namespace {

constexpr mode_t private_file = 0600;
constexpr const char* journal_name = "journal.jsonl";
constexpr const char* lock_name = "run.lock";
constexpr std::size_t copy_block = std::size_t{1} << 20;
constexpr int max_torn_files = 10'000;

// Closes itself unless released; closing also gives up the lock.
class File {
 public:
  explicit File(int fd) : fd_(fd) {}
  File(File&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

Error cannot_do(const std::string& what, const std::string& path, int number) {
  return {ErrorCode::environment, what + " '" + path + "': " + std::strerror(number), {}, {}};
}

// Writes on from `written`, which it moves; false, with errno, when it cannot.
bool write_from(int fd, std::string_view bytes, std::size_t& written) {
  while (written < bytes.size()) {
    const ssize_t count = ::write(fd, bytes.data() + written, bytes.size() - written);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    written += static_cast<std::size_t>(count);
  }
  return true;
}

bool write_whole(int fd, std::string_view bytes) {
  std::size_t written = 0;
  return write_from(fd, bytes, written);
}

Result<void> sync_folder(const std::string& folder) {
  const File file(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (file.get() < 0 || ::fsync(file.get()) != 0) return failure(cannot_do("cannot sync", folder, errno));
  return {};
}

Result<File> open_journal(const std::string& folder, const std::string& path) {
  const bool is_new = ::access(path.c_str(), F_OK) != 0;
  File file(::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, private_file));
  if (file.get() < 0) return failure(cannot_do("cannot open", path, errno));
  // The umask may have taken bits away, and an older file may have too many.
  if (::fchmod(file.get(), private_file) != 0) return failure(cannot_do("cannot protect", path, errno));
  if (is_new) HG_CHECK(sync_folder(folder));
  return file;
}

// Who holds the lock, in the words it left behind. Only for the message: the lock itself is the kernel's.
Error locked(const std::string& folder) {
  std::string who = "another process";
  if (Result<std::string> text = real_files().read(join_path(folder, lock_name), 200)) {
    while (!text->empty() && text->back() == '\n') text->pop_back();
    if (text->starts_with("pid ")) who = terminal_line(*text);
  }
  return {ErrorCode::locked,
          "'" + folder + "' is locked by " + who,
          {},
          "wait for that run, or end it; a lock ends with its process"};
}

// Best effort, and not synced: who reads it too early is told less.
void sign_lock(const std::string& folder) {
  const std::string path = join_path(folder, lock_name);
  const File file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, private_file));
  if (file.get() < 0) return;
  ::fchmod(file.get(), private_file);
  write_whole(file.get(),
              "pid " + std::to_string(::getpid()) + " since " + utc_stamp(real_clock().wall_seconds()) + "\n");
}

Result<void> lock(int fd, const std::string& folder, const std::string& path) {
  while (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EINTR) continue;
    if (errno == EWOULDBLOCK) return failure(locked(folder));
    return failure(cannot_do("cannot lock", path, errno));
  }
  sign_lock(folder);
  return {};
}

std::string free_torn_name(const std::string& folder) {
  for (int n = 1; n < max_torn_files; ++n) {
    std::string name = "journal.torn-" + std::to_string(n);
    if (!real_files().exists(join_path(folder, name))) return name;
  }
  return "journal.torn-last";
}

// Copies the tail away before cutting it off, so that no byte is ever lost.
Result<std::string> set_aside(int fd, const std::string& folder, const std::string& path, const RandomAccessFile& file,
                              const ScanResult& scanned) {
  const std::string name = free_torn_name(folder);
  HG_TRY(torn, AtomicFile::create(join_path(folder, name)));
  std::string block;
  for (std::uint64_t at = scanned.good_bytes; at < scanned.total_bytes; at += block.size()) {
    const std::uint64_t left = scanned.total_bytes - at;
    HG_CHECK(file.read(at, static_cast<std::size_t>(left < copy_block ? left : copy_block), block));
    HG_CHECK(torn.append(block));
  }
  HG_CHECK(torn.commit());
  if (::ftruncate(fd, static_cast<off_t>(scanned.good_bytes)) != 0 || ::fsync(fd) != 0) {
    return failure(cannot_do("cannot cut the torn tail of", path, errno));
  }
  return "set aside " + plural(static_cast<std::size_t>(scanned.health.torn_bytes), "byte") + " of a torn record in " +
         name;
}

}  // namespace

Writer::Writer(int fd, std::string path, ScanResult recovered, std::string recovery)
    : fd_(fd),
      path_(std::move(path)),
      recovered_(std::move(recovered)),
      recovery_(std::move(recovery)),
      next_(recovered_.next_sequence) {}

Writer::~Writer() { ::close(fd_); }

Error Writer::cannot(const char* what, int number) const { return cannot_do(what, path_, number); }

Result<std::unique_ptr<Writer>> Writer::open(const std::string& folder) {
  const std::string path = join_path(folder, journal_name);
  HG_TRY(file, open_journal(folder, path));
  HG_CHECK(lock(file.get(), folder, path));
  HG_TRY(readable, RandomAccessFile::open(path));
  HG_TRY(scanned, scan(*readable, nullptr));
  Reserve::remove_stale(folder);
  std::string recovery;
  if (scanned.health.torn_bytes > 0) {
    HG_TRY(words, set_aside(file.get(), folder, path, *readable, scanned));
    recovery = std::move(words);
  }
  return std::unique_ptr<Writer>(new Writer(file.release(), path, std::move(scanned), std::move(recovery)));
}

void Writer::append(std::string_view body) {
  HG_ASSERT(intents_from_ == no_intents);
  seal(buffer_, body, next_++);
}

void Writer::append_intent(std::string_view body) {
  if (intents_from_ == no_intents) intents_from_ = buffer_.size();
  seal(buffer_, body, next_++);
}

Result<void> Writer::make_reserve() {
  HG_TRY(made, Reserve::make(folder_of(path_)));
  reserve_ = std::move(made);
  return {};
}

// Full is the disk, or what this user may have of it. A limit on the size of files is not helped by a reserve.
bool Writer::write_some(std::size_t& written) {
  if (write_from(fd_, buffer_, written)) return true;
  if (!reserve_ || (errno != ENOSPC && errno != EDQUOT)) return false;
  missing_bytes_ = buffer_.size() - written;
  reserve_.reset();
  drop_intents(written);
  return write_from(fd_, buffer_, written);
}

// All but one that is partly written: that one has to be completed.
void Writer::drop_intents(std::size_t written) {
  if (intents_from_ == no_intents) return;
  std::size_t keep = intents_from_;
  while (keep < written) keep = buffer_.find('\n', keep) + 1;
  next_ -=
      static_cast<std::uint64_t>(std::count(buffer_.begin() + static_cast<std::ptrdiff_t>(keep), buffer_.end(), '\n'));
  buffer_.resize(keep);
}

void Writer::forget() {
  buffer_.clear();
  intents_from_ = no_intents;
}

Result<void> Writer::flush() {
  if (broken_) return failure(ErrorCode::environment, "'" + path_ + "' could not be written before");
  if (buffer_.empty()) return {};
  std::size_t written = 0;
  if (write_some(written)) {
    forget();
    return {};
  }
  const int number = errno;
  broken_ = true;
  Error error = cannot("cannot write", number);
  error.message += "; " + plural(buffer_.size() - written, "byte") + " did not fit";
  return failure(std::move(error));
}

Error Writer::no_space() const {
  Error error = cannot("no space left for", ENOSPC);
  error.message += "; " + plural(missing_bytes_, "byte") + " did not fit, and went into the reserve";
  return error;
}

Result<void> Writer::sync() {
  if (::fdatasync(fd_) != 0) return failure(cannot("cannot sync", errno));
  return {};
}

}  // namespace headgate::journal
