// Measures the process transport: messages through long-lived workers, and starts of one-shot programs against a bare
// fork, exec and wait. Prints one JSON object.
//
//   process PYTHON_WORKER      measures; PYTHON_WORKER is a program that echoes lines
//   process echo               is the C++ worker itself
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "headgate/route/processes.hpp"

namespace {

using namespace headgate;
using namespace headgate::route;
using Clock = std::chrono::steady_clock;

constexpr std::size_t message_bytes = 530;

double cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

int echo() {
  std::ios::sync_with_stdio(false);
  for (std::string line; std::getline(std::cin, line);) {
    std::cout << line << '\n';
    if (std::cin.rdbuf()->in_avail() <= 0) std::cout.flush();
  }
  return 0;
}

ProgramSpec program(std::vector<std::string> words, Speaks speaks, std::size_t in_flight) {
  ProgramSpec out;
  out.name = "bench";
  out.command.words = std::move(words);
  out.command.environment = {{"PATH", "/usr/bin:/bin"}};
  out.speaks = speaks;
  out.in_flight = in_flight;
  return out;
}

// Keeps a number of calls on their way until all are answered: each arrival sends the next call.
class Feed {
 public:
  Feed(ProgramSpec spec, std::string filler)
      : in_flight_(spec.in_flight),
        filler_(std::move(filler)),
        transport_(start_processes(
            {std::move(spec)}, [this](std::vector<Arrival>&& some) { take(some); }, nullptr)) {}

  void run(std::uint64_t total) {
    std::vector<Call> first;
    {
      const std::lock_guard lock(mutex_);
      left_to_send_ = left_to_come_ = total;
      for (std::size_t i = 0; i < in_flight_ && left_to_send_ > 0; ++i) first.push_back(next());
    }
    transport_->send(std::move(first));
    std::unique_lock lock(mutex_);
    done_.wait(lock, [&] { return left_to_come_ == 0; });
  }

 private:
  Call next() {
    --left_to_send_;
    Call call;
    call.ticket = ++last_;
    call.id = std::to_string(last_);
    call.payload = "{\"id\":\"" + call.id + "\",\"input\":\"" + filler_ + "\"}";
    return call;
  }

  void take(const std::vector<Arrival>& some) {
    std::vector<Call> more;
    for (const Arrival& arrival : some) {
      if (arrival.error != ErrorKind::none) {
        std::cerr << arrival.message << '\n';
        std::_Exit(1);
      }
    }
    bool is_over = false;
    {
      const std::lock_guard lock(mutex_);
      left_to_come_ -= some.size();
      for (std::size_t i = 0; i < some.size() && left_to_send_ > 0; ++i) more.push_back(next());
      is_over = left_to_come_ == 0;
    }
    if (is_over) done_.notify_all();
    if (!more.empty()) transport_->send(std::move(more));
  }

  std::size_t in_flight_;
  std::string filler_;
  std::mutex mutex_;
  std::condition_variable done_;
  std::uint64_t left_to_send_ = 0, left_to_come_ = 0, last_ = 0;
  std::unique_ptr<Transport> transport_;
};

struct Rate {
  double messages_per_second;
  double cpu_us;
};

Rate measure_messages(const std::vector<std::string>& words, std::size_t in_flight) {
  Feed feed(program(words, Speaks::json_lines, in_flight), std::string(message_bytes - 30, 'x'));
  const std::uint64_t total = in_flight == 1 ? 10'000 : 50'000;
  feed.run(1'000);  // started, and warm
  const double cpu = cpu_seconds();
  const auto begin = Clock::now();
  feed.run(total);
  const double wall = seconds_since(begin);
  return {static_cast<double>(total) / wall, (cpu_seconds() - cpu) / static_cast<double>(total) * 1e6};
}

double bare_start_ms(int starts) {
  char word[] = "/bin/true";
  char* const words[] = {word, nullptr};
  char* const environment[] = {nullptr};
  const auto begin = Clock::now();
  for (int i = 0; i < starts; ++i) {
    const pid_t pid = ::fork();
    if (pid == 0) {
      ::execve(word, words, environment);
      ::_exit(127);
    }
    ::waitpid(pid, nullptr, 0);
  }
  return seconds_since(begin) / starts * 1e3;
}

double once_start_ms(int starts) {
  Feed feed(program({"/bin/true"}, Speaks::text_once, 1), "");
  const auto begin = Clock::now();
  feed.run(static_cast<std::uint64_t>(starts));
  return seconds_since(begin) / starts * 1e3;
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

int measure(const std::string& self, const std::string& python_worker) {
  std::printf("{\"messages\": [");
  const char* separator = "";
  const std::vector<std::pair<const char*, std::vector<std::string>>> workers = {{"python", {python_worker}},
                                                                                 {"cpp", {self, "echo"}}};
  for (const auto& [name, words] : workers) {
    for (const std::size_t in_flight : {std::size_t{1}, std::size_t{16}, std::size_t{256}}) {
      const Rate rate = measure_messages(words, in_flight);
      std::printf("%s{\"worker\": \"%s\", \"in_flight\": %zu, \"per_second\": %.0f, \"cpu_us\": %.2f}", separator, name,
                  in_flight, rate.messages_per_second, rate.cpu_us);
      separator = ", ";
    }
  }
  std::vector<double> bare, once;
  for (int round = 0; round < 7; ++round) {  // in turn, so that a drift of the machine hits both
    bare.push_back(bare_start_ms(100));
    once.push_back(once_start_ms(100));
  }
  std::printf("], \"bare_start_ms\": %.3f, \"once_start_ms\": %.3f}\n", median(bare), median(once));
  return 0;
}

}  // namespace

int main(int count, char** words) {
  if (count == 2 && std::string_view(words[1]) == "echo") return echo();
  if (count != 2) {
    std::cerr << "usage: process PYTHON_WORKER\n";
    return 3;
  }
  return measure(words[0], words[1]);
}
