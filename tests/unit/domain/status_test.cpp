#include "headgate/domain/status.hpp"

#include <catch2/catch.hpp>
#include <set>
#include <string>

using namespace headgate;

TEST_CASE("every error kind has one word, one attribution and a status that is not ok") {
  std::set<std::string> words;
  for (const ErrorKind kind : all_error_kinds()) {
    CHECK(words.insert(name(kind)).second);
    ErrorKind back = ErrorKind::none;
    REQUIRE(parse(name(kind), back));
    CHECK(back == kind);
    CHECK(attribution(kind) != Attribution::none);
    CHECK(status_of(kind) != Status::ok);
  }
  CHECK(words.size() == 33);
}

TEST_CASE("whose doing an error is") {
  CHECK(attribution(ErrorKind::timeout) == Attribution::route);
  CHECK(attribution(ErrorKind::context_too_long) == Attribution::route);
  CHECK(attribution(ErrorKind::server_error) == Attribution::provider);
  CHECK(attribution(ErrorKind::error_in_reply) == Attribution::provider);
  CHECK(attribution(ErrorKind::reply_missing) == Attribution::grading);
  CHECK(attribution(ErrorKind::budget) == Attribution::not_run);
  CHECK(attribution(ErrorKind::quota) == Attribution::run_ends);
  CHECK(status_of(ErrorKind::none) == Status::ok);
  CHECK(status_of(ErrorKind::quota) == Status::not_run);
}

TEST_CASE("an unknown word is no status") {
  Status status = Status::ok;
  CHECK_FALSE(parse("fine", status));
  ErrorKind kind = ErrorKind::none;
  CHECK_FALSE(parse("", kind));
}
