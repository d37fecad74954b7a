// pairwise: which of the two replies of a pair a model finds better, asked in both orders.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "headgate/base/text.hpp"
#include "judge_ask.hpp"
#include "judge_prompt.hpp"
#include "judge_rubric.hpp"
#include "judge_verdict.hpp"
#include "options.hpp"

namespace headgate::grade {
namespace {

constexpr std::size_t max_votes = 7;
constexpr std::size_t max_reason_columns = 240;

static_assert(max_votes * 2 * (max_repairs + 1) <= max_asks);

// What one vote, in both orders, came to.
struct Round {
  Choice forward;   // the first reply was shown first
  Choice backward;  // the second was

  // The reply that wins: 0 or 1; nothing where it is a tie, as it is where the orders disagree.
  std::optional<std::size_t> winner() const {
    if (forward.better == Better::first && backward.better == Better::second) return 0;
    if (forward.better == Better::second && backward.better == Better::first) return 1;
    return std::nullopt;
  }
  bool agrees() const { return winner() || (forward.better == Better::tie && backward.better == Better::tie); }
};

struct Settings {
  std::string judge;
  std::size_t votes = 1;
  std::size_t repairs = 1;
  bool tie_passes = true;
};

class Pairwise : public Grader {
 public:
  Pairwise(Settings settings, Rubric rubric, Background background, Digest digest)
      : settings_(std::move(settings)),
        rubric_(std::move(rubric)),
        background_(std::move(background)),
        digest_(digest) {}

  Scope scope() const override { return Scope::pair; }

  Step step(const Subject& subject, const Answers& answers) const override {
    const Reply& first = *subject.replies[0];
    const Reply& second = *subject.replies[1];
    if (first.empty() || second.empty()) return CallError{ErrorKind::empty_reply, "one of the replies is empty"};
    const auto a = shown(first);
    if (!a) return a.error();
    const auto b = shown(second);
    if (!b) return b.error();
    if (*a == *b) return alike();
    const auto common = background_.materials(subject.item);
    if (!common) return common.error();
    const auto rubric = rubric_.text(subject.item);
    if (!rubric) return rubric.error();
    std::string scratch;
    Filled<std::string_view> task = std::string_view();
    if (background_.task) task = background_.task->fill(subject.item, scratch);
    if (!task) return task.error();

    std::vector<Ask> asks;
    std::vector<Round> rounds(settings_.votes);
    std::optional<CallError> failed;
    for (std::size_t vote = 0; vote < settings_.votes; ++vote) {
      const std::string prefix = settings_.votes == 1 ? "" : "v" + std::to_string(vote) + "/";
      const auto ask_for = [&](const char* key, const std::string& one, const std::string& other, Choice& out) {
        const Question question{prefix + key, settings_.judge, told(prefix, *task, *rubric, *common, one, other),
                                choice_schema(), settings_.repairs};
        auto verdict = verdict_on<Choice>(question, answers, read_choice);
        if (auto* ask = std::get_if<Ask>(&verdict)) {
          asks.push_back(std::move(*ask));
        } else if (auto* error = std::get_if<CallError>(&verdict)) {
          if (!failed) failed = std::move(*error);
        } else {
          out = std::move(std::get<Choice>(verdict));
        }
      };
      ask_for("ab", *a, *b, rounds[vote].forward);
      ask_for("ba", *b, *a, rounds[vote].backward);
    }
    if (!asks.empty()) return asks;
    if (failed) return std::move(*failed);
    return grade_of(rounds);
  }

  std::string lacks(const Case& item) const override {
    const std::string missing = rubric_.lacks(item);
    return missing.empty() ? background_.lacks(item) : missing;
  }

  Needs needs() const override { return {.judges = {JudgeUse{settings_.judge, digest_, false}}}; }

 private:
  static std::vector<Message> told(const std::string& salt, std::string_view task, const std::string& rubric,
                                   std::vector<Material> materials, const std::string& one, const std::string& other) {
    materials.push_back({"FIRST REPLY", one});
    materials.push_back({"SECOND REPLY", other});
    const std::string form = choice_form();
    return messages_of({.question = "By this rubric, which reply is better? The order in which they stand says nothing "
                                    "of them. Where neither is better, say tie.",
                        .form = form,
                        .task = task,
                        .rubric = rubric,
                        .materials = materials,
                        .salt = salt});
  }

  Grade graded(double score, std::string reason) const {
    return {settings_.tie_passes ? score >= 0.5 : score > 0.5, score, std::move(reason)};
  }

  Step alike() const {
    const Grade tie = graded(0.5, "the two replies are the same");
    return PairGrade{tie, tie};
  }

  Step grade_of(const std::vector<Round>& rounds) const {
    double first = 0.0;
    std::size_t disagreements = 0, named = 0, named_first = 0;
    for (const Round& each : rounds) {
      const auto winner = each.winner();
      first += winner ? (*winner == 0 ? 1.0 : 0.0) : 0.5;
      disagreements += each.agrees() ? 0U : 1U;
      for (const Better better : {each.forward.better, each.backward.better}) {
        named += better == Better::tie ? 0U : 1U;
        named_first += better == Better::first ? 1U : 0U;
      }
    }
    const auto n = static_cast<double>(rounds.size());
    first /= n;
    std::vector<Measure> measures{{"order_disagreement", static_cast<double>(disagreements) / n}};
    if (named > 0) {
      measures.push_back({"shown_first_wins", static_cast<double>(named_first) / static_cast<double>(named)});
    }
    PairGrade out{graded(first, words(rounds, first, disagreements)),
                  graded(1.0 - first, words(rounds, 1.0 - first, disagreements))};
    out.first.measures = measures;
    out.second.measures = std::move(measures);
    return out;
  }

  std::string words(const std::vector<Round>& rounds, double score, std::size_t disagreements) const {
    std::string out = score > 0.5   ? "better than the other reply"
                      : score < 0.5 ? "worse than the other reply"
                                    : "a tie";
    if (rounds.size() > 1) out += " over " + std::to_string(rounds.size()) + " votes";
    if (disagreements > 0) {
      out += rounds.size() == 1 ? ", for the judge said otherwise when the order was turned round"
                                : ", " + std::to_string(disagreements) + " of them undone by the order";
    }
    return out + ": " + elide(rounds.front().forward.reason, max_reason_columns);
  }

  Settings settings_;
  Rubric rubric_;
  Background background_;
  Digest digest_;
};

const FieldTable& options_table() {
  static const FieldTable table = [] {
    FieldTable out{"pairwise", "Options of pairwise.", rubric_fields(false), {rubric_demand()}};
    out.fields.push_back({"votes", integer_shape().at_least(1).at_most(max_votes),
                          "how often the judge is asked, each time in both orders", false, "1"});
    out.fields.push_back({"repairs", integer_shape().at_least(0).at_most(max_repairs),
                          "how often an answer that cannot be read is asked for again", false, "1"});
    out.fields.push_back({"tie", one_of({"pass", "fail"}), "whether a reply passes that is neither better nor worse",
                          false, "\"pass\""});
    for (Field& field : background_fields()) out.fields.push_back(std::move(field));
    return out;
  }();
  return table;
}

GraderPtr build(const BuildContext& context) {
  auto rubric = build_rubric(context);
  auto background = Background::build(context);
  if (!rubric || !background) return nullptr;
  const Json& options = context.options;
  Settings settings{word(options, "judge", ""), static_cast<std::size_t>(quantity(options, "votes", 1.0)),
                    static_cast<std::size_t>(quantity(options, "repairs", 1.0)),
                    word(options, "tie", "pass") == "pass"};
  return std::make_unique<Pairwise>(std::move(settings), std::move(*rubric), std::move(*background),
                                    rubric_digest(options, options_table()));
}

}  // namespace

Kind pairwise_kind() {
  Kind kind{
      "pairwise",
      "a model says which arm's reply is better",
      "Shows the judge that the gate file calls by `judge` the replies of both arms to the case, as first and "
      "second, and asks which is better by the rubric; then again with the order turned round. A reply that wins "
      "in both orders scores 1 and the other 0; a tie scores 0.5 each, and where the orders disagree it is a "
      "tie, counted in the measure order_disagreement. shown_first_wins is 0.5 for a judge that does not mind "
      "the order. Passes where the reply is not worse. Replies with the same text are a tie, and nobody is asked. "
      "Where the other arm has no reply the cell is ungraded. The judge is not told which arm is which.",
      R"({"kind":"pairwise","judge":"rubric","rubric":"answers the question fully and invents nothing"})",
      &options_table(),
      &build};
  kind.basis = Basis::model;
  return kind;
}

}  // namespace headgate::grade
