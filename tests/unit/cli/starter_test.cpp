#include "starter.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "feasibility.hpp"
#include "headgate/config/gate_file.hpp"
#include "headgate/run/plan.hpp"
#include "support/temp_folder.hpp"

using namespace headgate;
using namespace headgate::cli;

namespace {

std::set<std::string> ids_of(const std::string& lines, const char* key) {
  std::set<std::string> ids;
  std::istringstream in(lines);
  for (std::string line; std::getline(in, line);) {
    CHECK(ids.insert(Json::parse(line).at(key).get<std::string>()).second);
  }
  return ids;
}

}  // namespace

TEST_CASE("the starter loads without a complaint and its gate can say eligible, whatever its size") {
  for (const std::size_t cases :
       {std::size_t{20}, std::size_t{29}, std::size_t{30}, std::size_t{89}, std::size_t{90}, starter_cases,
        std::size_t{101}, std::size_t{199}, std::size_t{200}, std::size_t{500}, std::size_t{1000}}) {
    INFO(cases);
    const test::TempFolder folder;
    auto files = starter_files(cases);
    for (const auto& [path, content] : files) folder.write(path, content);

    config::GateOptions options;
    options.today = "2026-11-20";
    options.environment = [](const std::string&) { return std::optional<std::string>(); };
    Complaints complaints;
    const auto gate = config::load_gate(folder.path("starter.gate.yaml"), options, complaints);
    for (const auto& error : complaints.errors()) FAIL(error.message);
    REQUIRE(gate);
    const auto plan = run::make_plan(*gate, {});
    REQUIRE(plan);
    CHECK(plan->cases.size() == cases);
    const auto able = feasibility(*plan);
    INFO(able.headline);
    CHECK(able.carry == Carry::can);
    CHECK(plan->head.stage == (cases < 100 ? Stage::shadow : Stage::internal));

    const auto ids = ids_of(files["eval_suites/starter/cases.jsonl"], "id");
    CHECK(ids.size() == cases);
    CHECK(ids_of(files["replies/baseline.jsonl"], "case_id") == ids);
    CHECK(ids_of(files["replies/candidate.jsonl"], "case_id") == ids);
  }
}
