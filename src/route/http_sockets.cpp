#include "http_sockets.hpp"

#include <utility>

namespace headgate::route {

void HttpSockets::Socket::is_ready(std::uint64_t /*watch*/, std::uint32_t events) {
  if (wanted == 0) {  // the server closed an idle connection; libcurl will find out
    all->forget(*this);
    return;
  }
  owner->is_ready(fd, events);  // may close the descriptor
}

HttpSockets::Socket& HttpSockets::of(int fd) {
  const auto at = static_cast<std::size_t>(fd);
  if (at >= sockets_.size()) sockets_.resize(at + 1);
  if (!sockets_[at]) {
    sockets_[at] = std::make_unique<Socket>();
    sockets_[at]->all = this;
    sockets_[at]->fd = fd;
  }
  return *sockets_[at];
}

bool HttpSockets::want(int fd, std::uint32_t events, Owner& owner) {
  Socket& socket = of(fd);
  socket.wanted = events;
  socket.owner = &owner;
  if (events == 0) {
    if (!socket.is_connection) forget(socket);
    return true;
  }
  if (socket.watch != 0 && socket.registered == events) return true;
  if (socket.watch != 0) {
    if (!poller_.change(socket.watch, fd, events)) return false;
  } else {
    socket.watch = poller_.watch(fd, events, &socket);
    if (socket.watch == 0) return false;
  }
  socket.registered = events;
  return true;
}

void HttpSockets::opened(int fd) {
  Socket& socket = of(fd);
  forget(socket);  // of an earlier descriptor with this number
  socket.is_connection = true;
}

void HttpSockets::closing(int fd) {
  Socket& socket = of(fd);
  forget(socket);
  socket.is_connection = false;
  socket.wanted = 0;
}

void HttpSockets::forget(Socket& socket) {
  if (socket.watch != 0) poller_.forget(std::exchange(socket.watch, 0), socket.fd);
  socket.registered = 0;
}

}  // namespace headgate::route
