// citations: what the reply cites is there, and says what the reply quotes from it.
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "cited_text.hpp"
#include "comparable.hpp"
#include "headgate/base/assert.hpp"
#include "headgate/base/text.hpp"
#include "headgate/base/unicode.hpp"
#include "headgate/domain/template.hpp"
#include "headgate/grade/registry.hpp"
#include "options.hpp"
#include "verdict.hpp"

namespace headgate::grade {
namespace {

constexpr std::size_t max_quotations = 200;  // looked up in their sources; a reply with more is no answer

enum class From { context, documents, both };

struct CitationOptions {
  From from = From::context;
  std::optional<Pattern> marker;
  bool positions = true;
  std::size_t least = 1;
  double least_cited = 0.0;
  bool quotations = true;
  std::size_t least_quotation = 12;
  std::vector<Template> required, forbidden;
};

// The sources of one case, by id and in order.
struct Sources {
  std::vector<std::string> ids;
  std::map<std::string, std::string> texts;  // in quotable form
  bool numbered = false;                     // some id is a plain number

  void add(std::string id, std::string_view text) {
    numbered = numbered || id.find_first_not_of("0123456789") == id.npos;
    const auto [known, is_new] = texts.try_emplace(id, quotable(text));
    if (!is_new) known->second += "\n" + quotable(text);  // two passages of one document
    if (is_new) ids.push_back(std::move(id));
  }

  // The id that a marker means; "" for none.
  std::string id_of(const std::string& written, bool positions) const {
    if (texts.contains(written)) return written;
    const bool number =
        !written.empty() && written.size() <= 6 && written.find_first_not_of("0123456789") == written.npos;
    if (!positions || numbered || !number) return {};
    const std::size_t position = std::stoul(written);
    return position >= 1 && position <= ids.size() ? ids[position - 1] : std::string();
  }
};

class Citations : public Grader {
 public:
  explicit Citations(CitationOptions options) : options_(std::move(options)) {}

  Step step(const Subject& subject, const Answers&) const override {
    HG_ASSERT(!subject.replies.empty());
    const Reply& reply = *subject.replies.front();
    if (reply.empty()) return CallError{ErrorKind::empty_reply, "the reply is empty"};
    if (is_blank(reply.text)) return Absent{"the reply has no text"};
    const auto sources = sources_for(subject.item, reply);
    if (!sources) return sources.error();
    if (sources->ids.empty()) return Absent{"the reply carries no documents to cite"};
    const auto required = ids_of(options_.required, subject.item);
    if (!required) return required.error();
    const auto forbidden = ids_of(options_.forbidden, subject.item);
    if (!forbidden) return forbidden.error();
    std::string scratch;
    const std::set<std::string> known(sources->ids.begin(), sources->ids.end());
    const CitedText text = read_citations(comparable(reply.text, false, scratch), options_.marker, known);
    return judge(text, *sources, *required, *forbidden);
  }

  std::string lacks(const Case& item) const override {
    if (options_.from == From::context) {
      const auto sources = sources_for(item, Reply{});
      if (!sources) return sources.error().message;
    }
    for (const auto* ids : {&options_.required, &options_.forbidden}) {
      if (const auto filled = ids_of(*ids, item); !filled) return filled.error().message;
    }
    return {};
  }

 private:
  Judged<Sources> sources_for(const Case& item, const Reply& reply) const {
    Sources out;
    if (options_.from != From::documents) {
      const auto context = item.context.absent() ? Json::array() : parse_own(item.context.text).value_or(Json());
      if (!context.is_array()) return unjudged("the case's context is no list");
      for (const Json& one : context) {
        const Json* id = one.is_object() ? option(one, "id") : nullptr;
        if (id != nullptr && id->is_string()) out.add(id->get<std::string>(), word(one, "text", ""));
      }
      if (out.ids.empty() && options_.from == From::context) return unjudged("the case has no context with ids");
    }
    if (options_.from != From::context) {
      for (const Passage& one : reply.documents) out.add(one.id, one.text);
    }
    return out;
  }

  static Judged<std::vector<std::string>> ids_of(const std::vector<Template>& written, const Case& item) {
    std::vector<std::string> out;
    for (const Template& one : written) {
      if (const Variable* variable = one.only_variable();
          variable != nullptr && variable->source != Variable::Source::id) {
        std::string scratch;
        const auto json = json_of(*variable, item, scratch);
        if (!json) return tl::unexpected(json.error());
        const auto list = parse_own(*json);
        if (list && list->is_array()) {
          for (const Json& id : *list) out.push_back(id.is_string() ? id.get<std::string>() : canonical(id));
          continue;
        }
      }
      std::string scratch;
      const auto text = one.fill(item, scratch);
      if (!text) return tl::unexpected(text.error());
      out.emplace_back(trimmed(*text));
    }
    return out;
  }

  Step judge(const CitedText& text, const Sources& sources, const std::vector<std::string>& required,
             const std::vector<std::string>& forbidden) const {
    std::set<std::string> cited;
    std::vector<std::string> invented;
    for (const CitedSentence& sentence : text.sentences) {
      for (const std::string& written : sentence.ids) {
        std::string id = sources.id_of(written, options_.positions);
        if (!id.empty()) {
          cited.insert(std::move(id));
        } else if (std::ranges::find(invented, written) == invented.end() && invented.size() < max_quotations) {
          invented.push_back(written);
        }
      }
    }
    const double share =
        text.claims == 0 ? 1.0 : static_cast<double>(text.cited_claims) / static_cast<double>(text.claims);
    Grade out;
    out.measures = {{"cited", share},
                    {"sources", static_cast<double>(cited.size())},
                    {"invented", static_cast<double>(invented.size())}};
    if (cited.empty() && invented.empty() && options_.least > 0) return Absent{"cites nothing"};
    out.reason = fault(text, sources, cited, invented, required, forbidden, share);
    out.pass = out.reason.empty();
    out.score = out.pass ? 1.0 : 0.0;
    if (out.pass) out.reason = "cites " + plural(cited.size(), "source") + ", all of them there";
    return out;
  }

  std::string fault(const CitedText& text, const Sources& sources, const std::set<std::string>& cited,
                    const std::vector<std::string>& invented, const std::vector<std::string>& required,
                    const std::vector<std::string>& forbidden, double share) const {
    constexpr std::size_t most_named = 3;
    if (!invented.empty()) {
      std::vector<std::string> named;
      for (const std::string& one : invented) named.push_back(in_quotes(one));
      return "cites " + join_words(named, most_named) + ", which no source is";
    }
    for (const std::string& id : required) {
      if (!cited.contains(id)) return "does not cite " + in_quotes(id);
    }
    for (const std::string& id : forbidden) {
      if (cited.contains(id)) return "cites " + in_quotes(id) + ", which it must not";
    }
    if (cited.size() < options_.least)
      return "cites " + plural(cited.size(), "source") + ", at least " + std::to_string(options_.least) + " asked";
    if (share < options_.least_cited)
      return std::to_string(text.cited_claims) + " of " + plural(text.claims, "sentence") +
             " cite a source, at least " + percent(options_.least_cited, 0) + " asked";
    return options_.quotations ? misquotation(text, sources) : std::string();
  }

  // A quotation must occur in one of the sources that its sentence cites; a part for each side of an ellipsis.
  std::string misquotation(const CitedText& text, const Sources& sources) const {
    std::size_t looked_up = 0;
    for (const CitedSentence& sentence : text.sentences) {
      if (sentence.ids.empty()) continue;
      std::set<std::string> cited;
      for (const std::string& written : sentence.ids) cited.insert(sources.id_of(written, options_.positions));
      for (const std::string& quotation : sentence.quotations) {
        if (count_characters(quotation) < options_.least_quotation) continue;
        if (++looked_up > max_quotations) return "quotes more than " + std::to_string(max_quotations) + " passages";
        const bool found = std::ranges::any_of(cited, [&](const std::string& id) {
          const auto source = sources.texts.find(id);
          return source != sources.texts.end() && quotes(source->second, quotation);
        });
        if (found) continue;
        return in_quotes(quotation) + " is not in " + in_quotes(sentence.ids.front()) +
               (cited.size() > 1 ? " or what else is cited there" : "");
      }
    }
    return {};
  }

  CitationOptions options_;
};

const FieldTable& options_table() {
  static const Shape ids = either({string_shape(), list_of(string_shape()).at_least(1)});
  static const FieldTable table{
      "citations",
      "Options of citations.",
      {{"sources", one_of({"context", "documents", "both"}),
        "what may be cited: the case's context, the documents that the reply carries, or both", false, "\"context\""},
       {"marker",
        string_shape(),
        "an RE2 pattern of a marker, whose first group has the id or several with commas between; without it [kb-12], "
        "[1, 2] and 【1】",
        false,
        {},
        R"j("\\((kb-\\d+)\\)")j"},
       {"positions", boolean_shape(), "whether [2] may mean the second source, where no id is a plain number", false,
        "true"},
       {"min", integer_shape().at_least(0), "how many different sources must be cited", false, "1"},
       {"min_cited", fraction(), "the least share of sentences (of four words or more) that cite something", false,
        "0"},
       {"quotations", boolean_shape(),
        "whether text in quotation marks in a sentence with a marker must occur in what it cites", false, "true"},
       {"min_quotation", integer_shape().at_least(1), "the length from which a quotation is looked up, in characters",
        false, "12"},
       {"required", ids, "ids that must be cited, or the variable that lists them", false, {}, "\"{{case.expected}}\""},
       {"forbidden", ids, "ids that must not be cited"}}};
  return table;
}

bool read_ids(const BuildContext& context, const char* name, std::vector<Template>& out) {
  const Json* written = option(context.options, name);
  if (written == nullptr) return true;
  bool good = true;
  const auto add = [&](const Json& one) {
    auto text = Template::compile(context.tree, one, context.complaints);
    good = good && text.has_value();
    if (text) out.push_back(std::move(*text));
  };
  if (written->is_string()) {
    add(*written);
  } else {
    for (const Json& one : *written) add(one);
  }
  return good;
}

GraderPtr build(const BuildContext& context) {
  CitationOptions out;
  const std::string from = word(context.options, "sources", "context");
  out.from = from == "both" ? From::both : from == "documents" ? From::documents : From::context;
  out.positions = flag(context.options, "positions", true);
  if (const Json* least = option(context.options, "min")) out.least = least->get<std::size_t>();
  out.least_cited = quantity(context.options, "min_cited", 0.0);
  out.quotations = flag(context.options, "quotations", true);
  if (const Json* least = option(context.options, "min_quotation")) out.least_quotation = least->get<std::size_t>();
  bool good = read_ids(context, "required", out.required);
  good = read_ids(context, "forbidden", out.forbidden) && good;
  if (const Json* marker = option(context.options, "marker")) {
    out.marker = Pattern::compile(context.tree, *marker, false, context.complaints);
    good = good && out.marker.has_value();
  }
  return good ? std::make_unique<Citations>(std::move(out)) : nullptr;
}

}  // namespace

Kind citations_kind() {
  return {
      "citations",
      "every source that the reply cites is there, and says what is quoted from it",
      "Passes when every marker cites an id of the sources, enough are cited, those required and none forbidden, and "
      "every "
      "quotation in a sentence with a marker occurs in what that sentence cites (white space, quotation marks and case "
      "aside; an ellipsis joins two parts). A bracket is a marker where it holds a known id or looks like one: [sic], "
      "links and code "
      "are none. Measures: `cited`, the share of sentences that cite; `sources`; `invented`. A reply that cites "
      "nothing fails, as not_citations too. Score: 1 or 0.",
      R"({"kind":"citations","min":1,"required":["kb-12"],"min_cited":0.5})",
      &options_table(),
      &build};
}

}  // namespace headgate::grade
