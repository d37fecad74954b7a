// How a run tells what it is doing.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace headgate::run {

struct ArmProgress {
  std::size_t done = 0, passed = 0, failed = 0, errors = 0;
};

// One pool of calls: a host, a key and a model family.
struct PoolProgress {
  std::string name;  // the routes that share it: "support_a, support_b"
  std::size_t in_flight = 0, waiting = 0;
  std::size_t most_in_flight = 0;         // as it stands now
  std::optional<double> calls_a_second;   // the rate it is held to; absent: none
  double pause_s = 0.0;                   // until it may send again
  std::string why;                        // "the provider asked for it", "429s without Retry-After", "not answering"
};

struct Progress {
  std::size_t cells = 0, done = 0, reused = 0;
  std::size_t cached = 0;
  std::size_t answers_cached = 0;  // to what graders asked
  std::size_t in_flight = 0;  // calls out, to routes and to whom graders ask
  std::array<ArmProgress, 2> arms;
  // What only a run with live routes has. Filled for the observer.
  std::vector<PoolProgress> pools = {};
  double spent_usd = 0.0;
  bool spent_is_known = true;
  std::optional<double> max_usd = {};
  std::optional<double> eta_s = {};      // from what was done of late and what pacing allows
  std::string slowest = {};              // the case whose call has been out longest
  double slowest_s = 0.0;
};

// Called on the conductor's thread, at most ten times a second and once at the end.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void on_progress(const Progress& progress) = 0;
  virtual void on_note(const std::string& text) = 0;  // "set aside 44 bytes of a torn record in journal.torn-1"
};

}  // namespace headgate::run
