#include "http_shard.hpp"

#include <sys/epoll.h>

#include <cerrno>
#include <chrono>
#include <new>

#include "http_transfer.hpp"

namespace headgate::route {
namespace {

// Idle connections too, for lanes to several places.
constexpr long most_connections = 4 * static_cast<long>(HttpShard::most_transfers);

}  // namespace

HttpShard::HttpShard(HttpSockets& sockets, std::size_t trust)
    : sockets_(sockets), trust_(trust), multi_(curl_multi_init()) {
  if (!multi_) throw std::bad_alloc();
  curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETFUNCTION, &on_socket);
  curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETDATA, static_cast<void*>(this));
  curl_multi_setopt(multi_.get(), CURLMOPT_TIMERFUNCTION, &on_timer);
  curl_multi_setopt(multi_.get(), CURLMOPT_TIMERDATA, static_cast<void*>(this));
  curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, most_connections);
}

bool HttpShard::add(HttpTransfer& transfer) {
  ++busy_;
  return curl_multi_add_handle(multi_.get(), transfer.easy()) == CURLM_OK;
}

void HttpShard::remove(HttpTransfer& transfer) {
  curl_multi_remove_handle(multi_.get(), transfer.easy());
  --busy_;
}

void HttpShard::tick(Instant now) {
  if (!due_ || *due_ > now) return;
  due_.reset();
  int running = 0;
  curl_multi_socket_action(multi_.get(), CURL_SOCKET_TIMEOUT, 0, &running);
  may_have_done_ = true;
}

std::optional<HttpShard::Done> HttpShard::next_done() {
  while (may_have_done_) {
    int left = 0;
    const CURLMsg* const message = curl_multi_info_read(multi_.get(), &left);
    if (message == nullptr) {
      may_have_done_ = false;
    } else if (message->msg == CURLMSG_DONE) {
      return Done{HttpTransfer::of(message->easy_handle), message->data.result};
    }
  }
  return std::nullopt;
}

void HttpShard::is_ready(int fd, std::uint32_t events) {
  int what = 0;
  if ((events & EPOLLIN) != 0) what |= CURL_CSELECT_IN;
  if ((events & EPOLLOUT) != 0) what |= CURL_CSELECT_OUT;
  // An error is found by reading or writing; told as such, libcurl would not look what it was.
  if ((events & (EPOLLERR | EPOLLHUP)) != 0) what |= CURL_CSELECT_IN | CURL_CSELECT_OUT;
  int running = 0;
  curl_multi_socket_action(multi_.get(), fd, what, &running);
  may_have_done_ = true;
}

int HttpShard::on_socket(CURL* easy, curl_socket_t socket, int what, void* self, void*) {
  auto& me = *static_cast<HttpShard*>(self);
  std::uint32_t events = 0;
  if (what == CURL_POLL_IN || what == CURL_POLL_INOUT) events |= EPOLLIN;
  if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT) events |= EPOLLOUT;
  if (!me.sockets_.want(socket, events, me)) {
    if (HttpTransfer* const transfer = HttpTransfer::of(easy)) transfer->could_not_watch(errno);
  }
  return 0;
}

int HttpShard::on_timer(CURLM*, long timeout_ms, void* self) {
  auto& me = *static_cast<HttpShard*>(self);
  if (timeout_ms < 0) {
    me.due_.reset();
  } else {
    me.due_ = real_clock().now() + Millis{timeout_ms};
  }
  return 0;
}

}  // namespace headgate::route
