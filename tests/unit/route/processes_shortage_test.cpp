// A system that has no descriptor left just then: nobody's fault, and no case's.
#include <sys/resource.h>

#include <catch2/catch.hpp>

#include "programs.hpp"

using namespace headgate;
using namespace headgate::route;
using namespace headgate::test;
using Catch::Matchers::Contains;

namespace {

// None can be opened meanwhile; those that are open stay.
class FewDescriptors {
 public:
  FewDescriptors() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const rlimit few{0, before_.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &few);
  }
  ~FewDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  FewDescriptors(const FewDescriptors&) = delete;
  FewDescriptors& operator=(const FewDescriptors&) = delete;

 private:
  rlimit before_{};
};

}  // namespace

TEST_CASE("calls wait where the system is short of something, and are answered when it is not") {
  const Holdings before = Holdings::now();
  const Speaks speaks = GENERATE(Speaks::json_lines, Speaks::json_once);
  {
    Line line(program({"/bin/cat"}, speaks));
    {
      const FewDescriptors few;
      line.send(calls(3));
      CHECK(line.wait(1, 100ms).empty());
    }
    for (const auto& [ticket, arrival] : line.wait(3)) {
      INFO(arrival.message);
      CHECK(arrival.error == ErrorKind::none);
    }
    CHECK(line.count() == 3);
  }
  CHECK(Holdings::now() == before);
}

TEST_CASE("a shortage that lasts stops the program's calls, and blames none of them") {
  const Holdings before = Holdings::now();
  const Speaks speaks = GENERATE(Speaks::json_lines, Speaks::json_once);
  {
    Line line(program({"/bin/cat"}, speaks));
    const FewDescriptors few;
    line.send(calls(3));
    const auto all = line.wait(3);
    REQUIRE(all.size() == 3);
    for (const auto& [ticket, arrival] : all) {
      CHECK(arrival.error == ErrorKind::breaker);
      CHECK_THAT(arrival.message, Contains("Too many open files"));
    }
  }
  CHECK(Holdings::now() == before);
}
