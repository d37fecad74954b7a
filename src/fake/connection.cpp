#include "connection.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <utility>

namespace headgate::fake {
namespace {

constexpr std::size_t read_block = std::size_t{64} << 10;
// A client may send its next requests early, but not without end.
constexpr std::size_t most_waiting = most_head_bytes + most_body_bytes + read_block;
constexpr std::size_t roomy = std::size_t{256} << 10;

constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace

Connection::Connection(int socket, std::unique_ptr<TlsStream> tls) : socket_(socket), tls_(std::move(tls)) {}

Connection::~Connection() {
  if (reset_) {
    const linger at_once{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  }
  ::close(socket_);
}

ssize_t Connection::receive(char* to, std::size_t most) {
  if (tls_) return tls_->read(to, most);
  for (;;) {
    const ssize_t got = ::recv(socket_, to, most, 0);
    if (got >= 0) return got;
    if (errno != EINTR) return errno == EAGAIN ? would_block : broken;
  }
}

ssize_t Connection::send(std::string_view bytes) {
  if (tls_) return tls_->write(bytes);
  for (;;) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent >= 0) return sent;
    if (errno != EINTR) return errno == EAGAIN ? would_block : broken;
  }
}

// False where the connection is broken.
bool Connection::read() {
  static thread_local std::unique_ptr<char[]> block(new char[read_block]);
  while (!ended_ && in_.size() < most_waiting) {
    const ssize_t got = receive(block.get(), read_block);
    if (got == would_block) return true;
    if (got == broken) return false;
    if (got == 0) {
      ended_ = true;
      return true;
    }
    in_.append(block.get(), static_cast<std::size_t>(got));
    // What is left would be told by another event; with TLS there may be more that was already read.
    if (!tls_ && static_cast<std::size_t>(got) < read_block) return true;
  }
  return true;
}

bool Connection::start_answer(Responder& responder, const Now& now) {
  HttpRequest request;
  const Parsed parsed = in_.empty() ? Parsed::more : parse_request(in_, request);
  if (parsed == Parsed::more || parsed == Parsed::more_continue) {
    if (parsed == Parsed::more_continue && !told_to_continue_) {
      told_to_continue_ = true;
      send(go_on);  // so short that it fits
    }
    return false;
  }
  told_to_continue_ = false;
  if (parsed == Parsed::whole) {
    answer_ = responder.respond(request, now, ticket_);
    in_.erase(0, request.size);
    if (in_.empty() && in_.capacity() > roomy) in_.shrink_to_fit();
  } else {
    const int status = parsed == Parsed::bad ? 400 : 413;
    ticket_ = Ticket();
    answer_ = plain_answer(status, "application/json", error_body(Dialect::generic, {status, "", "", ""}), {}, false);
    in_.clear();
  }
  playing_ = true;
  step_ = offset_ = 0;
  repeated_ = 0;
  return true;
}

void Connection::next_step() {
  ++step_;
  offset_ = 0;
  repeated_ = 0;
}

Connection::Played Connection::play_bytes(std::string_view bytes) {
  while (offset_ < bytes.size()) {
    const ssize_t sent = send(bytes.substr(offset_));
    if (sent == would_block) return Played::blocked;
    if (sent == broken) return Played::over;
    offset_ += static_cast<std::size_t>(sent);
  }
  return Played::done;
}

Connection::Played Connection::play_drip(const Step& step, Micros now) {
  while (offset_ < step.bytes.size()) {
    if (now < wakes_at_) return Played::timed;
    const std::size_t end = std::min<std::size_t>(step.bytes.size(), offset_ + step.count);
    const Played played = play_bytes(std::string_view(step.bytes).substr(0, end));
    if (played != Played::done) return played;
    wakes_at_ = now + step.micros;
  }
  return Played::done;
}

Connection::Played Connection::play(Micros now) {
  while (step_ < answer_.steps.size()) {
    const Step& step = answer_.steps[step_];
    Played played = Played::done;
    switch (step.kind) {
      case Step::Kind::send:
        played = play_bytes(step.bytes);
        break;
      case Step::Kind::wait:
        if (repeated_ == 0) wakes_at_ = now + step.micros;
        repeated_ = 1;
        played = now < wakes_at_ ? Played::timed : Played::done;
        break;
      case Step::Kind::repeat:
        while (repeated_ < step.count && played == Played::done) {
          played = play_bytes(step.bytes);
          if (played != Played::done) break;
          ++repeated_;
          offset_ = 0;
        }
        break;
      case Step::Kind::drip:
        if (offset_ == 0 && repeated_ == 0) wakes_at_ = now;
        repeated_ = 1;
        played = play_drip(step, now);
        break;
      case Step::Kind::close:
        return Played::done;
      case Step::Kind::reset:
        reset_ = true;
        return Played::done;
      case Step::Kind::hold:
        return Played::blocked;
    }
    if (played != Played::done) return played;
    next_step();
  }
  return Played::done;
}

Connection::State Connection::advance(Responder& responder, const Now& now, bool hung_up) {
  if (!read() || hung_up) {
    abandon(responder, now.at);
    return State::over;
  }
  for (;;) {
    if (!playing_ && !start_answer(responder, now)) return ended_ ? State::over : State::waiting;
    switch (play(now.at)) {
      case Played::done: {
        playing_ = false;
        responder.finished(ticket_, false, now.at);
        const bool over = !answer_.keep_alive || reset_;
        answer_.steps.clear();
        if (over) return State::over;
        break;
      }
      case Played::over:
        abandon(responder, now.at);
        return State::over;
      case Played::blocked:
      case Played::timed:
        if (ended_) {  // it left: nobody waits for the rest
          abandon(responder, now.at);
          return State::over;
        }
        return answer_.steps[step_].kind == Step::Kind::hold || now.at >= wakes_at_ ? State::waiting : State::timed;
    }
  }
}

void Connection::abandon(Responder& responder, Micros now) {
  if (playing_) responder.finished(ticket_, true, now);
  playing_ = false;
}

}  // namespace headgate::fake
