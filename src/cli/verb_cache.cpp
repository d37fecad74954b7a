// What a folder of kept replies holds, and emptying it.

#include <nlohmann/json.hpp>
#include <optional>

#include "headgate/base/clock.hpp"
#include "headgate/base/json.hpp"
#include "headgate/base/text.hpp"
#include "headgate/route/reply_cache.hpp"
#include "output.hpp"
#include "verb_options.hpp"
#include "verbs.hpp"

namespace headgate::cli {
namespace {

Result<std::string> cache_folder(const Context& context) {
  if (!context.arguments.operands.empty()) return context.arguments.operands[0];
  const auto set = context.environment("HEADGATE_CACHE");
  if (set && !set->empty()) return *set;
  return failure(ErrorCode::input, "no folder of kept replies is named, and HEADGATE_CACHE is not set",
                 "name the folder that runs were given with --cache");
}

// "3.1 MB"; a thousand is a thousand.
std::string bytes_text(std::uint64_t bytes) {
  const auto count = static_cast<double>(bytes);
  if (count < 1e3) return plural(bytes, "byte");
  if (count < 1e6) return fixed(count / 1e3, 1) + " kB";
  if (count < 1e9) return fixed(count / 1e6, 1) + " MB";
  return fixed(count / 1e9, 1) + " GB";
}

std::string stats_text(const std::string& folder, const route::ReplyCache::Stats& stats) {
  std::string text =
      terminal_line(folder) + ": " +
      (stats.replies == 0 ? "no replies"
                          : plural(stats.replies, "reply", "replies") + " of " + bytes_text(stats.bytes)) +
      ", " + bytes_text(stats.disk_bytes) + " on disk\n";
  if (stats.replies > 0) text += "kept from " + utc_stamp(stats.oldest) + " to " + utc_stamp(stats.newest) + "\n";
  return text;
}

Json stats_json(const std::string& folder, const route::ReplyCache::Stats& stats) {
  const bool any = stats.replies > 0;
  return {{"format", "headgate/cache-stats/1"},
          {"cache", folder},
          {"replies", stats.replies},
          {"bytes", stats.bytes},
          {"disk_bytes", stats.disk_bytes},
          {"oldest", any ? Json(utc_stamp(stats.oldest)) : Json()},
          {"newest", any ? Json(utc_stamp(stats.newest)) : Json()}};
}

Result<ExitCode> cache_stats_verb(const Context& context) {
  HG_TRY(folder, cache_folder(context));
  HG_TRY(cache, route::ReplyCache::open(folder, route::ReplyCache::Missing::refuse));
  HG_TRY(stats, cache->stats());
  write_out(context.arguments.flag("--json") ? canonical_pretty(stats_json(folder, stats)) : stats_text(folder, stats));
  return ExitCode::yes;
}

Result<ExitCode> cache_clear_verb(const Context& context) {
  HG_TRY(folder, cache_folder(context));
  HG_TRY(cleared, route::clear_reply_cache(folder));
  if (context.arguments.flag("--json")) {
    write_out(canonical_pretty({{"format", "headgate/cache-clear/1"},
                                {"cache", folder},
                                {"replies", cleared.removed ? Json() : Json(cleared.replies)},
                                {"removed", cleared.removed}}));
    return ExitCode::yes;
  }
  write_out(cleared.removed ? terminal_line(folder) + ": its database could not be opened and was removed\n"
                            : terminal_line(folder) + ": forgot " + plural(cleared.replies, "reply", "replies") + "\n");
  return ExitCode::yes;
}

constexpr const char* where = "DIR is the folder that runs were given with --cache (default: $HEADGATE_CACHE).";

}  // namespace

Verb cache_stats_row() {
  return {.name = "cache stats",
          .group = writing,
          .summary = "how many replies a cache holds, how large and how old they are",
          .operands = "[DIR]",
          .least_operands = 0,
          .most_operands = 1,
          .options = {},
          .details = where,
          .examples = {"headgate cache stats ~/.cache/headgate"},
          .run = cache_stats_verb};
}

Verb cache_clear_row() {
  return {.name = "cache clear",
          .group = writing,
          .summary = "forget every reply of a cache",
          .operands = "[DIR]",
          .least_operands = 0,
          .most_operands = 1,
          .options = {},
          .details = std::string(where) +
                     " Runs that use it go on and keep their replies anew.\n"
                     "A cache that is damaged, or of a later version, is removed; no other file is touched.",
          .examples = {"headgate cache clear ~/.cache/headgate"},
          .run = cache_clear_verb};
}

}  // namespace headgate::cli
