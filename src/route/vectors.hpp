// Lists of numbers inside a reply's JSON. For the readers of embeddings alone.
#pragma once

#include <simdjson.h>

#include <cstddef>
#include <vector>

namespace headgate::route {

// Throws Malformed where it is no list of finite numbers, is empty, or is longer than most_dimensions.
std::vector<double> vector_of(simdjson::dom::element value);
// Throws Malformed where they are not all of one length.
void check_one_length(const std::vector<std::vector<double>>& rows);

}  // namespace headgate::route
