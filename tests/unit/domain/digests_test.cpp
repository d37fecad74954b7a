#include <catch2/catch.hpp>
#include <functional>
#include <set>

#include "headgate/domain/evidence.hpp"
#include "headgate/domain/reply.hpp"
#include "samples.hpp"

using namespace headgate;
using samples::case_named;
using samples::plan_of;

TEST_CASE("whatever defines a case changes its digest") {
  const Case base = case_named("c1");
  const std::vector<std::function<void(Case&)>> edits = {
      [](Case& c) { c.id = "c2"; },
      [](Case& c) { c.input.text = "\"other\""; },
      [](Case& c) { c.vars.text = "{}"; },
      [](Case& c) { c.context.text = "[]"; },
      [](Case& c) { c.expected.text = "null"; },
      [](Case& c) { c.expected.text.clear(); },
      [](Case& c) { c.segments[0].value = "de"; },
      [](Case& c) { c.segments.pop_back(); },
      [](Case& c) { c.severity = Severity::major; },
      [](Case& c) { c.severe_class = "other"; },
      [](Case& c) { c.cluster.clear(); },
      [](Case& c) { c.tags.clear(); },
      [](Case& c) { c.sampling = Sampling::random; },
      [](Case& c) { c.weight = 1; },
      [](Case& c) { c.graders[0].negated = false; },
      [](Case& c) { c.graders[0].options.text = "{}"; },
      [](Case& c) { c.graders.clear(); },
  };
  std::set<Digest> seen{case_digest(base)};
  for (const auto& edit : edits) {
    Case edited = base;
    edit(edited);
    CHECK(seen.insert(case_digest(edited)).second);
  }
}

TEST_CASE("a suite's digest ignores the order of its cases and sees each of them") {
  Suite one;
  one.head.name = "s";
  one.cases = {case_named("b"), case_named("a")};
  Suite other = one;
  std::swap(other.cases[0], other.cases[1]);
  seal(one);
  seal(other);
  CHECK(one.head.digest == other.head.digest);
  CHECK(one.cases[0].id == "a");
  other.cases.pop_back();
  seal(other);
  CHECK(one.head.digest != other.head.digest);
  other = one;
  other.head.pass = {PassRule::Kind::mean, 0.5};
  seal(other);
  CHECK(one.head.graders_digest != other.head.graders_digest);
  CHECK(one.head.digest != other.head.digest);
}

TEST_CASE("a plan's digest covers what is done, not when or how often") {
  const Plan plan = plan_of(3, 2);
  Plan same = plan;
  same.head.as_of = "2031-01-01T00:00:00Z";
  same.head.attempt = 9;
  CHECK(plan_digest(same) == plan_digest(plan));
  Plan reordered = plan;
  std::swap(reordered.order[0], reordered.order[1]);
  CHECK(plan_digest(reordered) != plan_digest(plan));
  Plan edited = plan;
  edited.cases[1].digest = Digest{};
  CHECK(plan_digest(edited) != plan_digest(plan));
  Plan milder = plan;
  milder.head.rules.quality->max_loss = 0.04;
  CHECK(plan_digest(milder) != plan_digest(plan));
  Plan reused = plan;
  reused.head.baseline_reuse = "latest";
  CHECK(plan_digest(reused) != plan_digest(plan));
  Plan forced = plan;
  forced.head.fallback_tested = {"c0"};
  CHECK(plan_digest(forced) != plan_digest(plan));
}

TEST_CASE("a route that never had a request or a fallback keeps its digest; one that has is another") {
  RouteParts parts;
  parts.model.text = "\"m\"";
  const Digest plain = route_digest(parts);
  CHECK(plain.text() == "sha256:e69e4bed8f35c717a2694794e9b4a899966b9112f80a620ec6b4323cffc107e6");
  RouteParts asking = parts;
  asking.request.text = "{}";
  RouteParts falling = parts;
  falling.fallback.text = "{}";
  CHECK(route_digest(asking) != plain);
  CHECK(route_digest(falling) != plain);
  CHECK(route_digest(falling) != route_digest(asking));
}

TEST_CASE("cells and their indexes are one-to-one") {
  for (const std::uint32_t trials : {1U, 2U, 5U}) {
    for (CellIndex cell = 0; cell < 4 * trials * 2; ++cell) {
      const CellRef ref = cell_ref(cell, trials);
      CHECK(ref.item < 4);
      CHECK(ref.trial < trials);
      CHECK(cell_index(ref, trials) == cell);
    }
  }
}

TEST_CASE("no two requests share a call id") {
  const Digest a = sha256("a");
  const Digest b = sha256("b");
  const std::set<CallId> ids = {call_id(a, b, Arm::baseline, 0), call_id(a, b, Arm::candidate, 0),
                                call_id(a, b, Arm::baseline, 1), call_id(b, b, Arm::baseline, 0),
                                call_id(a, a, Arm::baseline, 0)};
  CHECK(ids.size() == 5);
  CallId back;
  REQUIRE(CallId::parse(ids.begin()->hex(), back));
  CHECK(back == *ids.begin());
  CHECK_FALSE(CallId::parse("zz", back));
  CHECK_FALSE(CallId::parse(std::string(32, 'G'), back));
}

TEST_CASE("a reply's digest covers what a grader can see and nothing measured") {
  Reply reply;
  reply.text = "hello";
  const Digest base = reply_digest(reply);
  reply.latency_ms = 12;
  reply.cost_usd = 0.1;
  reply.usage.output_tokens = 3;
  reply.first_token_ms = 4;
  reply.cached = true;
  reply.served_by = "another";
  reply.request_id = "req_1";
  CHECK(reply_digest(reply) == base);
  reply.documents.push_back({"kb-1", "text", std::nullopt});
  CHECK(reply_digest(reply) != base);
}

TEST_CASE("records are digested by case id, not by position in the plan") {
  const auto evidence_of = [](bool swapped) {
    Evidence evidence;
    evidence.plan = plan_of(2, 1).head;
    const Case first = case_named(swapped ? "c1" : "c0");
    const Case second = case_named(swapped ? "c0" : "c1");
    evidence.cases.add(first, 0, 0);
    evidence.cases.add(second, 0, 0);
    evidence.observations.resize(4);
    for (std::size_t i = 0; i < 4; ++i) {
      Observation& seen = evidence.observations[swapped ? (i + 2) % 4 : i];
      seen.status = Status::ok;
      seen.record = sha256(std::to_string(i));
      seen.latency_ms = 100.0 + static_cast<double>(i);
    }
    return evidence;
  };
  CHECK(records_digest(evidence_of(false)) == records_digest(evidence_of(true)));

  Evidence timed = evidence_of(false);
  const Digest untimed = records_digest(timed);
  timed.observations[0].latency_ms = std::nullopt;
  CHECK(records_digest(timed) == untimed);
  timed.plan.rules.latency = LatencyRule{100, false};
  CHECK(records_digest(timed) != untimed);

  Evidence cut = evidence_of(false);
  cut.observations[3].status = Status::not_run;
  CHECK(records_digest(cut) != untimed);
}

TEST_CASE("cases without a cluster are clusters of their own, also next to one that is named like a number") {
  CaseTable table;
  Case item = case_named("a");
  item.cluster.clear();
  table.add(item, 0, 0);
  table.add(item, 0, 0);
  item.cluster = "0";
  table.add(item, 0, 0);
  table.add(item, 0, 0);
  table.add(item, 1, 0);  // the same word in another suite is another cluster
  CHECK(table.clusters() == 4);
  CHECK(table[0].cluster != table[1].cluster);
  CHECK(table[2].cluster == table[3].cluster);
  CHECK(table[3].cluster != table[4].cluster);
  CHECK(table.id(4) == "a");
  CHECK(table.find("a") == CaseIndex{0});
  CHECK_FALSE(table.find("b"));
}

TEST_CASE("route_diff names the parts that changed, in their order") {
  RouteParts a;
  a.model.text = "\"m\"";
  a.params.text = "{}";
  RouteParts b = a;
  CHECK(route_diff(a, b).empty());
  b.prompt.text = "{}";
  b.model.text = "\"n\"";
  CHECK(route_diff(a, b) == std::vector<std::string>{"model", "prompt"});
  CHECK(route_digest(a) != route_digest(b));
}
