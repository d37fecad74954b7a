// McNemar's test of zero difference between two routes on the same items. For reports only: it knows no margin.
#pragma once

#include <cstdint>

namespace headgate::stats {

struct McNemar {
  double p_exact = 1.0;  // two-sided
  double p_mid = 1.0;    // two-sided mid-p: less conservative, may exceed its level slightly
  double p_harm = 1.0;   // one-sided: losses at least this many if a gain and a loss were equally likely
};

// gains: items only the candidate passes; losses: items only the baseline passes. Conditional binomial test with one
// half (McNemar 1947; mid-p after Fagerland, Lydersen and Laake 2013). No discordant item gives 1 everywhere; one gives
// p_exact 1.
McNemar mcnemar(std::uint64_t gains, std::uint64_t losses);

}  // namespace headgate::stats
