// Vectors of the fake provider: the same for the same words, near for nearly the same.
#include <catch2/catch.hpp>
#include <cmath>

#include "desk.hpp"

using namespace headgate;
using namespace headgate::test;

namespace {

constexpr std::string_view path = "/v1/embeddings";

std::vector<std::vector<double>> vectors(Desk& desk, const std::vector<std::string>& texts, int dimensions = 0) {
  Json body = {{"model", "small"}, {"input", texts}};
  if (dimensions > 0) body["dimensions"] = dimensions;
  const Json reply = desk.json(body.dump(), path);
  std::vector<std::vector<double>> rows;
  for (const Json& each : reply.at("data")) {
    CHECK(each.at("index") == rows.size());
    rows.push_back(each.at("embedding").get<std::vector<double>>());
  }
  return rows;
}

double cosine(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

}  // namespace

TEST_CASE("each text has its vector, of length 1, the same every time") {
  Desk desk;
  const auto rows = vectors(desk, {"Refunds take five days.", "", "refunds TAKE five days"});
  REQUIRE(rows.size() == 3);
  for (const auto& row : rows) {
    CHECK(row.size() == 64);
    CHECK(cosine(row, row) == Approx(1.0));
  }
  CHECK(rows[0] == rows[2]);
  CHECK(rows[0] != rows[1]);
  CHECK(vectors(desk, {"Refunds take five days."})[0] == rows[0]);
  CHECK(vectors(desk, {"x"}, 3)[0].size() == 3);
}

TEST_CASE("texts with many words in common point the same way") {
  Desk desk;
  const auto rows = vectors(desk, {"a refund takes five days", "the refund takes five days", "my car will not start"});
  CHECK(cosine(rows[0], rows[1]) > 0.6);
  CHECK(cosine(rows[0], rows[1]) > cosine(rows[0], rows[2]) + 0.3);
}

TEST_CASE("one text alone, its usage, and faults as of any other answer") {
  Desk desk(R"({"rules":[{"when":{"equals":"bad"},"status":500}]})");
  const Json reply = desk.json(R"({"model":"m","input":"one"})", path);
  CHECK(reply.at("data").size() == 1);
  CHECK(reply.at("usage").at("prompt_tokens").get<int>() > 0);
  CHECK(desk.status(R"({"model":"m","input":["good","bad"]})", path) == 500);
  CHECK(desk.status("no JSON", path) == 400);
}
