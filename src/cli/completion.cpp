#include "completion.hpp"

#include <algorithm>
#include <optional>
#include <sstream>

#include "file_kinds.hpp"
#include "headgate/base/file.hpp"
#include "headgate/grade/registry.hpp"
#include "headgate/run/folder.hpp"
#include "verbs.hpp"

namespace headgate::cli {
namespace {

constexpr std::size_t most_levels_up = 16;  // in search of eval_suites/

// A name from outside with anything else in it would need a shell's quotes, or be run by a careless one.
bool is_plain(const std::string& word) {
  return std::ranges::all_of(word, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '.' || c == '+';
  });
}

std::string one_line(std::string text) {
  std::ranges::replace(text, '\n', ' ');
  std::ranges::replace(text, '\t', ' ');
  return text;
}

// The folder of the suites that a name is looked up in, or "".
std::string suites_folder() {
  std::string folder = "eval_suites";
  for (std::size_t i = 0; i < most_levels_up; ++i, folder = "../" + folder) {
    if (real_files().is_folder(folder)) return folder;
  }
  return {};
}

// The command line so far, taken apart by the table of its verb.
class Line {
 public:
  Line(std::span<const std::string> words, const Environment& environment)
      : words_(words), environment_(environment), typed_(words.empty() ? std::string() : words.back()) {}

  Completion complete() {
    if (words_.size() <= 1) {
      first_words();
    } else if (words_[0] == "help") {
      help_words();
    } else {
      after_verb();
    }
    return std::move(out_);
  }

 private:
  void add(std::string word, std::string help = {}) {
    if (!word.starts_with(typed_)) return;
    if (std::ranges::count(out_.candidates, word, &Candidate::word) > 0) return;
    out_.candidates.push_back({std::move(word), one_line(std::move(help))});
  }

  // Verbs of one word, and the first words of those that have two.
  void first_words() {
    for (const Verb& verb : verbs()) {
      const std::size_t space = verb.name.find(' ');
      if (space == std::string::npos) {
        add(verb.name, verb.summary);
      } else {
        add(verb.name.substr(0, space), "the life of a " + verb.name.substr(0, space));
      }
    }
    add("help", "what a verb does");
    add("--help");
    add("--version");
  }

  void second_words(const std::string& group) {
    for (const Verb& verb : verbs()) {
      if (verb.name.starts_with(group + " ")) add(verb.name.substr(group.size() + 1), verb.summary);
    }
  }

  void help_words() {
    if (words_.size() == 2) return first_words();
    if (words_.size() == 3) second_words(words_[1]);
  }

  void after_verb() {
    std::size_t used = 2;
    verb_ = words_.size() == 2 ? nullptr : find_verb(words_[0] + " " + words_[1]);
    if (verb_ == nullptr) {
      if (words_.size() == 2) second_words(words_[0]);
      verb_ = find_verb(words_[0]);
      used = 1;
    }
    if (verb_ == nullptr) return;
    options_ = verb_->options;
    options_.insert(options_.end(), common_options().begin(), common_options().end());
    arguments(words_.subspan(used, words_.size() - used - 1));
  }

  void arguments(std::span<const std::string> finished) {
    bool only_operands = false;
    std::size_t operands = 0;
    const Option* waiting = nullptr;  // whose value comes next
    for (const std::string& word : finished) {
      if (waiting != nullptr) {
        note(*waiting, word);
        waiting = nullptr;
      } else if (!only_operands && word == "--") {
        only_operands = true;
      } else if (!only_operands && word.size() > 1 && word.front() == '-') {
        waiting = option_waiting(word);
      } else {
        ++operands;
      }
    }
    if (waiting != nullptr) return value_of(*waiting, {});
    if (!only_operands && typed_.starts_with("-")) return options();
    operand(operands);
  }

  const Option* find_option(const std::string& name) const {
    for (const Option& option : options_) {
      if (option.name == name || std::ranges::count(option.also, name) > 0) return &option;
    }
    return nullptr;
  }

  const Option* option_waiting(const std::string& word) {
    const std::size_t equals = word.find('=');
    const Option* option = find_option(word.substr(0, equals));
    if (option == nullptr || option->value.empty()) return nullptr;
    if (equals == std::string::npos) return option;
    note(*option, word.substr(equals + 1));
    return nullptr;
  }

  void note(const Option& option, const std::string& value) {
    if (option.name == "--reports") reports_ = value;
  }

  void options() {
    const std::size_t equals = typed_.find('=');
    if (equals != std::string::npos) {
      const Option* option = find_option(typed_.substr(0, equals));
      if (option != nullptr && !option->value.empty()) value_of(*option, typed_.substr(0, equals + 1));
      return;
    }
    for (const Option& option : options_) add(option.name, option.help);
  }

  void value_of(const Option& option, const std::string& prefix) {
    if (option.choices.empty()) return of_kind(option.value, prefix);
    for (const std::string& choice : option.choices) add(prefix + choice);
  }

  void operand(std::size_t index) {
    std::istringstream text(verb_->operands);
    std::vector<std::string> kinds;
    for (std::string word; text >> word;) kinds.push_back(word);
    if (kinds.empty()) return;
    const bool repeats = kinds.back().find("...") != std::string::npos;
    if (index >= kinds.size() && !repeats) return;
    std::string kind = kinds[std::min(index, kinds.size() - 1)];
    std::erase_if(kind, [](char c) { return c == '[' || c == ']' || c == '.'; });
    of_kind(kind, {});
  }

  // By the word that the verb table has for it.
  void of_kind(const std::string& kind, const std::string& prefix) {
    if (kind == "GATE") {
      out_.also = Completion::Also::files;
      out_.extensions = {"yaml", "yml", "json"};
    } else if (kind == "FILE" || kind == "PATH") {
      out_.also = Completion::Also::files;
    } else if (kind == "DIR" || kind == "FOLDER") {
      out_.also = Completion::Also::folders;
    } else if (kind == "RUN") {
      out_.also = Completion::Also::folders;
      const auto runs = run::list_runs(reports());
      for (const run::RunFolder& run : runs) {
        if (is_plain(run.run_id)) add(prefix + run.run_id, "gate " + (is_plain(run.gate) ? run.gate : "?"));
      }
      for (const run::RunFolder& run : runs) {
        if (is_plain(run.gate)) add(prefix + run.gate, "its latest run");
      }
    } else if (kind == "SUITE") {
      out_.also = Completion::Also::folders;
      suites(prefix);
    } else if (kind == "KIND") {
      for (const grade::Kind& each : grade::registry().kinds()) add(prefix + each.name, each.summary);
    } else if (kind == "NAME") {
      for (const FileKind& each : file_kinds()) add(prefix + each.name, each.files + ": " + each.what);
    } else if (kind == "SHELL") {
      for (const char* shell : {"bash", "zsh", "fish"}) add(prefix + shell);
    }
  }

  void suites(const std::string& prefix) {
    const std::string folder = suites_folder();
    for (const std::string& name : folder.empty() ? std::vector<std::string>{} : real_files().list(folder)) {
      if (is_plain(name) && real_files().exists(join_path(join_path(folder, name), "suite.yaml"))) add(prefix + name);
    }
  }

  std::string reports() const {
    if (reports_) return *reports_;
    const auto set = environment_("HEADGATE_REPORTS");
    return set && !set->empty() ? *set : "reports";
  }

  std::span<const std::string> words_;
  const Environment& environment_;
  std::string typed_;
  const Verb* verb_ = nullptr;
  std::vector<Option> options_;
  std::optional<std::string> reports_;
  Completion out_;
};

}  // namespace

Completion complete(std::span<const std::string> words, const Environment& environment) {
  return Line(words, environment).complete();
}

std::string completion_lines(const Completion& completion) {
  std::string text = "nothing";
  if (completion.also == Completion::Also::folders) text = "folders";
  if (completion.also == Completion::Also::files) text = "files";
  for (const std::string& extension : completion.extensions) text += " " + extension;
  text += "\n";
  for (const Candidate& candidate : completion.candidates) text += candidate.word + "\t" + candidate.help + "\n";
  return text;
}

}  // namespace headgate::cli
