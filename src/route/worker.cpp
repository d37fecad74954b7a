#include "worker.hpp"

#include <algorithm>
#include <utility>

#include "headgate/base/assert.hpp"
#include "headgate/base/text.hpp"
#include "last_words.hpp"

namespace headgate::route {
namespace {

constexpr std::size_t most_strays = 1000;
constexpr std::size_t most_stray_bytes = std::size_t{16} << 20;
constexpr std::size_t noted_strays = 3;
constexpr Millis exit_follows{200};

}  // namespace

Result<void> Worker::start() {
  HG_CHECK(child_.start(spec_.command, spec_.limits.memory_bytes));
  started_ = floor_.now;
  is_ready_ = !spec_.says_ready;
  return {};
}

void Worker::give(Job&& job, bool alone) {
  is_alone_ = alone;
  job.sent = floor_.now;
  ++job.sends;
  requests_ += job.call.payload;
  requests_ += '\n';
  const Instant due_at = due(job);
  look_at_ = look_at_ ? std::min(*look_at_, due_at) : due_at;
  std::string id = job.call.id;
  const bool is_new = jobs_.emplace(std::move(id), std::move(job)).second;
  HG_ASSERT(is_new);
}

void Worker::flush() {
  if (requests_.empty() || !is_ready_ || !is_running()) return;
  child_.write(requests_);
  requests_.clear();
  if (requests_.capacity() > Floor::read_bytes) requests_.shrink_to_fit();
}

void Worker::said(std::string_view bytes) {
  while (!bytes.empty() && is_running()) {
    const std::size_t end = bytes.find('\n');
    const std::string_view part = bytes.substr(0, end);
    if (half_.size() + part.size() > spec_.limits.output_bytes) {
      return fail(ErrorKind::too_large,
                  "a reply line is longer than " + std::to_string(spec_.limits.output_bytes) + " bytes");
    }
    if (end == std::string_view::npos) {
      half_ += part;
      return;
    }
    bytes.remove_prefix(end + 1);
    if (half_.empty()) {
      line(part);
      continue;
    }
    half_ += part;
    half_.reserve(half_.size() + ReplyIds::padding);
    line(half_);
    half_.clear();
    if (half_.capacity() > Floor::read_bytes) half_.shrink_to_fit();
  }
}

void Worker::line(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  const ReplyIds::Says says = ids_.look(line);
  if (says == ReplyIds::Says::ready) return hear_ready();
  const auto found = says == ReplyIds::Says::reply && is_ready_ ? jobs_.find(std::string(ids_.id())) : jobs_.end();
  if (found == jobs_.end()) return stray(line);
  wake_up();
  has_replied_ = true;
  Job job = std::move(found->second);
  jobs_.erase(found);
  is_alone_ = false;
  foreman_.answered(std::move(job), line);
}

void Worker::hear_ready() {
  wake_up();
  if (std::exchange(is_ready_, true)) return;
  for (auto& [id, job] : jobs_) job.sent = floor_.now;
  flush();
}

void Worker::wake_up() {
  if (awake_since_) return;
  awake_since_ = floor_.now;
  look_at_ = floor_.now;  // everything is due earlier than it was
}

void Worker::stray(std::string_view line) {
  stray_bytes_ += line.size() + 1;
  if (++strays_ == 1) first_stray_ = quoted_line(line, spec_.secrets.get());
  if (strays_ <= noted_strays) foreman_.wrote_stray(line);
  if (strays_ > most_strays || stray_bytes_ > most_stray_bytes) {
    fail(ErrorKind::malformed_reply,
         "the program wrote " + plural(strays_, "line") + " that are no replies, the first: " + first_stray_);
  }
}

void Worker::exited() {
  const std::string half = half_.empty() ? "" : ", in the middle of a line";
  fail(ErrorKind::child_died, "the program " + how_it_ended(child_.status().value_or(255)) +
                                  (jobs_.empty() ? "" : " before it replied" + half));
}

void Worker::fail_soon(const char* what) {
  if (failing_since_) return;
  failing_since_ = floor_.now;
  failing_as_ = what;
}

void Worker::fail(ErrorKind kind, const std::string& what, std::optional<std::uint64_t> culprit_turn) {
  child_.hear_errors();
  Down down;
  down.blame.kind = kind;
  std::string message = what;
  if (strays_ > 0 && kind != ErrorKind::malformed_reply) {
    message += "; it also wrote lines that are no replies, the first: " + first_stray_;
  }
  const std::string words = child_.last_words().quoted(spec_.secrets.get());
  if (!words.empty() && message != what) message += "; its stderr ends";
  down.blame.message = with_words(message, words);
  down.jobs = take_jobs();
  if (has_replied_ || child_.is_untold()) set_unread_apart(down, culprit_turn);
  child_.end(spec_.limits.grace);
  for (std::size_t i = 0; i < down.jobs.size(); ++i) {
    if (culprit_turn == down.jobs[i].turn || down.jobs.size() == 1) down.culprit = i;
  }
  foreman_.is_down(std::move(down));
}

// A worker that ends after some calls by its own will may be sent one more at that moment; nothing is to be said
// against a call that was never read. (Of a worker that never replied nothing can be told: it may just have died,
// unless it was the system that cut it off.)
void Worker::set_unread_apart(Down& down, std::optional<std::uint64_t> culprit_turn) const {
  std::size_t unread = child_.unread() + requests_.size();
  while (!down.jobs.empty() && down.jobs.back().turn != culprit_turn &&
         down.jobs.back().call.payload.size() + 1 <= unread) {
    unread -= down.jobs.back().call.payload.size() + 1;
    --down.jobs.back().sends;
    down.unread.insert(down.unread.begin(), std::move(down.jobs.back()));
    down.jobs.pop_back();
  }
}

std::vector<Job> Worker::take_jobs() {
  std::vector<Job> out;
  out.reserve(jobs_.size());
  for (auto& [id, job] : jobs_) out.push_back(std::move(job));
  jobs_.clear();
  std::sort(out.begin(), out.end(), [](const Job& a, const Job& b) { return a.turn < b.turn; });
  return out;
}

std::vector<Job> Worker::stop(Millis grace) {
  child_.end(grace);
  return take_jobs();
}

// Until the first reply the time to start is allowed on top; with it, the time of a call begins anew.
Instant Worker::due(const Job& job) const {
  const Millis timeout = job.call.timeout_ms ? Millis{*job.call.timeout_ms} : spec_.limits.timeout;
  return awake_since_ ? std::max(job.sent, *awake_since_) + timeout : job.sent + spec_.limits.start + timeout;
}

void Worker::look_for_timeouts() {
  look_at_.reset();
  const Job* first =
      nullptr;  // the one that is due and was sent first: what came behind it may only have waited for it
  for (const auto& [id, job] : jobs_) {
    const Instant due_at = due(job);
    look_at_ = look_at_ ? std::min(*look_at_, due_at) : due_at;
    if (due_at <= floor_.now && (first == nullptr || job.turn < first->turn)) first = &job;
  }
  if (first == nullptr) return;
  const Millis timeout =
      std::chrono::round<Millis>(due(*first) - std::max(first->sent, awake_since_.value_or(first->sent)));
  fail(ErrorKind::timeout, "no reply within " + in_words(timeout) + (awake_since_ ? "" : ", the start included"),
       first->turn);
}

void Worker::tick() {
  if (!is_running()) return;
  if (failing_since_ && floor_.now >= *failing_since_ + exit_follows) {
    return fail(ErrorKind::child_died, std::string("the program ") + failing_as_);
  }
  if (!is_ready_ && floor_.now >= started_ + spec_.limits.start) {
    return fail(ErrorKind::timeout, "the program did not say {\"ready\":true} within " + in_words(spec_.limits.start));
  }
  if (look_at_ && floor_.now >= *look_at_) look_for_timeouts();
}

std::optional<Instant> Worker::next() const {
  if (!is_running()) return std::nullopt;
  std::optional<Instant> soonest;
  const auto consider = [&](Instant at) { soonest = soonest ? std::min(*soonest, at) : at; };
  if (look_at_ && !jobs_.empty()) consider(*look_at_);
  if (!is_ready_) consider(started_ + spec_.limits.start);
  if (failing_since_) consider(*failing_since_ + exit_follows);
  return soonest;
}

}  // namespace headgate::route
