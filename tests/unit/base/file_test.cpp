#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <thread>

#include "headgate/base/file.hpp"
#include "headgate/base/lines.hpp"
#include "headgate/base/log.hpp"
#include "posix_file.hpp"

using namespace headgate;
namespace fs = std::filesystem;

namespace {

class Folder {
 public:
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "headgate-base-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

void put(const std::string& path, const std::string& content) { std::ofstream(path, std::ios::binary) << content; }

unsigned mode_of(const std::string& path) {
  struct stat about {};
  REQUIRE(::stat(path.c_str(), &about) == 0);
  return static_cast<unsigned>(about.st_mode & 0777U);
}

std::size_t open_descriptors() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : fs::directory_iterator("/proc/self/fd")) ++count;
  return count;
}

class Umask {
 public:
  explicit Umask(mode_t mask) : before_(::umask(mask)) {}
  ~Umask() { ::umask(before_); }
  Umask(const Umask&) = delete;
  Umask& operator=(const Umask&) = delete;

 private:
  mode_t before_;
};

}  // namespace

TEST_CASE("paths: arithmetic on words") {
  CHECK(join_path("a/b", "../c") == "a/c");
  CHECK(join_path("a", "/abs") == "/abs");
  CHECK(join_path("", "x") == "x");
  CHECK(join_path("a", "../../x") == "../x");
  CHECK(join_path("/a", "../../x") == "/x");
  CHECK(join_path("a//b/", "./c/.") == "a/b/c");
  CHECK(join_path("a", "..") == ".");
  CHECK(folder_of("a/b/c") == "a/b");
  CHECK(folder_of("c").empty());
  CHECK(folder_of("/c") == "/");
  CHECK(name_of("a/b.c") == "b.c");
  CHECK(name_of("b") == "b");
  CHECK(extension_of("a/b.JSON") == ".json");
  CHECK(extension_of("a.d/b").empty());
  CHECK(extension_of(".hidden").empty());
}

TEST_CASE("files: reading, and what is refused without waiting") {
  const Folder folder;
  put(folder / "a", "hello");
  put(folder / "empty", "");
  CHECK(real_files().read(folder / "a").value() == "hello");
  CHECK(real_files().read(folder / "empty").value().empty());
  CHECK(real_files().read("/proc/self/status").value().size() > 10);  // says it is empty, is not

  const auto refused = [](const std::string& path, const std::string& part) {
    const Result<std::string> result = real_files().read(path);
    REQUIRE_FALSE(result.has_value());
    INFO(result.error().message);
    CHECK(result.error().code == ErrorCode::input);
    CHECK(result.error().message.find(part) != std::string::npos);
    CHECK(result.error().message.find(path) != std::string::npos);
  };
  REQUIRE(::mkfifo((folder / "fifo").c_str(), 0600) == 0);
  refused(folder / "fifo", "not a regular file");
  refused(folder.path(), "not a regular file");
  refused("/dev/zero", "not a regular file");
  refused(folder / "none", "No such file");
  refused(folder / "a/b", "Not a directory");
  CHECK(real_files().read(folder / "a", 5).has_value());
  const Result<std::string> big = real_files().read(folder / "a", 4);
  REQUIRE_FALSE(big.has_value());
  CHECK(big.error().message.find("larger than 4 bytes") != std::string::npos);
  CHECK_FALSE(real_files().read(std::string("a\0b", 3)).has_value());
}

TEST_CASE("files: looking around") {
  const Folder folder;
  put(folder / "b", "");
  put(folder / "a", "");
  CHECK(real_files().list(folder.path()) == std::vector<std::string>{"a", "b"});
  CHECK(real_files().list(folder / "none").empty());
  CHECK(real_files().exists(folder / "a"));
  CHECK_FALSE(real_files().exists(folder / "c"));
  CHECK(real_files().is_folder(folder.path()));
  CHECK_FALSE(real_files().is_folder(folder / "a"));
}

TEST_CASE("read_beneath: nothing outside the root is opened") {
  const Folder folder;
  fs::create_directories(folder / "root/sub");
  put(folder / "secret", "secret");
  put(folder / "root/in", "in");
  put(folder / "root/sub/deep", "deep");
  fs::create_symlink("../secret", folder / "root/out_link");
  fs::create_symlink(folder / "secret", folder / "root/absolute_link");
  fs::create_symlink("in", folder / "root/in_link");
  fs::create_directory_symlink("..", folder / "root/up");
  REQUIRE(::mkfifo((folder / "root/fifo").c_str(), 0600) == 0);
  const std::string root = folder / "root";

  for (const bool walk : {false, true}) {
    INFO("walk " << walk);
    const auto read = [&](const std::string& relative) -> Result<std::string> {
      HG_TRY(file, open_regular_beneath(root, relative, walk));
      return read_all(file, relative, 1000);
    };
    CHECK(read("in").value() == "in");
    CHECK(read("./sub//deep").value() == "deep");
    for (const std::string bad : {"../secret", "sub/../../secret", "/etc/hostname", "out_link", "absolute_link",
                                  "up/secret", "../../../../../../etc/hostname", "..", "../root/in"}) {
      const Result<std::string> result = read(bad);
      INFO(bad);
      REQUIRE_FALSE(result.has_value());
      CHECK(result.error().code == ErrorCode::input);
      const bool expected = result.error().message.find("leaves the suite root") != std::string::npos ||
                            (walk && result.error().message.find("Not a directory") != std::string::npos);
      CHECK(expected);
    }
    CHECK(read("fifo").error().message.find("not a regular file") != std::string::npos);
    CHECK(read("sub").error().message.find("not a regular file") != std::string::npos);
    CHECK(read(".").error().message.find("not a regular file") != std::string::npos);
    CHECK(read("none").error().message.find("No such file") != std::string::npos);
    CHECK(read("").has_value() == false);
    CHECK_FALSE(read(std::string("in\0x", 4)).has_value());
  }
  CHECK(real_files().read_beneath(root, "in_link").value() == "in");  // a link that stays inside is fine
  CHECK(real_files().read_beneath(root, "sub/../in").value() == "in");
  CHECK_FALSE(real_files().read_beneath(folder / "none", "in").has_value());
  CHECK_FALSE(real_files().read_beneath(root, "in", 1).has_value());
}

TEST_CASE("memory files: the same answers") {
  MemoryFiles files;
  files.files = {{"s/a.json", "A"}, {"s/sub/b", "B"}, {"s/sub/c", "C"}, {"/abs/x", "X"}};
  CHECK(files.read("s/a.json", 10).value() == "A");
  CHECK(files.read("./s//a.json", 10).value() == "A");
  CHECK(files.read("/abs/x", 10).value() == "X");
  CHECK(files.read("s", 10).error().message.find("not a regular file") != std::string::npos);
  CHECK(files.read("none", 10).error().message.find("No such file") != std::string::npos);
  CHECK_FALSE(files.read("s/a.json", 0).has_value());
  CHECK(files.read_beneath("s/sub", "b", 10).value() == "B");
  CHECK(files.read_beneath("s/sub", "../a.json", 10).error().message.find("leaves the suite root") !=
        std::string::npos);
  CHECK(files.read_beneath("s", "sub/../a.json", 10).value() == "A");
  CHECK(files.list("s") == std::vector<std::string>{"a.json", "sub"});
  CHECK(files.list("s/sub/") == std::vector<std::string>{"b", "c"});
  CHECK(files.list("none").empty());
  files.files["s/sub-b/d"] = "D";
  files.files["s/sub.c"] = "E";
  CHECK(files.list("s") == std::vector<std::string>{"a.json", "sub", "sub-b", "sub.c"});
  CHECK((files.exists("s/sub") && files.exists("s/sub/b") && !files.exists("s/su")));
  CHECK((files.is_folder("s/sub") && !files.is_folder("s/sub/b")));
}

TEST_CASE("write_file_atomically: private, whole, and nothing left behind") {
  const Folder folder;
  const Umask open_mask(0);
  REQUIRE(write_file_atomically(folder / "a", "one"));
  CHECK(mode_of(folder / "a") == 0600);
  REQUIRE(write_file_atomically(folder / "a", std::string(3'000'000, 'x')));
  CHECK(real_files().read(folder / "a").value().size() == 3'000'000);
  CHECK(real_files().list(folder.path()) == std::vector<std::string>{"a"});
  const Umask closed_mask(0777);
  REQUIRE(write_file_atomically(folder / "b", "two"));
  CHECK(mode_of(folder / "b") == 0600);

  const Result<void> no_folder = write_file_atomically(folder / "none/x", "");
  REQUIRE_FALSE(no_folder.has_value());
  CHECK(no_folder.error().code == ErrorCode::environment);
  CHECK(no_folder.error().message.find("No such file") != std::string::npos);
  CHECK(no_folder.error().message.find("none/") != std::string::npos);
  fs::create_directory(folder / "d");
  CHECK_FALSE(write_file_atomically(folder / "d", "").has_value());
  CHECK(real_files().list(folder.path()) == std::vector<std::string>{"a", "b", "d"});
}

TEST_CASE("write_file_atomically: a full device is an environment error") {
  if (!fs::exists("/dev/full")) return;
  const Descriptor full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  if (!full.is_open()) return;
  CHECK_FALSE(write_all(full.get(), "x"));
  CHECK(errno == ENOSPC);
}

TEST_CASE("make_folders and rename_file") {
  const Folder folder;
  for (const mode_t mask : {mode_t{0}, mode_t{0777}}) {
    const Umask guard(mask);
    const std::string top = folder / ("m" + std::to_string(mask));
    REQUIRE(make_folders(top + "/b/c"));
    CHECK(mode_of(top) == 0700);
    CHECK(mode_of(top + "/b/c") == 0700);
    CHECK(make_folders(top + "/b/c").has_value());
    CHECK(make_folders(top + "/d/").has_value());
  }
  put(folder / "file", "x");
  const Result<void> blocked = make_folders(folder / "file/x");
  REQUIRE_FALSE(blocked.has_value());
  CHECK(blocked.error().code == ErrorCode::environment);
  REQUIRE(rename_file(folder / "file", folder / "moved"));
  CHECK(real_files().read(folder / "moved").value() == "x");
  CHECK(rename_file(folder / "file", folder / "again").error().code == ErrorCode::environment);
}

TEST_CASE("random access: exact reads or an error") {
  const Folder folder;
  put(folder / "a", "0123456789");
  const auto file = RandomAccessFile::open(folder / "a").value();
  CHECK(file->size() == 10);
  std::string out;
  REQUIRE(file->read(3, 4, out));
  CHECK(out == "3456");
  CHECK(file->read(10, 0, out).has_value());
  const Result<void> beyond = file->read(8, 3, out);
  REQUIRE_FALSE(beyond.has_value());
  CHECK(beyond.error().code == ErrorCode::environment);
  CHECK_FALSE(RandomAccessFile::open(folder / "none").has_value());
  CHECK_FALSE(RandomAccessFile::open(folder.path()).has_value());
}

TEST_CASE("for_each_line: offsets, blocks and bounds") {
  const Folder folder;
  std::string text;
  std::vector<std::pair<std::uint64_t, std::string>> expected;
  for (std::size_t i = 0; i < 5000; ++i) {
    const std::string line((i * 37) % 400, static_cast<char>('a' + i % 26));
    expected.emplace_back(text.size(), line);
    text += line + "\n";
  }
  expected.emplace_back(text.size(), "no newline");
  text += "no newline";
  put(folder / "a", text);
  const auto file = RandomAccessFile::open(folder / "a").value();
  std::vector<std::pair<std::uint64_t, std::string>> seen;
  REQUIRE(for_each_line(*file, [&](std::uint64_t offset, std::string_view line) {
    seen.emplace_back(offset, line);
    return true;
  }));
  CHECK(seen == expected);

  std::size_t calls = 0;
  REQUIRE(for_each_line(*file, [&](std::uint64_t, std::string_view) { return ++calls < 3; }));
  CHECK(calls == 3);
  const Result<void> too_long = for_each_line(
      *file, [](std::uint64_t, std::string_view) { return true; }, 100);
  REQUIRE_FALSE(too_long.has_value());
  CHECK(too_long.error().message.find("a line longer than 100 bytes") != std::string::npos);

  put(folder / "huge", std::string(3'000'000, 'x'));
  const auto huge = RandomAccessFile::open(folder / "huge").value();
  CHECK_FALSE(for_each_line(
                  *huge, [](std::uint64_t, std::string_view) { return true; }, 1'000'000)
                  .has_value());
  put(folder / "none", "");
  calls = 0;
  REQUIRE(for_each_line(*RandomAccessFile::open(folder / "none").value(),
                        [&](std::uint64_t, std::string_view) { return ++calls > 0; }));
  CHECK(calls == 0);
}

TEST_CASE("files: no descriptor is left open") {
  const Folder folder;
  put(folder / "a", "x");
  const std::size_t before = open_descriptors();
  for (int i = 0; i < 50; ++i) {
    CHECK(real_files().read(folder / "a").has_value());
    CHECK_FALSE(real_files().read(folder.path()).has_value());
    CHECK_FALSE(real_files().read_beneath(folder.path(), "../x").has_value());
    CHECK(real_files().read_beneath(folder.path(), "a").has_value());
    CHECK(write_file_atomically(folder / "b", "y").has_value());
    CHECK(RandomAccessFile::open(folder / "a").has_value());
    CHECK(real_files().list(folder.path()).size() == 2);
  }
  CHECK(open_descriptors() == before);
}

TEST_CASE("log: one private file, escaped lines, silent when closed") {
  const Folder folder;
  const std::string path = folder / "run.log";
  log(LogLevel::error, "nowhere");
  {
    const Umask open_mask(0);
    REQUIRE(open_log(path, LogLevel::info));
  }
  log(LogLevel::debug, "too small");
  log(LogLevel::info, "hello {} %v \x1b[2J\nsecond");
  close_log();
  log(LogLevel::error, "nowhere");
  CHECK(mode_of(path) == 0600);
  std::string text = real_files().read(path).value();
  CHECK(text.find(" info hello {} %v \\x1b[2J\\nsecond\n") != std::string::npos);
  CHECK(std::count(text.begin(), text.end(), '\n') == 1);
  REQUIRE(open_log(path, LogLevel::debug));
  log(LogLevel::debug, "more");
  close_log();
  text = real_files().read(path).value();
  CHECK(std::count(text.begin(), text.end(), '\n') == 2);
  CHECK(open_log(folder / "none/x.log", LogLevel::info).error().code == ErrorCode::environment);
}

TEST_CASE("log: threads write whole lines") {
  const Folder folder;
  REQUIRE(open_log(folder / "run.log", LogLevel::info));
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([] {
      for (int i = 0; i < 200; ++i) log(LogLevel::info, std::string(50, 'x'));
    });
  }
  for (std::thread& thread : threads) thread.join();
  close_log();
  const std::string text = real_files().read(folder / "run.log").value();
  std::size_t whole = 0;
  for (const Line& line : split_lines(text)) whole += line.text.ends_with(" info " + std::string(50, 'x')) ? 1U : 0U;
  CHECK(whole == 800);
}
