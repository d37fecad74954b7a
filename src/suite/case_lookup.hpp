// From what `cases:` says to the texts of files.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "suite_file.hpp"

namespace headgate::suite {

struct FoundFile {
  std::string name;  // as the user would type it
  std::string text;
};

class CaseLookup {
 public:
  CaseLookup(std::string folder, const LoadOptions& options, Complaints& complaints)
      : folder_(std::move(folder)), options_(options), complaints_(complaints) {}

  // The files of a source in name order. Whatever cannot be read, leaves its root or was named before is a complaint.
  std::vector<FoundFile> find(const CaseSource& source);

 private:
  void complain(const CaseSource& source, std::string message, std::string hint = {}, ErrorCode code = ErrorCode::input);
  std::vector<std::string> names_of(const std::string& root, const std::string& pattern, const CaseSource& source);

  std::string folder_;
  const LoadOptions& options_;
  Complaints& complaints_;
  std::vector<std::string> seen_;
};

// * stands for any characters, ? for one.
bool matches_pattern(std::string_view name, std::string_view pattern);

// A line of a text, counted from 1, without its end; a byte-order mark belongs to no line.
std::string_view line_text(std::string_view text, std::size_t number);
Place line_place(const std::string& file, std::string_view line, std::size_t number);

}  // namespace headgate::suite
