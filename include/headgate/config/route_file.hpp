// A route file to a route, with all its complaints.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "headgate/base/complaints.hpp"
#include "headgate/base/fields.hpp"
#include "headgate/base/file.hpp"
#include "headgate/domain/route.hpp"
#include "headgate/domain/suite.hpp"
#include "headgate/domain/template.hpp"
#include "headgate/route/dialect.hpp"
#include "headgate/route/http.hpp"
#include "headgate/route/limits.hpp"
#include "headgate/route/program.hpp"
#include "headgate/route/prompt.hpp"
#include "headgate/route/source.hpp"

namespace headgate::config {

// A variable of a prompt, and where it stands in the prompt's or the route's file.
struct PromptVariable {
  Variable variable;
  bool whole = false;  // it is all of its part
  Place place;
};

// What a route is read for, and so what of its program must be there. Whatever stands in the files is checked always.
enum class RouteNeed : std::uint8_t {
  calls,    // it will be called: the program and all its secrets
  plan,     // somebody wants to know what a run would do: the program; secrets that are missing are kept in `missing`
  replies,  // its replies are recorded elsewhere: neither
};

// How a route is reached over HTTP.
struct HttpRoute {
  route::HttpSpec spec;
  std::shared_ptr<const route::Dialect> dialect;
  route::Price price;
  std::optional<double> max_output_tokens;  // params.max_tokens and its kin
  route::PoolLimits limits;
  std::string pool;       // equal for routes that share a provider's limits: host, key (as its digest), model family
  std::string key_name;   // "env:SUPPORT_API_KEY", for messages; empty: without a key
};

struct Route {
  RouteUse use;
  std::string file;                                       // as named, for messages
  std::shared_ptr<const route::RecordedReplies> replies;  // kind replay, else null
  std::optional<route::ProgramSpec> program;              // kind process
  std::optional<HttpRoute> http;                          // kinds openai, anthropic, generic_http
  std::shared_ptr<const Route> fallback;                  // live routes; called where this one ends in an error
  route::Prompt prompt;                                   // of a live route
  std::vector<PromptVariable> prompt_variables;           // all of `prompt`, for checks before the first call
  std::vector<std::string> missing;  // secrets that are not there, each a sentence; it cannot be called then

  bool is_live() const { return program.has_value() || http.has_value(); }
};

// Reads and opens `path`, and the route it falls back to.
// `of:` names the route file whose replies these are; its parts are then this route's, and nothing of it is started.
// `data` as in suite::DataRoots: `data:ROOT/file` in `replies`. `environment` as in GateOptions: for a program's
// env:NAME, and for what it inherits; without it every env:NAME is unset.
std::optional<Route> load_route(const std::string& path, const std::map<std::string, std::string>& data,
                                const FileReader& files, Complaints& complaints,
                                const std::function<std::optional<std::string>(const std::string&)>& environment = {},
                                RouteNeed need = RouteNeed::calls);

// Complains, at their places, about the variables of a live route's prompt that some of the cases do not have, naming
// the first few of them.
void check_prompt(const Route& route, std::span<const Suite> suites, Complaints& complaints);

const FieldTable& route_table();

}  // namespace headgate::config
