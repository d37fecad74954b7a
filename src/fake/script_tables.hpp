// The fields of a script beyond the face's table.
#pragma once

#include <vector>

#include "headgate/fake/script.hpp"

namespace headgate::fake {

std::vector<Field> behaviour_fields();
const FieldTable& behaviour_table();

}  // namespace headgate::fake
