// What graders ask, as calls to judges, plugins and programs, and what those answer.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <variant>

#include "headgate/domain/plan.hpp"
#include "headgate/grade/cell.hpp"
#include "headgate/journal/scan.hpp"
#include "headgate/route/transport.hpp"
#include "headgate/run/drive.hpp"
#include "live_work.hpp"

namespace headgate::run {

enum class AskKind : std::uint8_t { chat, embed, consult, program };

// Who gets the answer, of the two cells of a pair that are graded as one.
enum class Asker : std::uint8_t { own, other, both };

// An ask whose call is out.
struct PendingAsk {
  CallId id;
  std::string key;  // unique in the cell
  Asker asker = Asker::own;
  AskKind kind = AskKind::consult;
  const config::Route* route = nullptr;  // of a chat or an embedding
  std::size_t texts = 0;                 // of an embedding: how many vectors must come
  std::optional<Digest> cache_key;       // where its answer is to be kept
  bool answered = false;
};

using KnownAnswers = std::map<CallId, journal::RecordedAnswer>;
using AnswerBody = std::variant<JsonText, CallError>;  // as a record holds it

// Immutable, hence thread-safe.
class Asks {
 public:
  // Whose lanes begin at `first_lane`: the judges, the embeddings, the plugins, then the languages, each by name.
  // Borrows the routes.
  Asks(const Helpers& helpers, std::size_t first_lane);

  // The same for the same question in every start of the run.
  CallId id_of(const CallId& call, const Digest& reply, const grade::CellAsk& ask) const;

  // The call to make, or why nobody here can answer.
  std::variant<Prepared, CallError> call_of(const CallId& id, const grade::Ask& ask) const;
  PendingAsk pending(const CallId& id, std::string key, Asker asker, const grade::Ask& ask) const;
  // What an answer is kept by: all that the route is told, and which vote of which grader it is, so that one kept
  // answer never stands for several. Absent for whom nobody pays.
  std::optional<Digest> cache_key_of(const Prepared& prepared, const grade::CellAsk& ask, Arm arm,
                                     std::uint32_t trial) const;

  static AskKind kind_of(const grade::Ask& ask);
  // What a transport brought, in the form that is recorded; and from there to what a grader is told.
  struct ReadAnswer {
    AnswerBody body;
    std::optional<double> cost_usd, tokens;
    ErrorKind cut = ErrorKind::none;  // what is wrong with an answer that another try may mend
    std::optional<Reply> to_keep = {};
  };
  static ReadAnswer read(const PendingAsk& ask, route::Arrival&& arrival);
  // A kept reply to the same question; nothing where it does not fit.
  static std::optional<AnswerBody> read_kept(const PendingAsk& ask, const Reply& reply);
  // The same for a call that ended without an answer.
  static CallError failed(AskKind kind, CallError&& why);
  static grade::Answer answer_of(const std::string& key, AskKind kind, AnswerBody&& body);

 private:
  struct Target {
    std::size_t lane = 0;
    Digest digest;
    route::Speaks speaks = route::Speaks::json_lines;
    const config::Route* route = nullptr;
  };
  using Targets = std::map<std::string, Target, std::less<>>;
  const Target* find(const grade::Ask& ask) const;

  Targets judges_, embeddings_, plugins_, languages_;
};

}  // namespace headgate::run
