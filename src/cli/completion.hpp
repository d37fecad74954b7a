// What could stand at the cursor of an unfinished command line: the one answer behind the completion of every shell.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "terminal.hpp"

namespace headgate::cli {

struct Candidate {
  std::string word;
  std::string help;  // one line, may be empty
};

struct Completion {
  enum class Also { nothing, files, folders };

  Also also = Also::nothing;            // what the shell itself shall list beside the candidates
  std::vector<std::string> extensions;  // of the files; empty: any
  std::vector<Candidate> candidates;    // in the order of the tables, only those that begin with what is typed
};

// `words` follow the program's name; the last one is being typed and may be empty. Never fails: a line that cannot
// become a command has no candidates. Reads folder names only (runs, suites), and leaves out names that a shell would
// have to quote.
Completion complete(std::span<const std::string> words, const Environment& environment);

// As the scripts read it: "files yaml json", "folders" or "nothing", then a line "word<TAB>help" each.
std::string completion_lines(const Completion& completion);

// The script that makes a shell ask. `shell` is bash, zsh or fish.
std::string completion_script(const std::string& shell);

}  // namespace headgate::cli
