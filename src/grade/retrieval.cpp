// retrieval: the documents that a reply carries, as a ranking, against the ids that are relevant to the case.
#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "headgate/base/assert.hpp"
#include "headgate/base/text.hpp"
#include "headgate/domain/template.hpp"
#include "headgate/grade/registry.hpp"
#include "options.hpp"
#include "verdict.hpp"

namespace headgate::grade {
namespace {

using Gains = std::map<std::string, double>;  // above 0, by id

enum class Metric { recall, precision, mrr, ndcg, hit };
constexpr const char* metric_names[] = {"recall", "precision", "mrr", "ndcg", "hit"};

struct RetrievalOptions {
  Metric metric = Metric::recall;
  std::optional<std::size_t> k;
  double at_least = 1.0;
  bool exponential = false;
  bool by_score = false;
  std::optional<Gains> fixed;
  Variable from_case{Variable::Source::expected, "", "case.expected"};
};

// {"kb-1": 2, "kb-7": 1}, or a list of ids that all gain 1, or one id. What gains 0 is known not to be relevant.
Judged<Gains> read_gains(const Json& written) {
  Gains out;
  const auto id_of = [](const Json& one) { return one.is_string() ? one.get<std::string>() : canonical(one); };
  if (written.is_object()) {
    for (const auto& [id, gain] : written.items()) {
      if (!gain.is_number() || !(gain.get<double>() >= 0.0))
        return unjudged("the gain of " + in_quotes(id) + " is no number from 0 up");
      if (gain.get<double>() > 0.0) out[id] = gain.get<double>();
    }
  } else if (written.is_array()) {
    for (const Json& one : written) {
      if (!one.is_string() && !one.is_number()) return unjudged("a relevant id is neither a text nor a number");
      out[id_of(one)] = 1.0;
    }
  } else if (written.is_string() || written.is_number()) {
    out[id_of(written)] = 1.0;
  } else {
    return unjudged("the relevant ids are neither a list nor a map of gains");
  }
  if (out.empty()) return unjudged("the case has no relevant ids");
  return out;
}

// The gain at each rank of the first k. The same id again keeps its place and gains nothing.
std::vector<double> gains_of(const std::vector<const Passage*>& ranking, const Gains& gains, std::size_t k) {
  std::vector<double> out;
  std::set<std::string_view> seen;
  for (std::size_t rank = 0; rank < std::min(k, ranking.size()); ++rank) {
    const auto found = gains.find(ranking[rank]->id);
    const bool counts = found != gains.end() && seen.insert(ranking[rank]->id).second;
    out.push_back(counts ? found->second : 0.0);
  }
  return out;
}

// Discounted cumulative gain with base 2: Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques",
// ACM TOIS 20(4), 2002, in the form that divides the gain at rank r by log2(r + 1). With `exponential` the gain is
// 2^g - 1 (Burges et al., ICML 2005).
double dcg(const std::vector<double>& gains, bool exponential) {
  double sum = 0.0;
  for (std::size_t i = 0; i < gains.size(); ++i) {
    const double gain = exponential ? std::exp2(gains[i]) - 1.0 : gains[i];
    sum += gain / std::log2(static_cast<double>(i) + 2.0);
  }
  return sum;
}

struct Metrics {
  double values[5] = {};  // by Metric
  std::size_t found = 0;
};

// Where no k is given, k is the length of the ranking; the ideal ranking then has all that is relevant.
Metrics measure(const std::vector<double>& gains, const Gains& relevant, std::optional<std::size_t> k,
                bool exponential) {
  Metrics out;
  const auto at = [&](Metric metric) -> double& { return out.values[static_cast<std::size_t>(metric)]; };
  for (std::size_t i = 0; i < gains.size(); ++i) {
    if (gains[i] <= 0.0) continue;
    if (out.found++ == 0) at(Metric::mrr) = 1.0 / static_cast<double>(i + 1);
  }
  const auto found = static_cast<double>(out.found);
  at(Metric::recall) = found / static_cast<double>(relevant.size());
  at(Metric::precision) = found / static_cast<double>(k.value_or(gains.size()));
  at(Metric::hit) = out.found > 0 ? 1.0 : 0.0;
  std::vector<double> ideal;
  for (const auto& [id, gain] : relevant) ideal.push_back(gain);
  std::sort(ideal.begin(), ideal.end(), std::greater<>());
  if (k && ideal.size() > *k) ideal.resize(*k);
  at(Metric::ndcg) = std::min(1.0, dcg(gains, exponential) / dcg(ideal, exponential));
  return out;
}

class Retrieval : public Grader {
 public:
  explicit Retrieval(RetrievalOptions options) : options_(std::move(options)) {}

  Step step(const Subject& subject, const Answers&) const override {
    HG_ASSERT(!subject.replies.empty());
    const Reply& reply = *subject.replies.front();
    if (reply.empty()) return CallError{ErrorKind::empty_reply, "the reply is empty"};
    const auto relevant = gains_for(subject.item);
    if (!relevant) return relevant.error();
    if (reply.documents.empty()) return Absent{"the reply carries no documents"};
    std::vector<const Passage*> ranking;
    for (const Passage& one : reply.documents) ranking.push_back(&one);
    if (options_.by_score) {
      const auto unscored = std::ranges::find_if(ranking, [](const Passage* one) { return !one->score; });
      if (unscored != ranking.end()) return Absent{"the document " + in_quotes((*unscored)->id) + " has no score"};
      std::ranges::stable_sort(ranking, std::greater<>(), [](const Passage* one) { return *one->score; });
    }
    const std::size_t k = options_.k.value_or(ranking.size());
    return grade(measure(gains_of(ranking, *relevant, k), *relevant, options_.k, options_.exponential), *relevant);
  }

  std::string lacks(const Case& item) const override {
    const auto relevant = gains_for(item);
    return relevant ? std::string() : relevant.error().message;
  }

 private:
  Judged<Gains> gains_for(const Case& item) const {
    if (options_.fixed) return *options_.fixed;
    std::string scratch;
    const auto json = json_of(options_.from_case, item, scratch);
    if (!json) return tl::unexpected(json.error());
    const auto value = parse_own(*json);
    if (!value) return unjudged("the relevant ids are no JSON");
    return read_gains(*value);
  }

  Step grade(const Metrics& metrics, const Gains& relevant) const {
    const std::string suffix = options_.k ? "@" + std::to_string(*options_.k) : "";
    Grade out;
    for (std::size_t i = 0; i < std::size(metric_names); ++i)
      out.measures.push_back({metric_names[i] + suffix, metrics.values[i]});
    const auto chosen = static_cast<std::size_t>(options_.metric);
    out.score = metrics.values[chosen];
    out.pass = out.score >= options_.at_least;
    out.reason = metric_names[chosen] + suffix + " is " + shortest(std::round(out.score * 1e4) / 1e4) + ": " +
                 std::to_string(metrics.found) + " of " + std::to_string(relevant.size()) + " relevant found";
    if (!out.pass) out.reason += ", at least " + shortest(options_.at_least) + " asked";
    return out;
  }

  RetrievalOptions options_;
};

const FieldTable& options_table() {
  static const FieldTable table{
      "retrieval",
      "Options of retrieval.",
      {{"metric", one_of({"recall", "precision", "mrr", "ndcg", "hit"}), "which of them is the score", false,
        "\"recall\""},
       {"k",
        integer_shape().at_least(1).at_most(10'000),
        "how many of the first documents count; without it all",
        false,
        {},
        "5"},
       {"at_least", fraction(), "the least score that passes", false, "1"},
       {"relevant",
        either({string_shape(), list_of(either({string_shape(), number_shape()})).at_least(1),
                map_of(number_shape().at_least(0))}),
        "the relevant ids, or a map from id to gain, or the variable that has them", false, "\"{{case.expected}}\""},
       {"gain", one_of({"linear", "exponential"}), "in ndcg, whether a gain counts as it is or as 2^gain - 1", false,
        "\"linear\""},
       {"order", one_of({"given", "score"}), "the ranking: as the documents stand, or the highest score first", false,
        "\"given\""}}};
  return table;
}

bool read_relevant(const BuildContext& context, RetrievalOptions& out) {
  const Json* relevant = option(context.options, "relevant");
  if (relevant == nullptr) return true;
  if (relevant->is_string()) {
    const auto text = Template::compile(context.tree, *relevant, context.complaints);
    if (!text) return false;
    if (text->only_variable() != nullptr && text->only_variable()->source != Variable::Source::id) {
      out.from_case = *text->only_variable();
      return true;
    }
    if (!text->constant()) {
      context.complaints.add(context.tree.error(*relevant, "`relevant` must be ids, or one variable that has them",
                                                "for example {{case.expected}} or {{case.vars.relevant}}"));
      return false;
    }
  }
  auto gains = read_gains(*relevant);
  if (gains) {
    out.fixed = std::move(*gains);
    return true;
  }
  context.complaints.add(context.tree.error(*relevant, gains.error().message == "the case has no relevant ids"
                                                           ? "nothing here is relevant"
                                                           : gains.error().message));
  return false;
}

GraderPtr build(const BuildContext& context) {
  RetrievalOptions out;
  const std::string metric = word(context.options, "metric", "recall");
  const auto found = std::ranges::find(metric_names, metric);
  out.metric = static_cast<Metric>(found - std::begin(metric_names));
  if (const Json* k = option(context.options, "k")) out.k = k->get<std::size_t>();
  out.at_least = quantity(context.options, "at_least", 1.0);
  out.exponential = word(context.options, "gain", "linear") == "exponential";
  out.by_score = word(context.options, "order", "given") == "score";
  return read_relevant(context, out) ? std::make_unique<Retrieval>(std::move(out)) : nullptr;
}

}  // namespace

Kind retrieval_kind() {
  return {
      "retrieval",
      "the documents that the reply carries are the relevant ones, in good order",
      "Takes the documents of the reply as a ranking and measures recall, precision, mrr (the reciprocal rank of the "
      "first relevant one), ndcg (graded gains, discounted by log2 of the rank plus 1, over the best possible ranking) "
      "and hit, "
      "at k. Precision divides by k also where fewer came; the same id again keeps its place and gains nothing. The "
      "score is "
      "`metric`, all five are measures. A reply without documents fails, as not_retrieval too.",
      R"({"kind":"retrieval","metric":"ndcg","k":5,"at_least":0.6,"relevant":"{{case.expected}}"})",
      &options_table(),
      &build};
}

}  // namespace headgate::grade
