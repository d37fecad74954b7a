// How a run tells what it is doing.
#pragma once

#include <array>
#include <cstddef>
#include <string>

namespace headgate::run {

struct ArmProgress {
  std::size_t done = 0, passed = 0, failed = 0, errors = 0;
};

struct Progress {
  std::size_t cells = 0, done = 0, reused = 0;
  std::size_t in_flight = 0;  // calls out, to routes and to whom graders ask
  std::array<ArmProgress, 2> arms;
};

// Called on the conductor's thread, at most ten times a second and once at the end.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void on_progress(const Progress& progress) = 0;
  virtual void on_note(const std::string& text) = 0;  // "set aside 44 bytes of a torn record in journal.torn-1"
};

}  // namespace headgate::run
