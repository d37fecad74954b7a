#include "code_result.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "headgate/base/text.hpp"
#include "verdict.hpp"

namespace headgate::grade {
namespace {

constexpr std::size_t most_reason_columns = 600;
constexpr const char* started = "started";

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (end == text.npos) break;  // a line without its end did not come whole
    out.push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  return out;
}

std::pair<std::string_view, std::string_view> first_word(std::string_view line) {
  const std::size_t space = line.find(' ');
  if (space == line.npos) return {line, {}};
  return {line.substr(0, space), line.substr(space + 1)};
}

// The template's own words: the lines behind the nonce.
struct Said {
  bool has_started = false;
  std::vector<std::pair<std::string_view, std::string_view>> words;  // what, and the rest of its line
};

Said heard(std::string_view verdict, std::string_view nonce) {
  Said out;
  for (const std::string_view line : lines_of(verdict)) {
    if (line == started) out.has_started = true;
    const auto [who, rest] = first_word(line);
    if (who == nonce) out.words.push_back(first_word(rest));
  }
  return out;
}

Step graded(bool pass, bool timed_out, std::string reason) {
  Grade grade{pass, pass ? 1.0 : 0.0, elide(reason, most_reason_columns)};
  grade.measures.push_back({"timed_out", timed_out ? 1.0 : 0.0});
  return grade;
}

Step failed(std::string reason) { return graded(false, false, std::move(reason)); }

std::string with(std::string text, std::string_view detail) {
  return detail.empty() ? text : text + ": " + std::string(detail);
}

Step timed_out(const CodeRun& run, std::string_view detail) {
  return graded(false, true, with("timed out after " + std::to_string(run.time_ms) + " ms", detail));
}

Step too_much(std::string_view detail) { return failed(with("too much output", detail)); }

std::string memory_in_words(const CodeRun& run) { return std::to_string(run.limits.memory_bytes >> 20) + " MiB"; }

// Nothing for a word that is none of an outcome.
std::optional<Step> outcome_of(std::string_view word, std::string_view detail, const CodeRun& run) {
  if (word == "passed") return graded(true, false, "passes its tests");
  if (word == "failed") return failed(with("failed assertion", detail));
  if (word == "exception") return failed(with("exception", detail));
  if (word == "not_compiled") return failed(with("does not compile", detail));
  if (word == "timed_out") return timed_out(run, detail);
  if (word == "too_much_output") return too_much(detail);
  if (word == "out_of_memory") return failed(with("ran out of its " + memory_in_words(run) + " of memory", detail));
  if (word == "exited") return failed(with("the program ended before its tests were done", detail));
  if (word == "bad_tests") return cannot_judge(with("the case's tests are wrong", detail));
  return std::nullopt;
}

std::optional<std::string> from_hex(std::string_view hex) {
  if (hex.size() % 2 != 0) return std::nullopt;
  std::string out;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    unsigned value = 0;
    const auto [end, fault] = std::from_chars(hex.data() + i, hex.data() + i + 2, value, 16);
    if (fault != std::errc() || end != hex.data() + i + 2) return std::nullopt;
    out += static_cast<char>(static_cast<unsigned char>(value));
  }
  return out;
}

std::string_view without_trailing(std::string_view text, const char* what) {
  const std::size_t last = text.find_last_not_of(what);
  return last == text.npos ? std::string_view() : text.substr(0, last + 1);
}

std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == text.npos ? text.size() : end + 1);
  return without_trailing(line, " \t\r");
}

// Where what was written first differs, for people.
std::string difference(std::string_view written, std::string_view expected) {
  for (std::size_t number = 1; !written.empty() || !expected.empty(); ++number) {
    const bool ended = written.empty(), too_long = expected.empty();
    const std::string_view got = take_line(written), wanted = take_line(expected);
    if (got == wanted && ended == too_long) continue;
    const std::string where = "line " + std::to_string(number);
    if (ended) return where + " is missing, expected " + in_quotes(wanted);
    if (too_long) return where + " is too much: " + in_quotes(got);
    return where + " is " + in_quotes(got) + ", expected " + in_quotes(wanted);
  }
  return "it differs in white space";
}

// One run of the whole program: nothing where it did what it should.
std::optional<Step> fault_of_run(std::size_t index, std::string_view rest, const CodeRun& run) {
  const InOut& pair = run.io[index];
  const std::string which = "run " + std::to_string(index + 1) + " of " + std::to_string(run.io.size());
  const auto [status_text, hex] = first_word(rest);
  int status = 0;
  const auto [end, fault] = std::from_chars(status_text.data(), status_text.data() + status_text.size(), status);
  const auto written = from_hex(hex);
  if (fault != std::errc() || end != status_text.data() + status_text.size() || !written) {
    return cannot_judge("the template of the language reported a run that does not read");
  }
  if (status > 128) return failed(which + " was ended by signal " + std::to_string(status - 128));
  if (status != 0) return failed(which + " ended with status " + std::to_string(status));
  if (same_output(*written, pair.output, run.exact)) return std::nullopt;
  return failed("wrong output: " + which + ": " + difference(*written, pair.output));
}

Step grade_of_runs(const Said& said, const CodeRun& run) {
  std::size_t runs = 0;
  for (const auto& [word, rest] : said.words) {
    if (word == "ran" && runs < run.io.size()) {
      if (auto fault = fault_of_run(runs++, rest, run)) return std::move(*fault);
    } else if (word == "done" && runs == run.io.size()) {
      return graded(true, false, "writes what is expected in " + plural(runs, "run"));
    } else if (auto outcome = word == "passed" ? std::nullopt : outcome_of(word, rest, run)) {
      return std::move(*outcome);
    } else {
      break;
    }
  }
  return cannot_judge("the template of the language did not report every run");
}

}  // namespace

bool same_output(std::string_view written, std::string_view expected, bool exact) {
  if (exact) return written == expected;
  written = without_trailing(written, " \t\r\n");
  expected = without_trailing(expected, " \t\r\n");
  while (!written.empty() || !expected.empty()) {
    if (written.empty() != expected.empty() || take_line(written) != take_line(expected)) return false;
  }
  return true;
}

Step grade_of(const ProgramResult& result, const CodeRun& run) {
  const Said said = heard(result.verdict, run.nonce);
  if (!said.has_started) {
    const std::string why =
        result.timed_out ? "it was not ready in time" : "it ended with " + std::to_string(result.exit_code);
    const std::string words = terminal_line(elide(without_trailing(result.errors, " \n"), 200));
    return cannot_judge(with("the sandbox did not come up: " + why, words));
  }
  if (result.too_large) return too_much("more than " + std::to_string(run.limits.output_bytes) + " bytes");
  if (result.timed_out) return timed_out(run, "the whole box");
  if (result.exit_code != 0) {
    return cannot_judge("the box ended with " + std::to_string(result.exit_code) + " and without a verdict");
  }
  if (!run.io.empty()) return grade_of_runs(said, run);
  if (said.words.size() != 1) return cannot_judge("the template of the language gave no verdict");
  auto outcome = outcome_of(said.words.front().first, said.words.front().second, run);
  return outcome ? std::move(*outcome) : cannot_judge("the template of the language gave a verdict that does not read");
}

}  // namespace headgate::grade
