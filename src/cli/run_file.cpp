#include "run_file.hpp"

#include <unistd.h>

#include <nlohmann/json.hpp>

#include "baseline_reuse.hpp"
#include "call_facts.hpp"
#include "headgate/base/cannot_read.hpp"
#include "headgate/base/file.hpp"
#include "headgate/base/text.hpp"
#include "headgate/base/version.hpp"

namespace headgate::cli {
namespace {

constexpr const char* format = "headgate/run/1";

std::string path_in(const std::string& folder) { return join_path(folder, "run.json"); }

std::string host_name() {
  char name[256] = {};
  return ::gethostname(name, sizeof name - 1) == 0 ? name : "unknown";
}

template <class T>
T value_or(const Json& object, const char* key, T fallback) {
  const auto found = object.find(key);
  if (found == object.end()) return fallback;
  if constexpr (std::is_same_v<T, std::string>) {
    return found->is_string() ? found->get<T>() : fallback;
  } else if constexpr (std::is_same_v<T, bool>) {
    return found->is_boolean() ? found->get<T>() : fallback;
  } else {
    return found->is_number() ? found->get<T>() : fallback;
  }
}

std::vector<std::string> words_at(const Json& object, const char* key) {
  std::vector<std::string> words;
  const auto found = object.find(key);
  if (found == object.end() || !found->is_array()) return words;
  for (const Json& word : *found) {
    if (word.is_string()) words.push_back(word.get<std::string>());
  }
  return words;
}

}  // namespace

Result<void> write_run_file(const std::string& folder, const RunFile& run) {
  Json value = {{"format", format},
                {"headgate", std::string(version())},
                {"command", run.command},
                {"started", run.started},
                {"ended", run.ended},
                {"resumed_from", run.resumed_from},
                {"starts", run.starts},
                {"host", host_name()},
                {"pid", ::getpid()},
                {"workers", run.workers},
                {"cells_run", run.cells_run},
                {"cells_reused", run.cells_reused},
                {"cells_carried", run.cells_carried},
                {"baseline_reused", run.baseline_reused},
                {"baseline_from", run.baseline_from},
                {"baseline_since", run.baseline_since},
                {"calls", run.calls},
                {"calls_maybe_repeated", run.calls_maybe_repeated},
                {"check", run.check},
                {"even_if_undecidable", run.even_if_undecidable},
                {"edited", run.edited},
                {"replies_since", run.replies_since},
                {"seconds", run.seconds},
                {"stopped", run.stopped},
                {"cells_cached", run.cells_cached},
                {"tries", run.tries},
                {"spent_usd", run.spent_usd},
                {"spent_is_known", run.spent_is_known},
                {"max_usd", run.max_usd ? Json(*run.max_usd) : Json()},
                {"call_seconds",
                 {{"answering", run.answering_s},
                  {"failing", run.failing_s},
                  {"queued", run.queued_s},
                  {"paused", run.paused_s}}},
                {"replies", {{"baseline", run.replies[0].text()}, {"candidate", run.replies[1].text()}}}};
  if (!run.asked.whom.empty()) {
    value["asked"] = {{"whom", run.asked.whom},
                      {"calls", run.asked.calls},
                      {"cached", run.asked.cached},
                      {"spent_usd", run.asked.spent_usd},
                      {"spent_is_known", run.asked.spent_is_known}};
  }
  if (run.regraded) {
    value["regraded_from"] = run.regraded->from;
    value["regraded_from_started"] = run.regraded->started;
    value["regrade_changes"] = run.regraded->changes;
  }
  return write_file_atomically(path_in(folder), canonical_pretty(value));
}

std::optional<RunFile> read_run_file(const std::string& folder) {
  constexpr std::size_t most_bytes = std::size_t{1} << 20;
  const auto text = real_files().read(path_in(folder), most_bytes);
  if (!text && text.error().code == ErrorCode::environment) throw CannotRead(text.error().message);
  if (!text) return std::nullopt;
  const auto value = parse_own(*text);
  if (!value || !value->is_object() || value_or<std::string>(*value, "format", "") != format) return std::nullopt;

  RunFile run;
  run.command = value_or<std::string>(*value, "command", "");
  run.started = value_or<std::string>(*value, "started", "");
  run.ended = value_or<std::string>(*value, "ended", "");
  run.resumed_from = value_or<std::string>(*value, "resumed_from", "");
  run.starts = value_or<std::size_t>(*value, "starts", 1);
  run.workers = value_or<std::size_t>(*value, "workers", 0);
  run.cells_run = value_or<std::size_t>(*value, "cells_run", 0);
  run.cells_reused = value_or<std::size_t>(*value, "cells_reused", 0);
  run.cells_carried = value_or<std::size_t>(*value, "cells_carried", 0);
  run.baseline_reused = value_or<std::size_t>(*value, "baseline_reused", 0);
  run.baseline_from = words_at(*value, "baseline_from");
  run.baseline_since = value_or<std::string>(*value, "baseline_since", "");
  run.calls = value_or<std::size_t>(*value, "calls", 0);
  run.calls_maybe_repeated = value_or<std::size_t>(*value, "calls_maybe_repeated", 0);
  run.check = value_or<bool>(*value, "check", false);
  run.even_if_undecidable = value_or<bool>(*value, "even_if_undecidable", false);
  run.edited = value_or<std::string>(*value, "edited", "");
  run.replies_since = value_or<std::string>(*value, "replies_since", run.started);
  run.seconds = value_or<double>(*value, "seconds", 0.0);
  run.stopped = value_or<std::string>(*value, "stopped", "");
  run.cells_cached = value_or<std::size_t>(*value, "cells_cached", 0);
  run.tries = value_or<std::size_t>(*value, "tries", 0);
  run.spent_usd = value_or<double>(*value, "spent_usd", 0.0);
  run.spent_is_known = value_or<bool>(*value, "spent_is_known", true);
  if (const auto cap = value->find("max_usd"); cap != value->end() && cap->is_number())
    run.max_usd = cap->get<double>();
  if (const auto times = value->find("call_seconds"); times != value->end() && times->is_object()) {
    run.answering_s = value_or<double>(*times, "answering", 0.0);
    run.failing_s = value_or<double>(*times, "failing", 0.0);
    run.queued_s = value_or<double>(*times, "queued", 0.0);
    run.paused_s = value_or<double>(*times, "paused", 0.0);
  }
  if (const auto asked = value->find("asked"); asked != value->end() && asked->is_object()) {
    run.asked.whom = words_at(*asked, "whom");
    run.asked.calls = value_or<std::size_t>(*asked, "calls", 0);
    run.asked.cached = value_or<std::size_t>(*asked, "cached", 0);
    run.asked.spent_usd = value_or<double>(*asked, "spent_usd", 0.0);
    run.asked.spent_is_known = value_or<bool>(*asked, "spent_is_known", true);
  }
  if (value->contains("regraded_from")) {
    run.regraded = {value_or<std::string>(*value, "regraded_from", ""),
                    value_or<std::string>(*value, "regraded_from_started", ""),
                    value_or<std::string>(*value, "regrade_changes", "")};
  }
  const auto replies = value->find("replies");
  if (replies == value->end() || !replies->is_object()) return std::nullopt;
  for (const Arm arm : both_arms) {
    Digest& digest = run.replies[static_cast<std::size_t>(arm)];
    if (!Digest::parse(value_or<std::string>(*replies, name(arm), ""), digest)) return std::nullopt;
  }
  return run;
}

namespace {

// "the baseline's 39 from run X, none older than 2026-11-14T09:00:00Z (6 days before this run)"
std::string words_of_reuse(const RunFile& run) {
  std::string text = std::to_string(run.baseline_reused) + " of the baseline's from ";
  if (run.baseline_from.size() == 1) {
    text += "run " + run.baseline_from.front();
  } else {
    text += plural(run.baseline_from.size(), "earlier run");
  }
  if (run.baseline_since.empty()) return text;
  text += ", none older than " + run.baseline_since;
  const std::string age = age_text(run.baseline_since, run.started);
  return age.empty() ? text : text + " (" + age + " before this run)";
}

}  // namespace

report::RunFacts facts_of(const std::string& folder, const std::optional<RunFile>& run) {
  report::RunFacts facts;
  facts.run_id = name_of(folder);
  facts.folder = folder;
  if (run) {
    facts.seconds = run->seconds;
    facts.cells_run = run->cells_run;
    facts.cells_reused = run->cells_reused;
    facts.workers = run->workers;
    facts.stopped = run->stopped;
    facts.calls = words_of_calls(*run);
    if (run->baseline_reused > 0) facts.origin = words_of_reuse(*run);
    if (run->regraded) {
      facts.origin = "of run " + run->regraded->from +
                     (run->regraded->started.empty() ? "" : " of " + run->regraded->started) + ", graded again";
      if (!run->replies_since.empty() && run->replies_since != run->regraded->started) {
        facts.origin += "; the oldest of them is of " + run->replies_since;
      }
      facts.changes = run->regraded->changes;
    }
  }
  return facts;
}

}  // namespace headgate::cli
