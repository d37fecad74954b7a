// A template compiles or complains inside its text; filled, it holds every literal of it in order, or says what is
// missing.
#include <cstdint>
#include <string>

#include "headgate/base/assert.hpp"
#include "headgate/domain/template.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace headgate;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::size_t complaints = 0;
  const auto compiled =
      Template::compile(text, [&](std::size_t offset, const std::string& message, const std::string&) {
        HG_ASSERT(offset <= text.size() && !message.empty());
        ++complaints;
      });
  HG_ASSERT(compiled.has_value() == (complaints == 0));
  if (!compiled) return 0;

  Case item;
  item.id = "case-1";
  item.input.text = R"("What is it?")";
  item.expected.text = R"({"a":{"b":[1,"two",null]}})";
  item.vars.text = R"({"name":"Ana"})";
  std::string scratch;
  const auto filled = compiled->fill(item, scratch);
  if (!filled) {
    HG_ASSERT(!filled.error().message.empty());
    return 0;
  }
  std::size_t at = 0;
  for (const Template::Part& part : compiled->parts()) {
    if (part.variable) HG_ASSERT(part.variable->offset < text.size());
    const std::size_t found = filled->find(part.literal, at);
    HG_ASSERT(found != std::string_view::npos);
    at = found + part.literal.size();
  }
  if (compiled->constant()) HG_ASSERT(*filled == compiled->parts().front().literal);
  return 0;
}
