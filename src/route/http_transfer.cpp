#include "http_transfer.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <new>
#include <utility>

#include "headgate/base/text.hpp"
#include "headgate/base/unicode.hpp"
#include "http_lane.hpp"
#include "last_words.hpp"

namespace headgate::route {
namespace {

constexpr long keep_alive_s = 30;               // so that a silent middle-box does not forget a slow call
constexpr long upload_buffer_bytes = 16 << 10;  // libcurl's own is 64 KiB a transfer, and thousands may be out
constexpr curl_off_t largest_first_reserve = 1 << 20;
constexpr std::size_t columns_of_words = 300;
constexpr std::size_t longest_id = 256;

double ms_between(Instant from, Instant to) { return std::chrono::duration<double, std::milli>(to - from).count(); }

template <class Value>
void set(CURL* easy, CURLoption option, Value value) {
  if (curl_easy_setopt(easy, option, value) == CURLE_OUT_OF_MEMORY) throw std::bad_alloc();
}

template <class Value>
Value info(CURL* easy, CURLINFO what) {
  Value value{};
  curl_easy_getinfo(easy, what, &value);
  return value;
}

// Only what a header may hold.
std::string plain(std::string text) {
  std::erase_if(text, [](char c) { return c <= ' ' || c > '~'; });
  if (text.size() > longest_id) text.resize(longest_id);
  return text;
}

}  // namespace

HttpTransfer::HttpTransfer(HttpLane& lane) : lane_(lane), easy_(curl_easy_init()) {
  if (!easy_) throw std::bad_alloc();
  set_up();
}

HttpTransfer* HttpTransfer::of(CURL* easy) {
  char* self = nullptr;
  curl_easy_getinfo(easy, CURLINFO_PRIVATE, &self);
  return static_cast<HttpTransfer*>(static_cast<void*>(self));
}

void HttpTransfer::set_up() {
  CURL* const easy = easy_.get();
  const HttpSpec& spec = lane_.spec();
  set(easy, CURLOPT_PRIVATE, static_cast<void*>(this));
  set(easy, CURLOPT_ERRORBUFFER, words_.data());
  set(easy, CURLOPT_URL, spec.url.c_str());
  set(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  set(easy, CURLOPT_FOLLOWLOCATION, 0L);
  set(easy, spec.gets ? CURLOPT_HTTPGET : CURLOPT_POST, 1L);
  set(easy, CURLOPT_HTTPHEADER, lane_.headers());
  set(easy, CURLOPT_HEADEROPT, static_cast<long>(CURLHEADER_SEPARATE));
  set(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  set(easy, CURLOPT_ACCEPT_ENCODING, "");
  if (spec.http2) {
    set(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
    set(easy, CURLOPT_PIPEWAIT, 1L);
  } else {
    set(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  }

  // The roots come by on_tls; read by libcurl they would be parsed for each connection.
  set(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  set(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  set(easy, CURLOPT_CAINFO, static_cast<char*>(nullptr));
  set(easy, CURLOPT_CAPATH, static_cast<char*>(nullptr));
  set(easy, CURLOPT_SSL_CTX_FUNCTION, &on_tls);
  set(easy, CURLOPT_SSL_CTX_DATA, static_cast<void*>(this));

  set(easy, CURLOPT_NOSIGNAL, 1L);
  set(easy, CURLOPT_QUICK_EXIT, 1L);  // never waits for a thread that looks up an address
  set(easy, CURLOPT_SHARE, lane_.house().addresses.get());
  set(easy, CURLOPT_TCP_NODELAY, 1L);
  set(easy, CURLOPT_TCP_KEEPALIVE, 1L);
  set(easy, CURLOPT_TCP_KEEPIDLE, keep_alive_s);
  set(easy, CURLOPT_TCP_KEEPINTVL, keep_alive_s);
  set(easy, CURLOPT_UPLOAD_BUFFERSIZE, upload_buffer_bytes);
  set(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(spec.limits.connect.count()));
  set(easy, CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(spec.limits.reply_bytes));

  set(easy, CURLOPT_HEADERFUNCTION, &on_header);
  set(easy, CURLOPT_HEADERDATA, static_cast<void*>(this));
  set(easy, CURLOPT_WRITEFUNCTION, &on_body);
  set(easy, CURLOPT_WRITEDATA, static_cast<void*>(this));
  set(easy, CURLOPT_PREREQFUNCTION, &on_request);
  set(easy, CURLOPT_PREREQDATA, static_cast<void*>(this));
  set(easy, CURLOPT_OPENSOCKETFUNCTION, &on_open);
  set(easy, CURLOPT_OPENSOCKETDATA, static_cast<void*>(this));
  set(easy, CURLOPT_CLOSESOCKETFUNCTION, &on_close);
  set(easy, CURLOPT_CLOSESOCKETDATA, static_cast<void*>(&lane_.house()));
}

void HttpTransfer::begin(Call&& call, HttpShard& shard, Instant now) {
  CURL* const easy = easy_.get();
  call_ = std::move(call);
  taken_ = last_byte_ = now;
  is_sent_ = false;
  halt_ = Halt::none;
  os_error_ = 0;
  words_.front() = '\0';
  headers_.clear();
  answer_ = {};
  body_.clear();
  if (!lane_.spec().gets) {
    set(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(call_.payload.size()));
    set(easy, CURLOPT_POSTFIELDS, call_.payload.c_str());
  }
  // To libcurl 0 is no limit.
  const Millis timeout = call_.timeout_ms ? Millis{std::max(*call_.timeout_ms, 1U)} : lane_.spec().limits.timeout;
  if (timeout != timeout_) set(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(timeout.count()));
  timeout_ = timeout;
  if (!lane_.spec().idempotency_header.empty()) set_headers();
  shard_ = &shard;
}

void HttpTransfer::set_headers() {
  id_line_ = lane_.spec().idempotency_header + ": " + plain(call_.id);
  id_header_ = curl_slist{id_line_.data(), lane_.headers()};
  set(easy_.get(), CURLOPT_HTTPHEADER, &id_header_);
}

std::optional<Instant> HttpTransfer::first_byte_by() const {
  if (!is_sent_) return std::nullopt;
  return sent_ + lane_.spec().limits.first_byte;
}

void HttpTransfer::could_not_watch(int os_error) {
  halt_ = Halt::shortage;
  os_error_ = os_error;
  lane_.house().has_halted = true;
}

HttpEnd HttpTransfer::seen(CURLcode code, Instant now) const {
  HttpEnd out;
  out.code = code;
  out.words = elide(terminal_line(repair_utf8(redacted(std::string(words_.data()), lane_.spec().secrets.get()))),
                    columns_of_words);
  out.os_error = os_error_ != 0 ? os_error_ : static_cast<int>(info<long>(easy_.get(), CURLINFO_OS_ERRNO));
  out.proxy_status = static_cast<int>(info<long>(easy_.get(), CURLINFO_HTTP_CONNECTCODE));
  out.halt = halt_;
  out.is_sent = is_sent_;
  out.has_begun = headers_.have_begun();
  out.has_headers = headers_.are_whole();
  out.streams = lane_.spec().streams;
  out.body_bytes = body_.size();
  out.elapsed = std::chrono::ceil<Millis>(now - taken_);
  out.limits = lane_.spec().limits;
  out.limits.timeout = timeout_;
  out.host_port = lane_.place().host_port;
  return out;
}

Arrival HttpTransfer::end(CURLcode code, Halt halt, Instant now) {
  if (halt_ == Halt::none) halt_ = halt;
  Arrival out;
  std::optional<HttpFault> fault;
  const bool is_whole = code == CURLE_OK && halt_ == Halt::none && headers_.are_whole();
  if (!is_whole) fault = fault_of(seen(code, now));
  if (!fault || fault->kind == ErrorKind::truncated) out = answer();
  if (fault) {
    out.error = fault->kind;
    out.message = redacted(std::move(fault->message), lane_.spec().secrets.get());
  }
  out.ticket = call_.ticket;
  if (is_sent_) out.latency_ms = ms_between(sent_, fault ? now : last_byte_);
  out.sends = is_sent_ ? 1 : 0;
  shard_ = nullptr;
  call_ = {};
  std::string().swap(body_);
  return out;
}

Arrival HttpTransfer::answer() {
  Arrival out;
  const Redactor* const secrets = lane_.spec().secrets.get();
  out.bytes = redacted(std::move(body_), secrets);
  answer_.status = static_cast<int>(info<long>(easy_.get(), CURLINFO_RESPONSE_CODE));
  for (HttpAnswer::Mark& each : answer_.marks) each.bytes = std::min(each.bytes, out.bytes.size());
  out.http = std::move(answer_);
  return out;
}

void HttpTransfer::mark(Instant now) {
  const HttpAnswer::Mark mark{body_.size(), ms_between(sent_, now)};
  if (answer_.marks.size() < HttpAnswer::max_marks) {
    answer_.marks.push_back(mark);
  } else {
    answer_.marks.back() = mark;
  }
}

std::size_t HttpTransfer::on_header(char* data, std::size_t size, std::size_t count, void* self) {
  auto& me = *static_cast<HttpTransfer*>(self);
  me.last_byte_ = real_clock().now();
  if (me.headers_.add({data, size * count}, me.answer_, me.lane_.spec().secrets.get())) return size * count;
  me.halt_ = Halt::headers_too_large;
  return 0;
}

std::size_t HttpTransfer::on_body(char* data, std::size_t size, std::size_t count, void* self) {
  auto& me = *static_cast<HttpTransfer*>(self);
  const std::size_t bytes = size * count;
  const std::uint64_t limit = me.lane_.spec().limits.reply_bytes;
  if (bytes > limit - std::min<std::uint64_t>(limit, me.body_.size())) {
    me.halt_ = Halt::body_too_large;
    std::string().swap(me.body_);
    return 0;
  }
  if (me.body_.empty()) {
    const auto announced = info<curl_off_t>(me.easy_.get(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T);
    if (announced > 0) me.body_.reserve(static_cast<std::size_t>(std::min(announced, largest_first_reserve)));
  }
  me.body_.append(data, bytes);
  me.last_byte_ = real_clock().now();
  if (me.lane_.spec().streams) me.mark(me.last_byte_);
  return bytes;
}

// Before each sending of the request. A second one may be paid twice, unless nothing of the first had gone out; our
// caller decides about that, and writes it down.
int HttpTransfer::on_request(void* self, char*, char*, int, int) {
  auto& me = *static_cast<HttpTransfer*>(self);
  if (me.is_sent_ && info<long>(me.easy_.get(), CURLINFO_REQUEST_SIZE) > 0) {
    me.halt_ = Halt::sent_twice;
    return CURL_PREREQFUNC_ABORT;
  }
  me.is_sent_ = true;
  me.sent_ = me.last_byte_ = real_clock().now();
  return CURL_PREREQFUNC_OK;
}

curl_socket_t HttpTransfer::on_open(void* self, curlsocktype, curl_sockaddr* address) {
  auto& me = *static_cast<HttpTransfer*>(self);
  me.lane_.origin().has_address = true;
  const int fd = ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  if (fd < 0) {
    me.os_error_ = errno;
    return CURL_SOCKET_BAD;
  }
  me.os_error_ = 0;  // of another address
  me.lane_.house().sockets.opened(fd);
  return fd;
}

int HttpTransfer::on_close(void* house, curl_socket_t socket) {
  static_cast<HttpHouse*>(house)->sockets.closing(socket);
  return ::close(socket);
}

CURLcode HttpTransfer::on_tls(CURL*, void* context, void* self) {
  const TrustedRoots* const roots = static_cast<HttpTransfer*>(self)->lane_.roots();
  if (roots == nullptr) return CURLE_SSL_CACERT_BADFILE;
  roots->lend_to(context);
  return CURLE_OK;
}

}  // namespace headgate::route
