// What a run is doing, on stderr: one live line on a terminal, plain lines seldom elsewhere.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "headgate/base/clock.hpp"
#include "headgate/run/observer.hpp"

namespace headgate::cli {

// "412/1000 cells · 8 in flight · baseline 190 pass 12 fail · candidate … · 95/s · 6 s left". `seconds` is how long the
// cells that were not reused took; the time left is absent until something is known.
std::string progress_line(const run::Progress& progress, double seconds, bool is_over = false);

class ProgressPrinter : public run::Observer {
 public:
  struct Style {
    bool silent = false;  // only notes
    bool live = false;    // a terminal: redraw one line
    std::size_t width = 100;
  };
  ProgressPrinter(Style style, const Clock& clock);
  ~ProgressPrinter() override;

  void on_progress(const run::Progress& progress) override;
  // Says a note once; how often it came is said at the end.
  void on_note(const std::string& text) override;
  // Clears the live line, or prints the last plain one; then the counts of notes that came again.
  void finish();

  const run::Progress& last() const { return last_; }

 private:
  void clear();
  void plain(bool is_over = false);

  Style style_;
  const Clock& clock_;
  Instant started_;
  std::optional<Instant> drawn_;
  bool line_open_ = false;
  std::size_t plain_done_ = 0;
  run::Progress last_;
  std::vector<std::pair<std::string, std::size_t>> notes_;  // how often each came, the first first
};

}  // namespace headgate::cli
