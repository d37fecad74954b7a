#include "syncer.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <latch>

using namespace headgate;
using namespace headgate::run;

TEST_CASE("what is asked for while it syncs is synced once more, and all of it before the end") {
  std::atomic<int> syncs{0};
  std::latch first(1);
  std::latch go_on(1);
  {
    Syncer syncer([&]() -> Result<void> {
      if (++syncs == 1) {
        first.count_down();
        go_on.wait();
      }
      return {};
    });
    syncer.ask();
    first.wait();
    for (int i = 0; i < 100; ++i) syncer.ask();
    go_on.count_down();
  }
  CHECK(syncs == 2);
}

TEST_CASE("the first failure to sync stays, and nothing is synced after it") {
  std::atomic<int> syncs{0};
  Syncer syncer([&]() -> Result<void> {
    ++syncs;
    return failure(ErrorCode::environment, "cannot sync");
  });
  CHECK_FALSE(syncer.error());
  syncer.ask();
  while (!syncer.error()) std::this_thread::yield();
  CHECK(syncer.error()->message == "cannot sync");
  syncer.ask();
  syncer.ask();
  CHECK(syncer.error()->message == "cannot sync");
  CHECK(syncs == 1);
}

TEST_CASE("a sync that fails last of all is told, too") {
  std::atomic<int> synced = 0;
  Syncer syncer([&]() -> Result<void> {
    if (++synced == 2) return failure(ErrorCode::environment, "no");
    return {};
  });
  syncer.ask();
  while (synced < 1) std::this_thread::yield();
  CHECK_FALSE(syncer.error());
  syncer.ask();
  const Result<void> finished = syncer.finish();
  REQUIRE_FALSE(finished);
  CHECK(finished.error().message == "no");
  CHECK(synced == 2);
  CHECK_FALSE(syncer.finish());
}
