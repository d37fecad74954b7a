// A case as a line of plan.jsonl, written without building a Json value: a plan may hold a million.
#pragma once

#include <cstdint>
#include <string>

#include "headgate/domain/case.hpp"

namespace headgate {

// Appends {"t":"case","suite":…,"id":…,…} without newline, facts before texts. case_from_json reads it back.
void append_case_line(std::string& out, const Case& item, std::uint32_t suite);

}  // namespace headgate
