// Field tables of the suite room that are not published on their own.
#pragma once

#include "headgate/base/fields.hpp"

namespace headgate::suite {

const FieldTable& include_table();

}  // namespace headgate::suite
