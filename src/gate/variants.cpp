// Does a reworded question fare like the one it rewords? Told, and no rule.
#include "sections.hpp"

namespace headgate::gate {
namespace {

bool is_graded(const View& view, CaseIndex item, Arm arm) { return view.of(item, arm).graded == view.trials(); }
bool passes_always(const View& view, CaseIndex item, Arm arm) { return view.of(item, arm).failed() == 0; }

VariantAgreement of_arm(const View& view, Arm arm) {
  VariantAgreement out;
  out.candidate = arm == Arm::candidate;
  Tally tally;
  for (CaseIndex item = 0; item < view.cases(); ++item) {
    const CaseIndex parent = view.facts(item).variant_of;
    if (parent == CaseTable::no_case) continue;
    if (!is_graded(view, item, arm) || !is_graded(view, parent, arm)) {
      ++out.unmeasured;
      continue;
    }
    const bool agrees = passes_always(view, item, arm) == passes_always(view, parent, arm);
    tally.add(agrees, view.facts(item).cluster);  // its parent's: rewordings of one case are no separate evidence
    if (!agrees) name_case(out.disagreeing, view, item);
  }
  out.agreement = tally.share();
  return out;
}

}  // namespace

std::vector<VariantAgreement> variant_agreement(const View& view) {
  bool any = false;
  for (CaseIndex item = 0; item < view.cases() && !any; ++item) any = view.facts(item).variant_of != CaseTable::no_case;
  if (!any) return {};
  return {of_arm(view, Arm::baseline), of_arm(view, Arm::candidate)};
}

}  // namespace headgate::gate
