#include "child.hpp"

#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace headgate::route {
namespace {

// A pipe holds 64 KiB, or up to 1 MiB where its owner enlarged it; a descendant may go on writing while we drain.
constexpr int most_reads_of_a_drain = 17;

}  // namespace

Result<void> Child::start(const Command& command, std::uint64_t memory_bytes, const Confinement* confinement) {
  floor_.orphans.before_launch();
  Result<Launched> launched = launch(command, memory_bytes, confinement);
  floor_.orphans.after_launch(launched ? launched->pid : -1);
  if (!launched) return failure(std::move(launched).error());
  launched_ = std::move(*launched);
  out_watch_ = floor_.poller.watch(launched_.out.get(), EPOLLIN, this);
  err_watch_ = floor_.poller.watch(launched_.err.get(), EPOLLIN, this);
  exit_watch_ = floor_.poller.watch(launched_.exit.get(), EPOLLIN, this);
  if (launched_.verdict) verdict_watch_ = floor_.poller.watch(launched_.verdict.get(), EPOLLIN, this);
  const bool hears_verdict = !launched_.verdict || verdict_watch_ != 0;
  if (out_watch_ == 0 || err_watch_ == 0 || exit_watch_ == 0 || !hears_verdict) {
    const std::string why = std::system_category().message(errno);
    end(Millis{0});
    return failure(ErrorCode::environment, "cannot watch a program: " + why, shortage);
  }
  return {};
}

void Child::is_ready(std::uint64_t watch, std::uint32_t /*events*/) {
  if (watch == out_watch_) return read_output();
  if (watch == err_watch_) return read_errors();
  if (watch == exit_watch_) return look_at_exit();
  if (watch == in_watch_) return write_more();
  if (watch == verdict_watch_) return read_verdict();
}

void Child::read_output() {
  const ssize_t got = ::read(launched_.out.get(), floor_.block.data(), Floor::read_bytes);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got > 0) return owner_.said({floor_.block.data(), static_cast<std::size_t>(got)});
  close_output();
  owner_.closed_output();
}

void Child::read_errors() {
  const ssize_t got = ::read(launched_.err.get(), floor_.block.data(), Floor::read_bytes);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got > 0) return last_words_.add({floor_.block.data(), static_cast<std::size_t>(got)});
  close_errors();
}

// What goes beyond the bound is read and dropped: whoever judges finds the verdict without its end.
void Child::read_verdict() {
  const ssize_t got = ::read(launched_.verdict.get(), floor_.block.data(), Floor::read_bytes);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got <= 0) return close_verdict();
  const std::uint64_t room = most_verdict_bytes_ - std::min<std::uint64_t>(verdict_.size(), most_verdict_bytes_);
  verdict_.append(floor_.block.data(), std::min<std::size_t>(static_cast<std::size_t>(got), room));
}

void Child::hear_verdict() {
  for (int i = 0; i < most_reads_of_a_drain && launched_.verdict; ++i) {
    const std::size_t before = verdict_.size();
    read_verdict();
    if (verdict_.size() == before) return;
  }
}

std::size_t Child::unread() const {
  int in_pipe = 0;
  if (!launched_.in || ::ioctl(launched_.in.get(), FIONREAD, &in_pipe) != 0) return never_read_;
  return static_cast<std::size_t>(in_pipe) + unwritten_.size() - written_;
}

void Child::hear_errors() {
  for (int i = 0; i < most_reads_of_a_drain && launched_.err; ++i) {
    const ssize_t got = ::read(launched_.err.get(), floor_.block.data(), Floor::read_bytes);
    if (got <= 0) return;
    last_words_.add({floor_.block.data(), static_cast<std::size_t>(got)});
  }
}

void Child::write(std::string_view bytes) {
  if (!launched_.in) return;
  const bool was_waiting = !unwritten_.empty();
  if (written_ > unwritten_.size() / 2) unwritten_.erase(0, std::exchange(written_, 0));
  unwritten_.append(bytes);
  if (!was_waiting) write_more();
}

void Child::close_input_when_written() {
  close_when_written_ = true;
  if (unwritten_.empty()) close_input();
}

void Child::write_more() {
  while (launched_.in && written_ < unwritten_.size()) {
    const ssize_t wrote = ::write(launched_.in.get(), unwritten_.data() + written_, unwritten_.size() - written_);
    if (wrote >= 0) {
      written_ += static_cast<std::size_t>(wrote);
    } else if (errno == EAGAIN) {
      if (in_watch_ == 0) in_watch_ = floor_.poller.watch(launched_.in.get(), EPOLLOUT, this);
      return;
    } else if (errno != EINTR) {
      is_untold_ = errno != EPIPE;
      never_read_ = unread();
      close_input();
      return owner_.closed_input();
    }
  }
  forget_written();
  floor_.poller.forget(std::exchange(in_watch_, 0), launched_.in.get());
  if (close_when_written_) close_input();
}

// Readiness of a pidfd is a hint. The child stays a zombie, so that its number and its group's stay its own.
void Child::look_at_exit() {
  siginfo_t info{};
  const int looked = ::waitid(P_PID, static_cast<id_t>(launched_.pid), &info, WEXITED | WNOHANG | WNOWAIT);
  if (looked == 0 && info.si_pid == 0) return;
  constexpr int unknown = 255;  // somebody else reaped it: not to be taken for success
  status_ = looked != 0 ? unknown : info.si_code == CLD_EXITED ? info.si_status : 128 + info.si_status;
  floor_.poller.forget(std::exchange(exit_watch_, 0), launched_.exit.get());
  if (launched_.in) never_read_ = unread();
  close_input();
  drain();
  if (is_running()) owner_.exited();
}

void Child::drain() {
  hear_errors();
  hear_verdict();
  for (int i = 0; i < most_reads_of_a_drain && launched_.out; ++i) {
    const ssize_t got = ::read(launched_.out.get(), floor_.block.data(), Floor::read_bytes);
    if (got < 0 && errno != EINTR) return;
    if (got > 0) owner_.said({floor_.block.data(), static_cast<std::size_t>(got)});
    if (got == 0) {
      close_output();
      return owner_.closed_output();
    }
  }
}

void Child::close_input() {
  floor_.poller.forget(std::exchange(in_watch_, 0), launched_.in.get());
  launched_.in.close();
  forget_written();
}

void Child::forget_written() {
  unwritten_.clear();
  if (unwritten_.capacity() > Floor::read_bytes) unwritten_.shrink_to_fit();
  written_ = 0;
}

void Child::close_output() {
  floor_.poller.forget(std::exchange(out_watch_, 0), launched_.out.get());
  launched_.out.close();
}

void Child::close_errors() {
  floor_.poller.forget(std::exchange(err_watch_, 0), launched_.err.get());
  launched_.err.close();
}

void Child::close_verdict() {
  floor_.poller.forget(std::exchange(verdict_watch_, 0), launched_.verdict.get());
  launched_.verdict.close();
}

void Child::forget_all() {
  floor_.poller.forget(std::exchange(verdict_watch_, 0), launched_.verdict.get());
  floor_.poller.forget(std::exchange(in_watch_, 0), launched_.in.get());
  floor_.poller.forget(std::exchange(out_watch_, 0), launched_.out.get());
  floor_.poller.forget(std::exchange(err_watch_, 0), launched_.err.get());
  floor_.poller.forget(std::exchange(exit_watch_, 0), launched_.exit.get());
}

void Child::end(Millis grace, std::shared_ptr<void> kept) {
  if (!is_running()) return;
  forget_all();
  floor_.endings.end(std::exchange(launched_, {}), grace, floor_.now, std::move(kept));
}

void Child::bury() {
  if (!is_running()) return;
  forget_all();
  const Launched ended = std::exchange(launched_, {});
  floor_.endings.bury(ended.pid);
}

}  // namespace headgate::route
