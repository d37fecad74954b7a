#include "verb_options.hpp"

#include <iterator>

namespace headgate::cli {

Option reports_option() {
  return text("--reports", "DIR", "where run folders are (default: $HEADGATE_REPORTS, else reports)");
}

Option jobs_option() { return whole("--jobs", "N", 1, "workers (default: one a processor)", {"-j"}); }

Option set_option() {
  Option set =
      text("--set", "KEY=VALUE", "override a value of the gate file, as rules.quality.max_loss=0.02; recorded");
  set.repeatable = true;
  return set;
}

Option sandbox_option() {
  return flag("--unsafe-no-sandbox",
              "run the programs of replies with your rights, where there is no bubblewrap; the decision says so");
}

std::vector<Option> plan_options() {
  return {whole("--trials", "N", 1, "run every case N times on each arm (default: what the gate says)",
                {"--repeat", "--epochs"}),
          text("--filter", "EXPR", "only these cases, as 'language=de,severity=severe'; never eligible"),
          whole("--limit", "N", 1, "only the first N cases, by suite and id; never eligible"),
          whole("--seed", "N", 0, "seed of the order (default: from the content)"), set_option(), sandbox_option()};
}

Option reduce_option() {
  return text(
      "--reduce", "HOW",
      "how a case's trials become one: mean, pass@K, pass^K, majority, worst or best (default: what the gate says)");
}

std::vector<Option> with(std::vector<Option> first, std::vector<Option> more) {
  first.insert(first.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  return first;
}

}  // namespace headgate::cli
