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

  // Fills all of `view` but offset and sequence. At least LineReader::padding readable bytes must follow `line`.
  // Returns why it cannot, or null.
  const char* decode(std::string_view line, RecordView& view);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace headgate::journal
