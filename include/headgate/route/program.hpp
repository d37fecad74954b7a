// A program that headgate starts: what, where, with which environment, how it speaks and within which bounds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "headgate/base/clock.hpp"
#include "headgate/base/redactor.hpp"
#include "headgate/base/result.hpp"
#include "headgate/route/sandbox.hpp"

namespace headgate::route {

struct Command {
  std::vector<std::string> words;  // words[0] is a path that execve takes; never a shell line
  std::string folder;              // the working directory
  std::vector<std::pair<std::string, std::string>> environment;  // all that the child sees, sorted by name
};

enum class Speaks : std::uint8_t {
  json_lines,  // long-lived: one request a line on stdin, one reply a line on stdout, matched by "id"
  json_once,   // one child a call: the request on stdin, one JSON object on stdout, exit status 0
  text_once,   // one child a call: the text of the last message on stdin, the reply's text on stdout, exit status 0
  files_once,  // one child a call, in a folder of its own, or in a box where they are beneath /box, with the call's
               // files (grade::Program)
};

struct ProgramLimits {
  Millis timeout{30'000};          // of one call: from its request to its reply
  Millis start{30'000};            // json_lines: on top of that until the first reply of a fresh child
  Millis grace{2'000};             // from SIGTERM to SIGKILL, of the whole tree
  std::uint64_t memory_bytes = 0;  // address space of each process; 0: no limit
  std::uint64_t output_bytes = std::uint64_t{16} << 20;  // of one reply line, or of one child's stdout
};

struct ProgramSpec {
  std::string name;  // for messages: "route support_b", "plugin lint"
  Command command;
  Speaks speaks = Speaks::json_lines;
  ProgramLimits limits;
  std::size_t workers = 1;                  // json_lines: children at once
  std::size_t in_flight = 4;                // calls at once, over all children
  bool says_ready = false;                  // json_lines: no call is sent before the child printed {"ready":true}
  std::shared_ptr<const Redactor> secrets;  // values that must not reach any record; may be null
  std::optional<Sandbox> sandbox = {};      // files_once: what it is held to; absent: it is trusted
};

// The path that would be executed for the first word of a command: one with a slash relative to `folder`, else found in
// `search_path` (colon-separated). Fails (input) where there is none, it may not be executed, it is neither a script
// with #! nor a program for this machine, or its interpreter is missing.
Result<std::string> find_program(const std::string& word, const std::string& folder, const std::string& search_path);

}  // namespace headgate::route
