// One exchange with a server, and then the next: an easy handle that is set up once for its lane.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>

#include "curl.hpp"
#include "headgate/base/clock.hpp"
#include "http_fault.hpp"
#include "kept_headers.hpp"

namespace headgate::route {

class HttpLane;
class HttpShard;

class HttpTransfer {
 public:
  explicit HttpTransfer(HttpLane& lane);  // throws std::bad_alloc
  HttpTransfer(const HttpTransfer&) = delete;
  HttpTransfer& operator=(const HttpTransfer&) = delete;

  void begin(Call&& call, HttpShard& shard, Instant now);
  // What became of it, by libcurl's code or a halt of ours. The handle is in no multi handle any more.
  Arrival end(CURLcode code, Halt halt, Instant now);

  CURL* easy() const { return easy_.get(); }
  HttpLane& lane() const { return lane_; }
  HttpShard* shard() const { return shard_; }  // null while it is idle
  std::size_t lane_number() const { return call_.lane; }
  bool has_begun() const { return headers_.have_begun(); }
  // When the first byte of a reply has to be there; nothing before the request is sent.
  std::optional<Instant> first_byte_by() const;
  // The socket of this exchange could not be watched: it would never end by itself.
  void could_not_watch(int os_error);
  Halt halt() const { return halt_; }

  static HttpTransfer* of(CURL* easy);

 private:
  void set_up();
  void set_headers();
  HttpEnd seen(CURLcode code, Instant now) const;
  Arrival answer();
  void mark(Instant now);

  // Called by libcurl.
  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);
  static int on_request(void* self, char* remote, char* local, int remote_port, int local_port);
  static curl_socket_t on_open(void* self, curlsocktype purpose, curl_sockaddr* address);
  static int on_close(void* house, curl_socket_t socket);
  static CURLcode on_tls(CURL* easy, void* context, void* self);

  HttpLane& lane_;
  Easy easy_;
  std::array<char, CURL_ERROR_SIZE> words_{};

  // Of the call at hand.
  Call call_;
  HttpShard* shard_ = nullptr;
  Millis timeout_{0};       // as libcurl was told last
  std::string id_line_;     // the idempotency header
  curl_slist id_header_{};  // before the lane's
  Instant taken_{}, sent_{}, last_byte_{};
  bool is_sent_ = false;
  Halt halt_ = Halt::none;
  int os_error_ = 0;
  KeptHeaders headers_;
  HttpAnswer answer_;
  std::string body_;
};

}  // namespace headgate::route
