// The facts of a record's line, without its texts.
#pragma once

#include <memory>
#include <string_view>

#include "headgate/journal/scan.hpp"

namespace headgate::journal {

// Keeps its buffers between records; single-threaded.
class FactsDecoder {
 public:
  FactsDecoder();
  ~FactsDecoder();
  FactsDecoder(const FactsDecoder&) = delete;
  FactsDecoder& operator=(const FactsDecoder&) = delete;

  // A header of another version of the format: nothing below it can be read.
  static const char* const other_format;

  // Fills all of `view` but offset and sequence; without `facts` only its type, and what a header says. At least
  // LineReader::padding readable bytes must follow `line`. Returns why it cannot, or null.
  const char* decode(std::string_view line, bool facts, RecordView& view);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace headgate::journal
