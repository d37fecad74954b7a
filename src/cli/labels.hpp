// Rows of labels as what a calibration is made of: found again in a run by their keys, or with verdicts beside them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "headgate/base/complaints.hpp"
#include "headgate/domain/evidence.hpp"
#include "headgate/gate/calibrate.hpp"
#include "headgate/run/verdicts.hpp"
#include "label_sheet.hpp"
#include "verbs.hpp"

namespace headgate::cli {

inline constexpr std::size_t fail_category = 0, pass_category = 1;

// All of a reply but what people and the judge say of it; and what the judge says.
gate::LabelledReply reply_at(const Evidence& evidence, CellIndex cell);
void set_word(gate::LabelledReply& reply, const run::CellWord& word);

// What raters wrote in a row, one each; absent: nothing. A list stands for several raters.
using RaterWords = std::vector<std::optional<std::string>>;
RaterWords raters_in(const LabelSheet& sheet, const LabelRow& row, const std::vector<std::string>& fields);

// --label, else the columns whose names begin with "label".
std::vector<std::string> label_columns(const Context& context, const LabelSheet& sheet);

// Fails (input) where an option names a field that no row has: labels or weights would be missed without a word.
Result<void> require_fields(const Context& context, const LabelSheet& sheet);

Error odd_label(const LabelRow& row, const std::string& word, const std::string& hint);

// From gate::least_probability to 1, also with a decimal comma; 1 where nothing is written.
Result<double> probability_of(const LabelSheet& sheet, const LabelRow& row, const std::string& field);

// Rows of `judge sample`, found again in a run.
struct SampledLabels {
  gate::LabelSet set;
  std::size_t unknown = 0;               // rows of replies that the run does not have
  std::vector<Calibration::Pair> pairs;  // of a judge that compares two replies; sorted
};
// Bad rows are complaints; fails (input) where there is nothing to read.
Result<SampledLabels> sampled_labels(const Context& context, const Evidence& evidence, const run::SuiteGrader& grader,
                                     const std::vector<run::CellWord>& words, const LabelSheet& sheet,
                                     Complaints& complaints);

// Labels and verdicts that stand in files.
class FileLabels {
 public:
  FileLabels(const Context& context, const LabelSheet& sheet) : context_(context), sheet_(sheet) {}

  // Reads maps, and decides what the categories are: those of the map, fail and pass, or what people wrote.
  Result<void> prepare();
  // With the verdicts that stand at `field`. Bad rows are complaints.
  gate::LabelSet with(const std::string& field, Complaints& complaints) const;

 private:
  using Map = std::map<std::string, std::string>;

  std::optional<std::size_t> index_of(const std::string& category) const;
  void set_verdict(gate::LabelledReply& reply, const LabelRow& row, const std::string& field) const;

  const Context& context_;
  const LabelSheet& sheet_;
  std::vector<std::string> fields_;
  Map labels_, verdicts_;
  gate::LabelSet set_;
};

}  // namespace headgate::cli
