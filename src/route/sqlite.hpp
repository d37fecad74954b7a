// As much of SQLite as a cache needs: a database and its statements, closed by themselves, failing as values.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

struct sqlite3;
struct sqlite3_stmt;

namespace headgate::route::sqlite {

struct Fault {
  int code = 0;  // SQLite's primary result code
  std::string message;

  bool is_damage() const;  // what the file holds is no database, or not a whole one
  bool is_busy() const;    // somebody else held it for longer than busy_ms
  static Fault damage(std::string message);
};

template <class T>
using Result = tl::expected<T, Fault>;

// How long a statement waits for another connection before it fails.
inline constexpr int busy_ms = 5'000;

class Database;

// Prepared once, run many times. Borrowed bytes are not copied: they must live until the next reset().
class Statement {
 public:
  void bind(int index, std::string_view blob);
  void bind(int index, std::int64_t number);
  // True: there is a row, whose columns may be read until the next step or reset.
  Result<bool> step();
  void reset();
  std::string_view blob(int column) const;  // empty where the value is no blob
  std::int64_t number(int column) const;

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

// Used by one thread at a time; statements go before their database.
class Database {
 public:
  // `path` must be there; an empty file is a new database. Settings that distrust what the file says are made here.
  static Result<Database> open(const std::string& path);

  Result<void> execute(const char* sql);
  Result<std::int64_t> number(const char* sql);  // the first column of the first row; 0 where there is none
  Result<Statement> prepare(const char* sql);

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };
  std::unique_ptr<sqlite3, Close> database_;
};

}  // namespace headgate::route::sqlite
