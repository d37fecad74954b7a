#include "check_watch.hpp"

#include <chrono>
#include <optional>
#include <thread>

#include "check_round.hpp"
#include "diagnostics.hpp"
#include "headgate/base/clock.hpp"
#include "headgate/base/file.hpp"
#include "headgate/base/text.hpp"
#include "inputs.hpp"
#include "output.hpp"
#include "seen_files.hpp"
#include "watch.hpp"

namespace headgate::cli {
namespace {

// Files that are written all the time are not waited for for ever.
constexpr int most_rereads = 5;

// What a check would be about. Equal ones need no second check.
struct Identity {
  Digest plan;
  std::array<Digest, 2> replies;
  friend bool operator==(const Identity&, const Identity&) = default;
};

class Watcher {
 public:
  explicit Watcher(const Context& context) : context_(context) {}

  Result<ExitCode> run() {
    for (int rereads = 0; !ended();) {
      const SeenFiles seen;
      Complaints complaints;
      auto gate = read(seen, complaints);
      HG_CHECK(files_.watch(seen.paths()));
      // What changed between its reading and its being watched is read again.
      if (seen.changed() && ++rereads <= most_rereads) {
        std::this_thread::sleep_for(Millis(FileWatch::quiet_ms));
        continue;
      }
      rereads = 0;
      HG_CHECK(look(std::move(gate), std::move(complaints)));
      if (ended() || !files_.wait([this] { return ended(); })) break;
    }
    return interrupted_code(watch_);
  }

 private:
  std::optional<config::Gate> read(const SeenFiles& seen, Complaints& complaints) const {
    config::GateOptions options = gate_options(context_, workers_of(context_));
    options.files = &seen;
    options.overrides = context_.arguments.texts("--set");
    auto gate = config::load_gate(context_.arguments.operands[0], options, complaints);
    if (!gate || !complaints.empty()) return std::nullopt;
    for (const config::Route& route : gate->routes) {
      if (route.program) add_words(route.program->command, seen);
    }
    for (const config::Route* route : config::asked_routes(*gate)) {
      if (route->program) add_words(route->program->command, seen);
    }
    for (const auto& [name, plugin] : gate->plugins) add_words(plugin.program.command, seen);
    return gate;
  }

  static void add_words(const route::Command& command, const SeenFiles& seen) {
    for (const std::string& word : command.words) {
      const std::string path = join_path(command.folder, word);
      if (real_files().exists(path) && !real_files().is_folder(path)) seen.add(path);
    }
  }

  // One round, where there is anything new to say. Fails where no further round could do better.
  Result<void> look(std::optional<config::Gate> gate, Complaints complaints) {
    if (!gate) {
      begin_page();
      report(std::move(complaints), context_.terminal);
      return wait_line(false);
    }
    // --only failures means those at the start: a case that was mended stays in sight.
    if (!chosen_) {
      HG_TRY(chosen, chosen_failures(context_, gate->name));
      chosen_ = std::move(chosen);
    }
    auto job = check_job(context_, std::move(*gate), chosen_);
    if (!job) return told(std::move(job).error());
    const Identity now{job->plan.head.digest, recordings(job->routes)};
    if (is_clean_ && last_ == now) return {};
    begin_page();
    auto done = check_round(*job, before_ ? &*before_ : nullptr, watch_);
    if (!done) return told(std::move(done).error());
    last_ = now;
    before_ = CheckBefore{done->folder, done->failing};
    return done->interrupted ? Result<void>() : wait_line(done->answer != gate::CheckAnswer::not_measured);
  }

  // Nobody reads a page of which the reader has gone.
  bool ended() const { return watch_.asked() > 0 || stdout_is_gone(); }

  Result<void> told(Error error) {
    if (error.code != ErrorCode::input) return failure(std::move(error));
    begin_page();
    report(error, context_.terminal);
    return wait_line(false);
  }

  void begin_page() {
    ++round_;
    if (context_.arguments.flag("--json")) return;
    if (context_.terminal.out_is_tty) {
      write_out("\x1b[2J\x1b[H");
    } else {
      write_out("---- check " + std::to_string(round_) + "\n");
    }
  }

  Result<void> wait_line(bool is_clean) {
    is_clean_ = is_clean;
    if (!progress_style(context_).silent) say("watching; Ctrl-C ends");
    return {};
  }

  const Context& context_;
  const InterruptWatch watch_;
  FileWatch files_;
  std::optional<EarlierFailures> chosen_;
  std::optional<CheckBefore> before_;
  std::optional<Identity> last_;
  bool is_clean_ = false;  // the last round said all there is to say about what was read
  int round_ = 0;
};

}  // namespace

Result<ExitCode> watch_checks(const Context& context) { return Watcher(context).run(); }

}  // namespace headgate::cli
