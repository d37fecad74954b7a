// What a decision tells besides its findings; one file each. All sums go over the cases in their order.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "headgate/domain/sections.hpp"
#include "view.hpp"

namespace headgate::gate {

// Nothing where each case has one trial.
std::optional<TrialsSection> trials_section(const View& view);
std::vector<Classification> classifications(const View& view);
std::vector<MeasureSummary> measures(const View& view);
std::vector<VariantAgreement> variant_agreement(const View& view);
// Of each arm its most frequent reply, where it is worth a word.
std::vector<DuplicateReplies> duplicate_replies(const View& view);

// "half of the candidate's replies are one text": notes about what the sections tell, and about grades that were not
// made here.
void note_sections(const Decision& decision, std::vector<std::string>& notes);
void note_foreign_grades(const View& view, std::vector<std::string>& notes);

// Yes or no a row, and whose case it is: counted with its interval.
class Tally {
 public:
  void add(bool hit, std::uint32_t cluster);
  CountedShare share() const;

 private:
  std::vector<double> hits_;
  std::vector<std::uint32_t> clusters_;
};

void name_case(NamedCases& cases, const View& view, CaseIndex item);

}  // namespace headgate::gate
