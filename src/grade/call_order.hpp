// How the calls that are asked for stand to the calls that were made.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "call_spec.hpp"

namespace headgate::grade {

enum class CallOrder {
  any,     // each is there, wherever; others may be too
  set,     // each is there, wherever, and nothing else
  subset,  // they are there in this order; others may stand between
  prefix,  // the first calls are these, in this order
  exact,   // the calls are these, in this order, and nothing else
};
bool parse(std::string_view word, CallOrder& out);
std::vector<std::string> call_order_words();

// "" where the calls are as asked, else what is not. Each call stands for one of those asked for.
Judged<std::string> order_fault(CallOrder order, std::span<const CallSpec> asked, std::span<const MadeCall* const> made,
                                const Case& item);

}  // namespace headgate::grade
