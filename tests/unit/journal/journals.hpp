// Small plans and journals, for tests.
#pragma once

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "headgate/journal/fold.hpp"
#include "headgate/journal/plan_file.hpp"
#include "headgate/journal/record.hpp"
#include "headgate/journal/scan.hpp"
#include "headgate/journal/writer.hpp"
#include "support/temp_folder.hpp"
#include "unit/domain/samples.hpp"

namespace headgate::journal::samples {

inline CallId call_of(const Plan& plan, CellIndex cell) {
  const CellRef ref = cell_ref(cell, plan.head.trials);
  return call_id(plan.cases[ref.item].digest, plan.head.routes[static_cast<std::size_t>(ref.arm)].digest, ref.arm,
                 ref.trial);
}

inline Reply reply_of(CellIndex cell) {
  Reply reply;
  reply.text = "answer " + std::to_string(cell) + " \"quoted\"\nGrüße \xF0\x9F\x9A\x80";
  reply.finish_reason = "stop";
  reply.usage.input_tokens = 100 + cell;
  reply.usage.output_tokens = 7;
  reply.latency_ms = 12.5 + cell;
  reply.cost_usd = 0.0001 * (cell + 1);
  return reply;
}

inline std::string result_of(const Plan& plan, CellIndex cell, const Outcome& outcome) {
  const CellRef ref = cell_ref(cell, plan.head.trials);
  return result_body(cell, call_of(plan, cell), plan.cases[ref.item].id, ref, outcome);
}

inline GradeFacts facts_of(CellIndex cell) {
  GradeFacts facts;
  facts.pass = cell % 3 != 0;
  facts.score = facts.pass ? 1.0 : 0.25;
  facts.grades = {{"equals", facts.pass, facts.score, "because of \"it\""}};
  return facts;
}

inline std::string grade_of(const Plan& plan, CellIndex cell, const Reply& reply, const GradeFacts& facts) {
  const std::uint32_t suite = plan.case_suite[cell_ref(cell, plan.head.trials).item];
  return grade_body(cell, call_of(plan, cell), reply_digest(reply), plan.head.suites[suite].graders_digest, facts);
}

// Header, then result and grade of every cell, then the end. Cell 1 ended with a time-out.
inline std::vector<std::string> bodies_of(const Plan& plan) {
  std::vector<std::string> bodies = {header_body(plan.head.digest, "0.0.1")};
  for (CellIndex cell = 0; cell < plan.cells(); ++cell) {
    if (cell == 1) {
      bodies.push_back(result_of(plan, cell, CallError{ErrorKind::timeout, "no answer in 30 s"}));
      continue;
    }
    const Reply reply = reply_of(cell);
    bodies.push_back(result_of(plan, cell, reply));
    bodies.push_back(grade_of(plan, cell, reply, facts_of(cell)));
  }
  bodies.push_back(end_body("complete"));
  return bodies;
}

inline std::string journal_of(const std::vector<std::string>& bodies) {
  std::string text;
  for (std::size_t i = 0; i < bodies.size(); ++i) seal(text, bodies[i], i);
  return text;
}

struct Scanned {
  ScanResult result;
  std::vector<RecordView> records;  // `line` is empty
};

inline Scanned scan_text(const std::string& text) {
  const test::TempFolder folder;
  const auto file = RandomAccessFile::open(folder.write("journal.jsonl", text));
  REQUIRE(file);
  Scanned scanned;
  auto result = scan(**file, [&](const RecordView& record) {
    scanned.records.push_back(record);
    scanned.records.back().line = {};
  });
  REQUIRE(result);
  scanned.result = std::move(*result);
  return scanned;
}

inline Evidence evidence_of(const Plan& plan, const std::string& text) {
  const test::TempFolder folder;
  REQUIRE(write_plan(folder.path(), plan));
  folder.write("journal.jsonl", text);
  auto evidence = read_evidence(folder.path());
  if (!evidence) FAIL(evidence.error().message);
  return std::move(*evidence);
}

}  // namespace headgate::journal::samples
