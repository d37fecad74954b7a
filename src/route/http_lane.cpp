#include "http_lane.hpp"

#include <algorithm>
#include <new>
#include <utility>

#include "headgate/base/text.hpp"
#include "headgate/base/version.hpp"
#include "http_transfer.hpp"

namespace headgate::route {
namespace {

bool has_control(const std::string& text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7F;
  });
}

bool is_token(const std::string& name) {
  constexpr std::string_view further = "!#$%&'*+-.^_`|~";
  return !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           further.find(c) != further.npos;
  });
}

void append(HeaderList& list, const std::string& line) {
  curl_slist* const longer = curl_slist_append(list.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  (void)list.release();
  list.reset(longer);
}

}  // namespace

HttpLane::HttpLane(HttpSpec spec, HttpHouse& house, HttpOrigin& origin, HttpPlace place)
    : spec_(std::move(spec)), place_(std::move(place)), house_(&house), origin_(&origin) {
  write_headers();
}

HttpLane::HttpLane(HttpSpec spec, HttpHouse& house, HttpOrigin& origin, HttpFault fault)
    : spec_(std::move(spec)), house_(&house), origin_(&origin), fault_(std::move(fault)) {}

HttpLane::~HttpLane() = default;

// A value with a line break in it would be a header of somebody else's making.
void HttpLane::write_headers() {
  append(headers_, "Expect:");
  if (!spec_.gets) append(headers_, "Content-Type: application/json");
  append(headers_, spec_.streams ? "Accept: text/event-stream" : "Accept: application/json");
  append(headers_, "User-Agent: headgate/" + std::string(version()));
  for (const auto& [name, value] : spec_.headers) {
    if (!is_token(name) || has_control(value.reveal())) {
      fault_ = HttpFault{ErrorKind::connect, "not sent: the header '" + elide(terminal_line(name), 60) +
                                                 "' has a character that no header may have"};
      return;
    }
    // "Name;" is how libcurl is told of a header without a value.
    append(headers_, value.empty() ? name + ";" : name + ": " + value.reveal());
  }
  if (!spec_.idempotency_header.empty() && !is_token(spec_.idempotency_header)) {
    fault_ = HttpFault{ErrorKind::connect, "not sent: the name of the idempotency header is none"};
  }
}

const std::optional<HttpFault>& HttpLane::open() {
  if (std::exchange(is_open_, true) || fault_ || !place_.is_tls) return fault_;
  Result<TrustedRoots> roots = TrustedRoots::read(spec_.ca_file);
  if (roots) {
    roots_ = std::move(*roots);
  } else {
    fault_ = HttpFault{ErrorKind::tls, "no trusted connection to " + place_.host_port + ": " + roots.error().message};
  }
  return fault_;
}

HttpTransfer& HttpLane::take_transfer() {
  if (idle_.empty()) {
    transfers_.push_back(std::make_unique<HttpTransfer>(*this));
    return *transfers_.back();
  }
  HttpTransfer& last = *idle_.back();
  idle_.pop_back();
  return last;
}

void HttpLane::give_back(HttpTransfer& transfer) { idle_.push_back(&transfer); }

}  // namespace headgate::route
