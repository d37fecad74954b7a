#include "once_lane.hpp"

#include <algorithm>
#include <utility>

#include "box.hpp"
#include "headgate/base/text.hpp"
#include "last_words.hpp"

namespace headgate::route {
namespace {

constexpr Millis end_of_output_follows{200};  // a helper in the background may hold it open

}  // namespace

// One child and its call. It ends by itself (finished), by us (failed), or goes on.
class OnceLane::Once : private Child::Owner {
 public:
  Once(OnceLane& lane, Job&& job) : lane_(lane), job_(std::move(job)), child_(lane.desk_.floor, *this) {}

  Result<void> start();
  void tick();
  Instant next() const { return exited_at_ ? *exited_at_ + end_of_output_follows : due_; }
  bool is_over() const { return is_over_; }
  Job stop(Millis grace);

 private:
  void said(std::string_view bytes) override;
  void closed_output() override { output_closed_ = true; }
  void closed_input() override {}  // a program need not read what it is given
  void exited() override { exited_at_ = lane_.now(); }

  void finish();
  void fail(ErrorKind kind, const std::string& what);
  std::string words() const { return child_.last_words().quoted(lane_.secrets()); }
  Result<void> start_child();
  bool is_judged_elsewhere() const { return lane_.spec_.speaks == Speaks::files_once; }
  std::optional<Exit> exit() const;

  OnceLane& lane_;
  Job job_;
  std::shared_ptr<CallFolder> folder_;  // outlives the child's tree
  Child child_;
  std::string output_;
  Instant due_{};
  bool output_closed_ = false;
  std::optional<Instant> exited_at_;
  bool is_over_ = false;
};

Result<void> OnceLane::Once::start() {
  const ProgramSpec& spec = lane_.spec_;
  ++job_.sends;
  const bool is_boxed = spec.sandbox && spec.sandbox->isolates();
  if (is_judged_elsewhere() && !is_boxed) {
    HG_TRY(folder, CallFolder::make(job_.call.files));
    folder_ = std::make_shared<CallFolder>(std::move(folder));
  }
  job_.sent = real_clock().now();
  const Result<void> started = start_child();
  lane_.desk_.floor.now = real_clock().now();
  HG_CHECK(started);
  due_ = job_.sent + (job_.call.timeout_ms ? Millis{*job_.call.timeout_ms} : spec.limits.timeout);
  child_.write(job_.call.payload);
  child_.close_input_when_written();
  std::string().swap(job_.call.payload);
  return {};
}

Result<void> OnceLane::Once::start_child() {
  const ProgramSpec& spec = lane_.spec_;
  const std::uint64_t memory_bytes = job_.call.memory_bytes.value_or(spec.limits.memory_bytes);
  if (spec.sandbox) {
    if (folder_ != nullptr) HG_CHECK(hand_over(folder_->path()));
    HG_TRY(box, boxed(spec, job_.call, folder_ == nullptr ? std::string() : folder_->path()));
    child_.keep_verdict_up_to(spec.sandbox->verdict_bytes);
    return child_.start(box.command, memory_bytes, &box.confinement);
  }
  Command command = spec.command;
  if (folder_ != nullptr) command.folder = folder_->path();
  return child_.start(command, memory_bytes);
}

std::optional<Exit> OnceLane::Once::exit() const {
  if (!is_judged_elsewhere()) return std::nullopt;
  return Exit{child_.status().value_or(255), redacted(std::string(child_.last_words().bytes()), lane_.secrets()),
              redacted(child_.verdict(), lane_.secrets())};
}

void OnceLane::Once::said(std::string_view bytes) {
  if (is_over_) return;
  const std::uint64_t most = job_.call.output_bytes.value_or(lane_.spec_.limits.output_bytes);
  if (output_.size() + bytes.size() > most) {
    return fail(ErrorKind::too_large, "the program wrote more than " + std::to_string(most) + " bytes");
  }
  output_ += bytes;
}

void OnceLane::Once::tick() {
  if (is_over_) return;
  const Instant now = lane_.now();
  if (exited_at_ && (output_closed_ || now >= *exited_at_ + end_of_output_follows)) return finish();
  if (!exited_at_ && now >= due_) {
    fail(ErrorKind::timeout, "no reply within " + in_words(std::chrono::round<Millis>(due_ - job_.sent)));
  }
}

void OnceLane::Once::finish() {
  const int status = child_.status().value_or(255);
  if (status != 0 && !is_judged_elsewhere()) return fail(ErrorKind::child_died, "the program " + how_it_ended(status));
  child_.hear_errors();
  child_.hear_verdict();
  std::optional<Exit> how = exit();
  child_.bury();
  is_over_ = true;
  lane_.count_reply();
  lane_.deliver(std::move(job_), output_, std::move(how));
}

void OnceLane::Once::fail(ErrorKind kind, const std::string& what) {
  child_.hear_errors();
  child_.hear_verdict();
  std::optional<Exit> how = exit();
  if (exited_at_) {
    child_.bury();
  } else {
    child_.end(lane_.spec_.limits.grace, std::move(folder_));
  }
  is_over_ = true;
  const Blame blame{kind, with_words(what, words())};
  if (kind == ErrorKind::too_large || is_judged_elsewhere()) {  // of a program of a reply that is no failure of ours
    lane_.count_reply();
  } else {
    lane_.count_death(blame.message);
  }
  lane_.deliver(std::move(job_), blame, std::move(how));
}

Job OnceLane::Once::stop(Millis grace) {
  is_over_ = true;
  child_.end(grace, std::move(folder_));
  return std::move(job_);
}

OnceLane::OnceLane(Desk desk, const ProgramSpec& spec)
    : Lane(desk, spec), at_once_(std::max<std::size_t>(spec.in_flight, 1)) {}
OnceLane::~OnceLane() = default;

bool OnceLane::is_early() const { return start_at_ && now() < *start_at_; }

void OnceLane::take(Call&& call) { waiting_.push_back(Job{std::move(call)}); }

void OnceLane::start(Job&& job) {
  auto once = std::make_unique<Once>(*this, std::move(job));
  const Result<void> started = once->start();
  if (started) {
    running_.push_back(std::move(once));
    return;
  }
  const std::string& why = started.error().message;
  Job back = once->stop(Millis{0});
  if (started.error().code == ErrorCode::input) return deliver(std::move(back), Blame{ErrorKind::child_died, why});
  if (running_.empty() && is_shortage(started.error())) {  // no case is to blame: all of them wait
    --back.sends;
    waiting_.push_front(std::move(back));
    count_death(why);
    start_at_ = now() + pause_after(deaths());
    return;
  }
  if (running_.empty()) {
    count_death(why);
    return deliver(std::move(back), Blame{ErrorKind::child_died, why});
  }
  // Others run, so the program is sound, and the system is short of something.
  --back.sends;
  waiting_.push_front(std::move(back));
  at_once_ = running_.size();
  note("runs " + std::to_string(at_once_) + " at once, no more: " + why);
}

void OnceLane::tick() {
  for (const auto& once : running_) once->tick();
  std::erase_if(running_, [](const auto& once) { return once->is_over(); });
  while (!waiting_.empty() && (broken() || (running_.size() < at_once_ && !is_early()))) {
    Job job = std::move(waiting_.front());
    waiting_.pop_front();
    if (broken()) {
      deliver(std::move(job), *broken());
    } else {
      start(std::move(job));
    }
  }
}

std::optional<Instant> OnceLane::next() const {
  std::optional<Instant> soonest;
  for (const auto& once : running_) soonest = soonest ? std::min(*soonest, once->next()) : once->next();
  if (!waiting_.empty() && is_early()) soonest = soonest ? std::min(*soonest, *start_at_) : *start_at_;
  return soonest;
}

void OnceLane::stop(Millis grace) {
  const Blame stopped{ErrorKind::interrupted, "stopped before it replied"};
  for (const auto& once : running_) {
    if (!once->is_over()) deliver(once->stop(grace), stopped);
  }
  running_.clear();
  for (Job& job : waiting_) deliver(std::move(job), stopped);
  waiting_.clear();
}

}  // namespace headgate::route
