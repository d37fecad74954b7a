// A route file to a route, with all its complaints.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "headgate/base/complaints.hpp"
#include "headgate/base/fields.hpp"
#include "headgate/base/file.hpp"
#include "headgate/domain/route.hpp"
#include "headgate/route/program.hpp"
#include "headgate/route/prompt.hpp"
#include "headgate/route/source.hpp"

namespace headgate::config {

struct Route {
  RouteUse use;
  std::string file;                                       // as named, for messages
  std::shared_ptr<const route::RecordedReplies> replies;  // kind replay, else null
  std::optional<route::ProgramSpec> program;              // kind process
  route::Prompt prompt;                                   // of a live route
};

// Reads and opens `path`. Kinds of later versions (openai, anthropic, generic_http, process) are refused with a clear
// error. `of:` names the route file whose replies these are; its parts are then this route's.
// `data` as in suite::DataRoots: `data:ROOT/file` in `replies`.
std::optional<Route> load_route(const std::string& path, const std::map<std::string, std::string>& data,
                                const FileReader& files, Complaints& complaints);

const FieldTable& route_table();

}  // namespace headgate::config
