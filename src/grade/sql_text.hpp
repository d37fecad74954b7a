// SQL cut into tokens and statements, so that what stands in strings and comments is not taken for code. No parser of
// any dialect: where dialects read the same text differently, it says so instead of guessing.
#pragma once

#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "headgate/base/result.hpp"

namespace headgate::grade {

enum class SqlDialect : std::uint8_t { any, mssql, mysql, postgres, sqlite, standard };

struct SqlToken {
  enum class Kind : std::uint8_t { word, name, string, number, sign };  // name: quoted, in any of the ways
  Kind kind;
  std::string text;      // a word in lower case, a name without its quotes, a sign by itself; of strings nothing
  bool adjoins = false;  // nothing stands between it and the token before
};

inline constexpr std::size_t max_sql_tokens = 1'000'000;
inline constexpr int max_sql_depth = 256;  // of parentheses

// The statements of a text, without their `;`; empty ones are left out. Parentheses are balanced in each. Else what is
// wrong, in a clause.
tl::expected<std::vector<std::vector<SqlToken>>, std::string> sql_statements(std::string_view text, SqlDialect dialect);

// What a statement does, by all verbs in it: WITH … DELETE is {with, delete}, also where the DELETE stands in the
// parentheses; EXPLAIN alone does nothing else, EXPLAIN ANALYZE runs what it explains; SELECT … INTO is {select, into}.
// Empty where it begins with no verb of sql_verbs().
std::set<std::string> verbs_of(std::span<const SqlToken> statement);

std::span<const std::string> sql_verbs();  // sorted

}  // namespace headgate::grade
