#include "headgate/journal/plan_file.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "headgate/base/atomic_file.hpp"
#include "headgate/base/json_append.hpp"
#include "headgate/domain/case_line.hpp"
#include "headgate/domain/codec.hpp"
#include "plan_reader.hpp"

namespace headgate::journal {
namespace {

// Cells of one order line: a line stays below 64 KiB.
constexpr std::size_t cells_a_line = 4096;

class PlanWriter {
 public:
  explicit PlanWriter(AtomicFile file) : file_(std::move(file)) {}

  Result<void> line(std::string_view text) {
    hasher_.bytes(text).bytes("\n");
    HG_CHECK(file_.append(text));
    return file_.append("\n");
  }
  Result<void> end() {
    const std::string text = "{\"t\":\"end\",\"sha256\":\"" + hasher_.finish().text() + "\"}\n";
    HG_CHECK(file_.append(text));
    return file_.commit();
  }

 private:
  AtomicFile file_;
  Hasher hasher_;
};

// The head's canonical text with its type in front.
std::string head_line(const PlanHead& head) { return "{\"t\":\"plan\"," + canonical(to_json(head)).substr(1); }

void append_order_line(std::string& out, const Plan& plan, std::size_t from) {
  out += "{\"t\":\"order\",\"cells\":[";
  const std::size_t end = std::min(plan.order.size(), from + cells_a_line);
  for (std::size_t i = from; i < end; ++i) {
    if (i != from) out += ',';
    append_json_number(out, std::uint64_t{plan.order[i]});
  }
  out += "]}";
}

}  // namespace

Result<void> write_plan(const std::string& folder, const Plan& plan) {
  HG_TRY(file, AtomicFile::create(plan_path(folder)));
  PlanWriter writer(std::move(file));
  HG_CHECK(writer.line(head_line(plan.head)));
  std::string text;
  for (std::size_t i = 0; i < plan.cases.size(); ++i) {
    text.clear();
    append_case_line(text, plan.cases[i], plan.case_suite[i]);
    HG_CHECK(writer.line(text));
  }
  for (std::size_t from = 0; from < plan.order.size(); from += cells_a_line) {
    text.clear();
    append_order_line(text, plan, from);
    HG_CHECK(writer.line(text));
  }
  return writer.end();
}

}  // namespace headgate::journal
