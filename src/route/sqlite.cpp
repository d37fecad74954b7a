#include "sqlite.hpp"

#include <sqlite3.h>

#include <utility>

#include "headgate/base/assert.hpp"

namespace headgate::route::sqlite {
namespace {

constexpr int primary(int code) { return code & 0xff; }

Fault fault_of(sqlite3* database, int code) {
  const char* words = database != nullptr ? sqlite3_errmsg(database) : sqlite3_errstr(code);
  return {primary(code), words};
}

}  // namespace

bool Fault::is_damage() const { return code == SQLITE_CORRUPT || code == SQLITE_NOTADB || code == SQLITE_FORMAT; }
bool Fault::is_busy() const { return code == SQLITE_BUSY || code == SQLITE_LOCKED; }

Fault Fault::damage(std::string message) { return {SQLITE_CORRUPT, std::move(message)}; }

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
void Database::Close::operator()(sqlite3* database) const { sqlite3_close(database); }

void Statement::bind(int index, std::string_view blob) {
  const int code = sqlite3_bind_blob64(statement_.get(), index, blob.data(), blob.size(), SQLITE_STATIC);
  HG_ASSERT(code == SQLITE_OK);
}

void Statement::bind(int index, std::int64_t number) {
  const int code = sqlite3_bind_int64(statement_.get(), index, number);
  HG_ASSERT(code == SQLITE_OK);
}

Result<bool> Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return tl::unexpected(fault_of(sqlite3_db_handle(statement_.get()), code));
}

void Statement::reset() {
  sqlite3_reset(statement_.get());  // repeats the fault of the last step, which was told
  sqlite3_clear_bindings(statement_.get());
}

std::string_view Statement::blob(int column) const {
  if (sqlite3_column_type(statement_.get(), column) != SQLITE_BLOB) return {};
  const void* bytes = sqlite3_column_blob(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  if (bytes == nullptr || size <= 0) return {};
  return {static_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

std::int64_t Statement::number(int column) const { return sqlite3_column_int64(statement_.get(), column); }

Result<Database> Database::open(const std::string& path) {
  sqlite3* raw = nullptr;
  const int code =
      sqlite3_open_v2(path.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  Database database;
  database.database_.reset(raw);
  if (code != SQLITE_OK) return tl::unexpected(fault_of(raw, code));
  sqlite3_busy_timeout(raw, busy_ms);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
  if (auto done = database.execute("PRAGMA cell_size_check=ON"); !done) return tl::unexpected(done.error());
  return database;
}

Result<void> Database::execute(const char* sql) {
  const int code = sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return tl::unexpected(fault_of(database_.get(), code));
  return {};
}

Result<Statement> Database::prepare(const char* sql) {
  sqlite3_stmt* raw = nullptr;
  const int code = sqlite3_prepare_v3(database_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
  Statement statement;
  statement.statement_.reset(raw);
  if (code != SQLITE_OK) return tl::unexpected(fault_of(database_.get(), code));
  return statement;
}

Result<std::int64_t> Database::number(const char* sql) {
  auto statement = prepare(sql);
  if (!statement) return tl::unexpected(statement.error());
  const auto row = statement->step();
  if (!row) return tl::unexpected(row.error());
  return *row ? statement->number(0) : 0;
}

}  // namespace headgate::route::sqlite
