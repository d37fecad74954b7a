#include "watch.hpp"

#include <catch2/catch.hpp>
#include <chrono>
#include <cstdio>
#include <filesystem>

#include "seen_files.hpp"
#include "support/temp_folder.hpp"

using namespace headgate;
using namespace headgate::cli;

namespace fs = std::filesystem;

namespace {

// A watch on one file and one folder of a fresh place. No test sleeps: what happened before wait() is queued.
struct Watched {
  test::TempFolder folder;
  FileWatch watch;

  Watched() {
    folder.write("a/b/file", "one");
    folder.write("a/cases/one", "x");
    arm();
  }
  void arm() {
    const std::vector<SeenPath> paths = {{folder.path("a/b/file"), false}, {folder.path("a/cases"), true}};
    REQUIRE(watch.watch(paths));
  }
  // Whether a change is waiting. Gives up after what is enough for any machine: a change is queued when it is made.
  bool noticed() {
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(700);
    return watch.wait([&] { return std::chrono::steady_clock::now() >= until; });
  }
};

}  // namespace

TEST_CASE("a watched file is noticed however it is written") {
  Watched place;
  CHECK_FALSE(place.noticed());
  SECTION("in place") { place.folder.write("a/b/file", "two"); }
  SECTION("replaced") {
    place.folder.write("a/b/file.tmp", "two");
    fs::rename(place.folder.path("a/b/file.tmp"), place.folder.path("a/b/file"));
  }
  SECTION("removed") { fs::remove(place.folder.path("a/b/file")); }
  SECTION("its folder is moved away") { fs::rename(place.folder.path("a/b"), place.folder.path("a/elsewhere")); }
  SECTION("the folder above is") { fs::rename(place.folder.path("a"), place.folder.path("elsewhere")); }
  SECTION("a new file in a folder of which every entry matters") { place.folder.write("a/cases/two", "y"); }
  SECTION("a file less there") { fs::remove(place.folder.path("a/cases/one")); }
  CHECK(place.noticed());
}

TEST_CASE("files that nobody asked for are not noticed") {
  Watched place;
  place.folder.write("a/b/other", "x");
  place.folder.write("a/unrelated", "x");
  CHECK_FALSE(place.noticed());
}

TEST_CASE("what was not there is waited for, also when its folder comes first") {
  Watched place;
  const std::vector<SeenPath> paths = {{place.folder.path("later/deep/file"), false}};
  REQUIRE(place.watch.watch(paths));
  CHECK_FALSE(place.noticed());
  fs::create_directories(place.folder.path("later"));
  CHECK(place.noticed());
}

TEST_CASE("a symbolic link is watched at both ends") {
  Watched place;
  place.folder.write("real/file", "one");
  fs::create_symlink(place.folder.path("real/file"), place.folder.path("a/b/link"));
  const std::vector<SeenPath> paths = {{place.folder.path("a/b/link"), false}};
  REQUIRE(place.watch.watch(paths));
  place.folder.write("real/file", "two");
  CHECK(place.noticed());
}

TEST_CASE("more events than the queue holds stand for everything") {
  Watched place;
  // The queue is bounded by the system; each round of these four events on a watched folder fills it a little. Events
  // of other names count too.
  for (int i = 0; i < 20'000; ++i) {
    const std::string name = "a/b/other" + std::to_string(i % 7);
    std::FILE* file = std::fopen(place.folder.path(name).c_str(), "w");
    REQUIRE(file != nullptr);
    std::fclose(file);
    if (i % 2 == 1) fs::remove(place.folder.path(name));
  }
  CHECK(place.noticed());
}

TEST_CASE("what was seen of files tells when they change") {
  const test::TempFolder folder;
  folder.write("gate", "one");
  folder.write("cases/one", "x");
  const SeenFiles seen;
  CHECK(seen.read(folder.path("gate"), 100));
  CHECK(seen.list(folder.path("cases")).size() == 1);
  CHECK_FALSE(seen.exists(folder.path("missing")));
  CHECK(seen.is_folder(folder.path()));
  CHECK_FALSE(seen.changed());
  CHECK(seen.paths().size() == 4);
  SECTION("a file") { folder.write("gate", "longer"); }
  SECTION("a new entry") { folder.write("cases/two", "y"); }
  SECTION("what was missing") { folder.write("missing", "y"); }
  CHECK(seen.changed());
}

TEST_CASE("a folder that is only looked for may fill") {
  const test::TempFolder folder;
  const SeenFiles seen;
  CHECK(seen.is_folder(folder.path()));
  folder.write("reports", "x");
  CHECK_FALSE(seen.changed());
}
