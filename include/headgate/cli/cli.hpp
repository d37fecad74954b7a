// The command line as one function, so that tests can call it and main stays a page.
#pragma once

#include <span>
#include <string>

namespace headgate::cli {

// Runs one command; `words` are the arguments without the program's name. Returns the exit status (exit_code.hpp).
// Results go to stdout, everything else to stderr. Throws only BugError and what the standard library throws.
int run_command(std::span<const std::string> words);

// What main says where the system refused memory or a thread. Returns ExitCode::environment.
int report_shortage(const char* what);

// What main prints for an exception that reached it: a calm sentence, no stack trace. Returns ExitCode::bug.
int report_bug(const char* what);

}  // namespace headgate::cli
