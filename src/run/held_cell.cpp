#include "held_cell.hpp"

#include <utility>

#include "headgate/base/assert.hpp"
#include "headgate/base/text.hpp"
#include "headgate/base/unicode.hpp"

namespace headgate::run {
namespace {

// Messages and reasons are sentences for people; a longer one quotes a reply that stands in the record anyway.
constexpr std::size_t max_words_columns = 600;

}  // namespace

std::string words(std::string_view text) { return elide(repair_utf8(text), max_words_columns); }

CellNews news_of(CellIndex cell) {
  CellNews news;
  news.cell = cell;
  return news;
}

Graded graded_of(Outcome&& outcome) {
  Graded graded;
  graded.outcome = std::move(outcome);
  if (const auto* reply = std::get_if<Reply>(&graded.outcome)) graded.reply = reply_digest(*reply);
  return graded;
}

std::string answer_record(CellIndex cell, const PendingAsk& ask, const AnswerBody& body,
                          const journal::CallFacts& facts) {
  if (const auto* error = std::get_if<CallError>(&body)) {
    return journal::answer_body(cell, ask.id, ask.key, *error, facts);
  }
  return journal::answer_body(cell, ask.id, ask.key, std::get<JsonText>(body), facts);
}

void deliver(HeldCell& held, Asker asker, grade::Answer&& answer) {
  HG_ASSERT(asker == Asker::own || held.other != nullptr);
  if (asker == Asker::both) held.other->graded.answers.push_back(answer);
  Graded& to = asker == Asker::other ? held.other->graded : held.graded;
  to.answers.push_back(std::move(answer));
}

}  // namespace headgate::run
