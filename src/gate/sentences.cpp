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

std::string missing_note(const Finding& finding) {
  if (!finding.missing) return {};
  const Finding::Missing& missing = *finding.missing;
  return "estimate and interval count what is missing against the candidate (pairs without a graded cell: candidate " +
         std::to_string(missing.candidate) + ", baseline " + std::to_string(missing.baseline) + ", both " +
         std::to_string(missing.both) + ")";
}

}  // namespace headgate::gate
