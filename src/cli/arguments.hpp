// The words of a command, checked against its table of options: what a verb's function is given.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace headgate::cli {

// One option of a verb. Options with a value are text unless `whole_from` is set.
struct Option {
  std::string name;               // "--trials"
  std::vector<std::string> also;  // other spellings, as "--repeat" or "-j"
  std::string value;              // how help calls its value; empty: a flag
  std::string help;               // one line
  bool repeatable = false;
  std::optional<std::uint64_t> whole_from = {};  // a whole number, at least this
  std::vector<std::string> choices = {};         // the only allowed values
};

// Asking for an option that the verb does not have is a bug (asserted).
class Arguments {
 public:
  std::vector<std::string> operands;
  std::vector<std::string> words;  // of the whole command line, for saying how to resume

  void declare(const std::string& option) { known_.insert(option); }
  void set(const std::string& option, std::string value) { values_[option].push_back(std::move(value)); }

  bool flag(const std::string& option) const;
  bool knows(const std::string& option) const { return known_.contains(option); }
  std::optional<std::string> text(const std::string& option) const;  // the last one given
  std::vector<std::string> texts(const std::string& option) const;
  std::optional<std::uint64_t> whole(const std::string& option) const;  // checked when parsed

 private:
  std::set<std::string> known_;
  std::map<std::string, std::vector<std::string>> values_;
};

// A whole number in decimal digits that fits, and nothing else.
std::optional<std::uint64_t> parse_whole(const std::string& text);

}  // namespace headgate::cli
