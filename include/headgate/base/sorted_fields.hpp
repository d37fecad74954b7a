// Tables of which one key's word decides which fields are welcome, such as the kind of a route.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "headgate/base/fields.hpp"
#include "headgate/base/json.hpp"

namespace headgate {

// The words a field belongs to, one by one; none: it belongs to all.
std::vector<std::string> words_of(const Field& field);
bool belongs_to(const Field& field, std::string_view word);

// What `object` has at the table's `sorted_by` key, where that is a text; else "".
std::string_view sorting_word(const FieldTable& table, const Json& object);

// The field that describes `key` of `object`. Of several with that name the one that belongs to the object's word, else
// the first. Null: the table knows no such key. Whether the key is welcome with that word is not asked.
const Field* field_of(const FieldTable& table, const Json& object, std::string_view key);

// Whether the table has a field of that name which belongs to the word.
bool has_field(const FieldTable& table, std::string_view word, std::string_view key);

}  // namespace headgate
