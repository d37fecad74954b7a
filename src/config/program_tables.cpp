#include "program_reader.hpp"

namespace headgate::config {
namespace {

constexpr double most_in_flight = 4096;  // calls of one program at once; each holds a request in memory
constexpr double most_workers = 256;     // children of one program at once

const FieldTable& limits_table() {
  static const FieldTable table{
      "limits",
      "Within which bounds a program runs.",
      {{"timeout", string_shape(), "the most a call may take, from request to reply", false, R"("30s")"},
       {"in_flight", integer_shape().at_least(1).at_most(most_in_flight), "calls at once, over all children", false,
        "4"},
       {"workers", integer_shape().at_least(1).at_most(most_workers), "long-lived children at once", false, "1"},
       {"start_timeout", string_shape(), "what a fresh worker may take on top until its first reply", false,
        R"("30s")"},
       {"grace", string_shape(), "from SIGTERM to SIGKILL, of the whole process tree", false, R"("2s")"},
       {"memory", string_shape(), "address space of each process; none where left out", false, "", R"("2GiB")"},
       {"output", string_shape(), "the most bytes of one reply", false, R"("16MiB")"}}};
  return table;
}

}  // namespace

std::vector<Field> program_fields() {
  return {{"command", list_of(string_or_empty()).at_least(1),
           "The program and its words; no shell reads them. A first word with a slash is relative to this "
           "file, one without is looked up in PATH.",
           false, "", R"(["python3","worker.py"])"},
          {"mode", one_of({"worker", "per_case"}),
           "Worker is a long-lived child that is sent one request a line; per_case starts one for each.", false,
           R"("worker")"},
          {"files", list_of(string_shape()),
           "Further files the program is made of; other bytes in them make another route.", false, "[]",
           R"(["helpers.py"])"},
          {"environment", map_of(either({string_or_empty(), number_shape(), boolean_shape()})),
           "What the program sees besides PATH, HOME, LANG, LC_ALL, TMPDIR and TZ; a secret is env:NAME "
           "or file:PATH.",
           false, "{}", R"({"API_KEY":"env:SUPPORT_API_KEY"})"},
          {"limits", object_of(limits_table()), "Within which bounds it runs.", false, "{}",
           R"({"timeout":"10s","in_flight":8})"},
          {"wait_for_ready", boolean_shape(), R"(No request is sent to a worker before it printed {"ready":true}.)",
           false, "false"}};
}

Field speaks_field() {
  return {"speaks", one_of({"json", "text"}),
          "JSON requests and replies; or, with mode per_case, the last message's text on stdin and the "
          "reply's text on stdout.",
          false, R"("json")"};
}

}  // namespace headgate::config
