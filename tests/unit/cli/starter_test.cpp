#include "starter.hpp"

#include <catch2/catch.hpp>
#include <set>
#include <sstream>

#include <nlohmann/json.hpp>

#include "feasibility.hpp"
#include "headgate/config/gate_file.hpp"
#include "headgate/run/plan.hpp"

using namespace headgate;
using namespace headgate::cli;

TEST_CASE("the starter loads without a complaint and its gate can say eligible, whatever its size") {
  for (const std::size_t cases : {std::size_t{20}, std::size_t{29}, std::size_t{30}, std::size_t{89}, std::size_t{90},
                                  starter_cases, std::size_t{1000}}) {
    INFO(cases);
    MemoryFiles files;
    files.files = starter_files(cases);
    config::GateOptions options;
    options.files = &files;
    options.today = "2026-11-20";
    options.environment = [](const std::string&) { return std::optional<std::string>(); };
    Complaints complaints;
    // Recorded replies are read from disk, so a gate over memory stops at its routes; suites and rules are what is
    // checked here.
    static_cast<void>(config::load_gate("starter.gate.yaml", options, complaints));
    for (const auto& error : complaints.errors()) CHECK(error.place.file.find("repl") != std::string::npos);

    std::set<std::string> ids;
    std::istringstream lines(files.files.at("eval_suites/starter/cases.jsonl"));
    for (std::string line; std::getline(lines, line);) ids.insert(Json::parse(line)["id"].get<std::string>());
    CHECK(ids.size() == cases);
    for (const char* arm : {"baseline", "candidate"}) {
      std::istringstream replies(files.files.at(std::string("replies/") + arm + ".jsonl"));
      std::size_t count = 0;
      for (std::string line; std::getline(replies, line); ++count)
        CHECK(ids.contains(Json::parse(line)["case_id"].get<std::string>()));
      CHECK(count == cases);
    }
  }
}
