// Small values of the nouns, for tests.
#pragma once

#include "headgate/domain/plan.hpp"

namespace headgate::samples {

inline Case case_named(std::string id) {
  Case item;
  item.id = std::move(id);
  item.input.text = "\"where is my parcel?\"";
  item.expected.text = "\"shipping\"";
  item.segments = {{"language", "en"}, {"risk", "low"}};
  item.tags = {"regression"};
  item.graders = {{"contains", true, {"{\"value\":\"guaranteed\"}"}}, {"json", false, {"{}"}}};
  item.severity = Severity::severe;
  item.severe_class = "unsafe_promise";
  item.cluster = "ticket-1";
  item.sampling = Sampling::targeted;
  item.weight = 2.5;
  item.digest = case_digest(item);
  return item;
}

inline RouteUse route_named(std::string name, std::string model) {
  RouteUse route;
  route.name = std::move(name);
  route.kind = "replay";
  route.recorded = true;
  route.parts.model.text = "\"" + model + "\"";
  route.parts.params.text = "{\"seed\":7}";
  route.digest = route_digest(route.parts);
  return route;
}

inline Plan plan_of(std::size_t cases, std::uint32_t trials) {
  Plan plan;
  plan.head.gate = "g";
  plan.head.trials = trials;
  plan.head.rules.quality = QualityRule{Metric::pass, 0.03, std::nullopt, false, false};
  plan.head.routes = {route_named("a", "m1"), route_named("b", "m2")};
  Suite suite;
  suite.head.name = "s";
  suite.head.version = "1.0.0";
  suite.head.graders = {{"equals", false, {"{\"value\":\"{{case.expected}}\"}"}}};
  for (std::size_t i = 0; i < cases; ++i) suite.cases.push_back(case_named("c" + std::to_string(i)));
  seal(suite);
  plan.head.suites = {suite.head};
  plan.cases = suite.cases;
  plan.case_suite.assign(cases, 0);
  for (CellIndex cell = 0; cell < plan.cells(); ++cell) plan.order.push_back(cell);
  plan.head.digest = plan_digest(plan);
  return plan;
}

}  // namespace headgate::samples
