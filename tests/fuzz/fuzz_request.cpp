// Whatever a case holds, what a program is told is one line of JSON that holds the input and never what is expected.
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "headgate/base/assert.hpp"
#include "headgate/base/json.hpp"
#include "headgate/base/unicode.hpp"
#include "headgate/route/prompt.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace headgate;
  std::string text = repair_utf8(std::string_view(reinterpret_cast<const char*>(data), size));
  std::erase(text, '\0');  // the readers of suites refuse it
  Case item;
  item.id = text.substr(0, text.find('\n'));
  item.input.text = canonical(Json(text));
  item.vars.text = canonical({{"name", text}});
  item.expected.text = R"("it is a secret")";
  const auto messages = route::Prompt{}.render(item);
  HG_ASSERT(messages);
  const std::string line = route::request_line(CallId{}, item, 0, RouteParts{}, *messages);
  HG_ASSERT(line.find('\n') == std::string::npos && line.find("it is a secret") == std::string::npos);
  const Json read = Json::parse(line, nullptr, false);
  HG_ASSERT(read.is_object() && read.at("case").at("input") == Json(text));
  HG_ASSERT(read.at("messages").at(0).at("content") == Json(text));
  return 0;
}
