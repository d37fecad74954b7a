#include "progress.hpp"

#include <unistd.h>

#include <catch2/catch.hpp>

#include "headgate/base/file.hpp"
#include "support/temp_folder.hpp"

using namespace headgate;
using namespace headgate::cli;

namespace {

// What is written to stderr meanwhile.
template <class Act>
std::string said(Act act) {
  const test::TempFolder folder;
  const std::string path = folder.path("err");
  std::FILE* const file = std::fopen(path.c_str(), "w");
  REQUIRE(file != nullptr);
  const int before = ::dup(STDERR_FILENO);
  ::dup2(::fileno(file), STDERR_FILENO);
  act();
  ::dup2(before, STDERR_FILENO);
  ::close(before);
  std::fclose(file);
  return *real_files().read(path, 1 << 20);
}

}  // namespace

TEST_CASE("a note that comes again is said once and counted at the end") {
  const std::string text = said([] {
    ProgressPrinter printer({.silent = true}, real_clock());
    for (int i = 0; i < 4; ++i) printer.on_note("route a: lost a worker");
    printer.on_note("route b: lost a worker");
    printer.finish();
    printer.finish();
  });
  CHECK(text == "note: route a: lost a worker\nnote: route b: lost a worker\nnote: route a: lost a worker \u00d74\n");
}
