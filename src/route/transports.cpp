#include "headgate/route/transports.hpp"

#include <mutex>
#include <system_error>
#include <utility>

#include "headgate/base/assert.hpp"

namespace headgate::route {
namespace {

// A kind of transport, and which of its lanes is whose.
struct Kind {
  std::function<std::unique_ptr<Transport>()> start;
  std::unique_ptr<Transport> transport;  // once a call came for it
};

class Transports : public Transport {
 public:
  Transports(std::vector<LaneSpec> lanes, Deliver deliver, std::function<void(std::string)> note);

  void send(std::vector<Call> calls) override;
  void stop(std::uint32_t grace_ms) override;

 private:
  enum Which : std::size_t { processes, http, kinds };
  struct Place {
    Which which = kinds;  // kinds: nobody's
    std::size_t lane = 0;
  };

  void deliver(std::vector<Arrival>&& some);
  void send_to(Kind& kind, std::vector<Call> calls);
  bool start(Kind& kind);
  void refuse(const std::vector<Call>& calls, const std::string& why);

  const Deliver deliver_;
  const std::function<void(std::string)> note_;
  std::vector<Place> places_;
  std::mutex delivering_;  // two threads deliver, our caller knows of one
  std::mutex mutex_;       // of what follows
  std::optional<std::uint32_t> stopped_;
  std::array<Kind, kinds> kinds_;
};

Transports::Transports(std::vector<LaneSpec> lanes, Deliver deliver, std::function<void(std::string)> note)
    : deliver_(std::move(deliver)), note_(std::move(note)) {
  std::vector<ProgramSpec> programs;
  std::vector<HttpSpec> places;
  for (LaneSpec& lane : lanes) {
    if (auto* program = std::get_if<ProgramSpec>(&lane)) {
      places_.push_back({processes, programs.size()});
      programs.push_back(std::move(*program));
    } else if (auto* place = std::get_if<HttpSpec>(&lane)) {
      places_.push_back({http, places.size()});
      places.push_back(std::move(*place));
    } else {
      places_.push_back({});
    }
  }
  const auto here = [this](std::vector<Arrival>&& some) { this->deliver(std::move(some)); };
  kinds_[processes].start = [this, here, specs = std::move(programs)] { return start_processes(specs, here, note_); };
  kinds_[http].start = [this, here, specs = std::move(places)] { return start_http(specs, here, note_); };
}

void Transports::send(std::vector<Call> calls) {
  std::array<std::vector<Call>, kinds> parts;
  for (Call& call : calls) {
    HG_ASSERT(call.lane < places_.size() && places_[call.lane].which != kinds);
    const Place place = places_[call.lane];
    call.lane = place.lane;
    parts[place.which].push_back(std::move(call));
  }
  for (std::size_t which = 0; which < kinds; ++which) {
    if (!parts[which].empty()) send_to(kinds_[which], std::move(parts[which]));
  }
}

void Transports::send_to(Kind& kind, std::vector<Call> calls) {
  std::string why;
  {
    const std::lock_guard lock(mutex_);
    try {
      if (!kind.transport) {
        kind.transport = kind.start();
        if (stopped_) kind.transport->stop(*stopped_);
      }
      return kind.transport->send(std::move(calls));
    } catch (const std::system_error& error) {
      why = error.what();
    }
  }
  refuse(calls, why);
}

// The system may have what is missing when the next call comes.
void Transports::refuse(const std::vector<Call>& calls, const std::string& why) {
  std::vector<Arrival> arrivals;
  for (const Call& call : calls) {
    Arrival arrival;
    arrival.ticket = call.ticket;
    arrival.error = ErrorKind::interrupted;
    arrival.message = "not sent: " + why;
    arrival.sends = 0;
    arrivals.push_back(std::move(arrival));
  }
  if (note_) note_("calls cannot be sent: " + why);
  deliver(std::move(arrivals));
}

void Transports::stop(std::uint32_t grace_ms) {
  const std::lock_guard lock(mutex_);
  stopped_ = std::min(stopped_.value_or(grace_ms), grace_ms);
  for (Kind& kind : kinds_) {
    if (kind.transport) kind.transport->stop(grace_ms);
  }
}

void Transports::deliver(std::vector<Arrival>&& some) {
  const std::lock_guard lock(delivering_);
  deliver_(std::move(some));
}

}  // namespace

const std::string& name_of(const LaneSpec& lane) {
  static const std::string none;
  if (const auto* program = std::get_if<ProgramSpec>(&lane)) return program->name;
  if (const auto* http = std::get_if<HttpSpec>(&lane)) return http->name;
  return none;
}

std::unique_ptr<Transport> start_transports(std::vector<LaneSpec> lanes, Deliver deliver,
                                            std::function<void(std::string)> note) {
  return std::make_unique<Transports>(std::move(lanes), std::move(deliver), std::move(note));
}

}  // namespace headgate::route
