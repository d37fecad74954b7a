// Writing to stdout and stderr. A reader that went away (`| head -1`) is no failure of ours: what it would have read is
// dropped and the command goes on.
#pragma once

#include <string>
#include <string_view>

namespace headgate::cli {

// The result of a command. Unbuffered; whole texts are handed over at once.
void write_out(std::string_view text);
// Progress and complaints.
void write_err(std::string_view text);
// One complaint-stream line, with newline; the text must already be safe for a terminal.
void say(std::string_view line);

// From now on write_out() keeps its text, until kept_out() takes it and ends that; for the pager.
void keep_out();
std::string kept_out();

// Why stdout could not take everything (disk full, input/output error), or "". A closed pipe is not among the reasons.
std::string stdout_trouble();

// Whether nobody reads stdout any more.
bool stdout_is_gone();

}  // namespace headgate::cli
