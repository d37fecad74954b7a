// Help texts, made from the verb table.
#pragma once

#include <string>

#include "verbs.hpp"

namespace headgate::cli {

std::string overview();  // headgate --help
std::string help_of(const Verb& verb);
std::string help_of_group(const std::string& group);  // "suite": the verbs that begin with it

}  // namespace headgate::cli
