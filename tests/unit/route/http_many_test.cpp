// Many calls at once, and the end of them.
#include <sys/resource.h>

#include <set>

#include <catch2/catch.hpp>

#include "http_line.hpp"
#include "http_shard.hpp"
#include "programs.hpp"

using namespace headgate;
using namespace headgate::route;
using namespace headgate::test;
using Catch::Matchers::Contains;

TEST_CASE("more calls than one shard takes are all out at the same time, and their connections serve again") {
  constexpr std::size_t n = HttpShard::most_transfers + 60;
  std::atomic<std::size_t> waiting = 0;
  Door all_there;
  RawServer server([&](RawServer::Peer& peer) {
    while (const auto request = peer.request()) {
      if (++waiting == n) all_there.open();
      all_there.wait();
      peer.write(http_reply(request->substr(request->find("\r\n\r\n") + 4)));
    }
  });
  HttpLine line(http(server));
  std::vector<Call> calls;
  for (std::size_t i = 0; i < n; ++i) calls.push_back(post(i, "body " + std::to_string(i)));
  line.send(calls);
  const auto all = line.wait(n);
  REQUIRE(all.size() == n);
  CHECK(line.count() == n);
  for (const auto& [ticket, arrival] : all) {
    INFO(arrival.message);
    CHECK(arrival.bytes == "body " + std::to_string(ticket));
  }
  CHECK(server.connections() == n);
  line.send(calls);
  line.wait(2 * n);
  CHECK(line.count() == 2 * n);
  CHECK(server.connections() == n);
}

TEST_CASE("one bad server does not hold up another") {
  Door over;
  RawServer bad([&](RawServer::Peer& peer) {
    peer.request();
    over.wait();
  });
  RawServer good(always(http_reply("{}")));
  HttpLine line({http(bad), http(good)});
  line.send(posts(10));
  bad.wait_for_requests(10);
  CHECK(line.ask(post(100, "{}", 1)).error == ErrorKind::none);
  line.transport().stop(0);
  CHECK(line.wait(11).size() == 11);
  over.open();
}

TEST_CASE("stop delivers what is out as interrupted, once, and takes nothing more") {
  Door over;
  RawServer server([&](RawServer::Peer& peer) {
    while (const auto request = peer.request()) {
      if (request->ends_with("hang")) over.wait();
      peer.write(http_reply("{}"));
    }
  });
  HttpLine line(http(server));
  CHECK(line.ask(post(1)).error == ErrorKind::none);
  std::vector<Call> calls;
  for (std::uint64_t i = 2; i < 30; ++i) calls.push_back(post(i, "hang"));
  line.send(std::move(calls));
  server.wait_for_requests(29);
  line.transport().stop(5000);
  line.transport().stop(0);
  const auto all = line.wait(29);
  CHECK(all.size() == 29);
  for (std::uint64_t i = 2; i < 30; ++i) {
    CHECK(all.at(i).error == ErrorKind::interrupted);
    CHECK(all.at(i).sends == 1);
  }
  const Arrival later = line.ask(post(99));
  CHECK(later.error == ErrorKind::interrupted);
  CHECK(later.sends == 0);
  over.open();
  line.end();
  CHECK(line.count() == 30);
}

TEST_CASE("nothing is left of a transport that ended with calls out") {
  Door over;
  RawServer server([&](RawServer::Peer& peer) {
    peer.request();
    over.wait();
  });
  // What libraries keep for ever is there after the first.
  const auto use = [&](std::size_t requests) {
    HttpLine line(http("http://localhost:" + std::to_string(server.port()) + "/"));
    line.send(posts(5));
    server.wait_for_requests(requests);
    line.end();
    CHECK(line.count() == 0);
  };
  use(5);
  const Holdings before = Holdings::now();
  use(10);
  // The server's side of the connections is this process's too.
  CHECK(Holdings::now().descriptors == before.descriptors + 5);
  over.open();
}

TEST_CASE("a transport without a call opens nothing") {
  RawServer server(always(http_reply("{}")));
  { HttpLine line(http(server)); }
  CHECK(server.connections() == 0);
}

TEST_CASE("calls from many threads, and from the delivery itself, are all answered once") {
  RawServer server(always(http_reply("{}")));
  std::mutex mutex;
  std::condition_variable changed;
  std::multiset<std::uint64_t> came;
  std::size_t errors = 0;
  std::unique_ptr<Transport> transport;
  transport = start_http(
      {http(server)},
      [&](std::vector<Arrival>&& some) {
        std::vector<Call> more;
        const std::lock_guard lock(mutex);
        for (const Arrival& arrival : some) {
          if (arrival.error != ErrorKind::none) ++errors;
          came.insert(arrival.ticket);
          if (arrival.ticket < 1000) more.push_back(post(arrival.ticket + 1000));
        }
        if (!more.empty()) transport->send(std::move(more));
        changed.notify_all();
      },
      nullptr);
  std::vector<std::thread> senders;
  for (std::uint64_t sender = 0; sender < 4; ++sender) {
    senders.emplace_back([&, sender] {
      for (std::uint64_t i = 0; i < 25; ++i) {
        std::vector<Call> one;
        one.push_back(post(sender * 100 + i));
        transport->send(std::move(one));
      }
    });
  }
  for (std::thread& sender : senders) sender.join();
  {
    std::unique_lock lock(mutex);
    changed.wait_for(lock, 100s, [&] { return came.size() >= 200; });
  }
  transport.reset();
  CHECK(errors == 0);
  CHECK(came.size() == 200);
  CHECK(std::set<std::uint64_t>(came.begin(), came.end()).size() == 200);
}

TEST_CASE("a system without descriptors is no route's fault, and is told") {
  RawServer server(always(http_reply("{}")));
  HttpLine line(http(server));
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
  const rlimit none{0, before.rlim_max};
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
  const Arrival arrival = line.ask(post(1));
  ::setrlimit(RLIMIT_NOFILE, &before);
  CHECK(arrival.error == ErrorKind::interrupted);
  CHECK_THAT(arrival.message, Contains("this machine") && Contains("Too many open files"));
  CHECK(arrival.sends == 0);
  CHECK_THAT(line.notes(), Contains("route x: not sent: this machine"));
  CHECK(line.ask(post(2)).error == ErrorKind::none);
}
