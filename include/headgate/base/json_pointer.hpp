// Steps of a JSON pointer (RFC 6901), between the written form and plain names.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headgate {

// "/" and the key, with ~ and / escaped: what one step of a pointer looks like.
std::string pointer_step(std::string_view key);
// The keys of a pointer that is empty or begins with '/'.
std::vector<std::string> pointer_keys(std::string_view pointer);
// The position a key means in a list; nothing where it is no plain number.
std::optional<std::size_t> list_index(std::string_view key);

}  // namespace headgate
