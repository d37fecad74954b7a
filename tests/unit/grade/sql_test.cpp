#include "judging.hpp"

using namespace headgate::grade::testing;

namespace {

std::string with(const std::string& options) { return R"({"kind":"sql")" + options + "}"; }
const std::string reads = R"(,"verbs":["select","with"])";

}  // namespace

TEST_CASE("sql knows what statements do") {
  struct Row {
    const char* reply;
    const char* word;
  };
  const Row row = GENERATE(values<Row>({
      {"SELECT 1", "pass"},
      {"select a, b from t where c = 'x';", "pass"},
      {"  -- a note\n/* and another */ SELECT 1 -- done", "pass"},
      {"(SELECT 1) UNION (SELECT 2)", "pass"},
      {"WITH x AS (SELECT 1) SELECT * FROM x", "pass"},
      {"WITH RECURSIVE x(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM x) SELECT * FROM x", "pass"},
      {"WITH x AS (SELECT 1) DELETE FROM t", "fail"},
      {"WITH x AS (DELETE FROM t RETURNING *) SELECT * FROM x", "fail"},
      {"WITH x AS MATERIALIZED (SELECT 1), y AS (SELECT 2) UPDATE t SET a = 1", "fail"},
      {"WITH x AS (SELECT 1)", "fail"},
      {"WITH \"delete\" AS (SELECT 1) SELECT * FROM \"delete\"", "pass"},
      {"DELETE FROM t", "fail"},
      {"DROP TABLE t", "fail"},
      {"SELECT 1; DROP TABLE t", "fail"},
      {"SELECT 1;;", "pass"},
      {"SELECT 1; SELECT 2", "fail"},
      {"SELECT '; DROP TABLE t'", "pass"},
      {"SELECT 'it''s; DROP TABLE t'", "pass"},
      {"SELECT \"; DROP\" FROM t", "pass"},
      {"SELECT `; DROP``x` FROM t", "pass"},
      {"SELECT [drop table] FROM t", "pass"},
      {"SELECT $$; DROP TABLE t; $$", "pass"},
      {"SELECT $x$ $$ ; $x$", "pass"},
      {"SELECT $1, :a, ?", "pass"},
      {"SELECT a[1], ARRAY[2, 3]", "pass"},
      {"SELECT 1 /* ; DROP TABLE t */", "pass"},
      {"SELECT a INTO b FROM t", "fail"},
      {"SELECT a FROM t INTO OUTFILE '/tmp/x'", "fail"},
      {"SELECT 1 DROP TABLE t", "fail"},
      {"SELECT 1 EXEC('x')", "fail"},
      {"SELECT a FROM t FOR UPDATE", "pass"},
      {"SELECT insert(a, 1, 2, 'x'), t.delete FROM t", "pass"},
      {"EXPLAIN SELECT 1", "fail"},
      {"SELECT * FROM (SELECT 1) x WHERE a IN (SELECT 2)", "pass"},
      {"SELECT 1e5, .5, 0x1F, 'a' 'b', N'x'", "pass"},
      // No SQL, or none that can be read.
      {"I cannot help with that.", "absent"},
      {"", "error"},
      {";", "absent"},
      {"-- nothing", "absent"},
      {"SELECT (1", "absent"},
      {"SELECT 1)", "absent"},
      {"SELECT (1; DROP TABLE t)", "absent"},
      {"SELECT 'x", "absent"},
      {"SELECT \"x", "absent"},
      {"SELECT $$x", "absent"},
      {"SELECT 1 /* x", "absent"},
      {"SELECT [x", "absent"},
      // What dialects read differently.
      {"SELECT 'a\\'; DROP TABLE t; --'", "absent"},
      {"SELECT 'a\\\\' FROM t", "pass"},
      {"SELECT 1 # '\n; DROP TABLE t", "absent"},
      {"SELECT 5--'\n1; DROP TABLE t", "absent"},
      {"SELECT 1 /* /* */ ; DROP TABLE t; -- */", "absent"},
      {"SELECT 1 /*! ; DROP TABLE t */", "absent"},
      {"SELECT x[1'; DROP TABLE t; --'] FROM t", "absent"},
      // Look-alikes.
      {"S\u0415LECT 1", "absent"},
      {"\uFF33ELECT 1", "absent"},
      {"SELECT 1\uFF1B DROP TABLE t", "absent"},
      {"SELECT\u00A01", "absent"},
      {"SELECT \u202E1", "absent"},
      {"SELECT \u2018x\u2019", "absent"},
      {"SELECT pr\u00E9nom, \u540D\u524D FROM t WHERE a = '\u202E'", "pass"},
  }));
  INFO(row.reply);
  CHECK(judge(with(reads), row.reply).word == row.word);
  // What is not there passes in neither form.
  if (std::string(row.word) == "absent") {
    CHECK(judge(R"({"kind":"not_sql","verbs":["drop"]})", row.reply).word == "absent");
  }
}

TEST_CASE("a dialect settles what is read differently") {
  const auto word = [](const std::string& dialect, const std::string& reply) {
    return judge(with(reads + R"(,"dialect":")" + dialect + "\""), reply).word;
  };
  const std::string slash = "SELECT 'a\\'; DROP TABLE t; -- '";
  CHECK(word("mysql", slash) == "pass");
  CHECK(word("postgres", slash) == "fail");
  CHECK(word("postgres", "SELECT E'a\\'; DROP TABLE t; -- '") == "pass");
  CHECK(word("standard", slash) == "fail");
  CHECK(word("mysql", "SELECT 1 # '\n; DROP TABLE t") == "fail");
  CHECK(word("postgres", "SELECT a #> '{b}' FROM t") == "pass");
  CHECK(word("mysql", "SELECT 5--1") == "pass");
  CHECK(word("postgres", "SELECT 5--1; DROP TABLE t") == "pass");
  CHECK(word("postgres", "SELECT 1 /* /* */ ; DROP TABLE t; */") == "pass");
  CHECK(word("mysql", "SELECT 1 /* /* */ ; DROP TABLE t; -- */") == "fail");
  CHECK(word("mysql", "SELECT \"; DROP TABLE t\"") == "pass");
  CHECK(word("mysql", "SELECT $$; DROP TABLE t; $$") == "fail");
  CHECK(word("postgres", "SELECT ARRAY[['a', 'b;'], ['c', 'd']]") == "pass");
  CHECK(word("mssql", "SELECT [a;b'] FROM t") == "pass");
  CHECK(word("mysql", "SELECT 1 /*!50000 ; DROP TABLE t */") == "absent");
}

TEST_CASE("explaining is harmless, unless it runs what it explains") {
  const auto word = [](const std::string& verbs, const std::string& reply) {
    return judge(with(R"(,"verbs":)" + verbs), reply).word;
  };
  CHECK(word(R"(["explain"])", "EXPLAIN DELETE FROM t") == "pass");
  CHECK(word(R"(["explain"])", "EXPLAIN QUERY PLAN SELECT 1") == "pass");
  CHECK(word(R"(["explain"])", "EXPLAIN ANALYZE SELECT 1") == "fail");
  CHECK(word(R"(["explain","select"])", "EXPLAIN ANALYZE SELECT 1") == "pass");
  CHECK(word(R"(["explain","select"])", "EXPLAIN (FORMAT json, ANALYZE) DELETE FROM t") == "fail");
  CHECK(word(R"(["explain","select"])", "EXPLAIN ANALYZE CREATE TABLE t AS SELECT 1") == "fail");
  CHECK(word(R"(["explain","select"])", "EXPLAIN ANALYZE nothing") == "fail");
  CHECK(word(R"(["insert"])", "INSERT INTO t SELECT 1 ON CONFLICT (a) DO UPDATE SET a = 1") == "pass");
  CHECK(word(R"(["insert"])", "INSERT INTO t VALUES (1) ON DUPLICATE KEY UPDATE a = 1") == "pass");
  CHECK(word(R"(["merge"])", "MERGE INTO t USING s ON (t.a = s.a) WHEN MATCHED THEN DELETE") == "pass");
  CHECK(word(R"(["create"])", "CREATE TABLE t (a INT REFERENCES s (a) ON DELETE CASCADE)") == "pass");
  CHECK(word(R"(["select","into"])", "SELECT a INTO b FROM t") == "pass");
}

TEST_CASE("names are looked for outside of strings and comments") {
  const auto word = [](const std::string& options, const std::string& reply) {
    return judge(with(options), reply).word;
  };
  const std::string required = R"(,"required":["Orders","public.customers"])";
  CHECK(word(required, "SELECT * FROM orders JOIN public . customers USING (id)") == "pass");
  CHECK(word(required, "SELECT * FROM \"ORDERS\", [public].`customers`") == "pass");
  CHECK(word(required, "SELECT 'orders' FROM public.customers") == "fail");
  CHECK(word(required, "SELECT 1 /* orders */ FROM public.customers") == "fail");
  CHECK(word(required, "SELECT * FROM orders, customers") == "fail");
  const std::string forbidden = R"(,"forbidden":["users","auth.tokens"])";
  CHECK(word(forbidden, "SELECT * FROM Users") == "fail");
  CHECK(word(forbidden, "SELECT * FROM x.\"users\"") == "fail");
  CHECK(word(forbidden, "SELECT users_id, 'users' FROM t") == "pass");
  CHECK(word(forbidden, "SELECT * FROM tokens") == "pass");
  CHECK(word(forbidden, "SELECT * FROM auth.tokens") == "fail");
  CHECK(judge(with(forbidden), "SELECT * FROM users").reason == "names \"users\", and must not");
  CHECK(judge(with(required), "SELECT 1").reason == "does not name \"orders\"");
}

TEST_CASE("sql is taken from fences") {
  const std::string fenced = "Here:\n```python\nx\n```\n```sql\nSELECT 1;\n```\nIt reads one row.";
  CHECK(judge(with(reads), fenced).word == "pass");
  CHECK(judge(with(reads + R"(,"extract":"fenced")"), fenced).word == "pass");
  CHECK(judge(with(reads + R"(,"extract":"fenced")"), "SELECT 1").word == "absent");
  CHECK(judge(with(reads + R"(,"extract":"whole")"), fenced).word == "absent");
  CHECK(judge(with(reads + R"(,"extract":{"after":"SQL:"})"), "SQL: SELECT 1").word == "pass");
  CHECK(judge(with(reads), "```\nDROP TABLE t\n```").word == "fail");
  CHECK(judge(with(R"(,"max_statements":2)"), "SELECT 1; SELECT 2;").word == "pass");
  CHECK(judge(with(R"(,"max_statements":2)"), "SELECT 1; SELECT 2; SELECT 3").reason ==
        "has 3 statements, at most 2 allowed");
  CHECK(judge(with(R"(,"max_statements":2)"), "SELECT 1; and so on").reason == "a statement begins with \"and\"");
  CHECK(judge(with(reads), "WITH x AS (SELECT 1) DELETE FROM t").reason == "does delete; select and with allowed");
}

TEST_CASE("hostile SQL is bounded") {
  const auto word = [](const std::string& reply) { return judge(with(reads), reply).word; };
  constexpr std::size_t size = std::size_t{16} << 20;
  CHECK(word("SELECT " + std::string(size, '(')) == "absent");
  CHECK(word("SELECT " + std::string(size, '[')) == "absent");
  CHECK(word("SELECT " + std::string(size, '\'')) == "pass");  // one string of quotes
  CHECK(word("SELECT " + std::string(size, ';')) == "absent");
  CHECK(word("SELECT " + std::string(size, 'a')) == "pass");
  CHECK(word("SELECT '" + std::string(size, '\\')) == "absent");
  CHECK(word(std::string("SELECT 1\0; DROP TABLE t", 23)) == "absent");
  CHECK(word(std::string(size, '\0')) == "absent");
  std::string comments = "SELECT 1 ";
  while (comments.size() < size) comments += "/* ";
  for (const char* dialect : {"postgres", "mysql"}) {
    const std::string own = with(reads + R"(,"dialect":")" + dialect + "\"");
    CHECK(judge(own, comments).word == "absent");
    CHECK(judge(own, comments + "*/").word == (std::string(dialect) == "mysql" ? "pass" : "absent"));
  }
}

TEST_CASE("sql refuses verbs and names that are none") {
  const auto errors = complaints_about(with(R"(,"verbs":["selct"])"));
  CHECK(errors[0].message == "unknown verb 'selct'");
  CHECK(errors[0].hint == "did you mean 'select'?");
  CHECK(errors[0].place.column == 24);
  CHECK(complaints_about(with(R"(,"verbs":[])")).size() == 1);
  CHECK(complaints_about(with(R"(,"required":["a..b"])"))[0].message == "not a name");
  CHECK(complaints_about(with(R"(,"dialect":"oracle")")).size() == 1);
  CHECK(complaints_about(with(R"(,"max_statements":0)")).size() == 1);
}
