#include "text_grader.hpp"

#include <iterator>
#include <nlohmann/json.hpp>

#include "comparable.hpp"
#include "headgate/base/assert.hpp"
#include "headgate/base/unicode.hpp"
#include "options.hpp"

namespace headgate::grade {

std::optional<TextOptions> TextOptions::build(const BuildContext& context) {
  TextOptions out;
  out.fold_case = flag(context.options, "fold_case", false);
  out.trim = flag(context.options, "trim", true);
  if (const Json* extract = option(context.options, "extract")) {
    out.extract = Extract::build(context.tree, *extract, context.complaints);
    if (!out.extract) return std::nullopt;
  }
  return out;
}

std::vector<Field> with_extract_fields(std::vector<Field> own) {
  own.push_back({"extract", object_of(extract_table()), "which part of the reply is judged"});
  own.push_back({"trim", boolean_shape(), "drop white space around what is judged", false, "true"});
  return own;
}

std::vector<Field> with_text_fields(std::vector<Field> own) {
  own = with_extract_fields(std::move(own));
  own.push_back({"fold_case", boolean_shape(), "ignore case, as Unicode folds it", false, "false"});
  return own;
}

Step TextGrader::step(const Subject& subject, const Answers& answers) const {
  HG_ASSERT(!subject.replies.empty());
  const Reply& reply = *subject.replies.front();
  if (reply.empty()) return CallError{ErrorKind::empty_reply, "the reply is empty"};
  if (is_blank(reply.text)) return Absent{"the reply has no text"};  // tool calls alone
  std::string nfc, folded;
  std::string_view text = comparable(reply.text, false, nfc);
  if (options_.extract) {
    const auto part = options_.extract->apply(text);
    if (!part) return Absent{part.error()};
    text = *part;
  }
  if (options_.trim) text = trimmed(text);
  if (options_.fold_case) text = comparable(text, true, folded);
  return judge_with(text, subject, answers);
}

}  // namespace headgate::grade
