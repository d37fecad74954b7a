// How a route is called over HTTP: endpoint, key, headers, limits, price, and the language it is spoken to in.
#pragma once

#include "data_path.hpp"
#include "headgate/base/complaints.hpp"
#include "headgate/base/file.hpp"
#include "headgate/base/tree.hpp"
#include "headgate/config/route_file.hpp"

namespace headgate::config {

struct HttpText {
  const Tree& tree;  // a route file of such a kind that passed the table, or what of it is well_shaped()
  const FileReader& files;
  const Environment& environment;
  RouteNeed need = RouteNeed::calls;
};

// Fills route.http, and route.missing with what the text's need forgives. route.use.name and kind are there.
void read_http(const HttpText& text, Route& route, Complaints& complaints);

}  // namespace headgate::config
