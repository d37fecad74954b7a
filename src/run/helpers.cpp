#include <algorithm>

#include "headgate/run/drive.hpp"

namespace headgate::run {

Helpers helpers_of(const config::Gate& gate) {
  Needs needs;
  for (const Suite& suite : gate.suites) needs.add(suite.needs);
  Helpers helpers;
  for (const JudgeUse& use : needs.judges) {
    const auto judge = gate.judges.find(use.judge);
    if (!use.recorded && judge != gate.judges.end() && judge->second.route) {
      helpers.judges[use.judge] = *judge->second.route;
    }
  }
  const auto take = [](const std::set<std::string>& wanted, const auto& named, auto&& add) {
    for (const std::string& name : wanted) {
      if (const auto found = named.find(name); found != named.end()) add(name, found->second);
    }
  };
  take(needs.embeddings, gate.embeddings,
       [&](const std::string& name, const config::Route& route) { helpers.embeddings[name] = route; });
  take(needs.plugins, gate.plugins,
       [&](const std::string& name, const config::Plugin& plugin) { helpers.plugins[name] = plugin; });
  take(needs.languages, gate.languages,
       [&](const std::string& name, const config::Language& language) { helpers.languages[name] = language.program; });
  return helpers;
}

}  // namespace headgate::run
