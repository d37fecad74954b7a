// A request in, an answer out; with everything that is remembered between them. Single-threaded, and knows no socket.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "counts.hpp"
#include "deliver.hpp"
#include "http_request.hpp"
#include "question.hpp"
#include "rate_models.hpp"
#include "script_data.hpp"

namespace headgate::fake {

struct Now {
  Micros at = 0;                  // since the server began
  std::int64_t wall_seconds = 0;  // told in headers, decides nothing
};

class Responder {
 public:
  explicit Responder(Script script);

  // Every ticket that is counted must come back by finished().
  Delivery respond(const HttpRequest& request, const Now& now, Ticket& ticket);
  void finished(const Ticket& ticket, bool abandoned, Micros now);

  Counts& counts() { return counts_; }
  const Counts& counts() const { return counts_; }

 private:
  struct Asked {
    const HttpRequest* http;
    const Profile* profile;
    Dialect dialect;
    Question question;
    Micros first;
    std::uint64_t hash;
  };

  Delivery control(const HttpRequest& request, const Now& now);
  std::size_t profile_of(std::string_view path) const;
  bool has_key(const Asked& asked) const;
  Delivery refuse_key(const Asked& asked, Ticket& ticket) const;
  Delivery reject(const Asked& asked, const Limit& limit, Micros wait, const Now& now, Headers headers,
                  Ticket& ticket) const;
  const Limit* admit(const Asked& asked, const Now& now, Ticket& ticket, Micros& wait, Headers& headers);
  void reset();

  Script script_;
  std::map<std::string, std::size_t, std::less<>> names_;
  std::vector<RateModels> limits_;  // by profile; the last: of all together
  QuestionReader reader_;
  Counts counts_;
  std::uint64_t epoch_ = 0;
};

}  // namespace headgate::fake
