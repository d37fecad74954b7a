#include "headgate/route/reply_cache.hpp"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "cache_files.hpp"
#include "headgate/base/file.hpp"
#include "kept_reply.hpp"
#include "sqlite.hpp"

namespace headgate::route {
namespace {

// "hgRC"; identifies our databases among all of SQLite's.
constexpr std::int64_t application_id = 0x68675243;
constexpr std::int64_t format_version = 1;

// A transaction costs as much as about a hundred rows, and a killed process loses what is not written.
constexpr std::size_t replies_a_write = 200;
constexpr std::size_t bytes_a_write = std::size_t{16} << 20;
// Escaping may make a text of 16 MiB six times as long.
constexpr std::size_t max_value_bytes = std::size_t{128} << 20;
// Values that did not read back and may be replaced; more of them is a database to be cleared.
constexpr std::size_t max_unreadable = 10'000;

// Between two tries to make a database that somebody else is making.
constexpr std::chrono::milliseconds pause{20};

constexpr const char* schema =
    "CREATE TABLE replies(key BLOB PRIMARY KEY NOT NULL, at INTEGER NOT NULL, value BLOB NOT NULL, "
    "sum BLOB NOT NULL) STRICT";

struct KeyHash {
  std::size_t operator()(const Digest& key) const {  // any eight bytes of a digest spread well
    std::size_t hash = 0;
    for (std::size_t i = 0; i < sizeof hash; ++i) hash = (hash << 8U) | key.bytes[i];
    return hash;
  }
};

std::string_view bytes_of(const Digest& key) {
  return {reinterpret_cast<const char*>(key.bytes.data()), key.bytes.size()};
}

Error error_of(const std::string& path, const sqlite::Fault& fault) {
  if (fault.is_damage()) {
    return {ErrorCode::environment,
            "the reply cache '" + path + "' is damaged: " + fault.message,
            {},
            "`headgate cache clear " + folder_of(path) + "` removes it; replies are asked again then"};
  }
  if (fault.is_busy()) {
    return {ErrorCode::environment,
            "the reply cache '" + path + "' was held by another program for more than " +
                std::to_string(sqlite::busy_ms / 1000) + " s",
            {},
            "end that program, or use another folder"};
  }
  return {ErrorCode::environment, "the reply cache '" + path + "' cannot be used: " + fault.message, {}, {}};
}

// What a database says it is.
enum class Whose : std::uint8_t { fresh, ours, foreign, later };

sqlite::Result<Whose> whose(sqlite::Database& database) {
  const auto id = database.number("PRAGMA application_id");
  if (!id) return tl::unexpected(id.error());
  const auto format = database.number("PRAGMA user_version");
  if (!format) return tl::unexpected(format.error());
  const auto tables = database.number("SELECT count(*) FROM sqlite_schema");
  if (!tables) return tl::unexpected(tables.error());
  if (*id == application_id) return *format == format_version ? Whose::ours : Whose::later;
  return *id == 0 && *format == 0 && *tables == 0 ? Whose::fresh : Whose::foreign;
}

sqlite::Result<void> all_of(sqlite::Database& database, std::initializer_list<const char*> statements) {
  for (const char* statement : statements) {
    if (auto done = database.execute(statement); !done) return done;
  }
  return {};
}

// Makes the table, unless somebody else just did.
sqlite::Result<Whose> make_ours(sqlite::Database& database) {
  if (auto begun = database.execute("BEGIN IMMEDIATE"); !begun) return tl::unexpected(begun.error());
  const auto now = whose(database);
  sqlite::Result<void> done;
  if (now && *now == Whose::fresh) {
    const std::string id = "PRAGMA application_id=" + std::to_string(application_id);
    const std::string format = "PRAGMA user_version=" + std::to_string(format_version);
    done = all_of(database, {schema, id.c_str(), format.c_str()});
  }
  if (!now || !done) {
    static_cast<void>(database.execute("ROLLBACK"));  // it fails where the database does, which is told already
    return tl::unexpected(now ? done.error() : now.error());
  }
  if (auto committed = database.execute("COMMIT"); !committed) return tl::unexpected(committed.error());
  return *now == Whose::fresh ? Whose::ours : *now;
}

// Why a folder's database is no cache to work with.
enum class Unusable : std::uint8_t { damaged, later, foreign, other };

struct Refusal {
  Unusable why = Unusable::other;
  Error error;
};
template <class T>
using Opened = tl::expected<T, Refusal>;

tl::unexpected<Refusal> refused(const std::string& path, const sqlite::Fault& fault) {
  return tl::unexpected(Refusal{fault.is_damage() ? Unusable::damaged : Unusable::other, error_of(path, fault)});
}

Error foreign_error(const std::string& path) {
  return {ErrorCode::input, "'" + path + "' is another program's database", {}, "give the cache a folder of its own"};
}

tl::unexpected<Refusal> refused(const std::string& path, Whose owner) {
  if (owner != Whose::later) return tl::unexpected(Refusal{Unusable::foreign, foreign_error(path)});
  return tl::unexpected(Refusal{Unusable::later,
                                {ErrorCode::input,
                                 "the reply cache '" + path + "' is of a later format than this headgate reads",
                                 {},
                                 "use another folder, or `headgate cache clear " + folder_of(path) + "`"}});
}

// Of a database that several programs may be making at this moment: changing its journal does not wait for them.
sqlite::Result<Whose> make_ours_patiently(sqlite::Database& database) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(sqlite::busy_ms);
  for (;;) {
    sqlite::Result<Whose> owner = Whose::fresh;
    // Before there is a table, so that nobody has begun to read.
    if (auto set = database.execute("PRAGMA journal_mode=WAL"); !set) owner = tl::unexpected(set.error());
    if (owner) owner = make_ours(database);
    if (owner || !owner.error().is_busy() || std::chrono::steady_clock::now() >= until) return owner;
    std::this_thread::sleep_for(pause);
  }
}

Opened<sqlite::Database> open_database(const std::string& path) {
  auto database = sqlite::Database::open(path);
  if (!database) return refused(path, database.error());
  auto owner = whose(*database);
  if (owner && *owner == Whose::fresh) owner = make_ours_patiently(*database);
  if (!owner) return refused(path, owner.error());
  if (*owner != Whose::ours) return refused(path, *owner);
  // WAL with synchronous=NORMAL: a commit waits for no disk, and a lost power supply loses the newest replies alone.
  if (auto set = database->execute("PRAGMA synchronous=NORMAL"); !set) return refused(path, set.error());
  return std::move(*database);
}

// One connection for reading, so that no find waits for a write, and one for writing.
class SqliteCache final : public ReplyCache {
 public:
  SqliteCache(std::string folder, Fd lock, sqlite::Database reader, sqlite::Statement find, sqlite::Database writer,
              sqlite::Statement insert, sqlite::Statement replace)
      : folder_(std::move(folder)),
        path_(cache_database(folder_)),
        lock_(std::move(lock)),
        reader_(std::move(reader)),
        find_(std::move(find)),
        writer_(std::move(writer)),
        insert_(std::move(insert)),
        replace_(std::move(replace)) {}
  ~SqliteCache() override { write(); }

  Result<std::optional<Reply>> find(const Digest& key) override;
  void keep(const Digest& key, const Reply& reply, std::int64_t wall_seconds) override;
  Result<void> flush() override;
  Result<Stats> stats() override;
  Result<std::uint64_t> clear() override;

 private:
  struct Row {
    std::int64_t at = 0;
    std::string value;
    bool replaces = false;
  };
  using Rows = std::unordered_map<Digest, Row, KeyHash>;

  void write();
  sqlite::Result<void> write_rows(const Rows& rows);
  std::optional<std::string> not_written_yet(const Digest& key);
  Error error(const sqlite::Fault& fault) const { return error_of(path_, fault); }

  const std::string folder_;
  const std::string path_;
  const Fd lock_;

  std::mutex reading_;  // reader_ and find_
  sqlite::Database reader_;
  sqlite::Statement find_;

  std::mutex writing_;  // writer_ and its statements; taken before waiting_
  sqlite::Database writer_;
  sqlite::Statement insert_, replace_;

  std::mutex waiting_;  // all below; held for no call of SQLite's
  Rows rows_;           // not given to the writer yet
  std::size_t row_bytes_ = 0;
  Rows on_the_way_;  // being written: changed by who holds writing_ too
  std::unordered_set<Digest, KeyHash> unreadable_;
  std::optional<Error> trouble_;
};

std::optional<std::string> SqliteCache::not_written_yet(const Digest& key) {
  const std::scoped_lock lock(waiting_);
  for (const Rows* rows : {&rows_, &on_the_way_}) {
    if (const auto found = rows->find(key); found != rows->end()) return found->second.value;
  }
  return std::nullopt;
}

Result<std::optional<Reply>> SqliteCache::find(const Digest& key) {
  if (const auto value = not_written_yet(key)) return read_kept(*value);
  std::string value;
  std::string sum;
  {
    const std::scoped_lock lock(reading_);
    find_.bind(1, bytes_of(key));
    const auto row = find_.step();
    if (row && *row) value = find_.blob(0), sum = find_.blob(1);
    find_.reset();
    if (!row) return failure(error(row.error()));
    if (!*row) return std::nullopt;
  }
  // SQLite itself would hand out a flipped bit as it stands, and it would be graded.
  std::optional<Reply> reply;
  if (bytes_of(sha256(value)) == sum) reply = read_kept(value);
  if (!reply) {
    const std::scoped_lock lock(waiting_);
    if (unreadable_.size() < max_unreadable) unreadable_.insert(key);
  }
  return reply;
}

void SqliteCache::keep(const Digest& key, const Reply& reply, std::int64_t wall_seconds) {
  if (reply.empty() || reply.cached) return;
  std::string value = kept_text(reply);
  if (value.size() > max_value_bytes) return;
  {
    const std::scoped_lock lock(waiting_);
    const std::size_t bytes = value.size();
    const bool replaces = unreadable_.erase(key) > 0;
    if (!rows_.try_emplace(key, Row{wall_seconds, std::move(value), replaces}).second) return;
    row_bytes_ += bytes;
    if (rows_.size() < replies_a_write && row_bytes_ < bytes_a_write) return;
  }
  write();
}

void SqliteCache::write() {
  const std::scoped_lock writing(writing_);
  {
    const std::scoped_lock lock(waiting_);
    if (rows_.empty()) return;
    on_the_way_ = std::exchange(rows_, {});
    row_bytes_ = 0;
  }
  const auto written = write_rows(on_the_way_);
  const std::scoped_lock lock(waiting_);
  on_the_way_.clear();
  if (!written && !trouble_) trouble_ = error(written.error());
}

sqlite::Result<void> SqliteCache::write_rows(const Rows& rows) {
  if (auto begun = writer_.execute("BEGIN IMMEDIATE"); !begun) return begun;
  sqlite::Result<void> done;
  for (const auto& [key, row] : rows) {
    sqlite::Statement& statement = row.replaces ? replace_ : insert_;
    statement.bind(1, bytes_of(key));
    statement.bind(2, row.at);
    statement.bind(3, row.value);
    const Digest sum = sha256(row.value);
    statement.bind(4, bytes_of(sum));
    const auto step = statement.step();
    statement.reset();
    if (!step) {
      done = tl::unexpected(step.error());
      break;
    }
  }
  if (done) done = writer_.execute("COMMIT");
  if (!done) static_cast<void>(writer_.execute("ROLLBACK"));  // SQLite may have rolled back itself
  return done;
}

Result<void> SqliteCache::flush() {
  write();
  const std::scoped_lock lock(waiting_);
  if (!trouble_) return {};
  return failure(*std::exchange(trouble_, std::nullopt));
}

Result<ReplyCache::Stats> SqliteCache::stats() {
  HG_CHECK(flush());
  const std::scoped_lock lock(reading_);
  auto query = reader_.prepare("SELECT count(*), coalesce(sum(length(value)), 0), min(at), max(at) FROM replies");
  if (!query) return failure(error(query.error()));
  const auto row = query->step();
  if (!row) return failure(error(row.error()));
  Stats stats;
  stats.replies = static_cast<std::uint64_t>(std::max<std::int64_t>(0, query->number(0)));
  stats.bytes = static_cast<std::uint64_t>(std::max<std::int64_t>(0, query->number(1)));
  stats.oldest = query->number(2);
  stats.newest = query->number(3);
  stats.disk_bytes = bytes_on_disk(folder_);
  return stats;
}

Result<std::uint64_t> SqliteCache::clear() {
  const std::scoped_lock writing(writing_);
  std::size_t waiting = 0;
  {
    const std::scoped_lock lock(waiting_);
    waiting = std::exchange(rows_, {}).size();
    row_bytes_ = 0;
    unreadable_.clear();
    trouble_.reset();
  }
  if (auto begun = writer_.execute("BEGIN IMMEDIATE"); !begun) return failure(error(begun.error()));
  const auto count = writer_.number("SELECT count(*) FROM replies");
  auto done = count ? writer_.execute("DELETE FROM replies") : tl::unexpected(count.error());
  if (done) done = writer_.execute("COMMIT");
  if (!done) {
    static_cast<void>(writer_.execute("ROLLBACK"));
    return failure(error(done.error()));
  }
  // Gives the space back. Others who read at this moment keep it a while longer.
  static_cast<void>(all_of(writer_, {"VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"}));
  return static_cast<std::uint64_t>(*count) + waiting;
}

// Between threads of one process, opening is done one at a time: making the file and closing it would drop the locks
// another thread just took on it.
std::mutex& opening() {
  static std::mutex mutex;
  return mutex;
}

Opened<std::unique_ptr<SqliteCache>> open_cache(const std::string& folder) {
  const auto other = [](Error& error) { return tl::unexpected(Refusal{Unusable::other, std::move(error)}); };
  const std::scoped_lock one_at_a_time(opening());
  if (auto made = make_folders(folder); !made) return other(made.error());
  auto lock = lock_cache(folder, CacheLock::shared);
  if (!lock) return other(lock.error());
  if (auto made = make_database_file(folder); !made) return other(made.error());
  const std::string path = cache_database(folder);
  auto writer = open_database(path);
  if (!writer) return tl::unexpected(writer.error());
  auto reader = open_database(path);
  if (!reader) return tl::unexpected(reader.error());
  auto find = reader->prepare("SELECT value, sum FROM replies WHERE key = ?1");
  auto insert = writer->prepare("INSERT OR IGNORE INTO replies(key, at, value, sum) VALUES(?1, ?2, ?3, ?4)");
  auto replace = writer->prepare("INSERT OR REPLACE INTO replies(key, at, value, sum) VALUES(?1, ?2, ?3, ?4)");
  for (const auto* statement : {&find, &insert, &replace}) {
    if (*statement) continue;
    // A table of another shape under our name is damage too.
    const sqlite::Fault& fault = statement->error();
    return refused(path, fault.is_busy() ? fault : sqlite::Fault::damage(fault.message));
  }
  return std::make_unique<SqliteCache>(folder, std::move(*lock), std::move(*reader), std::move(*find),
                                       std::move(*writer), std::move(*insert), std::move(*replace));
}

Error no_cache(const std::string& folder) {
  return {
      ErrorCode::input, "there is no reply cache in '" + folder + "'", {}, "`headgate run GATE --cache DIR` makes one"};
}

}  // namespace

Digest cache_key(std::string_view request, const Digest& route, std::uint32_t trial) {
  Hasher hasher;
  hasher.field("headgate/reply-cache/1").field(request).field(route).field(std::uint64_t{trial});
  return hasher.finish();
}

Result<std::unique_ptr<ReplyCache>> ReplyCache::open(const std::string& folder, Missing missing) {
  if (missing == Missing::refuse && !has_database(folder)) return failure(no_cache(folder));
  auto cache = open_cache(folder);
  if (!cache) return failure(std::move(cache.error().error));
  return std::move(*cache);
}

Result<ClearedCache> clear_reply_cache(const std::string& folder) {
  if (!has_database(folder)) return failure(no_cache(folder));
  {
    auto cache = open_cache(folder);
    if (cache) {
      HG_TRY(forgotten, (*cache)->clear());
      return ClearedCache{forgotten, false};
    }
    const bool may_go = cache.error().why == Unusable::damaged || cache.error().why == Unusable::later;
    if (!may_go) return failure(std::move(cache.error().error));
  }
  const std::scoped_lock one_at_a_time(opening());
  HG_TRY(lock, lock_cache(folder, CacheLock::alone));
  HG_TRY(foreign, is_foreign_database(folder, static_cast<std::uint32_t>(application_id)));
  if (foreign) return failure(foreign_error(cache_database(folder)));
  HG_CHECK(remove_database(folder));
  return ClearedCache{0, true};
}

}  // namespace headgate::route
