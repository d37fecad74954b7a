// A cell between two tasks: where it stands, what it was answered, and what its pair waits for.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cell_work.hpp"

namespace headgate::run {

struct CellWork::Subject {
  CellIndex cell;
  CellRef ref;
  const Case& item;
  const config::Route& route;
  const grade::SuiteGraders& graders;
  const Digest& graders_digest;
  CallId call;
};

struct HeldCell : Opaque {
  enum class Stage : std::uint8_t {
    calling,       // its route, or the fallback of that
    falling_back,  // which is still to be called
    graded,        // or on the way to it
  };
  Stage stage = Stage::calling;
  bool by_fallback = false;          // who is called
  std::optional<CallError> primary;  // what its route ended with, where the fallback is called
  journal::CallFacts before;         // of that call
  std::optional<Digest> cache_key;
  bool is_to_be_kept = false;  // by the cache, once its record is handed over
  Graded graded;
  std::vector<PendingAsk> asked;  // by slot
  std::size_t open = 0;           // of those, without an answer
  KnownAnswers known;             // from earlier starts
  bool compares = false;          // its graders look at both replies of the pair
  // Of a pair that is graded as one. The baseline's cell has the other one's in it once both are here.
  bool has_met = false;
  std::shared_ptr<HeldCell> other;
  std::optional<Reply> others_reply;  // where that cell was done before
  Digest others_digest;
  std::vector<std::pair<Digest, Reply>> answers_to_keep;
};

// A message or reason as it is recorded: valid UTF-8, and cut where it is long.
std::string words(std::string_view text);

// To whoever asked.
void deliver(HeldCell& held, Asker asker, grade::Answer&& answer);

CellNews news_of(CellIndex cell);
Graded graded_of(Outcome&& outcome);
std::string answer_record(CellIndex cell, const PendingAsk& ask, const AnswerBody& body,
                          const journal::CallFacts& facts);

}  // namespace headgate::run
