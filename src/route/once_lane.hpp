// A program that is started for each call: the payload on its stdin, the reply is its stdout.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "call_folder.hpp"
#include "child.hpp"
#include "lane.hpp"

namespace headgate::route {

class OnceLane : public Lane {
 public:
  OnceLane(Desk desk, const ProgramSpec& spec);
  ~OnceLane() override;

  void take(Call&& call) override;
  void tick() override;
  std::optional<Instant> next() const override;
  void stop(Millis grace) override;

 private:
  class Once;

  void start(Job&& job);
  bool is_early() const;

  std::deque<Job> waiting_;
  std::vector<std::unique_ptr<Once>> running_;
  std::optional<Instant> start_at_;  // not before
  std::size_t at_once_;              // less than wished for where the system did not allow more
};

}  // namespace headgate::route
