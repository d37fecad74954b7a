// A folder for routes that are called over HTTP: a route file made of usual lines and further ones.
#pragma once

#include <optional>
#include <string>

#include "gate_folder.hpp"

namespace headgate::config {

class HttpFolder : public GateFolder {
 public:
  HttpFolder() { environment = {{"A_KEY", "sk-live-0123456789"}, {"EMPTY", ""}}; }

  // `lines` begin at line 5.
  static std::string text(const std::string& lines, const std::string& name = "h") {
    return "route: " + name + "\nkind: openai\nendpoint: https://api.example.com/v1\nmodel: m\n" + lines;
  }
  std::optional<Route> route(const std::string& lines) { return loaded(text(lines)); }
  Said said_of_lines(const std::string& lines) { return said_of_route(text(lines)); }

  std::optional<Route> loaded(const std::string& whole, RouteNeed need = RouteNeed::calls) {
    write("r.yaml", whole);
    Complaints complaints;
    auto out = load_route(path("r.yaml"), {}, real_files(), complaints, options.environment, need);
    for (const Error& error : complaints.errors()) UNSCOPED_INFO(error.message);
    return out;
  }
};

inline std::string header_of(const HttpRoute& http, const std::string& name) {
  for (const auto& [each, value] : http.spec.headers) {
    if (each == name) return value.reveal();
  }
  return "(none)";
}

}  // namespace headgate::config
