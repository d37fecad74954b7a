// The version of this program, for people and for records.
#pragma once

#include <string_view>

namespace headgate {

std::string_view version();  // "0.1.0", from the project() line of CMakeLists.txt

}  // namespace headgate
