#include "box.hpp"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "headgate/base/text.hpp"
#include "headgate/route/sandbox.hpp"
#include "syscall_filter.hpp"

namespace headgate::route {
namespace {

namespace fs = std::filesystem;

constexpr const char* system_folders[] = {"bin", "lib", "lib32", "lib64", "libx32", "sbin"};
constexpr const char* devices[] = {"/dev/null", "/dev/zero", "/dev/random", "/dev/urandom"};
constexpr const char* folder_inside = "/box";

tl::unexpected<Error> cannot(const std::string& what, int error) {
  const bool is_short = error == EMFILE || error == ENFILE || error == ENOMEM;
  return failure(ErrorCode::environment, "cannot " + what + ": " + std::system_category().message(error),
                 is_short ? shortage : "");
}

// Bytes that a child reads once, from a descriptor.
Result<Fd> held(std::string_view bytes) {
  Fd file = out_of_the_way(Fd(::memfd_create("headgate", MFD_CLOEXEC)));
  if (!file) return cannot("hold what goes into a box", errno);
  while (!bytes.empty()) {
    const ssize_t wrote = ::write(file.get(), bytes.data(), bytes.size());
    if (wrote < 0 && errno != EINTR) return cannot("hold what goes into a box", errno);
    if (wrote > 0) bytes.remove_prefix(static_cast<std::size_t>(wrote));
  }
  if (::lseek(file.get(), 0, SEEK_SET) != 0) return cannot("hold what goes into a box", errno);
  return file;
}

class Box {
 public:
  Box(const ProgramSpec& spec, const Call& call) : spec_(spec), box_(*spec.sandbox), call_(call) {}

  Result<Boxed> make() {
    out_.command.folder = "/";
    add({box_.bubblewrap, "--unshare-all", "--unshare-user", "--disable-userns", "--uid", nobody, "--gid", nobody,
         "--cap-drop", "ALL", "--die-with-parent", "--new-session", "--hostname", "box", "--clearenv"});
    for (const auto& [name, value] : spec_.command.environment) add({"--setenv", name, value});
    add_system();
    for (const std::string& path : box_.readable) add({"--ro-bind", path, path});
    HG_CHECK(add_files());
    add_writable();
    HG_TRY(filter, syscall_filter());
    HG_TRY(held_filter, held(filter));
    add({"--seccomp", std::to_string(held_filter.get()), "--chdir", "/tmp", "--"});
    out_.passed.push_back(std::move(held_filter));
    // Inside, because there the kernel counts the box's own processes, and outside all of the user's.
    const std::string most = std::to_string(box_.processes);
    add({"/bin/sh", "-c", "ulimit -u " + most + " 2>/dev/null || ulimit -p " + most + " || exit 125; exec \"$@\"",
         "sh"});
    for (const std::string& word : spec_.command.words) out_.command.words.push_back(word);
    return std::move(out_);
  }

 private:
  void add(std::vector<std::string> words) {
    for (std::string& word : words) out_.command.words.push_back(std::move(word));
  }

  void add_system() {
    add({"--ro-bind", "/usr", "/usr"});
    for (const char* name : system_folders) {
      const std::string path = "/" + std::string(name);
      std::error_code code;
      const fs::file_status status = fs::symlink_status(path, code);
      if (fs::is_symlink(status)) {
        add({"--symlink", fs::read_symlink(path, code).string(), path});
      } else if (fs::is_directory(status)) {
        add({"--ro-bind", path, path});
      }
    }
  }

  Result<void> add_files() {
    for (const auto& [path, content] : box_.files) HG_CHECK(add_file(path, content));
    for (const auto& [name, content] : call_.files)
      HG_CHECK(add_file(std::string(folder_inside) + "/" + name, content));
    return {};
  }

  Result<void> add_file(const std::string& path, const std::string& content) {
    HG_TRY(file, held(content));
    add({"--perms", "0444", "--ro-bind-data", std::to_string(file.get()), path});
    out_.passed.push_back(std::move(file));
    return {};
  }

  // Every place that can be written to has a size; the rest, the root of the box too, cannot be.
  void add_writable() {
    add({"--dir", "/dev"});
    for (const char* device : devices) add({"--dev-bind", device, device});
    add_space("/dev/shm", box_.shared_bytes);
    add_space("/tmp", box_.temporary_bytes);
    add({"--remount-ro", "/"});
  }

  void add_space(const char* path, std::uint64_t bytes) {
    add({"--perms", "1777", "--size", std::to_string(bytes), "--tmpfs", path});
  }

  inline static const std::string nobody = std::to_string(Confinement::nobody);

  const ProgramSpec& spec_;
  const Sandbox& box_;
  const Call& call_;
  Boxed out_;
};

// Without a box: the program's own command, in a folder of its own.
Boxed unboxed(const ProgramSpec& spec, const std::string& folder) {
  Boxed out;
  out.command = spec.command;
  out.command.folder = folder;
  const auto set = [&](const std::string& name) {
    auto& all = out.command.environment;
    std::erase_if(all, [&](const auto& each) { return each.first == name; });
    all.emplace_back(name, folder);
  };
  set("HOME");
  set("TMPDIR");
  return out;
}

}  // namespace

Result<Boxed> boxed(const ProgramSpec& spec, const Call& call, const std::string& folder) {
  Boxed out;
  if (spec.sandbox->isolates()) {
    HG_TRY(made, Box(spec, call).make());
    out = std::move(made);
  } else {
    out = unboxed(spec, folder);
  }
  const Millis time = call.timeout_ms ? Millis{*call.timeout_ms} : spec.limits.timeout;
  out.confinement.cpu_seconds = static_cast<std::uint64_t>(std::chrono::ceil<std::chrono::seconds>(time).count()) + 1;
  out.confinement.file_bytes = spec.sandbox->file_bytes;
  out.confinement.open_files = spec.sandbox->open_files;
  for (const Fd& fd : out.passed) out.confinement.passed.push_back(fd.get());
  return out;
}

Result<void> hand_over(const std::string& folder) {
  if (::geteuid() != 0) return {};
  constexpr auto nobody = static_cast<uid_t>(Confinement::nobody);
  const auto give = [&](const std::string& path) { return ::lchown(path.c_str(), nobody, nobody) == 0; };
  std::error_code code;
  bool given = give(folder);
  for (fs::recursive_directory_iterator at(folder, code), end; given && !code && at != end; at.increment(code)) {
    given = give(at->path().string());
  }
  if (!given || code) return cannot("hand a folder over to who runs the program", given ? code.value() : errno);
  return {};
}

Result<std::string> find_bubblewrap(const std::string& search_path) {
  auto found = find_program("bwrap", "/", search_path);
  if (found) return found;
  return failure(ErrorCode::input, "bubblewrap (bwrap) is not there, and without it programs of replies are not run",
                 "install it: apt-get install bubblewrap");
}

}  // namespace headgate::route
