#include "sql_text.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "headgate/base/code_points.hpp"

namespace headgate::grade {
namespace {

using Kind = SqlToken::Kind;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool starts_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '@' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool is_of_word(char c) { return starts_word(c) || is_digit(c) || c == '$' || c == '#'; }

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

std::string named(std::uint32_t point) {
  std::array<char, 16> out{};
  std::snprintf(out.data(), out.size(), "U+%04X", static_cast<unsigned>(point));
  return out.data();
}

class Lexer {
 public:
  Lexer(std::string_view text, SqlDialect dialect) : text_(text), dialect_(dialect) {}

  tl::expected<std::vector<SqlToken>, std::string> run() {
    while (fault_.empty() && at_ < text_.size()) {
      if (tokens_.size() > max_sql_tokens) {
        fault_ = "has more than " + std::to_string(max_sql_tokens) + " tokens";
      } else {
        one();
      }
    }
    if (!fault_.empty()) return tl::unexpected(fault_);
    return std::move(tokens_);
  }

 private:
  bool is(SqlDialect some) const { return dialect_ == some; }
  bool follows(std::string_view mark) const { return text_.substr(at_).starts_with(mark); }

  void differs(const std::string& what) {
    fault_ = what + " reads differently from dialect to dialect; `dialect` says which";
  }

  void add(Kind kind, std::string text) {
    tokens_.push_back({kind, std::move(text), !apart_});
    apart_ = false;
  }

  void one() {
    const char c = text_[at_];
    if (is_blank(c)) {
      ++at_;
      apart_ = true;
    } else if (follows("--")) {
      dashes();
    } else if (follows("/*")) {
      comment();
    } else if (c == '#' && (is(SqlDialect::mysql) || is(SqlDialect::any))) {
      if (is(SqlDialect::any)) return differs("#");
      line_comment();
    } else if (c == '\'') {
      string(c, false);
    } else if (c == '"') {
      string(c, !is(SqlDialect::mysql));
    } else if (c == '`') {
      string(c, true);
    } else if (c == '[') {
      bracket();
    } else if (c == '$') {
      dollar();
    } else if (is_digit(c) || (c == '.' && at_ + 1 < text_.size() && is_digit(text_[at_ + 1]))) {
      number();
    } else if (starts_word(c)) {
      word();
    } else {
      ++at_;
      // Control characters end no word and mean nothing anywhere; a NUL ends the text for some.
      if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) fault_ = "has a control character outside of strings";
      add(Kind::sign, std::string(1, c));
    }
  }

  void line_comment() {
    at_ = std::min(text_.find('\n', at_), text_.size());
    apart_ = true;
  }

  // MySQL wants a space behind the dashes: 5--3 is 8 there, and 5 elsewhere.
  void dashes() {
    const bool spaced = at_ + 2 >= text_.size() || is_blank(text_[at_ + 2]);
    if (spaced || (!is(SqlDialect::mysql) && !is(SqlDialect::any))) return line_comment();
    if (is(SqlDialect::any)) return differs("-- without a space behind it");
    at_ += 2;
    add(Kind::sign, "-");
    add(Kind::sign, "-");
  }

  void comment() {
    if (follows("/*!") || follows("/*M!")) {
      fault_ = "has a comment that MySQL executes";
      return;
    }
    const bool nests = is(SqlDialect::postgres) || is(SqlDialect::mssql) || is(SqlDialect::standard);
    const auto next = [&](std::string_view mark, std::size_t known) {  // each is looked for once
      return known >= at_ && known != 0 ? known : std::min(text_.find(mark, at_), text_.size());
    };
    std::size_t depth = 1, closing = 0, opening = 0;
    for (at_ += 2; depth > 0; at_ += 2) {
      closing = next("*/", closing);
      opening = next("/*", opening);
      if (closing == text_.size()) {
        fault_ = "has a comment that never closes";
        return;
      }
      const bool inner = opening < closing;
      if (inner && is(SqlDialect::any)) return differs("a comment inside a comment");
      if (inner && nests) ++depth;
      if (!inner || !nests) --depth;
      at_ = inner && nests ? opening : closing;
    }
    apart_ = true;
  }

  // With E'…' PostgreSQL reads backslashes, MySQL always does.
  bool reads_backslashes(bool is_name) const {
    if (is_name) return false;
    if (is(SqlDialect::mysql)) return true;
    return is(SqlDialect::postgres) && !apart_ && !tokens_.empty() && tokens_.back().kind == Kind::word &&
           tokens_.back().text == "e";
  }

  void string(char quote, bool is_name) {
    const bool escapes = reads_backslashes(is_name);
    const std::size_t start = ++at_;
    std::string content;
    while (true) {
      const std::size_t end = text_.find(quote, at_);
      if (end == text_.npos) {
        fault_ = is_name ? "has a quoted name that never closes" : "has a string that never closes";
        return;
      }
      std::size_t slashes = 0;
      while (end - slashes > start && text_[end - slashes - 1] == '\\') ++slashes;
      if (slashes % 2 == 1 && quote != '`') {
        if (is(SqlDialect::any)) return differs("a backslash before a quote");
        if (escapes) {
          at_ = end + 1;
          continue;
        }
      }
      if (is_name) content += text_.substr(at_, end - at_);
      at_ = end + 1;
      if (at_ >= text_.size() || text_[at_] != quote) break;
      if (is_name) content += quote;
      ++at_;
    }
    add(is_name ? Kind::name : Kind::string, std::move(content));
  }

  // [a name] of SQL Server and SQLite; elsewhere a place in an array.
  void bracket() {
    const bool may_be_name = is(SqlDialect::mssql) || is(SqlDialect::sqlite) || is(SqlDialect::any);
    const std::size_t end = text_.find(']', at_);
    if (may_be_name && end == text_.npos) {
      fault_ = "has a [ that never closes";
      return;
    }
    const std::string_view content = may_be_name ? text_.substr(at_ + 1, end - at_ - 1) : std::string_view();
    const bool is_place = !apart_ && !tokens_.empty() && tokens_.back().kind != Kind::sign;
    if (is(SqlDialect::any)) {
      const bool hides = content.find_first_of("'\"`;()[#$") != content.npos || content.find("--") != content.npos ||
                         content.find("/*") != content.npos;
      if (hides) return differs("what stands in [ ]");
    }
    if (!may_be_name || (is(SqlDialect::any) && (is_place || content.empty() || !starts_word(content[0])))) {
      ++at_;
      return add(Kind::sign, "[");
    }
    at_ = end + 1;
    add(Kind::name, std::string(content));
  }

  // $$…$$ and $tag$…$tag$ of PostgreSQL, or a parameter such as $1.
  void dollar() {
    std::size_t end = at_ + 1;
    while (end < text_.size() && is_of_word(text_[end]) && text_[end] != '$') ++end;
    const bool quotes = (is(SqlDialect::postgres) || is(SqlDialect::any)) && end < text_.size() && text_[end] == '$' &&
                        (end == at_ + 1 || !is_digit(text_[at_ + 1]));
    if (!quotes) {
      ++at_;
      return add(Kind::sign, "$");
    }
    const std::string_view mark = text_.substr(at_, end + 1 - at_);
    const std::size_t close = text_.find(mark, end + 1);
    if (close == text_.npos) {
      fault_ = "has a $…$ string that never closes";
      return;
    }
    at_ = close + mark.size();
    add(Kind::string, {});
  }

  void number() {
    const std::size_t start = at_;
    while (at_ < text_.size() && (is_of_word(text_[at_]) || text_[at_] == '.') &&
           static_cast<unsigned char>(text_[at_]) < 0x80) {
      ++at_;
    }
    add(Kind::number, std::string(text_.substr(start, at_ - start)));
  }

  void word() {
    const std::size_t start = at_;
    while (at_ < text_.size() && is_of_word(text_[at_])) {
      const std::uint32_t point = next_point(text_, at_);
      // Letters of any script are words; spaces and signs that only look like SQL are not.
      if (point < 0x80 || is_letter_or_digit(point) || is_mark(point)) continue;
      fault_ = "has the character " + named(point) + " outside of strings";
      return;
    }
    add(Kind::word, lower(text_.substr(start, at_ - start)));
  }

  std::string_view text_;
  const SqlDialect dialect_;
  std::size_t at_ = 0;
  bool apart_ = true;
  std::vector<SqlToken> tokens_;
  std::string fault_;
};

// Statements that stand for another by themselves or in parentheses.
constexpr std::string_view inner_verbs[] = {"delete", "insert", "merge", "replace", "select", "update", "with"};
constexpr std::string_view inner_reads[] = {"table", "values"};

bool is_among(std::string_view word, auto& all) {
  return std::find(std::begin(all), std::end(all), word) != std::end(all);
}

// The verb behind a WITH and its list of names, at the outermost level.
std::string behind_with(std::span<const SqlToken> tokens) {
  int depth = 0;
  bool name_next = true;
  for (const SqlToken& token : tokens) {
    if (token.kind == Kind::sign && token.text == "(") ++depth;
    if (token.kind == Kind::sign && token.text == ")") --depth;
    if (depth > 0) continue;
    if (token.kind == Kind::sign && token.text == ",") {
      name_next = true;
      continue;
    }
    if (token.kind == Kind::word && token.text == "recursive") continue;
    if (std::exchange(name_next, false) || token.kind != Kind::word) continue;
    if (is_among(token.text, inner_verbs)) return token.text;
    if (is_among(token.text, inner_reads)) return "select";
  }
  return {};
}

// What writes, where a statement goes on without a semicolon between, as T-SQL lets it.
constexpr std::string_view writing_verbs[] = {"alter", "create", "delete", "drop",     "exec",   "execute",
                                              "grant", "insert", "merge",  "truncate", "revoke", "update"};
// FOR UPDATE, ON DELETE, ON DUPLICATE KEY UPDATE, DO UPDATE, THEN INSERT, AS delete: no verbs.
constexpr std::string_view before_no_verb[] = {"as", "do", "for", "key", "on", "then"};
constexpr std::string_view plain_verbs[] = {"delete", "insert", "select", "table", "update", "values", "with"};

bool is_sign(const SqlToken& token, std::string_view text) { return token.kind == Kind::sign && token.text == text; }

void add_stray_verbs(std::span<const SqlToken> statement, std::set<std::string>& out) {
  for (std::size_t i = 1; i < statement.size(); ++i) {
    const SqlToken &token = statement[i], &before = statement[i - 1];
    if (token.kind != Kind::word || !is_among(token.text, writing_verbs) || is_sign(before, ".")) continue;
    if (before.kind == Kind::word && is_among(before.text, before_no_verb)) continue;
    const bool is_function = (token.text == "insert" || token.text == "truncate") && i + 1 < statement.size() &&
                             is_sign(statement[i + 1], "(");
    if (!is_function) out.insert(token.text);
  }
}

bool is_word(const SqlToken& token, std::string_view text) { return token.kind == Kind::word && token.text == text; }

}  // namespace

tl::expected<std::vector<std::vector<SqlToken>>, std::string> sql_statements(std::string_view text,
                                                                             SqlDialect dialect) {
  if (text.find('\0') != text.npos) return tl::unexpected(std::string("has a NUL, which ends the text for some"));
  auto tokens = Lexer(text, dialect).run();
  if (!tokens) return tl::unexpected(std::move(tokens).error());
  std::vector<std::vector<SqlToken>> out(1);
  std::string open;  // the brackets that are
  for (SqlToken& token : *tokens) {
    const char sign = token.kind == Kind::sign ? token.text[0] : '\0';
    if (sign == '(' || sign == '[') {
      open += sign;
      if (open.size() > static_cast<std::size_t>(max_sql_depth)) return tl::unexpected(std::string("nests too deep"));
    } else if (sign == ')' || sign == ']') {
      const char partner = sign == ')' ? '(' : '[';
      if (open.empty() || open.back() != partner) return tl::unexpected("has a " + token.text + " that nothing opens");
      open.pop_back();
    } else if (sign == ';') {
      if (!open.empty()) break;
      out.emplace_back();
      continue;
    }
    out.back().push_back(std::move(token));
  }
  if (!open.empty()) return tl::unexpected("has a " + std::string(1, open.back()) + " that never closes");
  std::erase_if(out, [](const auto& statement) { return statement.empty(); });
  return out;
}

std::set<std::string> verbs_of(std::span<const SqlToken> statement) {
  std::set<std::string> out;
  const auto first = std::find_if(statement.begin(), statement.end(), [](const SqlToken& token) {
    return !(token.kind == Kind::sign && token.text == "(");
  });
  const auto known = sql_verbs();
  if (first == statement.end() || first->kind != Kind::word ||
      std::find(known.begin(), known.end(), first->text) == known.end()) {
    return out;
  }
  out.insert(first->text);
  auto rest = statement.subspan(static_cast<std::size_t>(first - statement.begin()) + 1);
  if (first->text == "explain" || first->text == "describe" || first->text == "desc") {
    // What stands between it and the statement are its options; without ANALYZE among them nothing runs.
    bool runs = false;
    std::size_t at = 0;
    for (; at < rest.size(); ++at) {
      const bool asks = is_word(rest[at], "analyze") || is_word(rest[at], "analyse");
      if (!asks && rest[at].kind == Kind::word && is_among(rest[at].text, known)) break;
      runs = runs || asks;
    }
    if (runs) out.merge(verbs_of(rest.subspan(std::min(at, rest.size()))));
    if (runs && at == rest.size()) out.insert("analyze");
    return out;
  }
  if (first->text == "with") {
    const std::string verb = behind_with(rest);
    out.insert(verb.empty() ? "nothing known" : verb);
  }
  if (is_among(first->text, plain_verbs)) add_stray_verbs(statement, out);
  const bool writes = out.contains("insert") || out.contains("merge") || out.contains("replace");
  for (std::size_t i = 0; i < statement.size(); ++i) {
    if (is_word(statement[i], "into") && !writes && out.contains("select")) out.insert("into");
    if (statement[i].kind != Kind::sign || statement[i].text != "(" || i + 1 == statement.size()) continue;
    const SqlToken& inner = statement[i + 1];
    if (inner.kind != Kind::word) continue;
    if (is_among(inner.text, inner_verbs)) out.insert(inner.text);
    if (is_among(inner.text, inner_reads)) out.insert("select");
  }
  return out;
}

std::span<const std::string> sql_verbs() {
  static const std::vector<std::string> all = {
      "alter",   "analyze",  "attach",  "begin",      "call",     "checkpoint", "close",     "cluster",  "comment",
      "commit",  "copy",     "create",  "deallocate", "declare",  "delete",     "desc",      "describe", "detach",
      "discard", "do",       "drop",    "end",        "exec",     "execute",    "explain",   "fetch",    "flush",
      "grant",   "import",   "insert",  "install",    "into",     "kill",       "listen",    "load",     "lock",
      "merge",   "move",     "notify",  "optimize",   "pragma",   "prepare",    "refresh",   "reindex",  "release",
      "rename",  "repair",   "replace", "reset",      "revoke",   "rollback",   "savepoint", "select",   "set",
      "show",    "shutdown", "start",   "table",      "truncate", "unlisten",   "update",    "upsert",   "use",
      "vacuum",  "values",   "with"};
  return all;
}

}  // namespace headgate::grade
