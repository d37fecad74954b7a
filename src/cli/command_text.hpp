// A command line as text that can be pasted into a shell.
#pragma once

#include <span>
#include <string>

namespace headgate::cli {

// "headgate run 'my gate.yaml' --limit 3". Words that hold control characters are written in $'…' form.
std::string command_text(std::span<const std::string> words);
// The same command, such that it goes on with an interrupted run: without --again, which would begin another.
std::string resume_command(std::span<const std::string> words);

}  // namespace headgate::cli
