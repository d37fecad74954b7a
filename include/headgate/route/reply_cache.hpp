// Replies kept between runs, in a folder that several runs may share. Only ok replies are kept.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "headgate/base/digest.hpp"
#include "headgate/base/result.hpp"
#include "headgate/domain/reply.hpp"

namespace headgate::route {

// Of the rendered request (without what names the single call), the route and the trial: one kept reply never stands
// for several trials.
Digest cache_key(std::string_view request, const Digest& route, std::uint32_t trial);

// Thread-safe; several processes may have one folder open. SQLite behind it, WAL.
class ReplyCache {
 public:
  struct Stats {
    std::uint64_t replies = 0, bytes = 0;  // bytes of the replies, not of the file
    std::int64_t oldest = 0, newest = 0;   // wall seconds; 0: none
    std::uint64_t disk_bytes = 0;          // of the database and its journal
  };
  enum class Missing : std::uint8_t { make, refuse };

  // Opens or makes `folder` (0700) and its database (0600). Fails with environment (cannot, damaged), locked (it is
  // being removed right now), or input (another program's database, a later format; with Missing::refuse: no cache).
  static Result<std::unique_ptr<ReplyCache>> open(const std::string& folder, Missing missing = Missing::make);
  virtual ~ReplyCache() = default;

  // The reply that was kept, marked as cached, without latency. What does not read back is not there. A database that
  // fails is Result's error (environment).
  virtual Result<std::optional<Reply>> find(const Digest& key) = 0;
  // Keeps it unless there is one; written with many at once, all of them when the cache is closed or flushed. A reply
  // that is empty, cached itself or beyond all bounds is not kept.
  virtual void keep(const Digest& key, const Reply& reply, std::int64_t wall_seconds) = 0;
  // Fails with the first trouble of a write since the last flush; what could not be written is forgotten.
  virtual Result<void> flush() = 0;
  virtual Result<Stats> stats() = 0;
  virtual Result<std::uint64_t> clear() = 0;  // how many replies it forgot
};

struct ClearedCache {
  std::uint64_t replies = 0;  // forgotten; 0 where the database could not be read
  bool removed = false;       // it could not be opened, and its files were removed
};
// Forgets every reply of the cache in `folder`. A database of ours that cannot be opened, damaged or of a later format,
// is removed; no other file is touched. Fails with input (no cache there, another program's database), locked (in use
// while it would have to be removed) or environment.
Result<ClearedCache> clear_reply_cache(const std::string& folder);

}  // namespace headgate::route
