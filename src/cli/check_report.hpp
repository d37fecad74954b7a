// What a check found, as text and as JSON.
#pragma once

#include <string>
#include <vector>

#include "check_folder.hpp"
#include "headgate/gate/check.hpp"
#include "headgate/report/story.hpp"

namespace headgate::cli {

struct CheckStory {
  const Evidence& evidence;
  const gate::Check& check;
  report::Quotes quotes;
  std::string folder;
  std::size_t baseline_reused = 0;  // cells
  std::string replies_since;        // UTC stamp of the oldest reply, where some were reused
  std::string selected_by;          // "failures of 20261120T120000Z-1a2b3c4d"; empty: nothing was left out for it
  bool interrupted = false;
  // check --watch: what was failing before this round comes first, and what is new says so. Null: no round before.
  const CaseNames* failing_before = nullptr;
};

struct CheckStyle {
  bool colour = false;
  bool full = false;   // every flip with all its texts
  bool brief = false;  // the first two lines
};

inline constexpr std::size_t most_flips_shown = 20;

// First line: the answer. Second: the main reason. Last: where to look. Texts from outside are escaped.
std::string check_text(const CheckStory& story, const CheckStyle& style);
// One canonical line: equal bytes for equal evidence, but for the folder.
std::string check_json(const CheckStory& story);

}  // namespace headgate::cli
