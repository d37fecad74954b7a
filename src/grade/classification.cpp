// classification: the class that the reply names is the case's.
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "comparable.hpp"
#include "headgate/base/unicode.hpp"
#include "headgate/domain/template.hpp"
#include "json_in_text.hpp"
#include "json_place.hpp"
#include "options.hpp"
#include "text_grader.hpp"
#include "verdict.hpp"

namespace headgate::grade {
namespace {

constexpr const char* no_class = "(none)";
constexpr std::size_t max_open_label = 60;               // bytes of a class that is not listed: more is prose
constexpr std::size_t max_prose = std::size_t{1} << 20;  // bytes in which classes are looked for

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

// Folded, without the marks that stand around a word: **Positive.** is positive.
std::string plain(std::string_view text) {
  std::string_view kept = trimmed(text);
  constexpr std::string_view marks = "*_`'\".,;:!()[]{}#<>";
  while (!kept.empty() && marks.find(kept.front()) != marks.npos) kept.remove_prefix(1);
  while (!kept.empty() && marks.find(kept.back()) != marks.npos) kept.remove_suffix(1);
  return comparable_copy(trimmed(kept), true);
}

struct Classes {
  std::vector<std::string> names;              // as listed
  std::map<std::string, std::size_t> by_text;  // plain names and synonyms
  std::vector<std::string> longest_first;      // the same texts
  bool listed() const { return !names.empty(); }
};

// What a reply names: a class, or why none can be told.
using Named = tl::expected<std::string, std::string>;

bool is_negated(std::string_view before) {
  static constexpr std::string_view words[] = {"not",  "n't",   "never", "no",  "nor", "nicht",
                                               "kein", "keine", "pas",   "non", "ni",  "isn’t"};
  before = trimmed(before);
  for (const std::string_view article : {" a", " an", " the", " ein", " eine", " un", " une"}) {
    if (before.ends_with(article)) before.remove_suffix(article.size());
  }
  return std::ranges::any_of(words, [&](std::string_view one) {
    if (!before.ends_with(one)) return false;
    return one == "n't" || before.size() == one.size() || !is_word(before[before.size() - one.size() - 1]);
  });
}

// The one class that stands in the text as whole words; a longer name hides the shorter one inside it.
Named named_in(std::string text, const Classes& classes) {
  std::optional<std::size_t> found;
  std::optional<std::size_t> other;
  bool negated = false;
  const std::string whole = text;
  for (const std::string& one : classes.longest_first) {
    for (std::size_t at = text.find(one); at != text.npos; at = text.find(one, at + one.size())) {
      const bool ascii = is_ascii(one);
      const bool begins = at == 0 || !ascii || !is_word(text[at - 1]);
      const bool ends = at + one.size() == text.size() || !ascii || !is_word(text[at + one.size()]);
      if (!begins || !ends) continue;
      const std::size_t index = classes.by_text.at(one);
      std::fill_n(text.begin() + static_cast<std::ptrdiff_t>(at), one.size(), '\x01');
      negated = negated || is_negated(std::string_view(whole).substr(at > 40 ? at - 40 : 0, at > 40 ? 40 : at));
      if (found && *found != index) other = index;
      if (!found) found = index;
    }
  }
  if (!found) return tl::unexpected(std::string("names no class"));
  if (other)
    return tl::unexpected("names both " + in_quotes(classes.names[*found]) + " and " +
                          in_quotes(classes.names[*other]));
  if (negated) return tl::unexpected("names " + in_quotes(classes.names[*found]) + " only to deny it");
  return classes.names[*found];
}

struct ClassificationOptions {
  Classes classes;
  Template expected{Variable{Variable::Source::expected, "", "case.expected"}};
  std::optional<JsonPlace> pointer;
  bool whole = false;
};

class Classification : public TextGrader {
 public:
  Classification(TextOptions text, ClassificationOptions options)
      : TextGrader(std::move(text)), options_(std::move(options)) {}

  std::string lacks(const Case& item) const override {
    const auto label = wanted(item);
    return label ? std::string() : label.error().message;
  }

 protected:
  Step judge(std::string_view text, const Case& item) const override {
    const auto expected = wanted(item);
    if (!expected) return expected.error();
    const Named named = options_.pointer ? named_at(text) : named_by(text);
    if (!named) return Absent{named.error() + ", expected " + in_quotes(*expected), no_class, *expected};
    const bool pass = *named == *expected;
    std::string reason = "says " + in_quotes(*named);
    if (!pass) reason += ", expected " + in_quotes(*expected);
    return Grade{pass, pass ? 1.0 : 0.0, std::move(reason), {}, *named, *expected};
  }

 private:
  Judged<std::string> wanted(const Case& item) const {
    std::string scratch;
    const auto text = options_.expected.fill(item, scratch);
    if (!text) return tl::unexpected(text.error());
    const std::string label = plain(*text);
    if (label.empty()) return unjudged("the expected class is empty");
    if (!options_.classes.listed()) return label;
    const auto found = options_.classes.by_text.find(label);
    if (found == options_.classes.by_text.end())
      return unjudged("the expected " + in_quotes(*text) + " is none of the `labels`");
    return options_.classes.names[found->second];
  }

  Named named_at(std::string_view text) const {
    const auto json = find_json(text, JsonFrom::prose);
    if (!json) return tl::unexpected("the reply " + json.error());
    const Json* value = options_.pointer->in(*json);
    if (value == nullptr || value->is_null() || value->is_structured())
      return tl::unexpected("has no class at " + options_.pointer->text());
    return exactly(value->is_string() ? value->get<std::string>() : canonical(*value));
  }

  Named exactly(std::string_view text) const {
    std::string label = plain(text);
    if (options_.classes.listed()) {
      const auto found = options_.classes.by_text.find(label);
      if (found == options_.classes.by_text.end())
        return tl::unexpected("says " + in_quotes(text) + ", which is no class");
      return options_.classes.names[found->second];
    }
    if (label.empty() || label.size() > max_open_label || label.find('\n') != label.npos) {
      return tl::unexpected(std::string("names no class, but writes prose"));
    }
    return label;
  }

  Named named_by(std::string_view text) const {
    Named named = exactly(text);
    if (named || options_.whole || !options_.classes.listed()) return named;
    if (text.size() > max_prose) return tl::unexpected(std::string("is too long to name one class"));
    return named_in(comparable_copy(text, true), options_.classes);
  }

  ClassificationOptions options_;
};

const FieldTable& options_table() {
  static const FieldTable table{
      "classification", "Options of classification.",
      with_extract_fields({{"labels",
                            list_of(string_shape()).at_least(2).at_most(500),
                            "the classes there are",
                            false,
                            {},
                            R"(["refund","login","other"])"},
                           {"synonyms",
                            map_of(list_of(string_shape()).at_least(1)),
                            "other texts that stand for a class",
                            false,
                            {},
                            R"({"refund":["money back"]})"},
                           {"expected", string_shape(), "the true class", false, "\"{{case.expected}}\""},
                           {"pointer",
                            string_or_empty(),
                            "where the class stands in a reply that is JSON or has JSON in it",
                            false,
                            {},
                            "\"/intent\""},
                           {"match", one_of({"anywhere", "whole"}),
                            "whether a class may stand in other text, as the only one there, or must be all of the "
                            "judged text; without `labels` it must",
                            false, "\"anywhere\""}})};
  return table;
}

bool add_text(const BuildContext& context, const Json& written, std::string_view text, std::size_t index, Classes& out,
              At at) {
  std::string label = plain(text);
  std::string fault;
  if (label.empty()) fault = "an empty class names nothing";
  if (text == no_class) fault = "(none) is what a reply without a class is counted as";
  const auto known = out.by_text.find(label);
  if (known != out.by_text.end()) fault = known->second == index ? "the same class twice" : "stands for two classes";
  if (!fault.empty()) {
    context.complaints.add(context.tree.error(written, fault, {}, at));
    return false;
  }
  out.by_text.emplace(label, index);
  out.longest_first.push_back(std::move(label));
  return true;
}

bool read_classes(const BuildContext& context, Classes& out) {
  bool good = true;
  if (const Json* labels = option(context.options, "labels")) {
    for (const Json& one : *labels) {
      out.names.push_back(one.get<std::string>());
      good = add_text(context, one, out.names.back(), out.names.size() - 1, out, At::value) && good;
    }
  }
  if (const Json* synonyms = option(context.options, "synonyms")) {
    for (const auto& [label, texts] : synonyms->items()) {
      const auto found = out.by_text.find(plain(label));
      if (found == out.by_text.end()) {
        context.complaints.add(
            context.tree.error(texts, "`synonyms` of '" + label + "', which is none of the `labels`", {}, At::key));
        good = false;
        continue;
      }
      const std::size_t index = found->second;
      for (const Json& one : texts)
        good = add_text(context, one, one.get<std::string>(), index, out, At::value) && good;
    }
  }
  std::ranges::stable_sort(out.longest_first, std::greater<>(), &std::string::size);
  return good;
}

GraderPtr build(const BuildContext& context) {
  auto text = TextOptions::build(context);
  ClassificationOptions out;
  bool good = read_classes(context, out.classes) && text.has_value();
  if (const Json* expected = option(context.options, "expected")) {
    auto written = Template::compile(context.tree, *expected, context.complaints);
    good = good && written.has_value();
    if (written) out.expected = std::move(*written);
  }
  if (const Json* pointer = option(context.options, "pointer")) {
    out.pointer = JsonPlace::build(context.tree, *pointer, context.complaints);
    good = good && out.pointer.has_value();
  }
  const Json* match = option(context.options, "match");
  out.whole = match != nullptr && *match == "whole";
  if (match != nullptr && good && (out.pointer || (!out.classes.listed() && !out.whole))) {
    context.complaints.add(context.tree.error(
        *match,
        out.pointer ? "`match` says nothing with a `pointer`" : "to find a class anywhere, its `labels` must be known",
        {}, At::key));
    good = false;
  }
  return good ? std::make_unique<Classification>(std::move(*text), std::move(out)) : nullptr;
}

}  // namespace

Kind classification_kind() {
  return {
      "classification",
      "the class that the reply names is the case's",
      "Passes when the reply names the expected class, ignoring case and the marks around it: as its whole text, or "
      "with "
      "`labels` as the only class anywhere in it. A reply that names no class, or two, or one only to deny it, is "
      "counted as (none) and fails, as not_classification too. Over a suite the report has precision, "
      "recall and F1 of each class and the confusion table. Score: 1 or 0.",
      R"({"kind":"classification","labels":["A","B","refund"],"synonyms":{"refund":["money back"]},"expected":"{{case.expected}}"})",
      &options_table(),
      &build};
}

}  // namespace headgate::grade
