// The languages that programs of replies may be in: how each is run, in its sandbox, and whether that works here.
#pragma once

#include <map>
#include <string>

#include "headgate/base/complaints.hpp"
#include "headgate/config/gate_file.hpp"

namespace headgate::config {

// Runs a program in the box of every language, as a reply's would be: it must be judged, and it must fail to write
// outside, to connect, and to see environment, files and processes that are not the box's. Takes about as long as one
// program of each language. Without a sandbox only that programs are judged is tried. Fails (input) with what is wrong.
Result<void> probe_languages(const std::map<std::string, Language>& languages);

}  // namespace headgate::config
