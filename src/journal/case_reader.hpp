// Lines of plan.jsonl that hold a case, read without building a Json value: a plan may hold a million.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "headgate/domain/case.hpp"

namespace headgate::journal {

// Keeps its buffers between lines; single-threaded.
class CaseReader {
 public:
  CaseReader();
  ~CaseReader();
  CaseReader(const CaseReader&) = delete;
  CaseReader& operator=(const CaseReader&) = delete;

  // Reads what append_case_line wrote into `item`, texts included, and holds it against the digest it carries. At least
  // LineReader::padding readable bytes must follow `line`. Returns what is wrong, or null.
  const char* read(std::string_view line, Case& item, std::uint32_t& suite);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace headgate::journal
