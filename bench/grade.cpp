// Measures the graders as a worker of a run uses them: all graders of a cell, from reply to grade, on one thread. And
// the plugin grader through one long-lived worker: question, transport, verdict, grade. Prints one JSON object.
//
//   grade PLUGIN      PLUGIN is a program like docs/examples/plugins/brief.py
#include <time.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <vector>

#include "headgate/grade/cell.hpp"
#include "headgate/route/consult.hpp"
#include "headgate/route/processes.hpp"

namespace {

using namespace headgate;
using namespace headgate::grade;

// Of this thread: what a core does, whoever else is on the machine.
double cpu_seconds() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

struct Row {
  const char* name;
  const char* kind;
  const char* options;
  enum class Text { short_right, short_wrong, short_numbers, german, long_near } text;
};

constexpr const char* words[] = {"the",  "customer", "asks", "about",  "an",      "order",   "that",    "did",
                                 "not",  "arrive",   "and",  "wants",  "to",      "know",    "when",    "refund",
                                 "will", "be",       "paid", "please", "check",   "account", "answer",  "politely",
                                 "with", "next",     "step", "in",     "writing", "today",   "because", "it"};

std::string text_of(std::mt19937_64& random, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) out += i % 12 == 0 ? ". " : " ";
    out += words[random() % std::size(words)];
  }
  return out + ".";
}

// 500 bytes, with `middle` in its middle.
std::string padded(std::mt19937_64& random, const std::string& middle) {
  std::string out = text_of(random, 45).substr(0, 240) + " " + middle + " ";
  out += text_of(random, 60);
  return out.substr(0, 500);
}

struct Cell {
  Case item;
  Reply reply;
};

Cell cell_of(Row::Text text, std::mt19937_64& random) {
  Cell out;
  out.item.id = "case-1";
  const std::string code = "R-" + std::to_string(100'000 + random() % 900'000);
  out.item.expected.text = '"' + code + '"';
  switch (text) {
    case Row::Text::short_right:
      out.reply.text = padded(random, code);
      break;
    case Row::Text::short_wrong:
      out.reply.text = padded(random, "R-none");
      break;
    case Row::Text::german:
      out.reply.text = padded(random, "für „" + code + "“ – schön");
      break;
    case Row::Text::short_numbers:
      out.item.expected.text = "1234.5";
      out.reply.text = padded(random, "3 of 4 are $17 each, so that");
      out.reply.text.replace(488, 12, " it is 1234.5");
      break;
    case Row::Text::long_near: {
      const std::string reference = text_of(random, 300);
      out.item.expected.text = '"' + reference + '"';
      std::string near = reference;
      for (int i = 0; i < 60; ++i) {  // a word in five is another
        const std::size_t at = near.find(' ', random() % near.size());
        if (at != near.npos) near.insert(at, std::string(" ") + words[random() % std::size(words)]);
      }
      out.reply.text = near.substr(0, reference.size());
      break;
    }
  }
  return out;
}

constexpr Row rows[] = {
    {"equals", "equals", "{}", Row::Text::short_wrong},
    {"contains", "contains", "{}", Row::Text::short_right},
    {"contains_umlauts", "contains", "{}", Row::Text::german},
    {"contains_fold_case", "contains", R"({"fold_case":true})", Row::Text::short_right},
    {"number", "number", "{}", Row::Text::short_numbers},
    {"regex", "regex", R"({"pattern":"R-[0-9]+"})", Row::Text::short_right},
    {"language", "language", R"({"is":"en"})", Row::Text::short_right},
    {"levenshtein", "similarity", R"({"metric":"levenshtein","at_least":0.5})", Row::Text::long_near},
    {"token_f1", "similarity", R"({"metric":"token_f1","at_least":0.5})", Row::Text::long_near},
    {"rouge_1", "similarity", R"({"metric":"rouge_1","at_least":0.5})", Row::Text::long_near},
    {"rouge_l", "similarity", R"({"metric":"rouge_l","at_least":0.5})", Row::Text::long_near},
    {"bleu", "similarity", R"({"metric":"bleu","at_least":0.5})", Row::Text::long_near},
    {"chrf", "similarity", R"({"metric":"chrf","at_least":0.5})", Row::Text::long_near},
    {"jaccard", "similarity", R"({"metric":"jaccard","at_least":0.5})", Row::Text::long_near},
};

// Grades a second of CPU, the median of several spans of time.
double grades_per_second(const Row& row) {
  SuiteHead suite;
  suite.graders = {{row.kind, false, JsonText{row.options}}};
  const auto graders = SuiteGraders::make(suite, registry());
  if (!graders) {
    std::cerr << graders.error().message << '\n';
    std::exit(1);
  }
  std::mt19937_64 random(7);
  std::vector<Cell> cells;
  for (int i = 0; i < 64; ++i) cells.push_back(cell_of(row.text, random));
  constexpr int spans = 9;
  constexpr double span_seconds = 0.1;
  std::vector<double> rates;
  std::size_t next = 0;
  for (int span = 0; span <= spans; ++span) {  // the first is not counted
    const double begin = cpu_seconds();
    double seconds = 0.0;
    std::size_t grades = 0;
    while (seconds < span_seconds) {
      for (int i = 0; i < 64; ++i, ++grades) {
        const Cell& cell = cells[next++ % cells.size()];
        const GradedCell graded = graders->grade(cell.item, cell.reply, 1);
        if (graded.error != ErrorKind::none || graded.grades.size() != 1) {
          std::cerr << row.name << ": " << graded.message << '\n';
          std::exit(1);
        }
      }
      seconds = cpu_seconds() - begin;
    }
    if (span > 0) rates.push_back(static_cast<double>(grades) / seconds);
  }
  std::nth_element(rates.begin(), rates.begin() + spans / 2, rates.end());
  return rates[spans / 2];
}

void give_up(const std::string& why) {
  std::cerr << why << '\n';
  std::_Exit(1);
}

// Keeps questions of the plugin grader on their way to one worker, and makes grades of what comes back.
class PluginFeed {
 public:
  PluginFeed(const std::string& plugin, const SuiteGraders& graders, Cell cell)
      : graders_(graders), cell_(std::move(cell)) {
    const CellStep step = graders_.step(cell_.item, cell_.reply, 1, {});
    key_ = std::get<std::vector<CellAsk>>(step).front().key();
    route::ProgramSpec spec;
    spec.name = "plugin";
    spec.command.words = {plugin};
    spec.command.environment = {{"PATH", "/usr/bin:/bin"}};
    spec.speaks = route::Speaks::json_lines;
    spec.in_flight = in_flight;
    transport_ = route::start_processes(
        {std::move(spec)}, [this](auto&& some) { take(some); }, nullptr);
  }

  double grades_per_second(std::uint64_t total) {
    const auto begin = std::chrono::steady_clock::now();
    std::vector<route::Call> first;
    {
      const std::lock_guard lock(mutex_);
      left_to_send_ = left_to_come_ = total;
      while (first.size() < in_flight && left_to_send_ > 0) first.push_back(next());
    }
    transport_->send(std::move(first));
    std::unique_lock lock(mutex_);
    done_.wait(lock, [&] { return left_to_come_ == 0; });
    return static_cast<double>(total) / std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  }

 private:
  static constexpr std::size_t in_flight = 256;

  route::Call next() {
    --left_to_send_;
    const CellStep step = graders_.step(cell_.item, cell_.reply, 1, {});
    const auto& ask = std::get<std::vector<CellAsk>>(step).front();
    route::Call call;
    call.ticket = ++last_;
    call.id = std::to_string(last_);
    call.payload = route::consult_line(call.id, std::get<Consult>(ask.ask.what).json);
    return call;
  }

  void take(const std::vector<route::Arrival>& some) {
    for (const route::Arrival& arrival : some) {
      if (arrival.error != ErrorKind::none) give_up(arrival.message);
      const auto verdict = route::read_consult_line(arrival.bytes);
      if (const auto* error = std::get_if<CallError>(&verdict)) give_up(error->message);
      const Answer answers[] = {{key_, std::get<JsonText>(verdict)}};
      const CellStep step = graders_.step(cell_.item, cell_.reply, 1, answers);
      const auto* graded = std::get_if<GradedCell>(&step);
      if (graded == nullptr || graded->error != ErrorKind::none) give_up("no grade of " + arrival.bytes);
    }
    std::vector<route::Call> more;
    bool is_over = false;
    {
      const std::lock_guard lock(mutex_);
      left_to_come_ -= some.size();
      for (std::size_t i = 0; i < some.size() && left_to_send_ > 0; ++i) more.push_back(next());
      is_over = left_to_come_ == 0;
    }
    if (is_over) done_.notify_all();
    if (!more.empty()) transport_->send(std::move(more));
  }

  const SuiteGraders& graders_;
  Cell cell_;
  std::string key_;
  std::mutex mutex_;
  std::condition_variable done_;
  std::uint64_t left_to_send_ = 0, left_to_come_ = 0, last_ = 0;
  std::unique_ptr<route::Transport> transport_;
};

double plugin_grades_per_second(const std::string& plugin) {
  SuiteHead suite;
  suite.graders = {{"plugin", false, JsonText{R"({"name":"brief","options":{"words":90}})"}}};
  const auto graders = SuiteGraders::make(suite, registry());
  if (!graders) give_up(graders.error().message);
  std::mt19937_64 random(7);
  PluginFeed feed(plugin, *graders, cell_of(Row::Text::short_right, random));
  feed.grades_per_second(1'000);  // started, and warm
  std::vector<double> rates;
  for (int round = 0; round < 5; ++round) rates.push_back(feed.grades_per_second(20'000));
  std::nth_element(rates.begin(), rates.begin() + 2, rates.end());
  return rates[2];
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::cerr << "usage: grade PLUGIN\n";
    return 3;
  }
  std::printf("{\"graders\": [");
  const char* separator = "";
  for (const Row& row : rows) {
    std::printf("%s{\"name\": \"%s\", \"per_second\": %.0f}", separator, row.name, grades_per_second(row));
    separator = ", ";
  }
  std::printf("], \"plugin_per_second\": %.0f}\n", plugin_grades_per_second(arguments[1]));
  return 0;
}
