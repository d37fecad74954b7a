#include "foreign.hpp"

#include <algorithm>

namespace headgate::grade {
namespace {

constexpr std::string_view ask_judge =
    "a model's opinion is `judge` here: named by the gate, and advisory until it is calibrated";
constexpr std::string_view ask_plugin =
    "code of your own is a `plugin`: the suite names it, and the gate says which program that is";
constexpr std::string_view ask_rule = "a bound on a whole route is a rule of the gate file, not a grader";
constexpr std::string_view ask_tool_calls = "`tool_calls` checks names, order and arguments";
constexpr std::string_view ask_similarity =
    "`similarity` has this and other metrics, with `at_least` as a share from 0 to 1";
constexpr std::string_view ask_sql =
    "there a parser of a dialect decides; `sql` here checks shape: balanced, one statement, allowed verbs";

// Of promptfoo, in alphabetical order.
constexpr ForeignKind all[] = {
    {"agent-rubric", ask_judge},
    {"answer-relevance", ask_judge},
    {"assert-set", "`all_of`, `any_of` and `mean_of` combine graders"},
    {"bleu", ask_similarity},
    {"classifier", ask_plugin},
    {"context-faithfulness", ask_judge},
    {"context-recall", ask_judge},
    {"context-relevance", ask_judge},
    {"contains-sql", ask_sql},
    {"conversation-relevance", ask_judge},
    {"cost", ask_rule},
    {"f-score", "`similarity` with metric token_f1, or `classification` over a whole suite"},
    {"factuality", ask_judge},
    {"finish-reason", "a reply that was cut or filtered is an error here, before any grader sees it"},
    {"g-eval", ask_judge},
    {"gleu", ask_similarity},
    {"guardrails", ask_plugin},
    {"is-html", "`xml` checks well-formed markup; anything looser is a `plugin`"},
    {"is-sql", ask_sql},
    {"is-valid-function-call", ask_tool_calls},
    {"is-valid-openai-function-call", ask_tool_calls},
    {"is-valid-openai-tools-call", ask_tool_calls},
    {"javascript", ask_plugin},
    {"latency", ask_rule},
    {"levenshtein", "there it counts edits; `similarity` with metric levenshtein takes a share from 0 to 1"},
    {"llm-rubric", ask_judge},
    {"meteor", ask_similarity},
    {"model-graded-closedqa", ask_judge},
    {"model-graded-factuality", ask_judge},
    {"moderation", ask_plugin},
    {"perplexity", "log probabilities are not kept"},
    {"perplexity-score", "log probabilities are not kept"},
    {"pi", ask_judge},
    {"python", ask_plugin},
    {"rouge-n", "`similarity` with metric rouge_1, rouge_2 or rouge_l, and `at_least`"},
    {"ruby", ask_plugin},
    {"search-rubric", ask_judge},
    {"select-best", "`pairwise` compares the two arms' replies, in both orders"},
    {"similar", "`similarity` with metric cosine and the name of an embeddings route"},
    {"tool-call-f1", ask_tool_calls},
    {"starts-with", "`starts_with` is the same but for white space before the text, which it passes over"},
    {"trace-error-spans", ask_plugin},
    {"trace-span-count", ask_plugin},
    {"trace-span-duration", ask_plugin},
    {"trajectory:goal-success", "`state` checks what an agent left behind, and `judge` what it said"},
    {"trajectory:step-count", "`tool_calls` bounds the steps"},
    {"trajectory:tool-args-match", ask_tool_calls},
    {"trajectory:tool-sequence", ask_tool_calls},
    {"trajectory:tool-used", ask_tool_calls},
    {"webhook", ask_plugin},
    {"word-count", "`length` with unit words"},
};

}  // namespace

std::span<const ForeignKind> foreign_kinds() { return all; }

const ForeignKind* find_foreign(std::string_view name) {
  const auto found = std::ranges::find(all, name, &ForeignKind::name);
  return found == std::ranges::end(all) ? nullptr : &*found;
}

}  // namespace headgate::grade
