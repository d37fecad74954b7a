#include "process_tree.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <csignal>
#include <memory>
#include <string>
#include <string_view>

#include "fd.hpp"

namespace headgate::route {
namespace {

// Files of /proc have no size; the ones read here are short, but a list of children may be long.
std::string read_all(const std::string& path) {
  std::string out;
  const Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return out;
  std::array<char, 4096> block{};
  for (ssize_t got = 0; (got = ::read(file.get(), block.data(), block.size())) > 0;) {
    out.append(block.data(), static_cast<std::size_t>(got));
  }
  return out;
}

// Space-separated words, taken from the front.
std::string_view next_word(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \n"), text.size()));
  const std::string_view word = text.substr(0, text.find_first_of(" \n"));
  text.remove_prefix(word.size());
  return word;
}

template <class Number>
Number number(std::string_view word) {
  Number value{};
  std::from_chars(word.data(), word.data() + word.size(), value);
  return value;
}

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};

}  // namespace

std::optional<Standing> standing_of(pid_t pid) {
  const std::string stat = read_all("/proc/" + std::to_string(pid) + "/stat");
  const std::size_t name_end = stat.rfind(')');  // the name before it may hold anything
  if (name_end == std::string::npos) return std::nullopt;
  std::string_view rest = std::string_view(stat).substr(name_end + 1);
  Standing out;
  const std::string_view state = next_word(rest);
  out.state = state.empty() ? '?' : state.front();
  out.parent = number<pid_t>(next_word(rest));
  out.group = number<pid_t>(next_word(rest));
  constexpr int fields_between = 16;  // session (6th) to itrealvalue (21st)
  for (int i = 0; i < fields_between; ++i) next_word(rest);
  out.began = number<std::uint64_t>(next_word(rest));
  return out;
}

std::vector<pid_t> children_of(pid_t pid) {
  std::vector<pid_t> out;
  const std::string tasks = "/proc/" + std::to_string(pid) + "/task";
  const std::unique_ptr<DIR, CloseFolder> folder(::opendir(tasks.c_str()));
  if (folder == nullptr) return out;
  while (const dirent* task = ::readdir(folder.get())) {
    if (task->d_name[0] == '.') continue;
    const std::string children = read_all(tasks + "/" + task->d_name + "/children");
    std::string_view rest = children;
    for (std::string_view word = next_word(rest); !word.empty(); word = next_word(rest)) {
      out.push_back(number<pid_t>(word));
    }
  }
  return out;
}

void send_signal(const Process& to, int signal) {
  const Fd held(static_cast<int>(::syscall(SYS_pidfd_open, to.pid, 0)));
  if (!held) return;
  const std::optional<Standing> now = standing_of(to.pid);  // after the opening: the descriptor names this process
  if (now && now->began == to.began) ::syscall(SYS_pidfd_send_signal, held.get(), signal, nullptr, 0);
}

ProcessTree::ProcessTree(pid_t root) {
  const std::optional<Standing> standing = standing_of(root);
  members_.push_back({root, standing ? standing->began : 0});
}

bool ProcessTree::grow() {
  const std::size_t before = members_.size();
  for (std::size_t i = 0; i < members_.size(); ++i) {
    const pid_t parent = members_[i].pid;
    for (const pid_t child : children_of(parent)) {
      const std::optional<Standing> standing = standing_of(child);
      if (!standing || standing->parent != parent) continue;
      const Process found{child, standing->began};
      if (std::find(members_.begin(), members_.end(), found) == members_.end()) members_.push_back(found);
    }
  }
  return members_.size() > before;
}

void ProcessTree::signal(int signal) {
  std::size_t told = 0;
  grow();
  ::kill(-root(), signal);
  // A process that forks while it is looked at is found by the next walk; the bound is for one that never stops.
  constexpr int most_walks = 64;
  for (int walk = 0; walk < most_walks; ++walk) {
    for (; told < members_.size(); ++told) {
      const std::optional<Standing> now = standing_of(members_[told].pid);
      if (now && (walk > 0 || now->group != root())) send_signal(members_[told], signal);
    }
    if (!grow()) return;
  }
}

bool ProcessTree::has_ended() {
  grow();
  const auto is_gone = [](const Process& member) {
    const std::optional<Standing> now = standing_of(member.pid);
    if (!now || now->began != member.began) return true;
    if (now->ended() && now->parent == ::getpid()) return ::waitpid(member.pid, nullptr, WNOHANG) == member.pid;
    return now->ended();  // some other process is to reap it
  };
  members_.erase(std::remove_if(members_.begin() + 1, members_.end(), is_gone), members_.end());
  const std::optional<Standing> root_now = standing_of(root());
  return members_.size() == 1 && (!root_now || root_now->ended());
}

}  // namespace headgate::route
