#include "headgate/run/drive.hpp"

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

#include "cell_work.hpp"
#include "conductor.hpp"
#include "event_queue.hpp"
#include "headgate/base/clock.hpp"
#include "headgate/base/text.hpp"
#include "headgate/base/version.hpp"
#include "headgate/journal/record.hpp"
#include "headgate/run/workers.hpp"
#include "standing.hpp"

namespace headgate::run {
namespace {

// A worker hands over what it has when it has so much, so that large replies do not pile up in one job.
constexpr std::size_t part_bytes = std::size_t{1} << 20;
// Enough that no worker waits while the conductor writes, few enough to bound what is in memory.
constexpr std::size_t jobs_a_worker = 2;
constexpr std::size_t max_cells_a_job = 64;
// How long a turn waits for news: signals and the drain's end are seen within it.
constexpr std::chrono::milliseconds turn_wait{50};
constexpr std::chrono::milliseconds observer_pause{100};

std::size_t bytes_of(const CellDone& cell) { return sizeof cell + cell.result.size() + cell.grade.size(); }

// One job on a worker's thread. Never throws.
void work(const Job& job, const CellWork& cell_work, EventQueue& queue) noexcept {
  try {
    Part part{job.id, {}, false};
    std::size_t bytes = 0;
    for (const Task& task : job.tasks) {
      if (queue.is_closed()) return;
      part.cells.push_back(cell_work(task));
      bytes += bytes_of(part.cells.back());
      if (bytes < part_bytes) continue;
      queue.push(std::exchange(part, Part{job.id, {}, false}), std::exchange(bytes, 0));
    }
    part.last = true;
    queue.push(std::move(part), bytes);
  } catch (...) {
    queue.push(Broken{std::current_exception()}, 0);
  }
}

Bounds bounds_of(const DriveOptions& options, std::size_t workers, std::size_t cells) {
  Bounds bounds;
  bounds.jobs_in_flight = workers * jobs_a_worker + 1;
  bounds.cells_a_job = std::clamp<std::size_t>(cells / (workers * 4), 1, max_cells_a_job);
  bounds.stop_after_cells = options.stop_after_cells;
  bounds.drain = Millis(static_cast<Millis::rep>(options.drain_seconds * 1000.0));
  return bounds;
}

// The loop on the conductor's thread: take events, step, write all records with one write, then submit.
class Driver {
 public:
  Driver(const Plan& plan, Standing& standing, const CellWork& work, journal::Writer& writer,
         const DriveOptions& options)
      : options_(options),
        work_(work),
        writer_(writer),
        workers_(options.workers),
        conductor_(plan.order, std::move(standing.states), standing.progress,
                   bounds_of(options, workers_.count(), plan.cells())) {}

  ~Driver() { queue_.close(); }

  Result<End> run() {
    take_interrupts();
    feed(Begin{});
    HG_CHECK(carry_out());
    while (!conductor_.is_over()) {
      take_events();
      HG_CHECK(carry_out());
      show(false);
    }
    show(true);
    return end_;
  }

  const Progress& progress() const { return conductor_.progress(); }

 private:
  void feed(Event event) { conductor_.step(std::move(event), real_clock().now(), actions_); }

  void take_events() {
    queue_.take(messages_, turn_wait);
    take_interrupts();  // before the news, which would be answered with new jobs
    for (Message& message : messages_) {
      if (const auto* broken = std::get_if<Broken>(&message)) std::rethrow_exception(broken->what);
      feed(std::move(std::get<Part>(message)));
    }
    messages_.clear();
    feed(Tick{});
  }

  void take_interrupts() {
    for (const int asked = options_.interrupted(); interrupts_ < asked; ++interrupts_) feed(Interrupt{});
  }

  Result<void> carry_out() {
    for (const std::string& body : actions_.append) writer_.append(body);
    actions_.append.clear();
    if (Result<void> written = writer_.flush(); !written) {
      feed(WriteFailed{});
      return written;
    }
    for (Job& job : actions_.submit) {
      workers_.submit([this, one = std::move(job)] { work(one, work_, queue_); });
    }
    actions_.submit.clear();
    if (actions_.end) end_ = *actions_.end;
    return {};
  }

  void show(bool last) {
    if (options_.observer == nullptr) return;
    const Instant now = real_clock().now();
    if (!last && now - shown_ < observer_pause) return;
    shown_ = now;
    options_.observer->on_progress(conductor_.progress());
  }

  const DriveOptions& options_;
  const CellWork& work_;
  journal::Writer& writer_;
  EventQueue queue_;
  Workers workers_;  // after the queue: its jobs end before the queue does
  Conductor conductor_;
  Actions actions_;
  std::vector<Message> messages_;
  End end_ = End::interrupted;
  int interrupts_ = 0;
  Instant shown_{};
};

Result<std::vector<grade::SuiteGraders>> build_graders(const Plan& plan, const grade::Registry& registry) {
  std::vector<grade::SuiteGraders> graders;
  for (const SuiteHead& suite : plan.head.suites) {
    HG_TRY(built, grade::SuiteGraders::make(suite, registry));
    graders.push_back(std::move(built));
  }
  return graders;
}

void note(Observer* observer, const std::string& text) {
  if (observer != nullptr) observer->on_note(text);
}

// Tells what the journal has been through, and begins or resumes it.
void open_journal(const Plan& plan, const Standing& standing, journal::Writer& writer, Observer* observer) {
  if (!standing.has_header) writer.append(journal::header_body(plan.head.digest, version()));
  if (!writer.recovery().empty()) {
    note(observer, writer.recovery());
    writer.append(journal::note_body("recovered", writer.recovery()));
  }
  for (const JournalHealth::Damage& each : standing.health.damaged) {
    note(observer, "journal.jsonl:" + std::to_string(each.line) + ": " + each.what + "; the record is ignored");
  }
  const Progress& progress = standing.progress;
  if (progress.done > 0 && progress.done < progress.cells) {
    const std::string text = "goes on after " + std::to_string(progress.done) + " of " + plural(progress.cells, "cell");
    writer.append(journal::note_body("resumed", text));
  }
}

Result<void> close_journal(End end, const Progress& progress, bool ended_before, journal::Writer& writer) {
  if (end == End::complete && !ended_before) writer.append(journal::end_body("complete"));
  if (end == End::interrupted) {
    writer.append(journal::note_body(
        "interrupted", "after " + std::to_string(progress.done) + " of " + plural(progress.cells, "cell")));
  }
  HG_CHECK(writer.flush());
  return writer.sync();
}

}  // namespace

Result<DriveResult> drive(const Plan& plan, const std::array<config::Route, 2>& routes, const std::string& folder,
                          journal::Writer& writer, const DriveOptions& options) {
  const Instant start = real_clock().now();
  for (const config::Route& route : routes) {
    if (!route.replies)
      return failure(ErrorCode::input, "route '" + route.use.name + "' has no recorded replies to read");
  }
  HG_CHECK(writer.flush());
  HG_TRY(standing, read_standing(plan, folder));
  HG_TRY(graders, build_graders(plan, *options.registry));
  const std::uint64_t before = writer.next_sequence();
  open_journal(plan, standing, writer, options.observer);
  const CellWork work(plan, {routes[0].replies, routes[1].replies}, std::move(graders), std::move(standing.replied));
  const Progress begun = standing.progress;

  DriveResult result;
  result.cells_reused = begun.reused;
  try {
    Driver driver(plan, standing, work, writer, options);
    HG_TRY(end, driver.run());
    const bool ended_before = standing.health.ended && writer.next_sequence() == before;
    HG_CHECK(close_journal(end, driver.progress(), ended_before, writer));
    result.cells_run = driver.progress().done - begun.done;
    result.interrupted = end == End::interrupted;
  } catch (const CannotRead& e) {
    return failure(ErrorCode::environment, e.what());
  }
  const std::chrono::duration<double> taken = real_clock().now() - start;
  result.seconds = taken.count();
  return result;
}

}  // namespace headgate::run
