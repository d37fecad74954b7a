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

// An ask whose call is out.
struct PendingAsk {
  CallId id;
  std::string key;  // unique in the cell
  AskKind kind = AskKind::consult;
  const config::HttpRoute* judge = nullptr;  // of a chat
  bool answered = false;
};

using KnownAnswers = std::map<CallId, journal::RecordedAnswer>;
using AnswerBody = std::variant<JsonText, CallError>;  // as a record holds it

// Immutable, hence thread-safe.
class Asks {
 public:
  // Whose lanes begin at `first_lane`: the judges, then the plugins, then the languages, each by name. Borrows the
  // judges.
  Asks(const Helpers& helpers, std::size_t first_lane);

  // The same for the same question in every start of the run.
  CallId id_of(const CallId& call, const Digest& reply, const grade::CellAsk& ask) const;

  // The call to make, or why nobody here can answer.
  std::variant<Prepared, CallError> call_of(const CallId& id, const grade::Ask& ask) const;
  PendingAsk pending(const CallId& id, std::string key, const grade::Ask& ask) const;

  static AskKind kind_of(const grade::Ask& ask);
  // What a transport brought, in the form that is recorded; and from there to what a grader is told.
  struct ReadAnswer {
    AnswerBody body;
    std::optional<double> cost_usd, tokens;
    ErrorKind cut = ErrorKind::none;  // what is wrong with an answer that another try may mend
  };
  static ReadAnswer read(const PendingAsk& ask, route::Arrival&& arrival);
  // The same for a call that ended without an answer.
  static CallError failed(AskKind kind, CallError&& why);
  static grade::Answer answer_of(const std::string& key, AskKind kind, AnswerBody&& body);

 private:
  struct Target {
    std::size_t lane = 0;
    Digest digest;
    route::Speaks speaks = route::Speaks::json_lines;
    const config::HttpRoute* judge = nullptr;
  };
  using Targets = std::map<std::string, Target, std::less<>>;
  const Target* find(const grade::Ask& ask) const;

  Targets judges_, plugins_, languages_;
};

}  // namespace headgate::run
