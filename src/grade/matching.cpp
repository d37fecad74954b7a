#include "matching.hpp"

#include <utility>

namespace headgate::grade {

std::vector<std::size_t> matched(std::size_t left, std::size_t right,
                                 const std::function<bool(std::size_t, std::size_t)>& fit) {
  std::vector<std::vector<std::size_t>> fitting(left);
  for (std::size_t i = 0; i < left; ++i) {
    for (std::size_t j = 0; j < right; ++j) {
      if (fit(i, j)) fitting[i].push_back(j);
    }
  }
  std::vector<std::size_t> partner(left, no_partner), owner(right, no_partner);
  for (std::size_t start = 0; start < left; ++start) {
    // Breadth first over members that would have to give way; `asker` is who asked for each on the right.
    std::vector<std::size_t> queue = {start}, asker(right, no_partner);
    std::size_t free = no_partner;
    for (std::size_t next = 0; next < queue.size() && free == no_partner; ++next) {
      for (const std::size_t j : fitting[queue[next]]) {
        if (asker[j] != no_partner) continue;
        asker[j] = queue[next];
        if (owner[j] == no_partner) {
          free = j;
          break;
        }
        queue.push_back(owner[j]);
      }
    }
    while (free != no_partner) {
      const std::size_t taker = asker[free];
      owner[free] = taker;
      free = std::exchange(partner[taker], free);  // what it had is free for who asked for that
    }
  }
  return partner;
}

}  // namespace headgate::grade
