#include "syscall_filter.hpp"

#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <memory>
#include <system_error>
#include <vector>

#include "fd.hpp"

#ifndef F_SETSIG
#define F_SETSIG 10
#endif

namespace headgate::route {
namespace {

// Whatever looks into other processes, holds what outlives the box, changes what is mounted, or has been the way out of
// boxes before.
constexpr const char* forbidden[] = {"acct",
                                     "add_key",
                                     "adjtimex",
                                     "bpf",
                                     "chroot",
                                     "clock_adjtime",
                                     "clock_settime",
                                     "delete_module",
                                     "fanotify_init",
                                     "finit_module",
                                     "fsconfig",
                                     "fsmount",
                                     "fsopen",
                                     "fspick",
                                     "init_module",
                                     "io_uring_enter",
                                     "io_uring_register",
                                     "io_uring_setup",
                                     "ioperm",
                                     "iopl",
                                     "kcmp",
                                     "kexec_file_load",
                                     "kexec_load",
                                     "keyctl",
                                     "lookup_dcookie",
                                     "migrate_pages",
                                     "mount",
                                     "mount_setattr",
                                     "move_mount",
                                     "move_pages",
                                     "name_to_handle_at",
                                     "nfsservctl",
                                     "open_by_handle_at",
                                     "open_tree",
                                     "perf_event_open",
                                     "pidfd_getfd",
                                     "pidfd_open",
                                     "pidfd_send_signal",
                                     "pivot_root",
                                     "process_madvise",
                                     "process_mrelease",
                                     "process_vm_readv",
                                     "process_vm_writev",
                                     "ptrace",
                                     "quotactl",
                                     "quotactl_fd",
                                     "reboot",
                                     "request_key",
                                     "rt_sigqueueinfo",
                                     "rt_tgsigqueueinfo",
                                     "setdomainname",
                                     "sethostname",
                                     "setns",
                                     "settimeofday",
                                     "swapoff",
                                     "swapon",
                                     "syslog",
                                     "umount",
                                     "umount2",
                                     "unshare",
                                     "uselib",
                                     "userfaultfd",
                                     "vhangup"};

constexpr std::uint64_t low_word = 0xffffffff;  // all that the kernel reads of an int

constexpr std::uint64_t bits_of(int value) { return static_cast<std::uint32_t>(value); }

class Filter {
 public:
  Filter() : context_(::seccomp_init(SCMP_ACT_ALLOW), &::seccomp_release) {
    if (context_ == nullptr) fault_ = ENOMEM;
  }

  void forbid(const char* name, std::vector<scmp_arg_cmp> when = {}, int error = EPERM) {
    const int number = ::seccomp_syscall_resolve_name(name);
    if (fault_ != 0 || number == __NR_SCMP_ERROR) return;  // this machine has no such call
    const int done = ::seccomp_rule_add_array(context_.get(), SCMP_ACT_ERRNO(static_cast<unsigned>(error)), number,
                                              static_cast<unsigned>(when.size()), when.data());
    if (done != 0) fault_ = -done;
  }

  void forbid_word(const char* name, unsigned argument, std::uint64_t value) {
    forbid(name, {{argument, SCMP_CMP_MASKED_EQ, low_word, value & low_word}});
  }

  void forbid_bits(const char* name, unsigned argument, std::uint64_t bits) {
    forbid(name, {{argument, SCMP_CMP_MASKED_EQ, bits, bits}});
  }

  Result<std::string> bytes() {
    const Fd file(::memfd_create("headgate-filter", MFD_CLOEXEC));
    if (fault_ == 0 && !file) fault_ = errno;
    if (fault_ == 0) fault_ = -::seccomp_export_bpf(context_.get(), file.get());
    if (fault_ != 0) {
      return failure(ErrorCode::environment,
                     "cannot make a filter of system calls: " + std::system_category().message(fault_));
    }
    std::string out;
    std::array<char, 4096> block{};
    for (ssize_t got = 0;
         (got = ::pread(file.get(), block.data(), block.size(), static_cast<off_t>(out.size()))) > 0;) {
      out.append(block.data(), static_cast<std::size_t>(got));
    }
    return out;
  }

 private:
  std::unique_ptr<void, void (*)(scmp_filter_ctx)> context_;
  int fault_ = 0;
};

// The first process judges the others: they must not be able to end it, nor to have the kernel end it for them.
void protect_first_process(Filter& filter) {
  constexpr std::uint64_t everybody = ~std::uint64_t{0}, own_group = 0;
  for (const std::uint64_t target :
       {std::uint64_t{first_process}, ~std::uint64_t{first_process} + 1, everybody, own_group}) {
    filter.forbid_word("kill", 0, target);
  }
  filter.forbid_word("tkill", 0, first_process);
  filter.forbid_word("tgkill", 0, first_process);
  filter.forbid("prlimit64", {{0, SCMP_CMP_NE, 0, 0}});
  constexpr std::uint64_t set_owner = F_SETOWN, set_owner_ex = 15, set_signal = F_SETSIG;
  for (const std::uint64_t command : {set_owner, set_owner_ex, set_signal}) filter.forbid_word("fcntl", 1, command);
  for (const int request : {FIOSETOWN, SIOCSPGRP}) filter.forbid_word("ioctl", 1, bits_of(request));
}

void forbid_namespaces(Filter& filter) {
  for (const int flag :
       {CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET}) {
    filter.forbid_bits("clone", 0, bits_of(flag));
  }
  // Its flags are in memory, where no filter can look; the C library falls back to clone.
  filter.forbid("clone3", {}, ENOSYS);
}

// The other families either leave the machine by a way that is no network (virtual machines' sockets) or are rarely
// used and often broken.
void forbid_rare_sockets(Filter& filter) {
  static_assert(AF_UNIX == 1 && AF_INET == 2 && AF_INET6 == 10);
  for (std::uint64_t family = AF_INET + 1; family < AF_INET6; ++family) filter.forbid_word("socket", 0, family);
  filter.forbid("socket", {{0, SCMP_CMP_GT, AF_INET6, 0}});
}

Result<std::string> make() {
  Filter filter;
  for (const char* name : forbidden) filter.forbid(name);
  protect_first_process(filter);
  forbid_namespaces(filter);
  forbid_rare_sockets(filter);
  for (const int request : {TIOCSTI, TIOCLINUX}) filter.forbid_word("ioctl", 1, bits_of(request));
  return filter.bytes();
}

}  // namespace

const Result<std::string>& syscall_filter() {
  static const Result<std::string> made = make();
  return made;
}

}  // namespace headgate::route
