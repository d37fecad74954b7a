#include "headgate/stats/binomial.hpp"
#include "headgate/stats/clusters.hpp"
#include "judgement.hpp"
#include "sections.hpp"

namespace headgate::gate {

void Tally::add(bool hit, std::uint32_t cluster) {
  hits_.push_back(hit ? 1.0 : 0.0);
  clusters_.push_back(cluster);
}

CountedShare Tally::share() const {
  CountedShare share;
  share.n = hits_.size();
  for (const double hit : hits_) share.hits += hit > 0.0 ? 1 : 0;
  if (stats::shares_clusters(clusters_)) {
    if (const auto found = stats::clustered_proportion_bounds(hits_, clusters_, alpha)) {
      share.lower = found->bounds.lower;
      share.upper = found->bounds.upper;
    }
  } else if (const auto bounds =
                 stats::clopper_pearson({static_cast<double>(share.hits), static_cast<double>(share.n)}, alpha)) {
    share.lower = bounds->lower;
    share.upper = bounds->upper;
  }
  return share;
}

void name_case(NamedCases& cases, const View& view, CaseIndex item) {
  if (cases.ids.size() < NamedCases::most) cases.ids.push_back(view.id(item));
  ++cases.total;
}

}  // namespace headgate::gate
