// A request template compiles or complains with a hint; filled, it is JSON of the same shape whatever the case holds,
// and never holds what is expected.
#include <cstdint>
#include <string>
#include <vector>

#include "headgate/base/assert.hpp"
#include "headgate/base/json.hpp"
#include "headgate/base/unicode.hpp"
#include "headgate/route/dialect.hpp"

namespace {

using namespace headgate;

Case case_of(const std::string& text) {
  Case item;
  item.id = text;
  item.input = {"\"plain\""};
  item.vars = {R"({"name":"\",\"x\":1","n":7})"};
  item.context = {R"([{"id":"kb","text":"passage"}])"};
  item.expected = {R"("it is a secret")"};
  return item;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  route::GenericDialect what;
  what.request.text = bytes;
  what.model = "m";
  what.params.text = "{}";
  std::vector<Error> complaints;
  const auto dialect = route::make_dialect(what, complaints);
  for (const Error& each : complaints) HG_ASSERT(!each.message.empty() && is_utf8(each.message) && !each.hint.empty());
  if (!complaints.empty()) return 0;

  const std::string hostile = repair_utf8(bytes);
  const std::vector<Message> messages{{"user", hostile}};
  const Case one = case_of("a"), other = case_of(hostile);
  const auto plain = dialect->body({&messages, &one, 0, {}});
  const auto filled = dialect->body({&messages, &other, 1, {}});
  HG_ASSERT(plain.has_value() == filled.has_value());
  for (const auto* body : {&plain, &filled}) {
    if (!*body) {
      HG_ASSERT(!body->error().message.empty());
      continue;
    }
    HG_ASSERT(is_utf8(**body) && (**body).find('\n') == std::string::npos);
    // Its own text may say the words; the case's expected value may not be where they come from.
    HG_ASSERT((**body).find("it is a secret") == std::string::npos || bytes.find("secret") != std::string::npos);
  }
  return 0;
}
