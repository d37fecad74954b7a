// code: the reply is a program, and is run with the case's tests in a sandbox.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "code_block.hpp"
#include "code_result.hpp"
#include "code_tests.hpp"
#include "headgate/base/digest.hpp"
#include "headgate/base/unicode.hpp"
#include "headgate/grade/registry.hpp"
#include "options.hpp"
#include "verdict.hpp"

namespace headgate::grade {
namespace {

constexpr const char* run_key = "run";
constexpr std::uint32_t box_ms = 10'000;  // to make the box, start the interpreter, and end both, on a loaded machine
constexpr std::size_t nonce_digits = 32;

struct CodeOptions {
  std::string language;
  Block block = Block::first;
  std::uint32_t time_ms = 10'000;
  std::uint64_t memory_bytes = std::uint64_t{1} << 30;
  std::uint64_t output_bytes = std::uint64_t{1} << 20;
  bool exact = false;
};

class Code : public Grader {
 public:
  Code(CodeOptions options, CodeTestOptions tests) : options_(std::move(options)), tests_(std::move(tests)) {}

  Step step(const Subject& subject, const Answers& answers) const override {
    const Reply& reply = *subject.replies[0];
    if (reply.empty()) return CallError{ErrorKind::empty_reply, "the reply is empty"};
    const auto program = code_in(reply.text, options_.language, options_.block);
    if (!program) return Absent{"the reply has code fences, and none of them is in " + options_.language};
    if (is_blank(*program)) return Absent{"the reply has no program"};
    const auto tests = tests_.fill(subject.item);
    if (!tests) return tests.error();
    const std::string nonce = nonce_of(subject);
    const Answer* answer = answers.find(run_key);
    if (answer == nullptr) return question(*program, *tests, nonce);
    if (const auto* error = std::get_if<CallError>(&answer->what)) return cannot_judge(error->message);
    const auto* result = std::get_if<ProgramResult>(&answer->what);
    if (result == nullptr) return cannot_judge("a program was answered for by something else");
    return grade_of(*result, {nonce, limits(tests->io.size()), options_.time_ms, tests->io, options_.exact});
  }

  std::string lacks(const Case& item) const override {
    const auto tests = tests_.fill(item);
    return tests ? std::string() : tests.error().message;
  }

  Needs needs() const override { return {.languages = {options_.language}}; }

 private:
  // What the program cannot know, and the same in every start of the run.
  static std::string nonce_of(const Subject& subject) {
    Hasher hasher;
    hasher.field("headgate/verdict/1").field(subject.seed).field(run_key).field(subject.item.id);
    return hasher.finish().hex().substr(0, nonce_digits);
  }

  // Of the whole box; the template holds the program to its own time.
  Limits limits(std::size_t runs) const {
    const std::uint64_t all = std::uint64_t{options_.time_ms} * std::max<std::size_t>(runs, 1) + box_ms;
    constexpr std::uint64_t longest = 3'600'000;
    return {static_cast<std::uint32_t>(std::min(all, longest)), options_.memory_bytes, options_.output_bytes};
  }

  std::vector<Ask> question(const std::string& program, const CodeTests& tests, const std::string& nonce) const {
    ProgramText text;
    text.field("nonce", nonce).field("mode", tests.io.empty() ? "tests" : "io");
    text.field("time_ms", std::to_string(options_.time_ms));
    text.field("output_bytes", std::to_string(options_.output_bytes));
    if (!tests.prepend.empty()) text.field("prepend", tests.prepend);
    text.field("program", program);
    if (!tests.setup.empty()) text.field("setup", tests.setup);
    for (const std::string& one : tests.tests) text.field("tests", one);
    if (!tests.entry_point.empty()) text.field("entry_point", tests.entry_point);
    for (const InOut& one : tests.io) text.field("input", one.input);
    std::vector<Ask> asks;
    asks.push_back(Ask{run_key, Program{options_.language, {}, text.take(), limits(tests.io.size())}});
    return asks;
  }

  CodeOptions options_;
  CodeTestOptions tests_;
};

const FieldTable& options_table() {
  static const FieldTable table = [] {
    FieldTable made{"code", "Options of code.", {}, CodeTestOptions::demands()};
    made.fields = {
        {"language", string_shape(), "python, cpp, or a language that the gate file names", true, {}, "\"python\""},
        {"fence", one_of({"first", "last", "longest", "all", "whole"}),
         "which code fence of the reply is the program, of those in the language or without a name; a reply "
         "without fences is the program; whole: no fence is looked for",
         false, "\"first\""}};
    for (Field& field : CodeTestOptions::fields()) made.fields.push_back(std::move(field));
    made.fields.push_back({"output", one_of({"lines", "exact"}),
                           "how io is compared: by lines, white space at their ends and empty lines at the end aside, "
                           "or by every byte",
                           false, "\"lines\""});
    made.fields.push_back({"time_ms", integer_shape().at_least(10).at_most(600'000),
                           "how long the program may take, in each run of io", false, "10000"});
    made.fields.push_back({"memory_mb", integer_shape().at_least(64).at_most(65'536),
                           "the address space of each of its processes, in MiB", false, "1024"});
    made.fields.push_back({"output_bytes", integer_shape().at_least(1).at_most(16 << 20),
                           "how much it may write to stdout, in each run of io", false, "1048576"});
    return made;
  }();
  return table;
}

GraderPtr build(const BuildContext& context) {
  CodeOptions options;
  options.language = word(context.options, "language", "");
  const std::string fence = word(context.options, "fence", "first");
  options.block = fence == "last"      ? Block::last
                  : fence == "longest" ? Block::longest
                  : fence == "all"     ? Block::all
                  : fence == "whole"   ? Block::whole
                                       : Block::first;
  const auto whole = [&](const char* key, auto fallback) {
    const Json* written = option(context.options, key);
    return written == nullptr ? fallback : written->get<decltype(fallback)>();
  };
  options.time_ms = whole("time_ms", options.time_ms);
  options.memory_bytes = whole("memory_mb", std::uint64_t{1024}) << 20;
  options.output_bytes = whole("output_bytes", options.output_bytes);
  options.exact = word(context.options, "output", "lines") == "exact";
  auto tests = CodeTestOptions::build(context);
  if (!tests) return nullptr;
  return std::make_unique<Code>(std::move(options), std::move(*tests));
}

}  // namespace

Kind code_kind() {
  return {
      "code",
      "the reply is a program that passes the case's tests",
      "Runs the program in a sandbox: no network, no files of yours, bounded time, memory, processes and disk. "
      "Passes when every test holds. The verdict comes by a way that the program does not have: exiting early, "
      "printing PASSED, or changing what == means gets it nothing. `tests` are code of the case; with "
      "`entry_point` their check() is called with that function, as in HumanEval; a list of asserts, as in MBPP, is "
      "run one by one. `io` runs the whole program instead, and compares what it writes. A program that times out, "
      "writes too much, does not compile or raises fails its case, and the reason says which; `timed_out` is "
      "measured. Trouble of the sandbox itself leaves the cell ungraded. Score: 1 or 0. docs/code.md says what the "
      "box keeps from a program, and what it does not.",
      R"({"kind":"code","language":"python","tests":"{{case.expected}}","entry_point":"{{case.vars.entry_point}}"})",
      &options_table(),
      &build,
      Basis::program};
}

}  // namespace headgate::grade
