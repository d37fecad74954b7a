#include "said.hpp"

#include "headgate/base/json_append.hpp"

namespace headgate::fake {

std::string json_inside(std::string_view text, Garble garble) {
  std::string out;
  append_json_string(out, text);
  out.erase(out.size() - 1);
  out.erase(0, 1);
  if (garble == Garble::none) return out;
  // Behind the first half of the characters, and never inside an escape.
  std::size_t at = 0;
  while (at < out.size() / 2) {
    if (out[at] == '\\') at += std::size_t{out.size() > at + 1 && out[at + 1] == 'u' ? 5U : 1U};
    do ++at;
    while (at < out.size() && (static_cast<unsigned char>(out[at]) & 0xC0) == 0x80);
  }
  switch (garble) {
    case Garble::bad_utf8:
      return out.insert(at, "\xC3\x28\xFF\xFE");
    case Garble::nul:
      return out.insert(at, "\\u0000");
    case Garble::surrogate:
      return out.insert(at, "\\ud800");
    case Garble::none:
      break;
  }
  return out;
}

std::string body_of(Dialect dialect, const Said& said) {
  switch (dialect) {
    case Dialect::chat:
      return chat_body(said);
    case Dialect::responses:
      return responses_body(said);
    case Dialect::messages:
      return messages_body(said);
    case Dialect::embeddings:
      return embeddings_body(said);
    case Dialect::generic:
      break;
  }
  return generic_body(said);
}

std::vector<Event> events_of(Dialect dialect, const Said& said) {
  switch (dialect) {
    case Dialect::chat:
      return chat_events(said);
    case Dialect::responses:
      return responses_events(said);
    case Dialect::messages:
      return messages_events(said);
    case Dialect::embeddings:
    case Dialect::generic:
      break;
  }
  return {};
}

}  // namespace headgate::fake
