// A filter either parses and judges every case without a word, or says what is wrong; `!` turns each answer round.
#include <cstdint>
#include <string>

#include "headgate/base/assert.hpp"
#include "headgate/run/filter.hpp"

namespace {

headgate::Case item() {
  headgate::Case out;
  out.id = "refund-017";
  out.tags = {"regression", "slow"};
  out.severity = headgate::Severity::severe;
  out.severe_class = "harm";
  out.segments = {{"language", "de"}};
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace headgate;
  const std::string text(reinterpret_cast<const char*>(data), size);
  static const Case one = item();
  static const SuiteHead suite;
  const auto filter = run::parse_filter(text, {"language", "risk"});
  if (!filter) {
    HG_ASSERT(filter.error().code == ErrorCode::input && !filter.error().message.empty());
    return 0;
  }
  const bool kept = (*filter)(one, suite);
  const auto turned = run::parse_filter("!" + text, {"language", "risk"});
  if (turned && text.find(',') == std::string::npos) HG_ASSERT((*turned)(one, suite) != kept);
  return 0;
}
