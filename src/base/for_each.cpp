#include "headgate/base/for_each.hpp"

namespace headgate {

ForEach serial() {
  return [](std::size_t n, const std::function<void(std::size_t)>& body) {
    for (std::size_t i = 0; i < n; ++i) body(i);
  };
}

}  // namespace headgate
