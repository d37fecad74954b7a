// Parallelism by injection: pure rooms take a ForEach and stay ignorant of threads.
#pragma once

#include <cstddef>
#include <functional>

namespace headgate {

// Calls body(i) for every i in [0, n), in any order, perhaps at once; returns when all are done. Bodies must not throw.
using ForEach = std::function<void(std::size_t n, const std::function<void(std::size_t)>& body)>;

ForEach serial();

}  // namespace headgate
