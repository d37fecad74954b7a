// A gate over recorded replies in a folder of its own: `cases` questions, two routes, some of whose replies are wrong,
// missing or broken.
#pragma once

#include <catch2/catch.hpp>
#include <string>

#include "headgate/config/gate_file.hpp"
#include "headgate/journal/fold.hpp"
#include "headgate/journal/plan_file.hpp"
#include "headgate/journal/writer.hpp"
#include "headgate/run/drive.hpp"
#include "headgate/run/plan.hpp"
#include "support/temp_folder.hpp"

namespace headgate::run::samples {

inline Case question(std::size_t i) {
  Case item;
  item.id = "q" + std::to_string(i);
  item.input.text = "\"question " + std::to_string(i) + "\"";
  item.expected.text = "\"answer " + std::to_string(i) + "\"";
  item.segments = {{"language", i % 2 == 0 ? "de" : "en"}};
  item.digest = case_digest(item);
  return item;
}

inline Suite suite_of(std::size_t cases) {
  Suite suite;
  suite.head.name = "questions";
  suite.head.version = "1.0.0";
  suite.head.released = true;
  suite.head.segments = {{"language", {"de", "en"}}};
  suite.head.graders = {{"contains", false, {R"({"value":"{{case.expected}}"})"}},
                        {"length", false, {R"({"max":400})"}}};
  for (std::size_t i = 0; i < cases; ++i) suite.cases.push_back(question(i));
  seal(suite);
  return suite;
}

// Every seventh reply of the arm is wrong, every eleventh a time-out, every thirteenth missing.
inline std::string replies_of(std::size_t cases, std::uint32_t trials, std::size_t shift) {
  std::string text;
  for (std::size_t i = 0; i < cases; ++i) {
    for (std::uint32_t trial = 0; trial < trials; ++trial) {
      const std::size_t n = i + shift + trial;
      if (n % 13 == 12) continue;
      const std::string id = R"({"case_id":"q)" + std::to_string(i) + R"(","trial":)" + std::to_string(trial);
      if (n % 11 == 10) {
        text += id + R"(,"error":"timeout"})" + "\n";
        continue;
      }
      text += id + R"(,"output":"I say: answer )" + (n % 7 == 6 ? "unknown" : std::to_string(i)) +
              R"(","latency_ms":)" + std::to_string(10 + n) + R"(,"cost_usd":0.001,"usage":{"input_tokens":5}})" + "\n";
    }
  }
  return text;
}

inline config::Route route_of(const test::TempFolder& folder, const std::string& name, const std::string& replies) {
  config::Route route;
  route.use.name = name;
  route.use.kind = "replay";
  route.use.recorded = true;
  route.use.parts.model.text = "\"" + name + "\"";
  route.use.digest = route_digest(route.use.parts);
  route.file = name + ".yaml";
  Complaints complaints;
  route.replies = headgate::route::open_reply_files({folder.write(name + ".jsonl", replies)}, {}, complaints);
  for (const Error& error : complaints.errors()) FAIL(error.message);
  return route;
}

inline config::Gate gate_of(const test::TempFolder& folder, std::size_t cases, std::uint32_t trials = 1) {
  config::Gate gate;
  gate.name = "tiny";
  gate.trials = trials;
  gate.rules.quality = QualityRule{};
  gate.rules.quality->max_loss = 0.1;
  gate.suites = {suite_of(cases)};
  gate.routes = {route_of(folder, "support_a", replies_of(cases, trials, 0)),
                 route_of(folder, "support_b", replies_of(cases, trials, 3))};
  return gate;
}

inline Plan plan_of(const config::Gate& gate, const PlanOptions& options = {}) {
  auto plan = make_plan(gate, options);
  if (!plan) FAIL(plan.error().message);
  return std::move(*plan);
}

inline Result<DriveResult> try_drive(const Plan& plan, const config::Gate& gate, const std::string& folder,
                                     const DriveOptions& options) {
  HG_TRY(writer, journal::Writer::open(folder));
  return drive(plan, gate.routes, folder, *writer, options);
}

inline DriveResult drive_in(const Plan& plan, const config::Gate& gate, const std::string& folder,
                            const DriveOptions& options = {}) {
  auto driven = try_drive(plan, gate, folder, options);
  if (!driven) FAIL(driven.error().message);
  return *driven;
}

inline Evidence evidence_in(const std::string& folder) {
  auto evidence = journal::read_evidence(folder);
  if (!evidence) FAIL(evidence.error().message);
  return std::move(*evidence);
}

}  // namespace headgate::run::samples
