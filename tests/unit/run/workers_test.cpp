#include "headgate/run/workers.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <latch>
#include <thread>
#include <vector>

#include "event_queue.hpp"

using namespace headgate;
using namespace headgate::run;

TEST_CASE("every job is done before the workers are gone") {
  for (const std::size_t count : {std::size_t{1}, std::size_t{2}, std::size_t{8}}) {
    std::atomic<int> done{0};
    {
      Workers workers(count);
      CHECK(workers.count() == count);
      for (int i = 0; i < 1000; ++i) workers.submit([&done] { ++done; });
    }
    CHECK(done == 1000);
  }
}

TEST_CASE("as many jobs run at once as there are workers, also beyond the processors") {
  constexpr std::size_t count = 8;
  std::latch all_here(count);
  Workers workers(count);
  for (std::size_t i = 0; i < count; ++i) workers.submit([&all_here] { all_here.arrive_and_wait(); });
  all_here.wait();
  CHECK(all_here.try_wait());
}

TEST_CASE("for each does every index once") {
  for (const std::size_t count : {std::size_t{0}, std::size_t{1}, std::size_t{4}}) {
    std::vector<std::atomic<int>> seen(5000);
    parallel(count)(seen.size(), [&](std::size_t i) { ++seen[i]; });
    for (const auto& each : seen) REQUIRE(each == 1);
    parallel(count)(0, [](std::size_t) { FAIL("there is none"); });
  }
}

TEST_CASE("a full queue makes its workers wait, and a closed one lets them go") {
  EventQueue queue;
  queue.push(Part{0, {}, true}, EventQueue::max_bytes);
  std::atomic<bool> second_in{false};
  std::thread worker([&] {
    queue.push(Part{1, {}, true}, 1);
    second_in = true;
    queue.push(Part{2, {}, true}, EventQueue::max_bytes);
    queue.push(Part{3, {}, true}, 1);
  });
  std::vector<run::Message> taken;
  queue.take(taken, std::chrono::seconds(10));
  REQUIRE(taken.size() == 1);
  CHECK(std::get<Part>(taken[0]).job == 0);
  while (!second_in) std::this_thread::yield();
  queue.close();
  worker.join();
  CHECK(queue.is_closed());
  taken.clear();
  queue.take(taken, std::chrono::milliseconds(0));
  CHECK(taken.empty());
}

TEST_CASE("taking from an empty queue gives up in time") {
  EventQueue queue;
  std::vector<run::Message> taken;
  queue.take(taken, std::chrono::milliseconds(1));
  CHECK(taken.empty());
}
