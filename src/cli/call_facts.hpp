// What a run's calls took, in words.
#pragma once

#include <string>

#include "run_file.hpp"

namespace headgate::cli {

// "2,104 calls in 2,110 tries, 12 from the cache, $0.84 of $25.00; of these, judges: 120 calls, $0.34"; empty where nothing was called or looked up.
std::string words_of_calls(const RunFile& run);

// "time of the calls: 61 % answering, 3 % failing, 30 % in the queue, 6 % paused"; empty where there is nothing to
// tell.
std::string words_of_time(const RunFile& run);

}  // namespace headgate::cli
