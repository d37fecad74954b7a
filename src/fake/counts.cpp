#include "counts.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "headgate/base/unicode.hpp"
#include "mix.hpp"

namespace headgate::fake {
namespace {

constexpr std::size_t most_inputs = 10'000;  // of bodies listed with the beginning of their input
constexpr std::size_t most_input_bytes = 80;
constexpr std::size_t most_logged_body = std::size_t{16} << 10;
// What was on its way when the rejection was sent may still come.
constexpr Micros on_its_way = 100'000;
constexpr Micros rounding = 20'000;  // a client's timer may be a little early

const char* word(Ending ending) {
  switch (ending) {
    case Ending::whole:
      return "whole";
    case Ending::cut:
      return "cut";
    case Ending::reset:
      return "reset";
    case Ending::closed:
      return "closed";
    case Ending::held:
      break;
  }
  return "held";
}

void lower(Micros& least, Micros value) {
  if (least < 0 || value < least) least = value;
}

Json millis(Micros time) { return time < 0 ? Json() : Json(static_cast<double>(time) / 1000.0); }

std::string printable(std::string_view text, std::size_t most) {
  std::string out = repair_utf8(text.substr(0, most));
  std::erase(out, '\0');
  return out;
}

bool is_secret(std::string_view name) { return name == "authorization" || name == "x-api-key" || name == "api-key"; }

Json headers_of(std::string_view head) {
  Json out = Json::object();
  while (!head.empty()) {
    const std::size_t end = head.find("\r\n");
    const std::string_view line = head.substr(0, end);
    head = end == std::string_view::npos ? std::string_view() : head.substr(end + 2);
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    std::string name(line.substr(0, colon));
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    std::string_view value = line.substr(colon + 1);
    while (value.starts_with(' ')) value.remove_prefix(1);
    out[name] = is_secret(name) ? "(kept back)" : printable(value, value.size());
  }
  return out;
}

}  // namespace

Counts::Counts(std::vector<std::string> profiles, std::size_t remember, std::size_t log)
    : profiles_(std::move(profiles)), remember_(remember), log_size_(log), tallies_(profiles_.size()) {}

void Counts::reset() {
  Counts fresh(profiles_, remember_, log_size_);
  fresh.accepted_ = accepted_;
  fresh.open_ = open_;
  fresh.last_ = last_;
  *this = std::move(fresh);
}

void Counts::note_gap(Tally& tally, Micros now) {
  if (tally.rejected_at < 0) return;
  lower(tally.least_gap, now - tally.rejected_at);
  if (now > tally.rejected_at + on_its_way && now + rounding < tally.pause_until) ++tally.too_early;
}

void Counts::arrived(const Arrival& arrival, Ticket& ticket) {
  if (total_.requests == 0) first_ = arrival.now;
  last_ = arrival.now;
  ticket.counted = true;
  ticket.profile = arrival.profile;
  ticket.body = arrival.body;
  ticket.attempt = 1;
  ticket.index = tallies_[arrival.profile].requests + 1;

  Body* body = nullptr;
  if (const auto found = bodies_.find(arrival.body); found != bodies_.end()) {
    body = &found->second;
  } else if (bodies_.size() < remember_) {
    body = &bodies_[arrival.body];
    body->profile = static_cast<std::uint32_t>(arrival.profile);
    if (order_.size() < most_inputs) {
      order_.push_back(arrival.body);
      body->input = printable(arrival.input, most_input_bytes);
    }
  } else {
    ++not_remembered_;
  }
  for (Tally* tally : {&total_, &tallies_[arrival.profile]}) {
    note_gap(*tally, arrival.now);
    ++tally->requests;
    if (arrival.through_proxy) ++tally->through_proxy;
    tally->most_in_flight = std::max(tally->most_in_flight, ++tally->in_flight);
    if (body == nullptr) continue;
    if (body->answered > 0) ++tally->repeats;
    if (body->rejected_at >= 0) lower(tally->least_gap_same_body, arrival.now - body->rejected_at);
  }
  if (body != nullptr) {
    ticket.attempt = ++body->asked;
    asked_most_ = std::max(asked_most_, body->asked);
    body->rejected_at = -1;
  }
  if (log_size_ > 0) {
    if (log_.size() == log_size_) log_.pop_front();
    log_.push_back({ticket.index, ticket.attempt, arrival.body, arrival.profile, arrival.now, -1,
                    std::string(arrival.path), std::string(arrival.head),
                    std::string(arrival.text.substr(0, most_logged_body))});
  }
  ticket.number = logged_++;
}

void Counts::finished(const Ticket& ticket, bool abandoned, Micros now) {
  last_ = now;
  const bool whole = !abandoned && ticket.ending == Ending::whole;
  const auto found = bodies_.find(ticket.body);
  Body* body = found == bodies_.end() ? nullptr : &found->second;
  for (Tally* tally : {&total_, &tallies_[ticket.profile]}) {
    --tally->in_flight;
    if (ticket.status != 0 && !abandoned) ++tally->statuses[ticket.status];
    if (abandoned) {
      ++tally->abandoned;
    } else if (ticket.ending != Ending::whole) {
      ++tally->endings[ticket.ending];
    }
    if (whole && ticket.status / 100 == 2) ++tally->whole;
    if (whole && ticket.status == 429) ++tally->rejected;
    if (whole && (ticket.status == 429 || ticket.pause > 0)) {
      tally->rejected_at = now;
      tally->pause_until = std::max(tally->pause_until, now + ticket.pause);
    }
  }
  if (body != nullptr && whole) {
    if (ticket.status / 100 == 2) ++body->answered;
    if (ticket.status == 429 || ticket.pause > 0) body->rejected_at = now;
  }
  const std::uint64_t oldest = logged_ - log_.size();
  if (ticket.number >= oldest && ticket.number < logged_) {
    Line& line = log_[ticket.number - oldest];
    line.took = now - line.at;
    line.status = ticket.status;
    line.ending = ticket.ending;
    line.abandoned = abandoned;
  }
}

Json Counts::json(const Tally& tally) const {
  Json statuses = Json::object();
  for (const auto& [status, count] : tally.statuses) statuses[std::to_string(status)] = count;
  Json endings = Json::object();
  for (const auto& [ending, count] : tally.endings) endings[word(ending)] = count;
  return {{"requests", tally.requests},
          {"answered", tally.whole},
          {"repeats", tally.repeats},
          {"rejected", tally.rejected},
          {"abandoned", tally.abandoned},
          {"through_proxy", tally.through_proxy},
          {"by_status", std::move(statuses)},
          {"by_ending", std::move(endings)},
          {"in_flight", tally.in_flight},
          {"most_in_flight", tally.most_in_flight},
          {"too_early", tally.too_early},
          {"least_gap_ms", millis(tally.least_gap)},
          {"least_gap_same_body_ms", millis(tally.least_gap_same_body)}};
}

Json Counts::stats(bool each_body, Micros now) const {
  Json out = json(total_);
  out["format"] = "headgate/fake-provider-stats/1";
  out["bodies"] = {{"different", bodies_.size()}, {"asked_most", asked_most_}, {"not_remembered", not_remembered_}};
  out["connections"] = {{"accepted", accepted_}, {"open", open_}};
  out["elapsed_ms"] = begun() ? millis(now - first_) : Json(0);
  Json profiles = Json::object();
  for (std::size_t i = 1; i < profiles_.size(); ++i) profiles[profiles_[i]] = json(tallies_[i]);
  out["profiles"] = std::move(profiles);
  if (each_body) {
    Json all = Json::array();
    for (const std::uint64_t hash : order_) {
      const Body& body = bodies_.at(hash);
      all.push_back({{"body", hex(hash)},
                     {"profile", profiles_[body.profile]},
                     {"input", body.input},
                     {"asked", body.asked},
                     {"answered", body.answered}});
    }
    out["each_body"] = std::move(all);
  }
  return out;
}

Json Counts::log() const {
  Json all = Json::array();
  for (const Line& line : log_) {
    all.push_back({{"index", line.index},
                   {"profile", profiles_[line.profile]},
                   {"path", printable(line.path, line.path.size())},
                   {"body", hex(line.body)},
                   {"attempt", line.attempt},
                   {"at_ms", millis(line.at - first_)},
                   {"took_ms", millis(line.took)},
                   {"status", line.status == 0 ? Json() : Json(line.status)},
                   {"ending", line.took < 0    ? "in flight"
                              : line.abandoned ? "abandoned"
                                               : word(line.ending)},
                   {"headers", headers_of(line.head)},
                   {"text", printable(line.text, line.text.size())}});
  }
  return {{"format", "headgate/fake-provider-log/1"}, {"requests", logged_}, {"log", std::move(all)}};
}

}  // namespace headgate::fake
