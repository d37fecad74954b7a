// A text as sentences with the markers and quotations in them.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "pattern.hpp"

namespace headgate::grade {

struct CitedSentence {
  std::vector<std::string> ids;         // as its markers write them
  std::vector<std::string> quotations;  // in quotable form
};

struct CitedText {
  std::vector<CitedSentence> sentences;
  std::size_t claims = 0;        // sentences of four words or more
  std::size_t cited_claims = 0;  // of these, with a marker
};

// Code blocks aside. Without `marker` a marker is what stands in [ ] or 【 】 and is a known id, or looks like one;
// with it every match is. Markers behind a full stop belong to the sentence before it.
CitedText read_citations(std::string_view text, const std::optional<Pattern>& marker,
                         const std::set<std::string>& known);

// White space, quotation marks and case folded, so that a quotation can be found in its source.
std::string quotable(std::string_view text);
// Both in quotable form. The parts of the quotation around an ellipsis must follow each other.
bool quotes(std::string_view source, std::string_view quotation);

}  // namespace headgate::grade
