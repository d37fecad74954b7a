#include <condition_variable>
#include <mutex>
#include <optional>
#include <system_error>
#include <utility>

#include "headgate/route/processes.hpp"
#include "headgate/route/sandbox.hpp"

namespace headgate::route {

Result<Arrival> call_once(const ProgramSpec& spec, const Call& call) {
  std::mutex guard;
  std::condition_variable came;
  std::optional<Arrival> arrival;
  const auto take = [&](std::vector<Arrival>&& all) {
    const std::lock_guard lock(guard);
    arrival = std::move(all.front());
    came.notify_one();
  };
  try {
    const auto transport = start_processes({spec}, take, nullptr);
    transport->send({call});
    std::unique_lock lock(guard);
    came.wait(lock, [&] { return arrival.has_value(); });
  } catch (const std::system_error& fault) {
    return failure(ErrorCode::environment, std::string("cannot start a program: ") + fault.what());
  }
  return std::move(*arrival);
}

}  // namespace headgate::route
