#include <algorithm>

#include "headgate/grade/grader.hpp"

namespace headgate::grade {

const Answer* Answers::find(std::string_view key) const {
  const auto is_it = [&](const Answer& answer) {
    const std::string_view whole = answer.key;
    return whole.size() == prefix_.size() + key.size() && whole.starts_with(prefix_) && whole.ends_with(key);
  };
  const auto found = std::find_if(all_.begin(), all_.end(), is_it);
  return found == all_.end() ? nullptr : &*found;
}

Answers Answers::under(std::string_view prefix) const { return Answers(all_, prefix_ + std::string(prefix)); }

}  // namespace headgate::grade
