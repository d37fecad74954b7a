#include "progress.hpp"

#include <algorithm>
#include <cmath>

#include "headgate/base/text.hpp"
#include "headgate/domain/route.hpp"
#include "headgate/route/limits.hpp"
#include "output.hpp"

namespace headgate::cli {
namespace {

constexpr Millis redraw_every{100};
constexpr Millis plain_every{10'000};
constexpr std::size_t most_notes_counted = 100;  // different ones; more are all said
constexpr double least_seconds_for_rate = 0.5;   // a rate of less is noise

std::string arm_words(Arm arm, const run::ArmProgress& progress) {
  std::string text = std::string(name(arm)) + " " + std::to_string(progress.passed) + " pass " +
                     std::to_string(progress.failed) + " fail";
  if (progress.errors > 0) text += " " + std::to_string(progress.errors) + " error";
  return text;
}

std::string duration(double seconds) {
  const auto whole = static_cast<long>(std::ceil(seconds));
  if (whole < 90) return std::to_string(whole) + " s";
  if (whole < 5400) return std::to_string((whole + 30) / 60) + " min";
  return fixed(seconds / 3600.0, 1) + " h";
}

// What a pool does that a person may wonder about: it waits.
std::string waiting_words(const run::Progress& progress) {
  constexpr double least_told_s = 1.0;  // shorter waits are over before they are read
  std::string text;
  for (const run::PoolProgress& pool : progress.pools) {
    if (pool.pause_s < least_told_s) continue;
    text += "; waiting " + duration(pool.pause_s) + (pool.why.empty() ? "" : ": " + pool.why) + " (" + pool.name + ")";
  }
  return text;
}

std::string money_words(const run::Progress& progress) {
  if (progress.spent_usd <= 0.0 && !progress.max_usd) return {};
  std::string text = "; " + route::usd(progress.spent_usd) + (progress.spent_is_known ? "" : " or more");
  if (progress.max_usd) text += " of " + route::usd(*progress.max_usd);
  return text;
}

std::string straggler_words(const run::Progress& progress) {
  constexpr double least_told_s = 10.0;
  if (progress.slowest_s < least_told_s) return {};
  return "; " + terminal_line(progress.slowest) + " is out for " + duration(progress.slowest_s);
}

}  // namespace

std::string progress_line(const run::Progress& progress, double seconds, bool is_over) {
  std::string line = std::to_string(progress.done) + "/" + std::to_string(progress.cells) + " cells";
  if (progress.in_flight > 0) line += ", " + std::to_string(progress.in_flight) + " in flight";
  if (progress.reused > 0) line += ", " + std::to_string(progress.reused) + " reused";
  if (progress.cached > 0) line += ", " + std::to_string(progress.cached) + " cached";
  for (const Arm arm : both_arms) line += "; " + arm_words(arm, progress.arms[static_cast<std::size_t>(arm)]);

  line += money_words(progress) + waiting_words(progress) + straggler_words(progress);

  const std::size_t fresh = progress.done - std::min(progress.reused, progress.done);
  if (fresh > 0 && seconds >= least_seconds_for_rate) {
    const double rate = static_cast<double>(fresh) / seconds;
    line += "; " + fixed(rate, rate < 10 ? 1 : 0) + "/s";
    const std::size_t left = progress.cells - std::min(progress.done, progress.cells);
    if (left > 0 && !is_over)
      line += ", " + duration(progress.eta_s.value_or(static_cast<double>(left) / rate)) + " left";
  }
  return line;
}

ProgressPrinter::ProgressPrinter(Style style, const Clock& clock)
    : style_(style), clock_(clock), started_(clock.now()) {}

ProgressPrinter::~ProgressPrinter() { clear(); }

void ProgressPrinter::on_progress(const run::Progress& progress) {
  last_ = progress;
  if (style_.silent) return;
  const Instant now = clock_.now();
  const Millis pace = style_.live ? redraw_every : plain_every;
  if (!drawn_ && !style_.live) drawn_ = started_;  // the first plain line comes after a while: short runs need none
  if (drawn_ && now - *drawn_ < pace) return;
  drawn_ = now;
  if (!style_.live) return plain();
  const std::string line = progress_line(progress, std::chrono::duration<double>(now - started_).count());
  write_err("\r\x1b[2K" + first_columns(line, style_.width - 1));
  line_open_ = true;
}

void ProgressPrinter::on_note(const std::string& text) {
  const auto said = std::ranges::find(notes_, text, &std::pair<std::string, std::size_t>::first);
  if (said != notes_.end()) {
    ++said->second;
    return;
  }
  if (notes_.size() < most_notes_counted) notes_.emplace_back(text, 1);
  clear();
  say("note: " + terminal_line(text));
}

void ProgressPrinter::clear() {
  if (line_open_) write_err("\r\x1b[2K");
  line_open_ = false;
}

void ProgressPrinter::plain(bool is_over) {
  say(progress_line(last_, std::chrono::duration<double>(clock_.now() - started_).count(), is_over));
  plain_done_ = last_.done;
}

void ProgressPrinter::finish() {
  last_.pools.clear();  // nobody waits any more
  if (!style_.silent && !style_.live && last_.done > plain_done_) plain(true);
  clear();
  for (const auto& [text, times] : notes_) {
    if (times > 1) say("note: " + terminal_line(text) + " ×" + std::to_string(times));
  }
  notes_.clear();
}

}  // namespace headgate::cli
