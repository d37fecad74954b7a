#include "headgate/route/reply_cache.hpp"

#include <sqlite3.h>
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <functional>
#include <thread>
#include <vector>

#include "headgate/base/file.hpp"
#include "support/temp_folder.hpp"

using namespace headgate;
using namespace headgate::route;
using headgate::test::TempFolder;

namespace {

constexpr const char* database = "headgate-replies.db";

Digest key_of(std::uint64_t number) { return cache_key("request " + std::to_string(number), Digest{}, 0); }

Reply reply_of(std::string text) {
  Reply reply;
  reply.text = std::move(text);
  return reply;
}

Reply full_reply() {
  Reply reply = reply_of(std::string("a \0 zero, \"quotes\", ü and \u2028", 31));
  reply.tool_calls = {
      {"call_1", "refund", {R"({"amount":1e+21,"why":"a \"b\""})"}}, {"", "ping", {}}, {"3", "n", {"[1,2]"}}};
  reply.documents = {{"kb-1", "text\nof it", 0.25}, {"", "only text", {}}};
  reply.usage = {120, 0, 7, {}};
  reply.cost_usd = 0.1 + 0.2;
  reply.finish_reason = "stop";
  reply.repaired = true;
  reply.served_by = "support_a";
  reply.request_id = "req_77";
  reply.transcript = {R"([{"content":"a \"b\"","role":"user"}])"};
  reply.state = {"1e+21"};
  reply.recorded = {"\"good\""};
  return reply;
}

std::unique_ptr<ReplyCache> opened(const std::string& folder) {
  auto cache = ReplyCache::open(folder);
  INFO((cache ? std::string() : cache.error().message));
  REQUIRE(cache);
  return std::move(*cache);
}

std::optional<Reply> found(ReplyCache& cache, const Digest& key) {
  auto reply = cache.find(key);
  INFO((reply ? std::string() : reply.error().message));
  REQUIRE(reply);
  return *reply;
}

// As another program would: straight into the file.
void execute(const std::string& path, const std::string& sql) {
  sqlite3* raw = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &raw) == SQLITE_OK);
  const int code = sqlite3_exec(raw, sql.c_str(), nullptr, nullptr, nullptr);
  const std::string words = sqlite3_errmsg(raw);
  sqlite3_close(raw);
  INFO(sql << ": " << words);
  REQUIRE(code == SQLITE_OK);
}

void overwrite(const std::string& path, std::size_t from, std::size_t count) {
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(static_cast<std::streamoff>(from));
  file << std::string(count, '\x5a');
}

mode_t mode_of(const std::string& path) {
  struct stat seen = {};
  REQUIRE(::stat(path.c_str(), &seen) == 0);
  return seen.st_mode & 0777;
}

// A cache with so many replies, closed.
void fill(const std::string& folder, std::uint64_t replies) {
  const auto cache = opened(folder);
  for (std::uint64_t i = 0; i < replies; ++i) cache->keep(key_of(i), reply_of("reply " + std::to_string(i)), 1'000);
}

}  // namespace

TEST_CASE("reply cache: a reply comes back whole, but for how long it took") {
  const TempFolder folder;
  Reply reply = full_reply();
  reply.latency_ms = 12.0;
  reply.first_token_ms = 3.0;
  const auto check = [&](const std::optional<Reply>& back) {
    REQUIRE(back);
    CHECK(back->text == reply.text);
    CHECK(reply_digest(*back) == reply_digest(reply));
    REQUIRE(back->tool_calls.size() == 3);
    CHECK(back->tool_calls[0].arguments == reply.tool_calls[0].arguments);
    CHECK(back->tool_calls[1].arguments.absent());
    CHECK(back->tool_calls[2].arguments.text == "[1,2]");
    REQUIRE(back->documents.size() == 2);
    CHECK(back->documents[0].score == 0.25);
    CHECK_FALSE(back->documents[1].score);
    CHECK(back->usage.input_tokens == 120);
    CHECK(back->usage.output_tokens == 0);
    CHECK(back->usage.cached_input_tokens == 7);
    CHECK_FALSE(back->usage.reasoning_tokens);
    CHECK(back->cost_usd == reply.cost_usd);
    CHECK(back->finish_reason == "stop");
    CHECK(back->repaired);
    CHECK(back->served_by == "support_a");
    CHECK(back->request_id == "req_77");
    CHECK(back->transcript == reply.transcript);
    CHECK(back->state == reply.state);
    CHECK(back->recorded == reply.recorded);
    CHECK(back->cached);
    CHECK_FALSE(back->latency_ms);
    CHECK_FALSE(back->first_token_ms);
  };
  {
    const auto cache = opened(folder.path("cache"));
    cache->keep(key_of(1), reply, 1'000);
    check(found(*cache, key_of(1)));  // not written yet
    REQUIRE(cache->flush());
    check(found(*cache, key_of(1)));
    CHECK_FALSE(found(*cache, key_of(2)));
  }
  check(found(*opened(folder.path("cache")), key_of(1)));
}

TEST_CASE("reply cache: the key is the request, the route and the trial") {
  const Digest route = sha256("route");
  const Digest key = cache_key("request", route, 0);
  CHECK(key == cache_key("request", route, 0));
  CHECK(key != cache_key("request", route, 1));
  CHECK(key != cache_key("request ", route, 0));
  CHECK(key != cache_key("request", sha256("other"), 0));
}

TEST_CASE("reply cache: the first reply to a request stays") {
  const TempFolder folder;
  const auto cache = opened(folder.path());
  cache->keep(key_of(1), reply_of("first"), 1'000);
  cache->keep(key_of(1), reply_of("second"), 1'001);
  REQUIRE(cache->flush());
  cache->keep(key_of(1), reply_of("third"), 1'002);
  REQUIRE(cache->flush());
  CHECK(found(*cache, key_of(1))->text == "first");
}

TEST_CASE("reply cache: what is no reply of its own is not kept") {
  const TempFolder folder;
  const auto cache = opened(folder.path());
  Reply cached = reply_of("seen before");
  cached.cached = true;
  cache->keep(key_of(1), reply_of(""), 1'000);
  cache->keep(key_of(2), cached, 1'000);
  CHECK_FALSE(found(*cache, key_of(1)));
  CHECK_FALSE(found(*cache, key_of(2)));
  const auto stats = cache->stats();
  REQUIRE(stats);
  CHECK(stats->replies == 0);
  CHECK(stats->oldest == 0);
}

TEST_CASE("reply cache: files are the owner's alone") {
  const TempFolder folder;
  const auto cache = opened(folder.path("a/b"));
  cache->keep(key_of(1), reply_of("private"), 1'000);
  REQUIRE(cache->flush());
  CHECK(mode_of(folder.path("a/b")) == 0700);
  for (const auto& entry : std::filesystem::directory_iterator(folder.path("a/b"))) {
    INFO(entry.path());
    CHECK(mode_of(entry.path().string()) == 0600);
  }
}

TEST_CASE("reply cache: a huge reply") {
  const TempFolder folder;
  std::string text(std::size_t{16} << 20, '\x01');  // six times as long when escaped
  text.back() = 'z';
  {
    const auto cache = opened(folder.path());
    cache->keep(key_of(1), reply_of(text), 1'000);
    REQUIRE(cache->flush());
  }
  const auto cache = opened(folder.path());
  const auto back = found(*cache, key_of(1));
  REQUIRE(back);
  CHECK(back->text == text);
}

TEST_CASE("reply cache: two handles see each other's replies, and each first one stays") {
  const TempFolder folder;
  const auto one = opened(folder.path());
  const auto two = opened(folder.path());
  one->keep(key_of(1), reply_of("of one"), 1'000);
  two->keep(key_of(1), reply_of("of two"), 1'000);
  two->keep(key_of(2), reply_of("of two"), 1'000);
  CHECK_FALSE(found(*one, key_of(2)));
  REQUIRE(one->flush());
  REQUIRE(two->flush());
  CHECK(found(*two, key_of(1))->text == "of one");
  CHECK(found(*one, key_of(2))->text == "of two");
  const auto forgotten = two->clear();
  REQUIRE(forgotten);
  CHECK(*forgotten == 2);
  CHECK_FALSE(found(*one, key_of(1)));
}

TEST_CASE("reply cache: statistics and clearing") {
  const TempFolder folder;
  const auto cache = opened(folder.path());
  cache->keep(key_of(1), reply_of("abc"), 2'000);
  cache->keep(key_of(2), reply_of("abcdef"), 1'000);
  const auto stats = cache->stats();
  REQUIRE(stats);
  CHECK(stats->replies == 2);
  CHECK(stats->bytes == std::string(R"({"text":"abc"}{"text":"abcdef"})").size());
  CHECK(stats->oldest == 1'000);
  CHECK(stats->newest == 2'000);
  CHECK(stats->disk_bytes > 0);
  cache->keep(key_of(3), reply_of("not written yet"), 3'000);
  CHECK(cache->clear() == 3);
  CHECK_FALSE(found(*cache, key_of(1)));
  CHECK_FALSE(found(*cache, key_of(3)));
  CHECK(cache->stats()->replies == 0);
  cache->keep(key_of(1), reply_of("again"), 4'000);
  REQUIRE(cache->flush());
  CHECK(found(*cache, key_of(1))->text == "again");
}

TEST_CASE("reply cache: a value that does not read back is not there, and is written anew") {
  const TempFolder folder;
  const std::string good =
      R"({"finish_reason":"stop","text":"said","tool_calls":[{"arguments":"{\"a\":1}","name":"n"}]})";
  std::vector<std::string> values = {"",
                                     "{}",
                                     "null",
                                     "[]",
                                     R"({"text":""})",
                                     R"({"text":7})",
                                     R"({"text":"a","usage":{"input_tokens":-1}})",
                                     R"({"text":"a","cost_usd":-0.5})",
                                     R"({"text":"a","cost_usd":1e999})",
                                     R"({"text":"a","tool_calls":{}})",
                                     R"({"text":"a","of_a_later_format":1})",
                                     good + "x",
                                     good + good,
                                     std::string("{\"text\":\"\xff\"}")};
  for (std::size_t cut = 0; cut < good.size(); ++cut) values.push_back(good.substr(0, cut));
  fill(folder.path(), values.size());
  sqlite3* raw = nullptr;
  REQUIRE(sqlite3_open(folder.path(database).c_str(), &raw) == SQLITE_OK);
  sqlite3_stmt* statement = nullptr;
  REQUIRE(sqlite3_prepare_v2(raw, "UPDATE replies SET value = ?1, sum = ?2 WHERE key = ?3", -1, &statement, nullptr) ==
          SQLITE_OK);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Digest key = key_of(i);
    sqlite3_bind_blob64(statement, 1, values[i].data(), values[i].size(), SQLITE_STATIC);
    const Digest sum = sha256(values[i]);
    sqlite3_bind_blob64(statement, 2, sum.bytes.data(), sum.bytes.size(), SQLITE_STATIC);
    sqlite3_bind_blob64(statement, 3, key.bytes.data(), key.bytes.size(), SQLITE_STATIC);
    REQUIRE(sqlite3_step(statement) == SQLITE_DONE);
    sqlite3_reset(statement);
  }
  sqlite3_finalize(statement);
  sqlite3_close(raw);

  const auto cache = opened(folder.path());
  for (std::size_t i = 0; i < values.size(); ++i) {
    INFO(values[i]);
    CHECK_FALSE(found(*cache, key_of(i)));
    cache->keep(key_of(i), reply_of("anew"), 2'000);
  }
  REQUIRE(cache->flush());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto back = found(*cache, key_of(i));
    REQUIRE(back);
    CHECK(back->text == "anew");
  }
}

TEST_CASE("reply cache: a flipped bit in a text is not handed out") {
  const TempFolder folder;
  fill(folder.path(), 1);
  std::string bytes = folder.read(database);
  const std::size_t at = bytes.find("reply 0");
  REQUIRE(at != std::string::npos);
  bytes[at] = static_cast<char>(bytes[at] ^ 1);
  folder.write(database, bytes);
  CHECK_FALSE(found(*opened(folder.path()), key_of(0)));
}

TEST_CASE("reply cache: a damaged file is an error that names it, and can be cleared") {
  struct Damage {
    const char* what;
    std::function<void(const std::string&)> make;
  };
  const std::vector<Damage> damages = {
      {"no database at all", [](const std::string& path) { std::ofstream(path) << std::string(5'000, 'x'); }},
      {"its first page", [](const std::string& path) { overwrite(path, 0, 100); }},
      {"cut short", [](const std::string& path) { std::filesystem::resize_file(path, 6'000); }},
      {"all but its header",
       [](const std::string& path) { overwrite(path, 100, std::filesystem::file_size(path) - 100); }},
      {"another table", [](const std::string& path) { execute(path, "DROP TABLE replies; CREATE TABLE replies(x);"); }},
  };
  for (const Damage& damage : damages) {
    INFO(damage.what);
    const TempFolder folder;
    folder.write("notes.txt", "mine");
    fill(folder.path(), 2'000);
    damage.make(folder.path(database));
    // What is damaged shows when the cache is opened, or when something is looked for.
    Error error;
    if (auto cache = ReplyCache::open(folder.path())) {
      for (std::uint64_t i = 0; i < 2'000 && error.message.empty(); ++i) {
        const auto reply = (*cache)->find(key_of(i));
        if (!reply) error = reply.error();
      }
    } else {
      error = cache.error();
    }
    CHECK(error.code == ErrorCode::environment);
    CHECK_THAT(error.message, Catch::Contains(folder.path(database)) && Catch::Contains("damaged"));
    CHECK_THAT(error.hint, Catch::Contains("cache clear " + folder.path()));

    const auto cleared = clear_reply_cache(folder.path());
    INFO((cleared ? std::string() : cleared.error().message));
    REQUIRE(cleared);
    CHECK(cleared->removed);
    CHECK(folder.read("notes.txt") == "mine");
    const auto cache = opened(folder.path());
    CHECK_FALSE(found(*cache, key_of(1)));
    cache->keep(key_of(1), reply_of("works again"), 1'000);
    CHECK(cache->flush());
  }
}

TEST_CASE("reply cache: another program's database is refused and left alone") {
  for (const char* sql :
       {"CREATE TABLE t(x); INSERT INTO t VALUES(1);", "PRAGMA application_id=77;", "PRAGMA user_version=9;"}) {
    INFO(sql);
    const TempFolder folder;
    execute(folder.path(database), sql);
    const std::string before = folder.read(database);
    const auto cache = ReplyCache::open(folder.path());
    REQUIRE_FALSE(cache);
    CHECK(cache.error().code == ErrorCode::input);
    CHECK_THAT(cache.error().message, Catch::Contains("another program's database"));
    const auto cleared = clear_reply_cache(folder.path());
    REQUIRE_FALSE(cleared);
    CHECK(cleared.error().code == ErrorCode::input);
    CHECK(folder.read(database) == before);
  }
}

TEST_CASE("reply cache: something else under its name is refused and left alone") {
  const TempFolder folder;
  const std::string target = folder.write("elsewhere/file", "mine");
  std::filesystem::create_directories(folder.path("cache"));
  std::filesystem::create_symlink(target, folder.path(std::string("cache/") + database));
  const auto cache = ReplyCache::open(folder.path("cache"));
  REQUIRE_FALSE(cache);
  CHECK(cache.error().code == ErrorCode::input);
  CHECK_FALSE(clear_reply_cache(folder.path("cache")));
  CHECK(folder.read("elsewhere/file") == "mine");
}

TEST_CASE("reply cache: a later format is refused, and may be cleared") {
  const TempFolder folder;
  fill(folder.path(), 3);
  execute(folder.path(database), "PRAGMA user_version=2;");
  const auto cache = ReplyCache::open(folder.path());
  REQUIRE_FALSE(cache);
  CHECK(cache.error().code == ErrorCode::input);
  CHECK_THAT(cache.error().message, Catch::Contains("later format"));
  const auto cleared = clear_reply_cache(folder.path());
  REQUIRE(cleared);
  CHECK(cleared->removed);
  CHECK_FALSE(found(*opened(folder.path()), key_of(1)));
}

TEST_CASE("reply cache: a database in use is not removed") {
  const TempFolder folder;
  fill(folder.path(), 3);
  const auto in_use = opened(folder.path());
  execute(folder.path(database), "PRAGMA user_version=2;");
  const auto cleared = clear_reply_cache(folder.path());
  REQUIRE_FALSE(cleared);
  CHECK(cleared.error().code == ErrorCode::locked);
  CHECK(std::filesystem::exists(folder.path(database)));
}

TEST_CASE("reply cache: where there is none") {
  const TempFolder folder;
  const auto cache = ReplyCache::open(folder.path("none"), ReplyCache::Missing::refuse);
  REQUIRE_FALSE(cache);
  CHECK(cache.error().code == ErrorCode::input);
  const auto cleared = clear_reply_cache(folder.path("none"));
  REQUIRE_FALSE(cleared);
  CHECK(cleared.error().code == ErrorCode::input);
  CHECK_FALSE(std::filesystem::exists(folder.path("none")));
  folder.write("file", "no folder");
  const auto file = ReplyCache::open(folder.path("file"));
  REQUIRE_FALSE(file);
  CHECK(file.error().code == ErrorCode::environment);
}

TEST_CASE("reply cache: eight threads, two handles") {
  const TempFolder folder;
  constexpr std::uint64_t each = 400;
  {
    const std::array caches = {opened(folder.path()), opened(folder.path())};
    std::vector<std::thread> threads;
    std::array<std::size_t, 8> wrong{};
    for (std::uint64_t t = 0; t < 8; ++t) {
      threads.emplace_back([&, t] {
        ReplyCache& cache = *caches[t % 2];
        for (std::uint64_t i = 0; i < each; ++i) {
          const std::uint64_t number = t / 2 * each + i;  // each written by two
          const std::string text = "reply " + std::to_string(number);
          cache.keep(key_of(number), reply_of(text), 1'000);
          const auto back = cache.find(key_of(number));
          if (!back || !*back || (*back)->text != text) ++wrong[t];
          if (i % 150 == 0 && !cache.flush()) ++wrong[t];
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    for (const std::size_t count : wrong) CHECK(count == 0);
    CHECK(caches[0]->flush());
    CHECK(caches[1]->flush());
  }
  const auto cache = opened(folder.path());
  CHECK(cache->stats()->replies == 4 * each);
  for (std::uint64_t i = 0; i < 4 * each; ++i) CHECK(found(*cache, key_of(i))->text == "reply " + std::to_string(i));
}

TEST_CASE("reply cache: opened by many at once while it is new") {
  const TempFolder folder;
  std::vector<std::thread> threads;
  std::array<bool, 8> is_open{};
  for (std::size_t t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] { is_open[t] = ReplyCache::open(folder.path("new")).has_value(); });
  }
  for (std::thread& thread : threads) thread.join();
  for (const bool open : is_open) CHECK(open);
}

TEST_CASE("reply cache: how long 2,000 replies take", "[.bench]") {
  const TempFolder folder;
  const std::string text(1'000, 't');
  const auto since = [](auto start) {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  };
  const auto start = std::chrono::steady_clock::now();
  {
    const auto cache = opened(folder.path());
    for (std::uint64_t i = 0; i < 2'000; ++i) cache->keep(key_of(i), reply_of(text), 1'000);
  }
  const double kept = since(start);
  const auto cache = opened(folder.path());
  const auto begun = std::chrono::steady_clock::now();
  for (std::uint64_t i = 0; i < 2'000; ++i) REQUIRE((*cache->find(key_of(i)))->text.size() == text.size());
  WARN("kept in " << kept << " ms, found in " << since(begun) << " ms");
}
