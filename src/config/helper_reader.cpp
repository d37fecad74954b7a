#include "helper_reader.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "headgate/base/text.hpp"
#include "headgate/domain/codec.hpp"
#include "well_shaped.hpp"

namespace headgate::config {
namespace {

constexpr std::size_t max_calibration_bytes = std::size_t{16} << 20;

const Json* named_in(const Tree& tree, const char* key) {
  const auto found = tree.root().find(key);
  return found == tree.root().end() || !found->is_object() ? nullptr : &*found;
}

// Of a judge as written: its route file, or null where its verdicts are recorded.
const Json* route_in(const Json& judge) { return judge.is_object() ? member(judge, "route") : &judge; }

void complain_unnamed(const Tree& tree, const Suite& suite, const Json& written, const char* what, const char* key,
                      const std::string& name, Complaints& complaints) {
  std::vector<std::string> names;
  if (const Json* named = named_in(tree, key)) {
    for (const auto& [each, value] : named->items()) names.push_back(each);
  }
  const std::string near = did_you_mean(name, names);
  const std::string example = std::string(key) + ": {" + name + ": routes/" + name + ".yaml}";
  complaints.add(tree.error(
      written, "suite '" + suite.head.name + "' asks " + what + " '" + name + "', which this gate does not name",
      near.empty() ? "say which route that is: " + example : near));
}

bool is_named(const Tree& tree, const char* key, const std::string& name) {
  const Json* named = named_in(tree, key);
  return named != nullptr && named->contains(name);
}

class HelperReader {
 public:
  HelperReader(const HelperText& text, Gate& gate, Complaints& complaints)
      : tree_(text.tree), text_(text), gate_(gate), complaints_(complaints) {
    for (const Suite& suite : gate.suites) needs_.add(suite.needs);
  }

  void read() {
    if (const Json* judges = named_in(tree_, "judges")) {
      for (const auto& [name, written] : judges->get_ref<const Json::object_t&>()) read_judge(name, written);
    }
    if (const Json* embeddings = named_in(tree_, "embeddings")) {
      for (const auto& [name, written] : embeddings->get_ref<const Json::object_t&>()) read_embedding(name, written);
    }
  }

 private:
  bool has_name(const std::string& name, const Json& written, const char* what) {
    if (!name.empty()) return true;
    complaints_.add(tree_.error(written, std::string(what) + " needs a name", {}, At::key));
    return false;
  }

  void read_judge(const std::string& name, const Json& written) {
    if (written.is_null() || !has_name(name, written, "a judge")) return;
    const bool is_asked = asks(name, false), is_recorded = asks(name, true);
    Judge judge;
    if (const Json* route = route_in(written)) {
      judge.route = this->route(*route, is_asked);
      if (judge.route) check_judge(*judge.route, *route);
      if (is_recorded && !is_asked) {
        complaints_.add(tree_.error(*route,
                                    "the verdicts of judge '" + name + "' come with the replies, and nobody is asked",
                                    "leave its route out: judges: {" + name + ": {calibration: …}}"));
      }
    } else if (is_asked && written.is_object()) {
      complaints_.add(tree_.error(written, "judge '" + name + "' is asked, and has no route",
                                  "write route: routes/" + name + ".yaml"));
    }
    if (const Json* files = written.is_object() ? member(written, "calibration") : nullptr) {
      if (files->is_array()) {
        for (const Json& file : *files) read_calibration(file, judge);
      } else {
        read_calibration(*files, judge);
      }
    }
    gate_.judges[name] = std::move(judge);
  }

  bool asks(const std::string& name, bool recorded) const {
    return std::ranges::any_of(needs_.judges,
                               [&](const JudgeUse& use) { return use.judge == name && use.recorded == recorded; });
  }

  void check_judge(const Route& route, const Json& written) {
    const auto complain = [&](const std::string& what, const char* hint) {
      complaints_.add(tree_.error(written, "route '" + route.use.name + "' " + what, hint));
    };
    if (!route.is_live() || route.replies) {
      return complain("is recorded, and nobody recorded what a judge will be asked",
                      "a judge's route is called: kind openai, anthropic, generic_http or process; verdicts that came "
                      "with the replies are graded by kind recorded");
    }
    if (route.fallback != nullptr) {
      complain("has a fallback, and another model's verdict is another judge's",
               "name a route file without `fallback`");
    }
    if (!route.http || route.http->dialect == nullptr) return;
    if (route.http->dialect->embeds()) {
      return complain("turns texts into vectors and judges nothing", "api: embeddings is for `embeddings` of a gate");
    }
    if (const auto variables = route.http->dialect->variables(); !variables.empty()) {
      complaints_.add(tree_.error(written,
                                  "route '" + route.use.name + "' sends {{" + variables.front().written +
                                      "}}, and a judge is asked about no case",
                                  "write a request with {{messages}} or {{prompt}} alone"));
    }
  }

  void read_embedding(const std::string& name, const Json& written) {
    if (!written.is_string() || !has_name(name, written, "an embedding")) return;
    auto route = this->route(written, needs_.embeddings.contains(name));
    if (!route) return;
    const bool is_http = route->http && (route->http->dialect == nullptr || route->http->dialect->embeds());
    const bool is_program = route->program && route->program->speaks != route::Speaks::text_once && !route->replies;
    if (!is_http && !is_program) {
      complaints_.add(tree_.error(written, "route '" + route->use.name + "' does not turn texts into vectors",
                                  "kind: openai with api: embeddings, or a process that speaks JSON"));
    }
    gate_.embeddings[name] = std::move(*route);
  }

  std::optional<Route> route(const Json& written, bool is_asked) {
    if (!written.is_string()) return std::nullopt;
    const std::string path = join_path(folder_of(tree_.name()), written.get_ref<const std::string&>());
    if (!text_.files.exists(path)) {
      complaints_.add(
          tree_.error(written, "there is no route file '" + path + "'", "paths are relative to the gate file"));
      return std::nullopt;
    }
    // What was complained about there need not be complained about again.
    for (const Route& arm : gate_.routes) {
      if (arm.file == path && text_.need != RouteNeed::replies) return arm;
    }
    const RouteNeed wanted = text_.need == RouteNeed::replies ? RouteNeed::calls : text_.need;
    return load_route(path, gate_.data, text_.files, complaints_, text_.environment,
                      is_asked ? wanted : RouteNeed::plan);
  }

  void read_calibration(const Json& written, Judge& judge) {
    if (!written.is_string()) return;
    const std::optional<std::string> path = named_file(tree_, written, gate_.data, complaints_);
    if (!path) return;
    const auto refuse = [&](const std::string& message, const std::string& hint) {
      complaints_.add(tree_.error(written, message, hint));
    };
    const Result<std::string> text = text_.files.read(*path, max_calibration_bytes);
    if (!text) {
      return refuse(text.error().message, "paths are relative to the gate file; `headgate judge calibrate` writes it");
    }
    const Result<Json> value = parse_own(*text);
    Result<Calibration> calibration = value ? calibration_from_json(*value) : failure(value.error());
    if (!calibration) {
      return refuse("'" + *path + "' is no calibration: " + calibration.error().message,
                    "`headgate judge calibrate` writes it anew");
    }
    for (const Calibration& other : judge.calibrations) {
      if (other.use != calibration->use || other.route_digest != calibration->route_digest) continue;
      return refuse("'" + *path + "' is a second calibration of the same judge by the same rubric",
                    "name the one that counts");
    }
    judge.calibrations.push_back(std::move(*calibration));
  }

  const Tree& tree_;
  const HelperText& text_;
  Gate& gate_;
  Complaints& complaints_;
  Needs needs_;
};

}  // namespace

void require_helpers(const Tree& tree, const Suite& suite, const Json& written, Complaints& complaints) {
  std::string last;
  for (const JudgeUse& use : suite.needs.judges) {  // several rubrics of one judge stand together
    if (use.recorded || is_named(tree, "judges", use.judge) || use.judge == last) continue;
    complain_unnamed(tree, suite, written, "judge", "judges", use.judge, complaints);
    last = use.judge;
  }
  for (const std::string& name : suite.needs.embeddings) {
    if (!is_named(tree, "embeddings", name)) {
      complain_unnamed(tree, suite, written, "embedding", "embeddings", name, complaints);
    }
  }
}

void read_helpers(const HelperText& text, Gate& gate, Complaints& complaints) {
  HelperReader(text, gate, complaints).read();
}

std::vector<const Route*> asked_routes(const Gate& gate) {
  Needs needs;
  for (const Suite& suite : gate.suites) needs.add(suite.needs);
  std::vector<const Route*> routes;
  for (const auto& [name, judge] : gate.judges) {
    const auto is_it = [&](const JudgeUse& use) { return use.judge == name && !use.recorded; };
    if (judge.route && std::ranges::any_of(needs.judges, is_it)) routes.push_back(&*judge.route);
  }
  for (const auto& [name, route] : gate.embeddings) {
    if (needs.embeddings.contains(name)) routes.push_back(&route);
  }
  return routes;
}

}  // namespace headgate::config
