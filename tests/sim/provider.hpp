// Providers that limit what they take, and a client that obeys a run::Pool, in simulated time. One turn of the client
// is one of the driver's: take what came, send what may go, sleep until the pool's next chance.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "headgate/base/random.hpp"
#include "pool.hpp"

namespace headgate::sim {

// What a provider says to a request that reaches it.
struct Taken {
  route::TrySays says;            // kind none: it is worked on
  std::optional<double> takes_s;  // absent: of a request that is worked on as usual, of any other nothing
};
using Ask = std::function<Taken(double now_s)>;  // times are seconds from its start, and ascend

struct Provider {
  std::string name;
  std::size_t jobs = 1200;
  double ideal_s = 0.0;                // until the last job could be taken and done in the median time, whoever asks
  double median_s = 2.0, sigma = 0.5;  // of the time a request takes; sigma 0: always the median
  double fails = 0.01;                 // how many of those worked on end in a 500
  double tokens = 0.0;                 // of each job
  std::function<Ask()> make;           // a fresh one
};

Taken turns_away(std::optional<double> retry_after_s);

// Tokens drip into a bucket, and a request that finds one is taken. `rate_at` is the drip at a time; a request that is
// turned away costs `rejected_costs` of what is there. `retry_after_s` is told how long the next one takes to come.
Ask dripping(std::function<double(double)> rate_at, double burst, double rejected_costs,
             std::function<std::optional<double>(double)> retry_after_s);

// A to H, and one more.
std::vector<Provider> providers();

struct ClientOptions {
  route::PoolLimits limits;
  std::uint64_t seed = 1;
  double round_trip_s = 0.05;
  double oversleeps_s = 0.0;  // at most; a driver wakes late on a busy machine
};

struct Sent {
  double at_s = 0.0;
  std::optional<double> rate;  // the highest that the pool had since the sending before
  double tokens = 0.0;
};
struct Forbidden {
  double from_s = 0.0, until_s = 0.0;  // nothing may be sent in [from, until)
};

struct Played {
  double makespan_s = 0.0;
  std::size_t done = 0, failed = 0, turned_away = 0;
  std::string stopped;  // why the pool did
  std::string broken;   // a promise of the pool's that does not hold
  std::vector<Sent> sends;
  std::vector<Forbidden> pauses;  // as the provider asked for them and the limits obey it
  std::size_t most_out = 0;
};

Played play(const Provider& provider, const ClientOptions& options);

}  // namespace headgate::sim
