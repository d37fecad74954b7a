// What graders ask, as calls to plugins and programs, and what those answer.
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
#include "payload.hpp"

namespace headgate::run {

// Payloads that go through the conductor.
struct Request : Opaque {
  explicit Request(route::Call&& what) : call(std::move(what)) {}
  route::Call call;
};
struct Response : Opaque {
  explicit Response(route::Arrival&& what) : arrival(std::move(what)) {}
  route::Arrival arrival;
};

enum class AskKind : std::uint8_t { chat, embed, consult, program };

// An ask whose call is out.
struct PendingAsk {
  CallId id;
  std::string key;  // unique in the cell
  AskKind kind = AskKind::consult;
  bool answered = false;
};

using KnownAnswers = std::map<CallId, journal::RecordedAnswer>;
using AnswerBody = std::variant<JsonText, CallError>;  // as a record holds it

// Immutable, hence thread-safe.
class Asks {
 public:
  // Whose lanes come after `first_lane`: the plugins, then the languages, each by name.
  Asks(const Helpers& helpers, std::size_t first_lane);

  // The same for the same question in every start of the run.
  CallId id_of(const CallId& call, const Digest& reply, const grade::CellAsk& ask) const;

  // The call to make, or why nobody here can answer.
  std::variant<route::Call, CallError> call_of(const CallId& id, const grade::Ask& ask) const;

  static AskKind kind_of(const grade::Ask& ask);
  // What a transport brought, in the form that is recorded; and from there to what a grader is told.
  static AnswerBody read(AskKind kind, route::Arrival&& arrival);
  static grade::Answer answer_of(const std::string& key, AskKind kind, AnswerBody&& body);

 private:
  struct Target {
    std::size_t lane = 0;
    Digest digest;
    route::Speaks speaks = route::Speaks::json_lines;
  };
  using Targets = std::map<std::string, Target, std::less<>>;
  const Target* find(const grade::Ask& ask) const;

  Targets plugins_, languages_;
};

}  // namespace headgate::run
