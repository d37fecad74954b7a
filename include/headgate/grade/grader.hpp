// The seam between what is judged and how a run happens. A grader is one pure function, called again from the start
// with every answer so far: it returns a grade, or only new questions. So judges, code and plugins get limits, cache,
// tries, budget, journal and resume without knowing of any of them.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "headgate/domain/case.hpp"
#include "headgate/domain/needs.hpp"
#include "headgate/domain/reply.hpp"

namespace headgate::grade {

enum class Scope { cell, pair };

struct Subject {
  const Case& item;
  std::span<const Reply* const> replies;  // one; two unlabelled ones for Scope::pair. Never null, never an error.
  std::uint64_t seed;                     // a grader's only randomness
};

struct File {
  std::string path;
  std::string content;
};
struct Limits {
  std::uint32_t time_ms = 10'000;
  std::uint64_t memory_bytes = std::uint64_t{1} << 30;
  std::uint64_t output_bytes = std::uint64_t{1} << 20;
};

struct Chat {  // a judge route
  std::string target;
  std::vector<Message> messages;
  std::string schema;
};
struct Embed {
  std::string target;
  std::vector<std::string> texts;
};
struct Consult {  // a plugin
  std::string target;
  std::string json;
};
// A program to be run in a box: the language's template reads `input` and `files`. Its own output is hostile; what the
// template says of it comes by a channel that the program does not have.
struct Program {
  std::string language;
  std::vector<File> files;  // relative paths
  std::string input;        // for the template's stdin
  Limits limits;
};

struct Ask {
  std::string key;  // unique within the cell and grader: "v0", "v1/repair1", "ab"
  std::variant<Chat, Embed, Consult, Program> what;
};

struct Vectors {
  std::vector<std::vector<double>> rows;
};
struct ProgramResult {
  int exit_code = 0;  // of the template; 128 + signal where one ended it
  bool timed_out = false;
  std::string output;   // stdout: the program's, hostile
  std::string errors;   // the end of stderr: the program's too
  std::string verdict = {};  // what came over the template's own channel
  bool too_large = false;    // it was ended because it wrote more than it may; there is no output then
};

struct Answer {
  std::string key;
  std::variant<Reply, Vectors, JsonText, ProgramResult, CallError> what;
};

// The answers so far, by key. Borrows them.
class Answers {
 public:
  Answers() = default;
  explicit Answers(std::span<const Answer> all, std::string prefix = {}) : all_(all), prefix_(std::move(prefix)) {}
  const Answer* find(std::string_view key) const;
  Answers under(std::string_view prefix) const;  // for composites: keys below "0/"

 private:
  std::span<const Answer> all_;
  std::string prefix_;
};

// What was to be judged is not in the reply: no marker, no number, no JSON. It counts as a failed grade, and stays
// failed under not_ and `not`: of what is absent, nothing good is known either way.
struct Absent {
  std::string reason;  // one sentence
  std::string label = {}, expected_label = {};  // as in Grade: a classification counts what it could not read, too
};

// CallError: the grader could not judge (ErrorKind::grader_failed and its kin). It is never a pass, negated or not.
//
// PairGrade is for Scope::pair alone, and the only grade there: one for each reply, in the order they were given.
struct PairGrade {
  Grade first, second;
};
using Step = std::variant<Grade, std::vector<Ask>, CallError, Absent, PairGrade>;

inline constexpr std::size_t max_asks = 64;  // of one grader for one cell, in all

// Immutable after construction; step() may be called from many threads at once.
class Grader {
 public:
  virtual ~Grader() = default;
  virtual Scope scope() const { return Scope::cell; }
  virtual Step step(const Subject& subject, const Answers& answers) const = 0;
  // What `item` lacks for this grader to judge any reply to it ("the case has no expected value"), or "". Whoever reads
  // a suite asks this before a call is paid; step() finds the same out too late.
  virtual std::string lacks(const Case& item) const {
    static_cast<void>(item);
    return {};
  }
  // Whom it may ask, so that a gate can say before a call is paid that it has them not. A grader that names a judge is
  // judged: its grade is that judge's word, and decides nothing unless the judge is calibrated.
  virtual Needs needs() const { return {}; }
  // It judges a reply of which only the recorded grades were kept (Reply::text_kept).
  virtual bool reads_recorded_only() const { return false; }
};

using GraderPtr = std::unique_ptr<const Grader>;

}  // namespace headgate::grade
