// A recorded reply as people and programs write it, one JSON object a line. The reader of recordings is a fast one of
// its own; a test holds it to this table.
#pragma once

#include "headgate/base/fields.hpp"

namespace headgate {

const FieldTable& reply_table();

}  // namespace headgate
