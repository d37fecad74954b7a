#include "help.hpp"

#include <algorithm>
#include <set>

#include "headgate/base/version.hpp"

namespace headgate::cli {
namespace {

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(text.size() + 2, width), ' ');
  return text;
}

std::string exit_lines() {
  std::string text = "\nExit status:\n";
  for (const auto& [code, meaning] : exit_table()) {
    const std::string number = std::to_string(status(code));
    text += "  " + std::string(3 - number.size(), ' ') + number + "  " + meaning + "\n";
  }
  return text;
}

std::string spelled(const Option& option) {
  std::string text = option.name;
  for (const auto& other : option.also) text += ", " + other;
  return option.value.empty() ? text : text + " " + option.value;
}

std::string option_lines(std::span<const Option> options) {
  std::string text;
  for (const auto& option : options) text += "  " + padded(spelled(option), 34) + option.help + "\n";
  return text;
}

}  // namespace

std::string overview() {
  std::string text = "headgate " + std::string(version()) +
                     ": may this candidate route be shown to some users?\n\n"
                     "Usage: headgate VERB [operands] [options]\n";
  std::set<std::string> shown;
  for (const auto& first : verbs()) {
    if (!shown.insert(first.group).second) continue;
    text += "\n" + first.group + ":\n";
    for (const auto& verb : verbs()) {
      if (verb.group == first.group) text += "  " + padded(verb.name, 18) + verb.summary + "\n";
    }
  }
  text += "\nExample:\n  headgate init my_gate && headgate run my_gate/starter.gate.yaml\n";
  return text + exit_lines() + "\n`headgate help VERB` says more about one.\n";
}

std::string help_of(const Verb& verb) {
  std::string text = "headgate " + verb.name + ": " + verb.summary + "\n\nUsage: headgate " + verb.name;
  if (!verb.operands.empty()) text += " " + verb.operands;
  text += " [options]\n";
  if (!verb.details.empty()) text += "\n" + verb.details + "\n";
  text += "\nOptions:\n" + option_lines(verb.options) + option_lines(common_options());
  text += verb.examples.size() == 1 ? "\nExample:\n" : "\nExamples:\n";
  for (const auto& example : verb.examples) text += "  " + example + "\n";
  return text + exit_lines();
}

std::string help_of_group(const std::string& group) {
  std::string text = "headgate " + group + ": the life of a " + group + "\n\nUsage: headgate " + group +
                     " VERB [operands] [options]\n\n";
  std::string examples = "\nExamples:\n";
  for (const auto& verb : verbs()) {
    if (!verb.name.starts_with(group + " ")) continue;
    text += "  " + padded(verb.name, 18) + verb.summary + "\n";
    for (const auto& example : verb.examples) examples += "  " + example + "\n";
  }
  return text + examples + exit_lines();
}

}  // namespace headgate::cli
