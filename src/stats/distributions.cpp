#include "headgate/stats/distributions.hpp"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <cmath>
#include <limits>
#include <numbers>

namespace headgate::stats {

namespace {

// The only place that knows Boost.Math: its headers cost four seconds a translation unit.
namespace bm = boost::math;

// Errors become values here too: what Boost would throw for comes back as infinity, 0 or NaN.
using Quiet = bm::policies::policy<
    bm::policies::domain_error<bm::policies::ignore_error>, bm::policies::pole_error<bm::policies::ignore_error>,
    bm::policies::overflow_error<bm::policies::ignore_error>, bm::policies::underflow_error<bm::policies::ignore_error>,
    bm::policies::denorm_error<bm::policies::ignore_error>, bm::policies::rounding_error<bm::policies::ignore_error>,
    bm::policies::evaluation_error<bm::policies::ignore_error>,
    bm::policies::indeterminate_result_error<bm::policies::ignore_error>>;

using StudentT = bm::students_t_distribution<double, Quiet>;

constexpr double infinity = std::numeric_limits<double>::infinity();

}  // namespace

double normal_cdf(double z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }

double normal_upper_tail(double z) { return 0.5 * std::erfc(z / std::numbers::sqrt2); }

double normal_quantile(double p) { return -normal_upper_quantile(p); }

double normal_upper_quantile(double alpha) {
  if (alpha <= 0.0) return infinity;
  if (alpha >= 1.0) return -infinity;
  return std::numbers::sqrt2 * bm::erfc_inv(2.0 * alpha, Quiet());
}

double t_upper_tail(double t, double df) {
  if (df == infinity) return normal_upper_tail(t);
  if (std::isinf(t)) return t > 0.0 ? 0.0 : 1.0;
  return bm::cdf(bm::complement(StudentT(df), t));
}

double t_upper_quantile(double alpha, double df) {
  if (df == infinity) return normal_upper_quantile(alpha);
  if (alpha <= 0.0) return infinity;
  if (alpha >= 1.0) return -infinity;
  return bm::quantile(bm::complement(StudentT(df), alpha));
}

double beta_quantile(double p, double a, double b) { return bm::ibeta_inv(a, b, std::clamp(p, 0.0, 1.0), Quiet()); }

double beta_upper_quantile(double p, double a, double b) {
  return bm::ibetac_inv(a, b, std::clamp(p, 0.0, 1.0), Quiet());
}

double binomial_cdf(double k, double n, double p) {
  if (k < 0.0) return 0.0;
  if (k >= n || p <= 0.0) return 1.0;
  if (p >= 1.0) return 0.0;
  return bm::ibetac(k + 1.0, n - k, p, Quiet());
}

double binomial_upper_tail(double k, double n, double p) {
  if (k <= 0.0) return 1.0;
  if (k > n || p <= 0.0) return 0.0;
  if (p >= 1.0) return 1.0;
  return bm::ibeta(k, n - k + 1.0, p, Quiet());
}

double binomial_pmf(double k, double n, double p) {
  if (k < 0.0 || k > n) return 0.0;
  if (p <= 0.0) return k == 0.0 ? 1.0 : 0.0;
  if (p >= 1.0) return k == n ? 1.0 : 0.0;
  return bm::ibeta_derivative(k + 1.0, n - k + 1.0, p, Quiet()) / (n + 1.0);
}

}  // namespace headgate::stats
