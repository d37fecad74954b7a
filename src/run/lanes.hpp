// Who may send when: calls wait in the lane of whom they ask, and at most so many of a lane are out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "headgate/domain/plan.hpp"
#include "payload.hpp"

namespace headgate::run {

using Ticket = std::uint64_t;

// A call that a worker prepared.
struct Outgoing {
  std::size_t lane = 0;
  std::size_t slot = 0;  // which of its cell's calls; comes back with what arrives
  CallId id;
  std::string intent;  // the body of its record
  Payload request;
};
// A call that goes out now.
struct Sending {
  Ticket ticket = 0;
  std::size_t lane = 0;
  std::string intent;
  Payload request;
};

// Single-threaded and pure.
class Lanes {
 public:
  explicit Lanes(const std::vector<std::size_t>& most_out);

  void add(CellIndex cell, Outgoing&& call);
  // What may go out now, at most `most_out` of a lane at once, in the order added. Two calls of one id (one case in two
  // suites) are never out together: a reply is matched by its id.
  void send(std::vector<Sending>& out);

  struct Back {
    CellIndex cell = 0;
    std::size_t slot = 0;
  };
  Back take(Ticket ticket);  // asserts that it is out

  // The first few cells with a call out on that lane, in the order sent.
  std::vector<CellIndex> cells_out(std::size_t lane, std::size_t most) const;

  // Takes away what waits; `each` is told whose it was.
  void drop_waiting(const std::function<void(CellIndex)>& each);

  std::size_t waiting() const { return waiting_; }
  std::size_t waiting(std::size_t lane) const { return lanes_[lane].waiting.size(); }
  std::size_t out() const { return out_.size(); }
  std::size_t out(std::size_t lane) const { return lanes_[lane].ids.size(); }
  std::size_t most_out(std::size_t lane) const { return lanes_[lane].most_out; }
  std::size_t count() const { return lanes_.size(); }
  std::size_t sent() const { return next_ticket_; }

 private:
  struct Waiting {
    CellIndex cell;
    Outgoing call;
  };
  struct Lane {
    std::size_t most_out;
    std::deque<Waiting> waiting;
    std::set<CallId> ids;  // of what is out
  };
  struct Out {
    CellIndex cell;
    std::size_t lane;
    std::size_t slot;
    CallId id;
  };

  void send_of(std::size_t lane, std::vector<Sending>& out);

  std::vector<Lane> lanes_;
  std::map<Ticket, Out> out_;
  std::size_t waiting_ = 0;
  Ticket next_ticket_ = 0;
};

}  // namespace headgate::run
