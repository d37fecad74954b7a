// A judge's answer: any bytes are read or refused, and what is read is a verdict of the very form that was asked for.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>

#include "headgate/base/unicode.hpp"
#include "judge_verdict.hpp"

using namespace headgate;
using namespace headgate::grade;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text = repair_utf8(std::string_view(reinterpret_cast<const char*>(data), size));
  Rubric rubric;
  rubric.scale = {false, 1, 5};
  rubric.criteria.push_back({"tone", Template("x"), 1.0, {}, {}});
  if (const auto scores = read_scores(rubric, text)) {
    const bool good = scores->size() == 1 && scores->front().score >= 1.0 && scores->front().score <= 5.0 &&
                      !scores->front().reason.empty() && text.find("\"tone\"") != std::string::npos;
    if (!good && text.find('\\') == std::string::npos) std::abort();
  }
  rubric.scale = {};
  static_cast<void>(read_scores(rubric, text));
  if (const auto choice = read_choice(text); choice && choice->reason.empty()) std::abort();
  return 0;
}
