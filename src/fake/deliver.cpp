#include "deliver.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <ctime>

#include "gzip.hpp"
#include "written.hpp"

namespace headgate::fake {
namespace {

constexpr std::size_t huge_unit = std::size_t{64} << 10;

std::string_view reason(int status) {
  struct Known {
    int status;
    std::string_view words;
  };
  static constexpr std::array<Known, 17> known = {{{200, "OK"},
                                                   {201, "Created"},
                                                   {204, "No Content"},
                                                   {301, "Moved Permanently"},
                                                   {302, "Found"},
                                                   {307, "Temporary Redirect"},
                                                   {308, "Permanent Redirect"},
                                                   {400, "Bad Request"},
                                                   {401, "Unauthorized"},
                                                   {403, "Forbidden"},
                                                   {404, "Not Found"},
                                                   {413, "Content Too Large"},
                                                   {429, "Too Many Requests"},
                                                   {500, "Internal Server Error"},
                                                   {502, "Bad Gateway"},
                                                   {503, "Service Unavailable"},
                                                   {529, "Overloaded"}}};
  for (const Known& each : known) {
    if (each.status == status) return each.words;
  }
  return "Scripted";
}

void add_header(std::string& head, std::string_view name, std::string_view value) {
  head.append(name).append(": ").append(value).append("\r\n");
}

std::string status_line(int status) {
  return joined({"HTTP/1.1 ", std::to_string(status), " ", reason(status), "\r\n"});
}

std::string hex_size(std::size_t size) {
  std::string out;
  do {
    out.insert(out.begin(), "0123456789abcdef"[size & 15]);
    size >>= 4;
  } while (size > 0);
  return out;
}

std::string chunk(std::string_view bytes) { return joined({hex_size(bytes.size()), "\r\n", bytes, "\r\n"}); }
constexpr std::string_view last_chunk = "0\r\n\r\n";

std::string http_date(std::int64_t wall_seconds) {
  static constexpr std::array<const char*, 7> days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array<const char*, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t seconds = wall_seconds;
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  char text[40];
  std::snprintf(text, sizeof text, "%s, %02d %s %04d %02d:%02d:%02d GMT", days[static_cast<std::size_t>(parts.tm_wday)],
                parts.tm_mday, months[static_cast<std::size_t>(parts.tm_mon)], parts.tm_year + 1900, parts.tm_hour,
                parts.tm_min, parts.tm_sec);
  return text;
}

// A part of the body, and how long is waited before it.
struct Part {
  std::string bytes;
  Micros wait = 0;
};

bool is_streamed(Dialect dialect) { return dialect != Dialect::generic && dialect != Dialect::embeddings; }

class Teller {
 public:
  explicit Teller(const Telling& telling) : telling_(telling), how_(*telling.said->behaviour) {
    out_.keep_alive = telling.keep_alive;
    out_.status = how_.status;
  }

  Delivery tell() {
    wait(telling_.delay);
    if (how_.instead != Instead::answer) return instead();
    if (how_.raw) return raw();
    if (how_.huge > 0) return huge();
    if (how_.bomb > 0) return exploding();
    body();
    if (how_.gzip) compress();
    framing_ = framing();
    head();
    send_parts();
    return std::move(out_);
  }

 private:
  void wait(Micros time) {
    if (time > 0) out_.steps.push_back({Step::Kind::wait, {}, 0, time});
  }
  // Joins what follows without a wait, so that it is one write.
  void send(std::string_view bytes) {
    if (out_.steps.empty() || out_.steps.back().kind != Step::Kind::send) out_.steps.push_back({Step::Kind::send});
    out_.steps.back().bytes += bytes;
  }
  void finish(Step::Kind kind, Ending ending) {
    out_.steps.push_back({kind});
    out_.keep_alive = false;
    out_.ending = ending;
  }
  void hang_up(CutHow how) {
    if (how == CutHow::reset) {
      finish(Step::Kind::reset, Ending::cut);
    } else {
      finish(Step::Kind::close, Ending::cut);
    }
  }

  Delivery instead() {
    out_.status = 0;
    if (how_.instead == Instead::close) finish(Step::Kind::close, Ending::closed);
    if (how_.instead == Instead::reset) finish(Step::Kind::reset, Ending::reset);
    if (how_.instead == Instead::never) finish(Step::Kind::hold, Ending::held);
    return std::move(out_);
  }

  Delivery raw() {
    send(*how_.raw);
    finish(Step::Kind::close, Ending::whole);
    return std::move(out_);
  }

  Delivery huge() {
    framing_ = how_.framing == Framing::length ? Framing::chunked : how_.framing;
    content_type_ = "application/json";
    head();
    const std::string unit(huge_unit, 'x');
    const std::size_t rest = how_.huge % huge_unit;
    out_.steps.push_back(
        {Step::Kind::repeat, framing_ == Framing::chunked ? chunk(unit) : unit, how_.huge / huge_unit, 0});
    if (rest > 0) send(framing_ == Framing::chunked ? chunk(std::string(rest, 'x')) : std::string(rest, 'x'));
    if (framing_ == Framing::chunked) send(last_chunk);
    if (framing_ == Framing::close) finish(Step::Kind::close, Ending::whole);
    return std::move(out_);
  }

  Delivery exploding() {
    framing_ = Framing::chunked;
    content_type_ = "application/json";
    encoding_ = "gzip";
    head();
    Bomb made = bomb(how_.bomb);
    send(chunk(made.begin));
    out_.steps.push_back({Step::Kind::repeat, chunk(made.unit), made.times, 0});
    send(chunk(made.end));
    send(last_chunk);
    return std::move(out_);
  }

  bool is_error() const { return how_.status >= 300 || !how_.error_type.empty(); }

  void body() {
    const Said& said = *telling_.said;
    content_type_ = "application/json";
    if (how_.body) {
      parts_.push_back({*how_.body});
    } else if (how_.status < 300 && said.question->stream && is_streamed(telling_.dialect)) {
      content_type_ = "text/event-stream";
      events();
    } else if (is_error()) {
      parts_.push_back({error()});
    } else {
      parts_.push_back({body_of(telling_.dialect, said)});
    }
    if (!how_.content_type.empty()) content_type_ = how_.content_type;
  }

  std::string error() const {
    return error_body(telling_.dialect, {how_.status, how_.error_type, how_.error_code, how_.error_message});
  }

  void events() {
    streams_ = true;
    const StreamScript& stream = how_.stream;
    std::vector<Event> all;
    if (is_error()) {
      all.push_back(error_event(telling_.dialect, how_.error_message.empty() ? how_.error_type : how_.error_message));
    } else {
      all = events_of(telling_.dialect, *telling_.said);
    }
    if (stream.error_after) {
      all.resize(std::min<std::size_t>(all.size(), *stream.error_after));
      all.push_back(error_event(telling_.dialect, stream.error_message));
    }
    for (const Event& event : all) {
      const bool first = parts_.empty();
      parts_.push_back({encoded(event, stream, first), first ? 0 : stream.gap});
    }
  }

  void compress() {
    Gzip gzip;
    encoding_ = "gzip";
    for (Part& part : parts_) part.bytes = gzip.add(part.bytes, &part == &parts_.back());
  }

  Framing framing() const {
    if (how_.content_length) return Framing::length;
    if (how_.framing != Framing::length) return how_.framing;
    const bool in_chunks = streams_ || (how_.cut && how_.cut->in == CutIn::chunk);
    return in_chunks ? Framing::chunked : Framing::length;
  }

  std::size_t body_size() const {
    std::size_t size = 0;
    for (const Part& part : parts_) size += part.bytes.size();
    return size;
  }

  void head() {
    std::string text = status_line(how_.status);
    if (how_.status != 204) add_header(text, "Content-Type", content_type_);
    if (!encoding_.empty()) add_header(text, "Content-Encoding", encoding_);
    add_header(text, telling_.dialect == Dialect::messages ? "request-id" : "x-request-id",
               joined({"req_", telling_.said->id}));
    if (!how_.retry_after.empty()) {
      add_header(text, "Retry-After", retry_after(how_.retry_after, telling_.wall_seconds).text);
    }
    if (!how_.location.empty()) add_header(text, "Location", how_.location);
    for (const auto& [name, value] : *telling_.headers) add_header(text, name, value);
    for (const auto& [name, value] : how_.headers) add_header(text, name, value);
    if (framing_ == Framing::chunked) add_header(text, "Transfer-Encoding", "chunked");
    if (framing_ == Framing::length && how_.status != 204) {
      add_header(text, "Content-Length", std::to_string(how_.content_length.value_or(body_size())));
    }
    if (framing_ == Framing::close || how_.content_length) out_.keep_alive = false;
    if (!out_.keep_alive) add_header(text, "Connection", "close");
    text += "\r\n";
    if (how_.cut && how_.cut->in == CutIn::head) text.resize(std::min<std::size_t>(text.size(), how_.cut->after));
    send(text);
  }

  void send_parts() {
    if (how_.cut && how_.cut->in == CutIn::head) return hang_up(how_.cut->how);
    if (how_.drip.bytes > 0) return drip();
    const bool ends_inside = how_.cut && how_.cut->in != CutIn::events;
    std::uint64_t left = how_.cut ? how_.cut->after : 0;  // bytes or parts
    for (const Part& part : parts_) {
      if (how_.cut && left == 0) return cut();
      wait(part.wait);
      std::string_view bytes = part.bytes;
      if (ends_inside) bytes = bytes.substr(0, left);
      send(framing_ == Framing::chunked ? chunk(bytes) : std::string(bytes));
      if (how_.cut) left -= ends_inside ? bytes.size() : 1;
    }
    if (how_.cut && left == 0) return cut();
    if (framing_ == Framing::chunked) send(last_chunk);
    end();
  }

  void cut() {
    if (how_.cut->in == CutIn::chunk) send("400\r\nthe rest of this ch");
    if (how_.cut->how != CutHow::finish) return hang_up(how_.cut->how);
    if (framing_ == Framing::chunked) send(last_chunk);
    if (framing_ != Framing::chunked) finish(Step::Kind::close, Ending::cut);
    out_.ending = Ending::cut;
  }

  void drip() {
    std::string all;
    for (const Part& part : parts_) all += part.bytes;
    if (how_.cut && how_.cut->in == CutIn::body) all.resize(std::min<std::size_t>(all.size(), how_.cut->after));
    if (framing_ == Framing::chunked) all = chunk(all) + std::string(last_chunk);
    out_.steps.push_back({Step::Kind::drip, std::move(all), how_.drip.bytes, how_.drip.every});
    if (how_.cut) return hang_up(how_.cut->how);
    end();
  }

  void end() {
    const bool promised_more = how_.content_length && *how_.content_length > body_size();
    if (!out_.keep_alive) finish(Step::Kind::close, promised_more ? Ending::cut : Ending::whole);
  }

  const Telling& telling_;
  const Behaviour& how_;
  Delivery out_;
  std::vector<Part> parts_;
  Framing framing_ = Framing::length;
  std::string content_type_, encoding_;
  bool streams_ = false;
};

}  // namespace

RetryAfter retry_after(const std::string& written, std::int64_t wall_seconds) {
  constexpr std::string_view dated = "date+";
  const bool is_dated = written.starts_with(dated);
  const std::string_view digits = std::string_view(written).substr(is_dated ? dated.size() : 0);
  double seconds = 0;
  const auto [end, trouble] = std::from_chars(digits.data(), digits.data() + digits.size(), seconds);
  const bool plain = trouble == std::errc() && end == digits.data() + digits.size() && seconds > 0 && seconds < 1e6;
  if (!plain) return {written, 0};
  const auto pause = static_cast<Micros>(seconds * 1e6);
  // A date has whole seconds, and this one may be nearly over: one more, so that it never comes before the pause ends.
  return {is_dated ? http_date(wall_seconds + 1 + static_cast<std::int64_t>(std::ceil(seconds))) : written, pause};
}

Delivery plain_answer(int status, std::string_view content_type, std::string_view body, const Headers& headers,
                      bool keep_alive) {
  Delivery out;
  out.status = status;
  out.keep_alive = keep_alive;
  std::string text = status_line(status);
  add_header(text, "Content-Type", content_type);
  for (const auto& [name, value] : headers) add_header(text, name, value);
  add_header(text, "Content-Length", std::to_string(body.size()));
  if (!keep_alive) add_header(text, "Connection", "close");
  text.append("\r\n").append(body);
  out.steps.push_back({Step::Kind::send, std::move(text)});
  if (!keep_alive) out.steps.push_back({Step::Kind::close});
  return out;
}

Delivery deliver(const Telling& telling) { return Teller(telling).tell(); }

}  // namespace headgate::fake
