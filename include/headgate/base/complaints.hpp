// Everything wrong with the files of one command, collected so that a person sees all of it at once.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "headgate/base/result.hpp"

namespace headgate {

// Single-threaded. Keeps the first `max_kept` errors a file and counts the rest, so a million bad lines cost no memory.
class Complaints {
 public:
  static constexpr std::size_t max_kept_per_file = 20;

  void add(Error error);
  void append(Complaints&& other);  // in order, with its counts

  // Whether another error of that file would be kept; a reader may save itself the search for the place.
  bool keeps_more_of(const std::string& file) const;

  bool empty() const { return total_ == 0; }
  std::size_t total() const { return total_; }  // including those not kept
  const std::vector<Error>& errors() const { return errors_; }

  // Sorted by file, line, column; equal errors once. Call before showing.
  void sort();

 private:
  std::vector<Error> errors_;
  std::size_t total_ = 0;
  std::map<std::string, std::size_t> kept_;  // by file
};

}  // namespace headgate
