#include "headgate/base/atomic_file.hpp"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "support/temp_folder.hpp"

using namespace headgate;

namespace {

std::size_t files_in(const test::TempFolder& folder) {
  const std::filesystem::directory_iterator all(folder.path());
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

}  // namespace

TEST_CASE("an atomic file appears whole when it is committed, and privately") {
  const test::TempFolder folder;
  const mode_t before = ::umask(0);
  std::string expected;
  {
    auto file = AtomicFile::create(folder.path("large"));
    REQUIRE(file);
    for (int i = 0; i < 1000; ++i) {
      const std::string part(1000, static_cast<char>('a' + i % 26));
      REQUIRE(file->append(part));
      expected += part;
    }
    CHECK_FALSE(std::filesystem::exists(folder.path("large")));
    REQUIRE(file->commit());
  }
  ::umask(before);
  CHECK(folder.read("large") == expected);
  CHECK(files_in(folder) == 1);
  struct stat about {};
  REQUIRE(::stat(folder.path("large").c_str(), &about) == 0);
  CHECK((about.st_mode & 0777) == 0600);
}

TEST_CASE("an atomic file that is given up leaves nothing, and what stood there stays") {
  const test::TempFolder folder;
  folder.write("kept", "old");
  {
    auto file = AtomicFile::create(folder.path("kept"));
    REQUIRE(file);
    REQUIRE(file->append(std::string(1 << 20, 'x')));
    CHECK(files_in(folder) == 2);
    AtomicFile moved = std::move(*file);
    CHECK(files_in(folder) == 2);
  }
  CHECK(files_in(folder) == 1);
  CHECK(folder.read("kept") == "old");
  const auto missing = AtomicFile::create(folder.path("none/file"));
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code == ErrorCode::environment);
}

TEST_CASE("what killed writers left is removed, and nothing that only looks like it") {
  const test::TempFolder folder;
  for (const char* part : {".decision.json.part-12-3", ".a.part-1-1", ".x.part-7-9.part-4-44"}) folder.write(part, "x");
  const char* const others[] = {"decision.json", ".decision.json", ".part-1-2",     "a.part-1-2",  ".a.part-1",
                                ".a.part-1-",    ".a.part--2",     ".a.part-1-2-3", ".a.part-1-b", ".a.part-1-2.txt"};
  for (const char* other : others) folder.write(other, "x");
  remove_parts(folder.path(""));
  CHECK(files_in(folder) == std::size(others));
  for (const char* other : others) CHECK(std::filesystem::exists(folder.path(other)));
  remove_parts(folder.path("none"));
}
