#include "call_folder.hpp"

#include <stdlib.h>

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <thread>

#include "headgate/base/text.hpp"

namespace headgate::route {
namespace {

namespace fs = std::filesystem;

bool stays_beneath(const fs::path& relative) {
  if (relative.empty() || relative.is_absolute() || !relative.has_filename()) return false;
  for (const fs::path& part : relative) {
    if (part == ".." || part == ".") return false;
  }
  return relative.native().find('\0') == std::string::npos;
}

tl::unexpected<Error> cannot(const std::string& what, const std::string& why, ErrorCode code = ErrorCode::environment) {
  return failure(code, "cannot write " + what + " of a call: " + why);
}

void allow_removal(const fs::path& folder) {
  std::error_code code;
  fs::permissions(folder, fs::perms::owner_all, fs::perm_options::add, code);
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, code)) {
    if (entry.is_directory(code) && !entry.is_symlink(code)) allow_removal(entry.path());
  }
}

}  // namespace

Result<CallFolder> CallFolder::make(const std::vector<std::pair<std::string, std::string>>& files) {
  std::error_code code;
  const fs::path root = fs::temp_directory_path(code);  // $TMPDIR, else the system's
  if (code) return cannot("the folder", code.message());
  std::string pattern = fs::absolute(root / "headgate-call-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) return cannot("the folder", std::system_category().message(errno));
  CallFolder out;
  out.path_ = pattern;
  for (const auto& [name, content] : files) {
    const fs::path relative(name);
    if (!stays_beneath(relative))
      return cannot("'" + terminal_line(name) + "'", "the path leaves the folder", ErrorCode::input);
    const fs::path path = pattern / relative;
    fs::create_directories(path.parent_path(), code);
    std::ofstream file(path, std::ios::binary);
    file.write(content.data(), static_cast<std::streamsize>(content.size()));
    file.close();
    if (code || !file) return cannot("'" + terminal_line(name) + "'", "the file cannot be created");
  }
  return out;
}

CallFolder& CallFolder::operator=(CallFolder&& other) noexcept {
  if (this != &other) {
    remove();
    path_ = std::exchange(other.path_, {});
  }
  return *this;
}

// What the program left behind may still be writing for a moment, and the program may have taken away rights; what
// belongs to us can be given them back.
void CallFolder::remove() {
  if (path_.empty()) return;
  constexpr int most_tries = 20;
  for (int i = 0; i < most_tries; ++i) {
    std::error_code code;
    fs::remove_all(path_, code);
    if (!code) break;
    allow_removal(path_);
    std::this_thread::sleep_for(std::chrono::milliseconds(i));
  }
  path_.clear();
}

}  // namespace headgate::route
