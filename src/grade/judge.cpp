// judge: a model scores the reply by a rubric of named criteria, once or in several votes.
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "headgate/base/text.hpp"
#include "judge_ask.hpp"
#include "judge_prompt.hpp"
#include "judge_rubric.hpp"
#include "judge_verdict.hpp"
#include "options.hpp"

namespace headgate::grade {
namespace {

constexpr std::size_t max_votes = 15;
constexpr std::size_t max_reason_columns = 240;
constexpr double tie_tolerance = 1e-9;  // of a mean against its threshold: 0.7 three times is 0.7

static_assert(max_votes * (max_repairs + 1) <= max_asks);

struct Settings {
  std::string judge;
  double at_least = 1.0;
  std::size_t votes = 1;
  std::size_t min_votes = 1;
  std::size_t repairs = 1;
  bool majority = true;
};

struct Ballot {
  std::vector<Scored> scores;  // by criterion
  double mean = 0.0;           // weighted, in [0, 1]
  bool pass = false;
};

class Judge : public Grader {
 public:
  Judge(Settings settings, Rubric rubric, Background background, Digest digest)
      : settings_(std::move(settings)),
        rubric_(std::move(rubric)),
        background_(std::move(background)),
        digest_(digest),
        schema_(scores_schema(rubric_)),
        form_(scores_form(rubric_)) {}

  // Every vote is asked for at once, and so are their repairs; nothing is counted before all have ended.
  Step step(const Subject& subject, const Answers& answers) const override {
    const Reply& reply = *subject.replies[0];
    if (reply.empty()) return CallError{ErrorKind::empty_reply, "the reply is empty"};
    auto questions = questions_on(subject.item, reply);
    if (!questions) return std::move(questions.error());
    std::vector<Ask> asks;
    std::vector<Ballot> ballots;
    std::optional<CallError> failed;
    for (const Question& question : *questions) {
      auto vote = verdict_on<std::vector<Scored>>(
          question, answers, [&](std::string_view answer) { return read_scores(rubric_, answer); });
      if (auto* ask = std::get_if<Ask>(&vote)) {
        asks.push_back(std::move(*ask));
      } else if (auto* error = std::get_if<CallError>(&vote)) {
        if (!failed) failed = std::move(*error);
      } else {
        ballots.push_back(ballot_of(std::move(std::get<std::vector<Scored>>(vote))));
      }
    }
    if (!asks.empty()) return asks;
    if (failed && ballots.size() < settings_.min_votes) return std::move(*failed);
    return grade_of(ballots);
  }

  std::string lacks(const Case& item) const override {
    const std::string missing = rubric_.lacks(item);
    return missing.empty() ? background_.lacks(item) : missing;
  }

  Needs needs() const override { return {.judges = {JudgeUse{settings_.judge, digest_, false}}}; }

 private:
  Judged<std::vector<Question>> questions_on(const Case& item, const Reply& reply) const {
    auto materials = background_.materials(item);
    if (!materials) return tl::unexpected(materials.error());
    auto text = shown(reply);
    if (!text) return tl::unexpected(text.error());
    materials->push_back({"REPLY", std::move(*text)});
    const auto rubric = rubric_.text(item);
    if (!rubric) return tl::unexpected(rubric.error());
    std::string scratch;
    Filled<std::string_view> task = std::string_view();
    if (background_.task) task = background_.task->fill(item, scratch);
    if (!task) return tl::unexpected(task.error());
    std::vector<Question> out;
    for (std::size_t vote = 0; vote < settings_.votes; ++vote) {
      const std::string key = "v" + std::to_string(vote);
      const Prompt prompt{.question = "Judge the REPLY by each criterion of the rubric.",
                          .form = form_,
                          .task = *task,
                          .rubric = *rubric,
                          .materials = *materials,
                          .salt = key};
      out.push_back({key, settings_.judge, messages_of(prompt), schema_, settings_.repairs});
    }
    return out;
  }

  double mean_of(const std::vector<Scored>& scores) const {
    double sum = 0.0, weights = 0.0;
    for (std::size_t i = 0; i < scores.size(); ++i) {
      sum += rubric_.criteria[i].weight * rubric_.scale.normal(scores[i].score);
      weights += rubric_.criteria[i].weight;
    }
    return std::clamp(sum / weights, 0.0, 1.0);
  }

  bool passes(const std::vector<Scored>& scores, double mean) const {
    for (std::size_t i = 0; i < scores.size(); ++i) {
      const auto& least = rubric_.criteria[i].min;
      if (least && scores[i].score < *least - tie_tolerance) return false;
    }
    return mean >= settings_.at_least - tie_tolerance;
  }

  Ballot ballot_of(std::vector<Scored> scores) const {
    Ballot out;
    out.mean = mean_of(scores);
    out.pass = passes(scores, out.mean);
    out.scores = std::move(scores);
    return out;
  }

  // Of each criterion over the votes, in the points of the scale.
  std::vector<Scored> means_of(const std::vector<Ballot>& ballots) const {
    std::vector<Scored> out(rubric_.criteria.size());
    for (std::size_t i = 0; i < out.size(); ++i) {
      for (const Ballot& each : ballots) out[i].score += each.scores[i].score;
      out[i].score /= static_cast<double>(ballots.size());
    }
    return out;
  }

  Grade grade_of(const std::vector<Ballot>& ballots) const {
    const std::vector<Scored> means = means_of(ballots);
    const auto passing = static_cast<std::size_t>(std::ranges::count_if(ballots, &Ballot::pass));
    Grade grade;
    grade.score = mean_of(means);
    grade.pass = settings_.majority ? 2 * passing > ballots.size() : passes(means, grade.score);
    for (std::size_t i = 0; i < means.size(); ++i) grade.measures.push_back({rubric_.criteria[i].name, means[i].score});
    if (settings_.votes > 1) {
      const std::size_t alike = std::max(passing, ballots.size() - passing);
      grade.measures.push_back({"vote_agreement", static_cast<double>(alike) / static_cast<double>(ballots.size())});
    }
    grade.reason = reason_of(ballots, means, passing, grade);
    return grade;
  }

  // "tone 4 of 5, facts 1 of 5; 2 of 3 votes fail it; on facts: "the refund is invented""
  std::string reason_of(const std::vector<Ballot>& ballots, const std::vector<Scored>& means, std::size_t passing,
                        const Grade& grade) const {
    std::string out;
    std::size_t worst = 0;
    for (std::size_t i = 0; i < means.size(); ++i) {
      const double score = means[i].score;
      if (rubric_.scale.normal(score) < rubric_.scale.normal(means[worst].score)) worst = i;
      out += (i == 0 ? "" : ", ") + rubric_.criteria[i].name + " ";
      if (rubric_.scale.pass_fail && ballots.size() == 1) {
        out += rubric_.scale.point(static_cast<int>(score));
      } else {
        out += number(score) + " of " + std::to_string(rubric_.scale.max);
      }
    }
    if (settings_.votes > 1) {
      const std::size_t failing = ballots.size() - passing;
      out += passing == failing ? "; the votes are split, " + std::to_string(passing) + " to " + std::to_string(failing)
                                : "; " + std::to_string(grade.pass ? passing : failing) + " of " +
                                      plural(ballots.size(), "vote") + (grade.pass ? " pass it" : " fail it");
      if (ballots.size() < settings_.votes) {
        out += ", " + std::to_string(settings_.votes - ballots.size()) + " could not be read";
      }
    }
    // The word of a vote that went the way of the grade, on the criterion that did worst.
    const auto speaker = std::ranges::find(ballots, grade.pass, &Ballot::pass);
    const Ballot& ballot = speaker == ballots.end() ? ballots.front() : *speaker;
    return out + "; on " + rubric_.criteria[worst].name + ": " + elide(ballot.scores[worst].reason, max_reason_columns);
  }

  static std::string number(double value) {
    return std::floor(value) == value ? std::to_string(static_cast<long>(value)) : fixed(value, 2);
  }

  Settings settings_;
  Rubric rubric_;
  Background background_;
  Digest digest_;
  std::string schema_;
  std::string form_;
};

const FieldTable& options_table() {
  static const FieldTable table = [] {
    FieldTable out{"judge", "Options of judge.", rubric_fields(true), {rubric_demand()}};
    for (Field field : std::initializer_list<Field>{
             {"at_least", number_shape().above(0).at_most(1),
              "the least mean of the criteria for a pass, with the worst point of the scale as 0 and the best as 1; "
              "1 where the scale is pass_fail, and needed on a scale of numbers unless every criterion has a `min`"},
             {"votes", integer_shape().at_least(1).at_most(max_votes), "how often the judge is asked", false, "1"},
             {"combine", one_of({"majority", "mean"}),
              "several votes: more than half of them must pass, or the means over them", false, "\"majority\""},
             {"min_votes", integer_shape().at_least(1).at_most(max_votes),
              "so many readable votes are enough; without it every vote must be readable"},
             {"repairs", integer_shape().at_least(0).at_most(max_repairs),
              "how often a vote that cannot be read is asked for again", false, "1"}}) {
      out.fields.push_back(std::move(field));
    }
    for (Field& field : background_fields()) out.fields.push_back(std::move(field));
    return out;
  }();
  return table;
}

std::optional<Settings> build_settings(const BuildContext& context, const Rubric& rubric) {
  const Json& options = context.options;
  Settings out;
  out.judge = word(options, "judge", "");
  out.votes = static_cast<std::size_t>(quantity(options, "votes", 1.0));
  out.repairs = static_cast<std::size_t>(quantity(options, "repairs", 1.0));
  out.majority = word(options, "combine", "majority") == "majority";
  const bool all_have_min =
      std::ranges::all_of(rubric.criteria, [](const Criterion& one) { return one.min.has_value(); });
  const Json* at_least = option(options, "at_least");
  if (at_least == nullptr && !rubric.scale.pass_fail && !all_have_min) {
    context.complaints.add(context.tree.error(*option(options, "scale"), "nothing says which scores pass",
                                              "write at_least, or a `min` for every criterion"));
    return std::nullopt;
  }
  out.at_least = at_least != nullptr ? at_least->get<double>() : (rubric.scale.pass_fail ? 1.0 : 0.0);
  out.min_votes = out.votes;
  if (const Json* least = option(options, "min_votes")) {
    out.min_votes = least->get<std::size_t>();
    if (out.min_votes > out.votes) {
      context.complaints.add(context.tree.error(*least, "`min_votes` is more than the votes that are asked for"));
      return std::nullopt;
    }
  }
  return out;
}

GraderPtr build(const BuildContext& context) {
  auto rubric = build_rubric(context);
  auto background = Background::build(context);
  if (!rubric || !background) return nullptr;
  auto settings = build_settings(context, *rubric);
  if (!settings) return nullptr;
  return std::make_unique<Judge>(std::move(*settings), std::move(*rubric), std::move(*background),
                                 rubric_digest(context.options, options_table()));
}

}  // namespace

Kind judge_kind() {
  Kind kind{
      "judge",
      "a model judges the reply by a rubric",
      "Asks the judge that the gate file calls by `judge` (under `judges`) to score each criterion, with its reason "
      "first. The score is the weighted mean of the criteria, the worst point of the scale as 0 and the best as 1, and "
      "over several votes the mean of these; it passes where `at_least` is reached and no criterion is below its "
      "`min`, of several votes where more than half of them pass. The judge is not told which arm or route it sees, "
      "and the reply stands in a fence that it cannot close. An answer that is not exactly the JSON asked for is asked "
      "for again; one that still is not leaves the cell ungraded: never a pass, not_judge included. A judge decides "
      "nothing until it is calibrated against people (docs/judges.md).",
      R"({"kind":"judge","judge":"rubric","criteria":[{"name":"correct","description":"agrees with {{case.expected}}"},{"name":"tone","description":"is friendly","anchors":{"1":"rude","5":"warm"}}],"scale":{"min":1,"max":5},"at_least":0.75,"votes":3})",
      &options_table(),
      &build};
  kind.basis = Basis::model;
  return kind;
}

}  // namespace headgate::grade
