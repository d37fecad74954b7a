// Reading what a judge answered. Whatever is not exactly one verdict is no verdict.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "headgate/base/json.hpp"
#include "judge_rubric.hpp"

namespace headgate::grade {

inline constexpr std::size_t max_verdict_bytes = 65'536;

// Why an answer is no verdict: ErrorKind::unparsable_verdict, or score_out_of_range where a score is no point of the
// scale. The message continues "the answer …".
template <class T>
using Read = tl::expected<T, CallError>;

// The answer as one JSON object: the whole text, or the whole of one ``` block that is all there is. A <think> block
// before it is passed over. Never a part of longer prose: a judge that quotes a reply may quote a verdict.
Read<Json> one_object(std::string_view answer);

struct Scored {
  double score = 0.0;  // a point of the scale
  std::string reason;
};

// What the judge must answer by a rubric: as a JSON Schema, as words in its instructions, and read back, in the order
// of the criteria.
std::string scores_schema(const Rubric& rubric);
std::string scores_form(const Rubric& rubric);
Read<std::vector<Scored>> read_scores(const Rubric& rubric, std::string_view answer);

// Which of two replies is better, by the order in which they were shown.
enum class Better { first, second, tie };
struct Choice {
  Better better = Better::tie;
  std::string reason;
};
std::string choice_schema();
std::string choice_form();
Read<Choice> read_choice(std::string_view answer);

}  // namespace headgate::grade
