#include "sentences.hpp"

#include <cmath>

#include "headgate/base/text.hpp"

namespace headgate::gate {

std::string points(double share) {
  std::string text = fixed(share * 100.0, 1);
  return text == "-0.0" ? "0.0" : text;
}

std::string cases_of(std::size_t n) { return plural(n, "case"); }

std::string is_or_are(std::size_t n) { return n == 1 ? " is" : " are"; }

std::string interval_in_points(const Finding& finding) {
  if (!finding.lower || !finding.upper) return {};
  return " (95 % interval " + points(*finding.lower) + " to " + points(*finding.upper) + ")";
}

std::string rate(double share) {
  const double size = std::abs(share) * 100.0;
  return percent(share, size != 0.0 && size < 1.0 ? 2 : 1);
}

std::string outlook_of(const Finding& finding) {
  if (finding.needed_n) {
    return "; about " + cases_of(*finding.needed_n) + " would settle it if the estimate holds";
  }
  return "; more cases will not help if the estimate holds";
}

std::string by_reducer(const View& view) {
  return view.reduce().kind == Reducer::Kind::mean ? std::string() : " by " + view.reduce().text();
}

void note_reducer(const View& view, Finding& finding) {
  const std::string all = "the " + plural(view.trials(), "trial") + " of a case ";
  const std::string drawn =
      std::to_string(view.reduce().k) + " of " + plural(view.trials(), "trial") + " drawn at random";
  switch (view.reduce().kind) {
    case Reducer::Kind::mean:
      return;
    case Reducer::Kind::pass_at_k:
      finding.notes.push_back(view.reduce().text() + ": a case counts as the best of " + drawn);
      return;
    case Reducer::Kind::pass_hat_k:
      finding.notes.push_back(view.reduce().text() + ": a case counts as the worst of " + drawn);
      return;
    case Reducer::Kind::majority:
      finding.notes.push_back("majority: " + all +
                              "count as their lower median, so a case passes when more than half do");
      return;
    case Reducer::Kind::worst:
    case Reducer::Kind::best:
      finding.notes.push_back(view.reduce().text() + ": " + all + "count as the " + view.reduce().text() + " of them");
      return;
  }
}

std::string missing_note(const Finding& finding) {
  if (!finding.missing) return {};
  const Finding::Missing& missing = *finding.missing;
  return "estimate and interval count what is missing against the candidate (pairs without a graded cell: candidate " +
         std::to_string(missing.candidate) + ", baseline " + std::to_string(missing.baseline) + ", both " +
         std::to_string(missing.both) + ")";
}

}  // namespace headgate::gate
