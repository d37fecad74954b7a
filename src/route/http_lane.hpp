// One lane of the HTTP transport: what all its calls have in common.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "curl.hpp"
#include "headgate/route/http.hpp"
#include "http_fault.hpp"
#include "http_place.hpp"
#include "http_sockets.hpp"
#include "trusted_roots.hpp"

namespace headgate::route {

class HttpShard;
class HttpTransfer;

// Lanes to the same place share connections, and the look-up of its address: while that is not known yet, one call goes
// ahead and the others are held, as libcurl would start a thread for each.
struct HttpOrigin {
  std::string key;
  std::size_t trust = 0;  // which shards it may use: a connection that some roots vouched for is not for others
  bool has_address = false;
  HttpTransfer* lead = nullptr;
  std::deque<Call> held;
  // Shards with an idle connection, the last used at the end. May be out of date.
  std::vector<HttpShard*> warm;
};

// Of one transport.
struct HttpHouse {
  explicit HttpHouse(Poller& poller) : sockets(poller) {}
  HttpSockets sockets;
  Share addresses;          // found, for all shards
  bool has_halted = false;  // a transfer that will not end by itself
};

class HttpLane {
 public:
  HttpLane(HttpSpec spec, HttpHouse& house, HttpOrigin& origin, HttpPlace place);
  // A lane that cannot be called, and why.
  HttpLane(HttpSpec spec, HttpHouse& house, HttpOrigin& origin, HttpFault fault);
  ~HttpLane();
  HttpLane(const HttpLane&) = delete;
  HttpLane& operator=(const HttpLane&) = delete;

  const HttpSpec& spec() const { return spec_; }
  const HttpPlace& place() const { return place_; }
  HttpHouse& house() const { return *house_; }
  HttpOrigin& origin() const { return *origin_; }
  curl_slist* headers() const { return headers_.get(); }
  const TrustedRoots* roots() const { return roots_ ? &*roots_ : nullptr; }

  // Before the first call: reads certificates. The fault where no call can be made.
  const std::optional<HttpFault>& open();

  HttpTransfer& take_transfer();  // throws std::bad_alloc where libcurl gives none
  void give_back(HttpTransfer& transfer);
  template <class Do>
  void for_each_transfer(Do act) {
    for (const auto& transfer : transfers_) act(*transfer);
  }

 private:
  void write_headers();

  HttpSpec spec_;
  HttpPlace place_;
  HttpHouse* house_;
  HttpOrigin* origin_;
  std::optional<HttpFault> fault_;
  bool is_open_ = false;
  std::optional<TrustedRoots> roots_;
  HeaderList headers_;
  std::vector<std::unique_ptr<HttpTransfer>> transfers_;
  std::vector<HttpTransfer*> idle_;
};

}  // namespace headgate::route
