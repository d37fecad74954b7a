#include <elf.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "headgate/base/file.hpp"
#include "headgate/base/text.hpp"
#include "headgate/base/unicode.hpp"
#include "headgate/route/program.hpp"

namespace headgate::route {
namespace {

constexpr std::size_t head_bytes = 4096;
constexpr int most_interpreters = 4;  // the kernel follows as many

struct Search {
  const std::string& folder;
  const std::string& path;
};

std::string in_quotes(std::string_view text) { return "'" + terminal_line(text) + "'"; }

tl::unexpected<Error> refused(const std::string& path, const std::string& why, std::string hint = {}) {
  return failure(ErrorCode::input, in_quotes(path) + " " + why, std::move(hint));
}

// The first bytes; nothing where we may execute but not read.
std::optional<std::string> head_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::string head(head_bytes, '\0');
  file.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(file.gcount()));
  return head;
}

template <class Part>
std::optional<Part> part_at(std::string_view bytes, std::size_t offset) {
  if (offset > bytes.size() || bytes.size() - offset < sizeof(Part)) return std::nullopt;
  Part out;
  std::memcpy(&out, bytes.data() + offset, sizeof out);
  return out;
}

bool is_elf(std::string_view head) { return head.starts_with(std::string_view(ELFMAG, SELFMAG)); }

// Whether the kernel that runs us runs this too: the same class, byte order and machine as our own file.
bool is_for_this_machine(std::string_view head) {
  const std::optional<std::string> own_head = head_of("/proc/self/exe");
  const auto own = part_at<Elf64_Ehdr>(own_head.value_or(""), 0);
  const auto other = part_at<Elf64_Ehdr>(head, 0);  // the fields compared stand at one place in both classes
  if (!own) return true;
  return other && own->e_ident[EI_CLASS] == other->e_ident[EI_CLASS] &&
         own->e_ident[EI_DATA] == other->e_ident[EI_DATA] && own->e_machine == other->e_machine;
}

// The loader that a dynamically linked program names; "" where it names none, or not within its first bytes.
std::string loader_of(std::string_view head) {
  const auto elf = part_at<Elf64_Ehdr>(head, 0);
  if (!elf || elf->e_ident[EI_CLASS] != ELFCLASS64) return {};
  for (std::size_t i = 0; i < elf->e_phnum; ++i) {
    const auto part = part_at<Elf64_Phdr>(head, elf->e_phoff + i * sizeof(Elf64_Phdr));
    if (!part || part->p_type != PT_INTERP || part->p_offset > head.size()) continue;
    const std::string_view name = head.substr(part->p_offset, part->p_filesz);
    return std::string(name.substr(0, name.find('\0')));
  }
  return {};
}

Result<void> check_program(const std::string& path, const Search& search, int depth);

Result<void> check_elf(const std::string& path, std::string_view head) {
  if (!is_for_this_machine(head)) return refused(path, "is a program for another machine");
  const std::string loader = loader_of(head);
  if (!loader.empty() && ::access(loader.c_str(), X_OK) != 0) {
    return refused(path, "needs the loader " + in_quotes(loader) + ", which is not on this machine");
  }
  return {};
}

Result<std::string> look_up(const std::string& word, const Search& search);

// "#!/usr/bin/env NAME" fails at the first call where NAME is missing; better said now.
Result<void> check_env(const std::string& path, std::string_view arguments, const Search& search) {
  const std::string name(arguments.substr(0, arguments.find_first_of(" \t")));
  if (name.empty() || name.front() == '-' || name.find_first_of("=/") != std::string::npos) return {};
  if (look_up(name, search)) return {};
  return refused(path, "needs " + in_quotes(name) + ", which is not found");
}

Result<void> check_script(const std::string& path, std::string_view head, const Search& search, int depth) {
  std::string_view line = head.substr(2, head.find('\n') - 2);
  const bool has_return = line.ends_with('\r');
  line = trimmed(has_return ? line.substr(0, line.size() - 1) : line);
  const std::size_t end = std::min(line.find_first_of(" \t"), line.size());
  const std::string interpreter(line.substr(0, end));
  if (interpreter.empty()) return refused(path, "names no interpreter behind its #!");
  if (has_return) {
    return refused(path, "has a Windows line end behind its #! line", "save the file with Unix line ends");
  }
  const std::string found = join_path(search.folder, interpreter);
  if (::access(found.c_str(), F_OK) != 0) {
    return refused(path, "needs the interpreter " + in_quotes(interpreter) + ", which is not there");
  }
  if (depth >= most_interpreters) return refused(path, "is a script for a script, too many times over");
  const Result<void> checked = check_program(found, search, depth + 1);
  if (!checked) return refused(path, "needs an interpreter that cannot run: " + checked.error().message);
  return name_of(interpreter) == "env" ? check_env(path, trimmed(line.substr(end)), search) : Result<void>();
}

Result<void> check_program(const std::string& path, const Search& search, int depth) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0)
    return refused(path, "cannot be run: " + std::system_category().message(errno));
  if (S_ISDIR(status.st_mode)) return refused(path, "is a folder, not a program");
  if (!S_ISREG(status.st_mode)) return refused(path, "is not a file");
  if (::access(path.c_str(), X_OK) != 0) {
    return refused(path, "may not be executed", "chmod +x " + terminal_line(path) + ", or name its interpreter first");
  }
  const std::optional<std::string> head = head_of(path);
  if (!head) return {};
  if (is_elf(*head)) return check_elf(path, *head);
  if (head->starts_with("#!")) return check_script(path, *head, search, depth);
  if (head->empty()) return refused(path, "is empty");
  if (head->find('\0') == std::string::npos) {
    return refused(
        path, "is a text without #!",
        "begin the file with #!/bin/sh, or name the interpreter: command: [sh, " + terminal_line(name_of(path)) + "]");
  }
  return refused(path, "is neither a script with #! nor a program for this machine");
}

// The first in the search path that may be executed, as execvp would take it.
Result<std::string> look_up(const std::string& word, const Search& search) {
  std::string_view rest = search.path;
  std::optional<std::string> not_executable;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(':'), rest.size());
    const std::string_view place = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (!place.starts_with('/')) continue;  // a relative place would mean another program in another folder
    std::string path = join_path(place, word);
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) continue;
    if (::access(path.c_str(), X_OK) == 0) return path;
    if (!not_executable) not_executable = std::move(path);
  }
  if (not_executable)
    return refused(*not_executable, "may not be executed", "chmod +x " + terminal_line(*not_executable));
  const bool is_here = ::access(join_path(search.folder, word).c_str(), F_OK) == 0;
  return failure(ErrorCode::input, "the program " + in_quotes(word) + " is not found",
                 is_here ? "a program beside the file is written ./" + terminal_line(word)
                         : "it is in none of the folders of PATH: " + terminal_line(search.path));
}

}  // namespace

Result<std::string> find_program(const std::string& word, const std::string& folder, const std::string& search_path) {
  if (word.empty()) return failure(ErrorCode::input, "the command names no program");
  if (word.find('\0') != std::string::npos) return failure(ErrorCode::input, "the command's first word holds a NUL");
  const Search search{folder, search_path};
  std::string path;
  if (word.find('/') == std::string::npos) {
    HG_TRY(found, look_up(word, search));
    path = std::move(found);
  } else {
    path = std::filesystem::absolute(join_path(folder, word)).string();
  }
  HG_CHECK(check_program(path, search, 0));
  return path;
}

}  // namespace headgate::route
