// What is under test: model, prompt, retrieval, tools and parameters, and how to reach it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "headgate/base/digest.hpp"
#include "headgate/base/json_text.hpp"

namespace headgate {

enum class Arm : std::uint8_t { baseline, candidate };
inline constexpr Arm both_arms[] = {Arm::baseline, Arm::candidate};
const char* name(Arm arm);

// The parts whose change changes behaviour, each as canonical JSON (prompt files by their content). Limits, prices and
// keys are not among them.
struct RouteParts {
  JsonText model;
  JsonText prompt;
  JsonText retrieval;
  JsonText tool_policy;
  JsonText params;
  JsonText program;  // process: command, bytes of the files it names, way of speaking, plain environment
  JsonText request;  // generic_http: the request and where things stand in the reply
  JsonText fallback;  // the digest of the route that answers where this one ends in an error
  JsonText replies;  // replay without `of:` and without any part above: digest of the recorded replies themselves
};

// A route as a plan records it.
struct RouteUse {
  std::string name;
  std::string kind;  // "replay", "process", "openai", "anthropic", "generic_http"
  RouteParts parts;
  Digest digest;          // route_digest(parts)
  bool recorded = false;  // replies cost nothing to read again
  std::string fallback = {};  // the name of its fallback route
};

Digest route_digest(const RouteParts& parts);

// Names of the parts that differ, in the order model, prompt, retrieval, tool_policy, params, program,
// request, fallback, replies.
std::vector<std::string> route_diff(const RouteParts& a, const RouteParts& b);

}  // namespace headgate
