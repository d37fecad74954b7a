// The two ends of a call to a live route: the request as the route reads it, and its answer as an outcome.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "conductor.hpp"
#include "headgate/config/route_file.hpp"
#include "headgate/domain/plan.hpp"
#include "headgate/route/transport.hpp"

namespace headgate::run {

// Payloads that go through the conductor.
struct Request : Opaque {
  explicit Request(route::Call&& what) : call(std::move(what)) {}
  route::Call call;  // kept for another try: the ticket and a cut time-out are those of each sending
};
struct Response : Opaque {
  explicit Response(route::Arrival&& what) : arrival(std::move(what)) {}
  route::Arrival arrival;
};

// A request with what pacing and the budget want to know of it.
struct Prepared {
  route::Call call;
  double tokens = 0.0;
  std::optional<double> worst_usd;
};

// `lane` is where the route listens. A case that the prompt does not fit is request_rejected.
std::variant<Prepared, CallError> request_to(const config::Route& route, std::size_t lane, const CallId& id,
                                             const Case& item, std::uint32_t trial);
// A question that is about no case, to a live route, and texts that are to be turned into vectors.
std::variant<Prepared, CallError> question_to(const config::Route& route, std::size_t lane, const CallId& id,
                                              const std::vector<Message>& messages, const std::string& schema);
std::variant<Prepared, CallError> texts_to(const config::Route& route, std::size_t lane, const CallId& id,
                                           const std::vector<std::string>& texts);
Outgoing outgoing_of(Prepared&& prepared, std::size_t slot, const CallId& id, std::string ask);

// What kept replies are found by: all that the route is told, and nothing that names this very call.
Digest cache_key_of(const config::Route& route, const Prepared& prepared, const Case& item, CellRef cell);

// What came, read. An error is the way's or the route's; never one that means "not run".
struct ReadReply {
  Outcome outcome;
  std::optional<double> cost_usd, tokens;
  bool was_cut = false;  // the error is that it is no whole reply, and another try may bring one
};
ReadReply read_reply(const config::Route& route, const route::Arrival& arrival);
ReadReply read_embedding(const config::Route& route, const route::Arrival& arrival);

}  // namespace headgate::run
