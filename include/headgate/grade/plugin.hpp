// The two lines of a plugin: what it is asked and what it answers, as tables for schemas and pages. The reader of
// answers (src/grade/plugin.cpp) is stricter than a table can say; a test holds one to the other.
#pragma once

#include "headgate/base/fields.hpp"

namespace headgate::grade {

const FieldTable& plugin_question_table();
const FieldTable& plugin_answer_table();

}  // namespace headgate::grade
