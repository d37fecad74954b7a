// Tails and quantiles of the four distributions that the rest of the room stands on.
//
// Arguments are the caller's promise (df, a, b > 0, 0 <= k <= n); probabilities outside [0, 1] are clamped. Nothing
// throws, and a NaN comes back only for a NaN put in.
#pragma once

namespace headgate::stats {

double normal_cdf(double z);
double normal_upper_tail(double z);
// The z with P(Z <= z) = p; -inf at 0 and +inf at 1.
double normal_quantile(double p);
// The z with P(Z > z) = alpha, without the cancellation of 1 - alpha.
double normal_upper_quantile(double alpha);

// Student's t with real degrees of freedom. df = +inf is the normal distribution.
double t_upper_tail(double t, double df);
double t_upper_quantile(double alpha, double df);

// The value with lower tail p, and the value with upper tail p, of Beta(a, b).
double beta_quantile(double p, double a, double b);
double beta_upper_quantile(double p, double a, double b);

// X ~ Bin(n, p): P(X <= k), P(X >= k) and P(X = k). k below 0 or above n gives the obvious 0 or 1.
double binomial_cdf(double k, double n, double p);
double binomial_upper_tail(double k, double n, double p);
double binomial_pmf(double k, double n, double p);

}  // namespace headgate::stats
