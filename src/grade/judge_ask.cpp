#include "judge_ask.hpp"

#include "headgate/base/text.hpp"
#include "headgate/base/unicode.hpp"

namespace headgate::grade {
namespace {

constexpr std::size_t max_repeated_columns = 2'000;  // of an answer that is shown to the judge again

CallError unanswered(const Question& question, const CallError& error) {
  return {ErrorKind::judge_failed, "the judge '" + question.judge + "' did not answer: " +
                                       (error.message.empty() ? std::string(name(error.kind)) : error.message)};
}

std::vector<Message> repair_of(std::vector<Message> talk, std::string_view answer, const CallError& fault) {
  talk.push_back({"assistant", is_blank(answer) ? "(no text)" : elide(answer, max_repeated_columns)});
  talk.push_back({"user", "That answer cannot be used: it " + fault.message +
                              ". Judge the same material once more, and answer with the one JSON object of the form "
                              "above and nothing else."});
  return talk;
}

}  // namespace

Said said(const Question& question, const Answers& answers, const FaultOf& fault_of) {
  std::vector<Message> talk = question.messages;
  std::string key = question.key;
  CallError fault;
  for (std::size_t repair = 0; repair <= question.repairs; ++repair) {
    if (repair > 0) key = question.key + "/repair" + std::to_string(repair);
    const Answer* answer = answers.find(key);
    if (answer == nullptr) return {Ask{key, Chat{question.judge, std::move(talk), question.schema}}};
    if (const auto* error = std::get_if<CallError>(&answer->what)) return {unanswered(question, *error)};
    const auto* reply = std::get_if<Reply>(&answer->what);
    if (reply == nullptr) {
      return {CallError{ErrorKind::judge_failed, "the judge '" + question.judge + "' was answered for by another"}};
    }
    auto found = fault_of(reply->text);
    if (!found) return {reply->text};
    fault = std::move(*found);
    talk = repair_of(question.messages, reply->text, fault);
  }
  fault.message = "the answer of the judge '" + question.judge + "' " +
                  (question.repairs > 0 ? "to the last repair " : "") + fault.message;
  return {std::move(fault)};
}

}  // namespace headgate::grade
