#include "server.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <nlohmann/json.hpp>
#include <system_error>

namespace headgate::fake {
namespace {

constexpr int most_events = 256;
constexpr int most_accepts = 64;  // a turn
constexpr std::uint64_t of_listener = ~std::uint64_t{0};
constexpr std::uint64_t of_timer = of_listener - 1;
constexpr std::uint64_t of_wake = of_listener - 2;
constexpr Micros out_of_descriptors_pause = 20'000;

tl::unexpected<Error> trouble(const std::string& what) {
  return failure(ErrorCode::environment, what + ": " + std::generic_category().message(errno));
}

// Thousands of connections need more descriptors than the usual soft limit.
void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

bool watch(int poll, int fd, std::uint32_t events, std::uint64_t name) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = name;
  return ::epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event) == 0;
}

}  // namespace

Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

Server::Server(Script script, std::unique_ptr<TlsServer> tls)
    : tls_(std::move(tls)), responder_(std::move(script)), begun_(real_clock().now()) {}

Server::~Server() {
  stopping_.store(true);
  const std::uint64_t one = 1;
  if (thread_.joinable()) {
    while (::write(wake_.get(), &one, sizeof one) < 0 && errno == EINTR) {
    }
    thread_.join();
  }
}

Result<std::unique_ptr<Server>> Server::start(Script script, std::uint16_t port, std::unique_ptr<TlsServer> tls) {
  raise_descriptor_limit();
  std::unique_ptr<Server> server(new Server(std::move(script), std::move(tls)));
  HG_CHECK(server->listen(port));
  try {
    server->thread_ = std::thread([raw = server.get()] { raw->run(); });
  } catch (const std::system_error& refused) {
    return failure(ErrorCode::environment, std::string("cannot start a thread: ") + refused.what());
  }
  return server;
}

Result<void> Server::listen(std::uint16_t port) {
  listener_ = Descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (listener_.get() < 0) return trouble("cannot open a socket");
  const int yes = 1;
  ::setsockopt(listener_.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_.get(), generic, sizeof address) != 0 || ::listen(listener_.get(), 4096) != 0) {
    return trouble("cannot listen on 127.0.0.1:" + std::to_string(port));
  }
  socklen_t size = sizeof address;
  if (::getsockname(listener_.get(), generic, &size) != 0) return trouble("cannot tell the port");
  port_ = ntohs(address.sin_port);
  poll_ = Descriptor(::epoll_create1(EPOLL_CLOEXEC));
  timer_ = Descriptor(::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC));
  wake_ = Descriptor(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
  if (!watch(poll_.get(), listener_.get(), EPOLLIN, of_listener) ||
      !watch(poll_.get(), timer_.get(), EPOLLIN, of_timer) || !watch(poll_.get(), wake_.get(), EPOLLIN, of_wake)) {
    return trouble("cannot watch sockets");
  }
  return {};
}

Now Server::now() const {
  const auto since = real_clock().now() - begun_;
  return {std::chrono::duration_cast<std::chrono::microseconds>(since).count(), real_clock().wall_seconds()};
}

void Server::run() {
  sigset_t all;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_BLOCK, &all, nullptr);  // the main thread's business; and TLS writes without MSG_NOSIGNAL
  epoll_event events[most_events];
  while (!stopping_.load()) {
    const int count = ::epoll_wait(poll_.get(), events, most_events, -1);
    if (count > 0) turn(events, count);
  }
}

void Server::turn(const void* all, int count) {
  const std::lock_guard lock(mutex_);
  const auto* events = static_cast<const epoll_event*>(all);
  for (int i = 0; i < count; ++i) {
    const std::uint64_t name = events[i].data.u64;
    if (name == of_listener) {
      accept_all();
    } else if (name == of_timer) {
      ring();
    } else if (name != of_wake) {
      const auto slot = static_cast<std::uint32_t>(name);
      if (slots_[slot].connection == nullptr || slots_[slot].generation != static_cast<std::uint32_t>(name >> 32))
        continue;
      advance(slot, (events[i].events & (EPOLLHUP | EPOLLERR)) != 0);
    }
  }
  set_alarm();
}

void Server::accept_all() {
  for (int i = 0; i < most_accepts; ++i) {
    const int socket = ::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (socket >= 0) {
      add(socket);
    } else if (errno == EMFILE || errno == ENFILE) {
      // Nothing to do but to wait for others to leave; the listener would wake us at once again.
      ::usleep(static_cast<useconds_t>(out_of_descriptors_pause));
      return;
    } else if (errno != EINTR && errno != ECONNABORTED) {
      return;
    }
  }
}

void Server::add(int socket) {
  const int yes = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  auto stream = tls_ ? tls_->accept(socket) : nullptr;
  auto connection = std::make_unique<Connection>(socket, std::move(stream));
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(slots_.size()));
    slots_.emplace_back();
  }
  const std::uint32_t slot = free_.back();
  const std::uint64_t name = (std::uint64_t{slots_[slot].generation} << 32) | slot;
  if (!watch(poll_.get(), socket, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, name)) return;
  free_.pop_back();
  slots_[slot].connection = std::move(connection);
  responder_.counts().connected();
}

void Server::advance(std::uint32_t index, bool hung_up) {
  Slot& slot = slots_[index];
  switch (slot.connection->advance(responder_, now(), hung_up)) {
    case Connection::State::waiting:
      slot.armed = -1;
      break;
    case Connection::State::timed:
      if (slot.armed == slot.connection->wakes_at()) break;
      slot.armed = slot.connection->wakes_at();
      alarms_.push({slot.armed, index, slot.generation});
      break;
    case Connection::State::over:
      slot.connection.reset();
      ++slot.generation;
      slot.armed = -1;
      free_.push_back(index);
      responder_.counts().disconnected();
      break;
  }
}

void Server::ring() {
  std::uint64_t rung = 0;
  if (::read(timer_.get(), &rung, sizeof rung) < 0 && errno != EAGAIN) return;
  alarm_set_for_ = -1;
  while (!alarms_.empty() && alarms_.top().at <= now().at) {
    const Alarm alarm = alarms_.top();
    alarms_.pop();
    const Slot& slot = slots_[alarm.slot];
    if (slot.generation != alarm.generation || slot.armed != alarm.at) continue;
    slots_[alarm.slot].armed = -1;
    advance(alarm.slot, false);
  }
}

void Server::set_alarm() {
  if (alarms_.empty()) return;
  const Micros at = alarms_.top().at;
  if (alarm_set_for_ >= 0 && alarm_set_for_ <= at) return;
  alarm_set_for_ = at;
  const Micros left = std::max<Micros>(1, at - now().at);
  itimerspec when{};
  when.it_value.tv_sec = left / 1'000'000;
  when.it_value.tv_nsec = left % 1'000'000 * 1000;
  ::timerfd_settime(timer_.get(), 0, &when, nullptr);
}

Json Server::stats() const {
  const std::lock_guard lock(mutex_);
  return responder_.counts().stats(false, now().at);
}

double Server::idle_seconds() const {
  const std::lock_guard lock(mutex_);
  return static_cast<double>(responder_.counts().idle(now().at)) / 1e6;
}

}  // namespace headgate::fake
