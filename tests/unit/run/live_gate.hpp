// A gate whose routes are programs, and a transport that answers for them: at once, on the thread that sends.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "tiny_gate.hpp"

namespace headgate::run::samples {

inline route::Arrival said(std::string line) {
  route::Arrival arrival;
  arrival.bytes = std::move(line);
  arrival.latency_ms = 7.5;
  return arrival;
}
inline route::Arrival went_wrong(ErrorKind kind, std::string message) {
  route::Arrival arrival;
  arrival.error = kind;
  arrival.message = std::move(message);
  return arrival;
}

// What a call is answered; nothing: it stays out.
using Answering = std::function<std::optional<route::Arrival>(const route::Call&)>;

// A right answer to question i, but for every seventh.
inline std::optional<route::Arrival> good_program(const route::Call& call) {
  const Json request = Json::parse(call.payload);
  const std::string& id = request.at("case").at("id").get_ref<const std::string&>();
  const std::size_t i = std::stoul(id.substr(1)) + (call.lane == 0 ? 0 : 3);
  const Json reply = {{"id", call.id},
                      {"output", "I say: answer " + (i % 7 == 6 ? "unknown" : id.substr(1))},
                      {"cost_usd", 0.002},
                      {"usage", {{"input_tokens", 4}}}};
  return said(reply.dump());
}

// Everything a test wants to know about the calls of one or several starts.
struct CallLog {
  std::vector<route::Call> calls;
  std::map<std::size_t, std::size_t> out, most_out;  // by lane
  std::size_t starts = 0;
  std::vector<std::uint32_t> stops;                 // the grace of each
  std::function<void(const route::Call&)> on_send;  // may be empty

  std::size_t on_lane(std::size_t lane) const {
    std::size_t count = 0;
    for (const route::Call& call : calls) count += call.lane == lane ? 1U : 0U;
    return count;
  }
};

class FakeTransport : public route::Transport {
 public:
  FakeTransport(route::Deliver deliver, Answering answering, CallLog& log)
      : deliver_(std::move(deliver)), answering_(std::move(answering)), log_(log) {}

  void send(std::vector<route::Call> calls) override {
    for (const route::Call& call : calls) {
      log_.most_out[call.lane] = std::max(log_.most_out[call.lane], ++log_.out[call.lane]);
    }
    std::vector<route::Arrival> arrivals;
    for (route::Call& call : calls) {
      if (log_.on_send) log_.on_send(call);
      std::optional<route::Arrival> arrival = answering_(call);
      log_.calls.push_back(call);
      if (!arrival) {
        held_.push_back(std::move(call));
        continue;
      }
      --log_.out[call.lane];
      arrival->ticket = call.ticket;
      arrivals.push_back(std::move(*arrival));
    }
    if (!arrivals.empty()) deliver_(std::move(arrivals));
  }

  void stop(std::uint32_t grace_ms) override {
    log_.stops.push_back(grace_ms);
    std::vector<route::Arrival> arrivals;
    for (const route::Call& call : held_) {
      arrivals.push_back(went_wrong(ErrorKind::interrupted, "stopped"));
      arrivals.back().ticket = call.ticket;
    }
    held_.clear();
    if (!arrivals.empty()) deliver_(std::move(arrivals));
  }

 private:
  route::Deliver deliver_;
  Answering answering_;
  CallLog& log_;
  std::vector<route::Call> held_;
};

inline StartTransport fake(Answering answering, CallLog& log) {
  return [answering = std::move(answering), &log](std::vector<route::LaneSpec>, route::Deliver deliver,
                                                  std::function<void(std::string)>) {
    ++log.starts;
    log.out.clear();
    return std::make_unique<FakeTransport>(std::move(deliver), answering, log);
  };
}

inline route::ProgramSpec program_named(const std::string& name, std::size_t in_flight = 4) {
  route::ProgramSpec spec;
  spec.name = name;
  spec.in_flight = in_flight;
  return spec;
}

inline config::Route live_route(const std::string& name) {
  config::Route route;
  route.use.name = name;
  route.use.kind = "process";
  route.use.parts.program.text = "{\"command\":[\"" + name + "\"]}";
  route.use.digest = route_digest(route.use.parts);
  route.file = name + ".yaml";
  route.program = program_named("route " + name);
  return route;
}

inline config::Gate live_gate(const test::TempFolder& folder, std::size_t cases, std::uint32_t trials = 1) {
  config::Gate gate = gate_of(folder, 2, trials);
  gate.suites = {suite_of(cases)};
  gate.routes = {live_route("support_a"), live_route("support_b")};
  return gate;
}

inline DriveOptions live_options(CallLog& log, Answering answering = good_program, std::size_t workers = 2) {
  DriveOptions options;
  options.workers = workers;
  options.start_transport = fake(std::move(answering), log);
  return options;
}

struct Notes : Observer {
  std::vector<std::string> notes;
  Progress last;
  void on_progress(const Progress& progress) override { last = progress; }
  void on_note(const std::string& text) override { notes.push_back(text); }
  bool has(const std::string& text) const {
    for (const std::string& note : notes) {
      if (note.find(text) != std::string::npos) return true;
    }
    return false;
  }
};

inline std::size_t count(const Evidence& evidence, Status status) {
  return static_cast<std::size_t>(std::count_if(evidence.observations.begin(), evidence.observations.end(),
                                                [&](const auto& seen) { return seen.status == status; }));
}

}  // namespace headgate::run::samples
