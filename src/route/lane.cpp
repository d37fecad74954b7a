#include "lane.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>

#include "headgate/base/text.hpp"
#include "last_words.hpp"

namespace headgate::route {

Millis pause_after(std::size_t deaths) {
  constexpr Millis first_pause{50};
  constexpr std::size_t most_doublings = 6;
  return std::min(longest_start_pause, first_pause * (1 << std::min(deaths - 1, most_doublings)));
}

void Lane::deliver(Job&& job, std::string_view bytes, std::optional<Exit> exit) {
  Arrival arrival;
  arrival.ticket = job.call.ticket;
  arrival.bytes = redacted(std::string(bytes), secrets());
  arrival.latency_ms = std::chrono::duration<double, std::milli>(now() - job.sent).count();
  arrival.sends = job.sends;
  arrival.exit = std::move(exit);
  desk_.arrivals.push_back(std::move(arrival));
}

void Lane::deliver(Job&& job, const Blame& blame, std::optional<Exit> exit) {
  Arrival arrival;
  arrival.ticket = job.call.ticket;
  arrival.error = blame.kind;
  arrival.message = blame.message;
  arrival.exit = std::move(exit);
  arrival.sends = job.sends;
  if (job.sends > 0) arrival.latency_ms = std::chrono::duration<double, std::milli>(now() - job.sent).count();
  desk_.arrivals.push_back(std::move(arrival));
}

void Lane::note(const std::string& text) {
  if (!desk_.note || notes_ >= max_notes) return;
  const std::string name = terminal_line(spec_.name);
  desk_.note(++notes_ < max_notes ? name + " " + text : name + ": no more notes of this program are shown");
}

void Lane::count_reply() {
  has_replied_ = true;
  deaths_ = 0;
}

void Lane::count_death(const std::string& message) {
  ++deaths_;
  if (has_replied_ || deaths_ < max_deaths || broken_) return;
  broken_ = Blame{ErrorKind::breaker, "not started again after " + std::to_string(deaths_) +
                                          " failures without any reply, the last one: " + message};
  note("is " + broken_->message);
}

std::string how_it_ended(int status) {
  if (status <= 128) return "ended with status " + std::to_string(status);
  const char* name = ::sigdescr_np(status - 128);
  return "was killed by signal " + std::to_string(status - 128) + (name ? " (" + std::string(name) + ")" : "");
}

std::string in_words(Millis time) {
  return time.count() % 1000 == 0 ? std::to_string(time.count() / 1000) + " s" : std::to_string(time.count()) + " ms";
}

std::string with_words(const std::string& what, const std::string& last_words) {
  return last_words.empty() ? what : what + ": " + last_words;
}

}  // namespace headgate::route
