// Pairing the members of two sets so that as many as possible have a partner.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

namespace headgate::grade {

inline constexpr std::size_t no_partner = static_cast<std::size_t>(-1);

// The partner of each of `left` members among `right` ones, or no_partner: a largest matching, by augmenting paths.
// Asks `fit` for a pair once; `left` times `right` answers are kept.
std::vector<std::size_t> matched(std::size_t left, std::size_t right,
                                 const std::function<bool(std::size_t left, std::size_t right)>& fit);

}  // namespace headgate::grade
