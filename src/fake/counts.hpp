// What came and what became of it: the judge of "nothing is asked twice".
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "delivery.hpp"
#include "headgate/base/json.hpp"

namespace headgate::fake {

struct Arrival {
  std::size_t profile = 0;
  std::uint64_t body = 0;  // its hash, with the profile and the path in it
  std::string_view path, head, text, input;
  Micros now = 0;
  bool through_proxy = false;
};

// What an answer must know of itself until it ends.
struct Ticket {
  bool counted = false;
  std::uint64_t epoch = 0;   // resets before it
  std::uint64_t number = 0;  // in the log
  std::size_t profile = 0;
  std::uint64_t body = 0;
  std::uint64_t index = 0;    // in the profile, from 1
  std::uint64_t attempt = 0;  // of the body, from 1
  int status = 0;
  Ending ending = Ending::whole;
  Micros pause = 0;       // what the answer asks the client to wait
  bool admitted = false;  // it counts in limits of how many may be in flight
};

class Counts {
 public:
  Counts(std::vector<std::string> profiles, std::size_t remember, std::size_t log);

  // Fills what the ticket says of the request.
  void arrived(const Arrival& arrival, Ticket& ticket);
  // `abandoned`: the client left before the answer's end.
  void finished(const Ticket& ticket, bool abandoned, Micros now);
  // Forgets all but the connections; tickets from before must not come back.
  void reset();
  void connected() {
    ++accepted_;
    ++open_;
  }
  void disconnected() { --open_; }

  bool begun() const { return total_.requests > 0; }
  Micros first() const { return first_; }  // when the first request came
  Micros idle(Micros now) const { return total_.in_flight > 0 ? 0 : now - last_; }

  Json stats(bool each_body, Micros now) const;
  Json log() const;

 private:
  struct Tally {
    std::uint64_t requests = 0, whole = 0, repeats = 0, rejected = 0, abandoned = 0, too_early = 0, through_proxy = 0;
    std::uint64_t in_flight = 0, most_in_flight = 0;
    std::map<int, std::uint64_t> statuses;
    std::map<Ending, std::uint64_t> endings;
    Micros rejected_at = -1, pause_until = -1;
    Micros least_gap = -1, least_gap_same_body = -1;
  };
  struct Body {
    std::uint32_t asked = 0, answered = 0;
    std::uint32_t profile = 0;
    Micros rejected_at = -1;
    std::string input;  // its beginning; only of the first ones
  };
  struct Line {
    std::uint64_t index = 0, attempt = 0, body = 0;
    std::size_t profile = 0;
    Micros at = 0, took = -1;
    std::string path, head, text;
    int status = 0;
    Ending ending = Ending::whole;
    bool abandoned = false;
  };

  void note_gap(Tally& tally, Micros now);
  Json json(const Tally& tally) const;

  std::vector<std::string> profiles_;
  std::size_t remember_, log_size_;
  Tally total_;
  std::vector<Tally> tallies_;
  std::unordered_map<std::uint64_t, Body> bodies_;
  std::vector<std::uint64_t> order_;  // of the bodies whose input is kept
  std::deque<Line> log_;
  std::uint64_t logged_ = 0;
  std::uint64_t not_remembered_ = 0;
  std::uint32_t asked_most_ = 0;
  std::uint64_t accepted_ = 0, open_ = 0;
  Micros first_ = 0, last_ = 0;
};

}  // namespace headgate::fake
