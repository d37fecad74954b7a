#include "try_report.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "headgate/base/json.hpp"

using namespace headgate;
using namespace headgate::cli;

namespace {

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// One trial of a route whose fallback answered.
Tried answered_by_fallback() {
  Reply reply;
  reply.text = "yes";
  reply.served_by = "spare";
  reply.cost_usd = 0.00023249999999999999;
  TriedCell cell;
  cell.status = Status::ok;
  cell.error = ErrorKind::none;
  cell.outcome = std::move(reply);
  cell.grade.pass = true;
  cell.call.via = "spare";
  cell.call.tries = 3;
  cell.call.failed_tries = {{1, {}, ErrorKind::server_error, 503, 20.0, "HTTP 503: \x1b[2J"}};
  TriedArm arm{Arm::candidate, "main", "generic_http", false, {{"user", "asked"}}, R"({"n":0})", {}};
  arm.cells.push_back(std::move(cell));
  Tried tried;
  tried.suite = "demo";
  tried.item.id = "c1";
  tried.arms.push_back(std::move(arm));
  return tried;
}

}  // namespace

TEST_CASE("try tells who answered after what, what was sent, and no noise of adding up") {
  const std::string text = try_text(answered_by_fallback());
  CHECK(holds(text, "    call: answered by the fallback spare, 3 tries\n"));
  CHECK(holds(text, "    try 1: server_error (HTTP 503) after 20 ms: HTTP 503: \\x1b[2J\n"));
  CHECK(holds(text, "  sent\n    | {\"n\":0}\n"));
  CHECK_FALSE(holds(text, "sent, user"));
  CHECK(holds(text, ", $0.0002325\n"));
}

TEST_CASE("try tells the same as JSON, and messages only where no body stands for them") {
  Tried tried = answered_by_fallback();
  const Json arm = parse_own(try_json(tried))->at("arms").at("candidate");
  CHECK(arm.at("body").at("n") == 0);
  CHECK(arm.at("messages").is_null());
  const Json& call = arm.at("trials")[0].at("call");
  CHECK(call.at("via") == "spare");
  CHECK(call.at("tries") == 3);
  CHECK(call.at("failed_tries")[0].at("http_status") == 503);
  tried.arms[0].body.clear();
  const Json other = parse_own(try_json(tried))->at("arms").at("candidate");
  CHECK(other.at("body").is_null());
  CHECK(other.at("messages")[0].at("content") == "asked");
}
