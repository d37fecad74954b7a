// sql: the shape of SQL: balanced, so many statements, only allowed verbs, names that must be or must not be there.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "code_blocks.hpp"
#include "headgate/base/text.hpp"
#include "headgate/base/unicode.hpp"
#include "options.hpp"
#include "sql_text.hpp"
#include "text_grader.hpp"

namespace headgate::grade {
namespace {

enum class SqlFrom { whole, fenced, either };

constexpr std::string_view block_marks[] = {"sql",      "mysql",      "pgsql",  "plpgsql",
                                            "postgres", "postgresql", "sqlite", "tsql"};

using Statement = std::vector<SqlToken>;
using Parts = std::vector<std::string>;  // of a name such as public.orders

struct Asked {
  SqlFrom from = SqlFrom::either;
  SqlDialect dialect = SqlDialect::any;
  std::size_t max_statements = 1;
  std::vector<std::string> verbs;  // sorted; empty: any
  std::vector<Parts> required, forbidden;
};

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

// The first block marked as SQL, else the first block.
std::optional<std::string_view> from_block(std::string_view text) {
  std::optional<std::string_view> first;
  std::size_t at = 0;
  while (const auto block = next_block(text, at)) {
    const bool marked = std::any_of(std::begin(block_marks), std::end(block_marks),
                                    [&](std::string_view mark) { return is_marked(*block, mark); });
    if (marked) return block->content;
    if (!first) first = block->content;
  }
  return first;
}

bool is_name(const SqlToken& token) { return token.kind == SqlToken::Kind::word || token.kind == SqlToken::Kind::name; }

// Whether the name stands in the statement, its parts joined by points; quoted or not, in any case.
bool names(const Statement& statement, const Parts& parts) {
  for (std::size_t start = 0; start + 2 * parts.size() - 1 <= statement.size(); ++start) {
    bool good = true;
    for (std::size_t i = 0; good && i < parts.size(); ++i) {
      const SqlToken& part = statement[start + 2 * i];
      good = is_name(part) && lower(part.text) == parts[i] && (i == 0 || statement[start + 2 * i - 1].text == ".");
    }
    if (good) return true;
  }
  return false;
}

std::string written(const Parts& parts) {
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : ".") + part;
  return in_quotes(out);
}

class SqlGrader : public TextGrader {
 public:
  SqlGrader(TextOptions options, Asked asked) : TextGrader(std::move(options)), asked_(std::move(asked)) {}

 protected:
  Step judge(std::string_view text, const Case&) const override {
    if (asked_.from != SqlFrom::whole) {
      const auto block = from_block(text);
      if (!block && asked_.from == SqlFrom::fenced) return Absent{"the reply has no ``` block"};
      if (block) text = *block;
    }
    // What cannot be read as SQL is none; so not_sql passes on no such thing.
    const auto statements = sql_statements(text, asked_.dialect);
    if (!statements) return Absent{"the reply " + statements.error()};
    if (statements->empty()) return Absent{"the reply has no SQL statement"};
    if (verbs_of(statements->front()).empty()) {
      return Absent{"the reply is no SQL: it begins with " + in_quotes(statements->front().front().text)};
    }
    return judge_statements(*statements);
  }

 private:
  Step judge_statements(const std::vector<Statement>& statements) const {
    if (statements.size() > asked_.max_statements) {
      return verdict(false, "has " + plural(statements.size(), "statement") + ", at most " +
                                std::to_string(asked_.max_statements) + " allowed");
    }
    std::set<std::string> all;
    for (const Statement& statement : statements) {
      auto verbs = verbs_of(statement);
      if (verbs.empty()) return verdict(false, "a statement begins with " + in_quotes(statement.front().text));
      all.merge(verbs);
    }
    for (const std::string& verb : all) {
      if (asked_.verbs.empty() || std::binary_search(asked_.verbs.begin(), asked_.verbs.end(), verb)) continue;
      return verdict(false, "does " + verb + "; " + join_words(asked_.verbs) + " allowed");
    }
    const auto has = [&](const Parts& name) {
      return std::any_of(statements.begin(), statements.end(), [&](const Statement& one) { return names(one, name); });
    };
    for (const Parts& name : asked_.forbidden) {
      if (has(name)) return verdict(false, "names " + written(name) + ", and must not");
    }
    for (const Parts& name : asked_.required) {
      if (!has(name)) return verdict(false, "does not name " + written(name));
    }
    const std::vector<std::string> done(all.begin(), all.end());
    return verdict(true, plural(statements.size(), "statement") + ", does " + join_words(done));
  }

  Asked asked_;
};

const FieldTable& options_table() {
  static const FieldTable table{
      "sql",
      "Options of sql.",
      {{"extract", either({one_of({"whole", "fenced", "either"}), object_of(extract_table())}),
        "where the SQL is: the whole reply; its first ``` block marked sql, else its first block; such a block where "
        "there is one, else the whole; or the extract of text graders",
        false, "\"either\""},
       {"dialect", one_of({"any", "mssql", "mysql", "postgres", "sqlite", "standard"}),
        "whose quotes and comments hold; with `any`, what dialects read differently fails", false, "\"any\""},
       {"verbs",
        list_of(string_shape()).at_least(1),
        "all that it may do; without, anything",
        false,
        {},
        R"(["select","with"])"},
       {"max_statements", integer_shape().at_least(1), "how many statements at most", false, "1"},
       {"required",
        list_of(string_shape()).at_least(1),
        "tables, columns or words that must be named outside of strings and comments, quoted or not, in any case",
        false,
        {},
        R"(["orders","public.customers"])"},
       {"forbidden", list_of(string_shape()).at_least(1), "such names that must not be there"}}};
  return table;
}

class Builder {
 public:
  explicit Builder(const BuildContext& context) : context_(context) {}

  GraderPtr build() {
    TextOptions text;
    Asked asked;
    const Json* extract = option(context_.options, "extract");
    if (extract != nullptr && extract->is_object()) {
      text.extract = Extract::build(context_.tree, *extract, context_.complaints);
      good_ = good_ && text.extract;
    }
    const std::string from = extract != nullptr && extract->is_string() ? extract->get<std::string>() : "either";
    asked.from = from == "fenced" ? SqlFrom::fenced : from == "whole" ? SqlFrom::whole : SqlFrom::either;
    asked.dialect = dialect(word(context_.options, "dialect", "any"));
    if (const Json* most = option(context_.options, "max_statements")) asked.max_statements = most->get<std::size_t>();
    asked.verbs = verbs();
    asked.required = names("required");
    asked.forbidden = names("forbidden");
    if (!good_) return nullptr;
    return std::make_unique<SqlGrader>(std::move(text), std::move(asked));
  }

 private:
  static SqlDialect dialect(const std::string& name) {
    return name == "mssql"      ? SqlDialect::mssql
           : name == "mysql"    ? SqlDialect::mysql
           : name == "postgres" ? SqlDialect::postgres
           : name == "sqlite"   ? SqlDialect::sqlite
           : name == "standard" ? SqlDialect::standard
                                : SqlDialect::any;
  }

  void complain(const Json& at, std::string message, std::string hint = {}) {
    context_.complaints.add(context_.tree.error(at, std::move(message), std::move(hint)));
    good_ = false;
  }

  std::vector<std::string> verbs() {
    std::vector<std::string> out;
    const Json* written = option(context_.options, "verbs");
    if (written == nullptr) return out;
    const auto known = sql_verbs();
    for (const Json& one : *written) {
      const std::string verb = lower(one.get<std::string>());
      if (std::find(known.begin(), known.end(), verb) == known.end()) {
        const std::string near = did_you_mean(verb, known);
        complain(one, "unknown verb '" + verb + "'", near.empty() ? "such as select, with, insert, into" : near);
      }
      out.push_back(verb);
    }
    std::sort(out.begin(), out.end());
    return out;
  }

  std::vector<Parts> names(const char* field) {
    std::vector<Parts> out;
    const Json* written = option(context_.options, field);
    if (written == nullptr) return out;
    for (const Json& one : *written) {
      Parts parts(1);
      for (const char c : lower(normalised(one.get<std::string>()))) {
        if (c == '.') {
          parts.emplace_back();
        } else {
          parts.back() += c;
        }
      }
      if (std::any_of(parts.begin(), parts.end(), [](const std::string& part) { return trimmed(part).empty(); })) {
        complain(one, "not a name", "write orders, or public.orders");
      }
      out.push_back(std::move(parts));
    }
    return out;
  }

  const BuildContext& context_;
  bool good_ = true;
};

GraderPtr build(const BuildContext& context) { return Builder(context).build(); }

}  // namespace

Kind sql_kind() {
  return {
      "sql",
      "the reply has the shape of SQL that may run: balanced, one statement, allowed verbs",
      "Passes when the reply is at most `max_statements` statements with balanced brackets and closed quotes, does "
      "nothing but `verbs`, and names what is `required` and nothing `forbidden`. It reads tokens, so strings and "
      "comments are not taken for code; it is no parser of any dialect, does not know whether a statement is valid, "
      "and cannot see what a function, view or trigger does. A statement does what any part of it does: WITH … DELETE "
      "is with and delete, EXPLAIN ANALYZE runs what it explains, SELECT … INTO is select and into, a verb that "
      "follows without a semicolon counts too. What dialects read differently (a backslash before a quote, # and "
      "nested comments) fails until `dialect` says which holds; comments that MySQL executes always do. A reply that "
      "is no SQL fails, as not_sql too. Score: 1 or 0.",
      R"({"kind":"sql","verbs":["select","with"],"required":["orders"],"forbidden":["password_hash"]})",
      &options_table(),
      &build,
      Basis::text,
      {}};
}

}  // namespace headgate::grade
