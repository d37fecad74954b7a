// A stream of any bytes gives events that lie inside it, in order, each completed by a line end; how its lines end
// makes no difference.
#include <cstdint>
#include <string>
#include <vector>

#include "headgate/base/assert.hpp"
#include "sse.hpp"

namespace {

using headgate::route::SseEvent;
using headgate::route::SseReader;

std::vector<std::string> events_of(const std::string& body) {
  std::vector<std::string> out;
  SseReader reader(body);
  std::size_t last = 0;
  for (SseEvent event; reader.next(event);) {
    HG_ASSERT(event.end > last && event.end <= body.size());
    HG_ASSERT(body[event.end - 1] == '\n' || body[event.end - 1] == '\r');
    HG_ASSERT(event.name.find_first_of("\r\n") == std::string_view::npos);
    HG_ASSERT(event.data.find('\r') == std::string_view::npos);
    last = event.end;
    out.push_back(std::string(event.name) + "\n" + std::string(event.data));
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string body(reinterpret_cast<const char*>(data), size);
  const std::vector<std::string> events = events_of(body);
  std::string lf, crlf, cr;
  for (std::size_t i = 0; i < body.size(); ++i) {
    const bool ends = body[i] == '\r' || body[i] == '\n';
    if (body[i] == '\n' && i > 0 && body[i - 1] == '\r') continue;
    lf += ends ? std::string("\n") : std::string(1, body[i]);
    crlf += ends ? std::string("\r\n") : std::string(1, body[i]);
    cr += ends ? std::string("\r") : std::string(1, body[i]);
  }
  HG_ASSERT(events_of(lf) == events && events_of(crlf) == events && events_of(cr) == events);
  static_cast<void>(headgate::route::looks_like_sse(body));
  return 0;
}
