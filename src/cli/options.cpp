#include "options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "headgate/base/text.hpp"
#include "headgate/base/version.hpp"
#include "help.hpp"

namespace headgate::cli {
namespace {

using Words = std::vector<std::string>;

Error usage_error(std::string message, std::string hint) {
  return Error{ErrorCode::input, std::move(message), Place{}, std::move(hint)};
}

bool is_option(const std::string& word) { return word.size() > 1 && word.front() == '-'; }

std::string see_help(const Verb& verb) { return "`headgate " + verb.name + " --help` lists its options"; }

// ---- which verb

// "suite", which is a verb only with another word; "graders" is one by itself.
bool is_group(const std::string& word) {
  return find_verb(word) == nullptr && std::ranges::any_of(verbs(), [&](const Verb& verb) { return verb.name.starts_with(word + " "); });
}

Error unknown_verb(const std::string& word) {
  Words names;
  for (const auto& verb : verbs()) names.push_back(verb.name);
  const std::string guess = did_you_mean(word, names);
  return usage_error("unknown verb '" + word + "'", guess.empty() ? "`headgate --help` lists the verbs" : guess);
}

Result<const Verb*> choose_verb(std::span<const std::string> words, std::size_t& used) {
  if (words.size() > 1) {
    const std::string two = words[0] + " " + words[1];
    used = 2;
    if (const Verb* verb = find_verb(two)) return verb;
    if (std::ranges::count(later_verbs(), two) > 0) {
      return failure(usage_error("'" + two + "' is not in this version (" + std::string(version()) + ")",
                                 "`headgate --help` lists what is"));
    }
    if (is_group(words[0])) return failure(unknown_verb(two));
  }
  used = 1;
  if (const Verb* verb = find_verb(words[0])) return verb;
  if (std::ranges::count(later_verbs(), words[0]) > 0) {
    return failure(usage_error("'" + words[0] + "' is not in this version (" + std::string(version()) + ")",
                               "`headgate --help` lists what is"));
  }
  return failure(unknown_verb(words[0]));
}

// ---- its options

std::vector<Option> all_options(const Verb& verb) {
  std::vector<Option> all = verb.options;
  all.insert(all.end(), common_options().begin(), common_options().end());
  return all;
}

Error unknown_option(const Verb& verb, const std::string& word) {
  Words names;
  for (const auto& option : all_options(verb)) {
    names.push_back(option.name);
    names.insert(names.end(), option.also.begin(), option.also.end());
  }
  const std::string bare = word.substr(0, word.find('='));
  const std::string guess = did_you_mean(bare, names);
  return usage_error("unknown option '" + bare + "' for '" + verb.name + "'", guess.empty() ? see_help(verb) : guess);
}

Result<void> check_value(const Verb& verb, const Option& option, const std::string& value) {
  if (value.empty()) return failure(usage_error(option.name + " needs a value", see_help(verb)));
  if (option.whole_from) {
    const auto number = parse_whole(value);
    if (!number || *number < *option.whole_from) {
      return failure(usage_error(option.name + " takes a whole number of at least " +
                                     std::to_string(*option.whole_from) + ", not '" + value + "'",
                                 see_help(verb)));
    }
  }
  if (!option.choices.empty() && std::ranges::count(option.choices, value) == 0) {
    std::string allowed;
    for (const auto& choice : option.choices) allowed += (allowed.empty() ? "" : "|") + choice;
    const std::string guess = did_you_mean(value, option.choices);
    return failure(usage_error(option.name + " takes " + allowed + ", not '" + value + "'",
                               guess.empty() ? see_help(verb) : guess));
  }
  return {};
}

Result<void> check_operands(const Verb& verb, const Words& operands) {
  if (operands.size() < verb.least_operands) {
    return failure(usage_error("'" + verb.name + "' needs " + verb.operands, "as in: " + verb.examples.front()));
  }
  if (operands.size() > verb.most_operands) {
    return failure(
        usage_error("unexpected '" + operands[verb.most_operands] + "' after '" + verb.name + "'", see_help(verb)));
  }
  // What an unset variable of a script leaves behind; it must not stand for "the latest", or for this folder.
  if (!verb.takes_empty_words && std::ranges::count(operands, "") > 0) {
    return failure(usage_error("'" + verb.name + "' is given an empty word", see_help(verb)));
  }
  return {};
}

// What CLI11 collected, option by option.
struct Collected {
  std::vector<Option> options;
  std::vector<Words> values;       // of options with a value
  std::vector<std::size_t> times;  // of flags
  Words operands;
};

Result<Collected> collect(const Verb& verb, std::span<const std::string> words) {
  Collected collected{all_options(verb), {}, {}, {}};
  collected.values.resize(collected.options.size());
  collected.times.resize(collected.options.size());

  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  for (std::size_t i = 0; i < collected.options.size(); ++i) {
    const Option& option = collected.options[i];
    std::string spellings = option.name;
    for (const auto& other : option.also) spellings += "," + other;
    if (option.value.empty()) {
      app.add_flag(spellings, collected.times[i]);
    } else {
      app.add_option(spellings, collected.values[i])
          ->expected(1)
          ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
          ->allow_extra_args(false);
    }
  }
  Words reversed(words.rbegin(), words.rend());  // CLI11 takes them from the back
  try {
    app.parse(std::move(reversed));
  } catch (const CLI::ArgumentMismatch& trouble) {
    const std::string text = trouble.what();
    return failure(usage_error(text.substr(0, text.find(':')) + " needs a value", see_help(verb)));
  } catch (const CLI::ParseError& trouble) {
    return failure(usage_error(trouble.what(), see_help(verb)));
  }
  bool only_operands = false;
  for (auto& word : app.remaining()) {
    if (word == "--" && !only_operands) {
      only_operands = true;
    } else if (!only_operands && is_option(word)) {
      return failure(unknown_option(verb, word));
    } else {
      collected.operands.push_back(std::move(word));
    }
  }
  return collected;
}

Result<std::variant<Command, HelpText>> parse_verb(const Verb& verb, std::span<const std::string> words) {
  HG_TRY(collected, collect(verb, words));
  Command command{&verb, {}};
  for (std::size_t i = 0; i < collected.options.size(); ++i) {
    const Option& option = collected.options[i];
    command.arguments.declare(option.name);
    for (std::size_t n = 0; n < collected.times[i]; ++n) command.arguments.set(option.name, "");
    for (auto& value : collected.values[i]) {
      HG_CHECK(check_value(verb, option, value));
      command.arguments.set(option.name, std::move(value));
    }
    if (!option.repeatable && collected.values[i].size() > 1) {
      return failure(usage_error(option.name + " is given more than once", see_help(verb)));
    }
  }
  const bool about_operand = verb.explains_operand && !collected.operands.empty();
  if (command.arguments.flag("--help") && !about_operand) return HelpText{help_of(verb)};
  HG_CHECK(check_operands(verb, collected.operands));
  command.arguments.operands = std::move(collected.operands);
  return command;
}

// `help`, `help VERB` and what stands without a verb.
Result<std::variant<Command, HelpText>> parse_help(std::span<const std::string> words) {
  if (words.empty()) return HelpText{overview()};
  if (words.size() == 1 && is_group(words[0])) return HelpText{help_of_group(words[0])};
  std::size_t used = 0;
  HG_TRY(verb, choose_verb(words, used));
  if (verb->explains_operand && words.size() > used) return parse_verb(*verb, words.subspan(used));
  return HelpText{help_of(*verb)};
}

}  // namespace

Result<std::variant<Command, HelpText>> parse_command(std::span<const std::string> words) {
  if (words.empty()) {
    return failure(usage_error("what shall headgate do?", "`headgate --help` lists the verbs"));
  }
  const std::string& first = words[0];
  if (first == "--help" || first == "-h") return HelpText{overview()};
  if (first == "help") return parse_help(words.subspan(1));
  if (first == "--version" || first == "-V") return parse_verb(*find_verb("version"), words.subspan(1));
  if (is_option(first)) {
    return failure(usage_error("unknown option '" + first + "'", "a verb comes first; `headgate --help` lists them"));
  }
  if (is_group(first) && (words.size() == 1 || words[1] == "--help" || words[1] == "-h")) {
    if (words.size() > 1) return HelpText{help_of_group(first)};
    return failure(usage_error("'" + first + "' needs a verb", "`headgate " + first + " --help` lists them"));
  }
  std::size_t used = 0;
  HG_TRY(verb, choose_verb(words, used));
  auto parsed = parse_verb(*verb, words.subspan(used));
  if (parsed) {
    if (auto* command = std::get_if<Command>(&*parsed)) {
      command->arguments.words.assign(words.begin(), words.end());
    }
  }
  return parsed;
}

}  // namespace headgate::cli
