// xml: the reply is (or has in it) well-formed XML, with the elements and values that are asked for.
#include <nlohmann/json.hpp>

#include "compare_json.hpp"
#include "headgate/base/text.hpp"
#include "headgate/domain/template.hpp"
#include "options.hpp"
#include "text_grader.hpp"
#include "value_check.hpp"
#include "xml_document.hpp"
#include "xml_in_text.hpp"

namespace headgate::grade {
namespace {

// What is asked of what one expression finds.
struct PathCheck {
  std::string path;
  ValueCheck check;
  std::optional<JsonTemplate> list;  // the texts of all nodes
  std::optional<std::size_t> least, most;

  std::string name() const { return on_one_line(path); }
};

struct Asked {
  XmlFrom from = XmlFrom::whole;
  std::string root;
  Namespaces namespaces;
  bool ignore_namespaces = false;
  std::vector<PathCheck> paths;
  std::optional<Template> equals;
  JsonComparison comparison;

  bool looks_inside() const { return !root.empty() || !paths.empty() || equals; }
  bool has_tolerance() const { return comparison.tolerance.absolute > 0 || comparison.tolerance.relative > 0; }
};

class XmlGrader : public TextGrader {
 public:
  XmlGrader(TextOptions options, Asked asked) : TextGrader(std::move(options)), asked_(std::move(asked)) {}

  std::string lacks(const Case& item) const override {
    for (const PathCheck& one : asked_.paths) {
      std::string missing = one.check.lacks(item);
      if (missing.empty() && one.list) missing = one.list->lacks(item);
      if (!missing.empty()) return missing;
    }
    if (!asked_.equals) return {};
    const auto wanted = expected(item);
    return wanted ? std::string() : wanted.error().message;
  }

 protected:
  Step judge(std::string_view text, const Case& item) const override {
    const auto part = find_xml(text, asked_.from, asked_.root);
    // Where only form is asked, no XML is an answer; where values are, there is nothing to look at.
    const auto no_document = [&](std::string why) -> Step {
      if (asked_.looks_inside()) return Absent{std::move(why)};
      return verdict(false, std::move(why));
    };
    if (!part) return no_document(asked_.from == XmlFrom::whole ? "the reply is no XML" : "the reply has no XML in it");
    const auto document = XmlDocument::parse(*part, asked_.ignore_namespaces);
    if (!document) return no_document("the reply " + document.error());
    if (!asked_.root.empty() && document->root_name() != asked_.root) {
      return verdict(
          false, "the root element is " + in_quotes(document->root_name()) + ", expected " + in_quotes(asked_.root));
    }
    for (const PathCheck& one : asked_.paths) {
      const auto fault = fault_at(one, *document, item);
      if (!fault) return fault.error();
      if (!fault->empty()) return verdict(false, *fault);
    }
    if (asked_.equals) {
      const auto wanted = expected(item);
      if (!wanted) return wanted.error();
      const auto fault = asked_.comparison.difference(document->json(asked_.has_tolerance()), *wanted);
      if (!fault) return fault.error();
      if (!fault->empty()) return verdict(false, *fault);
    }
    return verdict(true, asked_.looks_inside() ? "the XML is as asked" : "is well-formed XML");
  }

 private:
  Judged<Json> expected(const Case& item) const {
    std::string scratch;
    const auto text = asked_.equals->fill(item, scratch);
    if (!text) return tl::unexpected(text.error());
    const auto document = XmlDocument::parse(*text, asked_.ignore_namespaces);
    if (!document) return unjudged("the expected XML " + document.error());
    return document->json(asked_.has_tolerance());
  }

  Judged<std::string> fault_at(const PathCheck& asked, const XmlDocument& document, const Case& item) const {
    const auto found = document.evaluate(asked.path, asked_.namespaces);
    if (!found) return unjudged(asked.name() + ": " + found.error());
    const std::size_t count = found->texts.size();
    if ((asked.least && count < *asked.least) || (asked.most && count > *asked.most)) {
      return asked.name() + " is there " + plural(count, "time") + ", " + bounds(asked) + " asked";
    }
    if (asked.least || asked.most) return std::string();
    if (asked.list) return list_fault(asked, *found, item);
    if (count > 1 && asked.check.looks_at_value()) {
      return asked.name() + " is there " + plural(count, "time") + ", once expected";
    }
    const auto text = count == 0 ? std::nullopt : std::optional<std::string_view>(found->texts.front());
    return asked.check.fault_of(text, asked.name(), asked_.comparison.tolerance, item);
  }

  Judged<std::string> list_fault(const PathCheck& asked, const XPathValue& found, const Case& item) const {
    const auto wanted = asked.list->fill(item);
    if (!wanted) return tl::unexpected(wanted.error());
    if (wanted->size() != found.texts.size()) {
      return asked.name() + " is there " + plural(found.texts.size(), "time") + ", expected " +
             std::to_string(wanted->size());
    }
    for (std::size_t i = 0; i < wanted->size(); ++i) {
      if (text_is(found.texts[i], (*wanted)[i], asked_.comparison.tolerance)) continue;
      return asked.name() + " number " + std::to_string(i + 1) + " is " + in_quotes(found.texts[i]) + ", expected " +
             on_one_line(canonical((*wanted)[i]));
    }
    return std::string();
  }

  static std::string bounds(const PathCheck& asked) {
    if (asked.least == asked.most) return "exactly " + std::to_string(*asked.least);
    std::string out = asked.least ? "at least " + std::to_string(*asked.least) : "";
    if (asked.most) out += (out.empty() ? "at most " : " and at most ") + std::to_string(*asked.most);
    return out;
  }

  Asked asked_;
};

const FieldTable& count_table() {
  static const FieldTable table{"count",
                                "How often an expression finds something.",
                                {{"count", integer_shape().at_least(0), "exactly so often"},
                                 {"min_count", integer_shape().at_least(0), "at least so often"},
                                 {"max_count", integer_shape().at_least(0), "at most so often"}}};
  return table;
}

std::vector<Field> own_fields() {
  return {
      {"extract", either({one_of({"whole", "fenced", "prose"}), object_of(extract_table())}),
       "where the XML is: the whole reply; its first ``` block marked xml, else the first that begins with a tag; in "
       "its prose (such a block, else from the first tag, or that of `root`, to the last closing one of its name); or "
       "the extract of text graders",
       false, "\"whole\""},
      {"root", string_shape(), "the name of the root element, without prefix"},
      {"elements",
       list_of(string_shape()).at_least(1),
       "XPath expressions that must find something",
       false,
       {},
       R"(["/order/id", "//item"])"},
      {"forbidden", list_of(string_shape()).at_least(1), "XPath expressions that must find nothing"},
      {"values",
       map_of(any_shape()),
       "by XPath expression: the text or number that the one node it finds must have, a list for those of several, or "
       "an object with `near`, `matches`, `one_of`, `exists`, `equals`, or `count`, `min_count`, `max_count`",
       false,
       {},
       R"j({"//total/text()":{"near":12.5,"tolerance":0.01},"//item":{"count":2},"//item/@id":["a","b"]})j"},
      {"equals",
       string_shape(),
       "XML that the whole must equal: elements, attributes and trimmed texts, no comments",
       false,
       {},
       "\"{{case.expected}}\""},
      {"namespaces", map_of(string_shape()), "URIs by the prefixes that expressions use"},
      {"ignore_namespaces", boolean_shape(), "elements and attributes go by their names without namespace", false,
       "false"},
      {"tolerance", number_shape().at_least(0), "how far off a number may be, inclusive", false, "0"},
      {"relative", number_shape().at_least(0), "the same as a share of the expected number", false, "0"},
      {"any_order", boolean_shape(), "`equals` has no regard to the order of elements", false, "false"}};
}

const FieldTable& options_table() {
  static const FieldTable table{"xml", "Options of xml.", own_fields()};
  return table;
}

class Builder {
 public:
  explicit Builder(const BuildContext& context) : context_(context) {}

  GraderPtr build() {
    TextOptions text;
    const Json* extract = option(context_.options, "extract");
    if (extract != nullptr && extract->is_object()) {
      text.extract = Extract::build(context_.tree, *extract, context_.complaints);
      good_ = good_ && text.extract;
    }
    asked_.from = extract != nullptr && *extract == "fenced"  ? XmlFrom::fenced
                  : extract != nullptr && *extract == "prose" ? XmlFrom::prose
                                                              : XmlFrom::whole;
    asked_.root = word(context_.options, "root", "");
    asked_.ignore_namespaces = flag(context_.options, "ignore_namespaces", false);
    namespaces();
    paths("elements", true);
    paths("forbidden", false);
    values();
    whole();
    if (!good_) return nullptr;
    return std::make_unique<XmlGrader>(std::move(text), std::move(asked_));
  }

 private:
  void complain(const Json& at, std::string message, std::string hint = {}, At where = At::key) {
    context_.complaints.add(context_.tree.error(at, std::move(message), std::move(hint), where));
    good_ = false;
  }

  void namespaces() {
    const Json* written = option(context_.options, "namespaces");
    if (written == nullptr) return;
    if (asked_.ignore_namespaces) return complain(*written, "namespaces are ignored here", "take one of the two out");
    for (const auto& [prefix, uri] : written->items()) {
      if (prefix.empty() || prefix.find(':') != prefix.npos) complain(uri, "not a prefix");
      asked_.namespaces.emplace(prefix, uri.get<std::string>());
    }
  }

  // A fault inside a string has a place there; one of a key has the key's.
  bool is_good(const std::string& path, const Json& at, At where) {
    const auto fault = xpath_fault(path, asked_.namespaces);
    if (!fault) return true;
    good_ = false;
    context_.complaints.add(where == At::value
                                ? context_.tree.error_inside(at, fault->offset, fault->message, fault->hint)
                                : context_.tree.error(at, fault->message, fault->hint, where));
    return false;
  }

  void paths(const char* name, bool wanted) {
    const Json* all = option(context_.options, name);
    if (all == nullptr) return;
    for (const Json& one : *all) {
      PathCheck check{one.get<std::string>(), ValueCheck::present(), {}, {}, {}};
      if (!is_good(check.path, one, At::value)) continue;
      (wanted ? check.least : check.most) = wanted ? 1 : 0;
      asked_.paths.push_back(std::move(check));
    }
  }

  void values() {
    const Json* all = option(context_.options, "values");
    if (all == nullptr) return;
    if (all->empty()) complain(*all, "`values` is empty", "name an XPath expression and its value", At::value);
    for (const auto& [path, written] : all->items()) {
      PathCheck one{path, ValueCheck::present(), {}, {}, {}};
      if (is_good(path, written, At::key) && value(written, one)) asked_.paths.push_back(std::move(one));
    }
  }

  bool value(const Json& written, PathCheck& out) {
    const std::size_t before = context_.complaints.total();
    if (is_count(written)) {
      if (!check(context_.tree, written, count_table(), context_.complaints)) return good_ = false;
      const auto bound = [&](const char* name) -> std::optional<std::size_t> {
        const Json* count = option(written, name);
        return count == nullptr ? std::nullopt : std::optional(count->get<std::size_t>());
      };
      const auto exactly = bound("count");
      out.least = exactly ? exactly : bound("min_count");
      out.most = exactly ? exactly : bound("max_count");
      if (out.least && out.most && *out.least > *out.most)
        complain(written, "no count lies between the two", {}, At::value);
    } else if (written.is_array()) {
      out.list = JsonTemplate::build(context_.tree, written, context_.complaints);
      if (written.empty()) complain(written, "an empty list", "write {count: 0}", At::value);
    } else if (auto built = ValueCheck::build(context_.tree, written, context_.complaints)) {
      out.check = std::move(*built);
    }
    good_ = good_ && context_.complaints.total() == before;
    return context_.complaints.total() == before;
  }

  static bool is_count(const Json& written) {
    return written.is_object() &&
           (written.contains("count") || written.contains("min_count") || written.contains("max_count"));
  }

  void whole() {
    const Json* equals = option(context_.options, "equals");
    if (equals != nullptr) {
      asked_.equals = Template::compile(context_.tree, *equals, context_.complaints);
      good_ = good_ && asked_.equals;
      if (asked_.equals && asked_.equals->constant()) {
        std::string scratch;
        const auto parsed = XmlDocument::parse(*asked_.equals->fill(Case{}, scratch), asked_.ignore_namespaces);
        if (!parsed) complain(*equals, "the expected XML " + parsed.error(), {}, At::value);
      }
    }
    const Json* any_order = option(context_.options, "any_order");
    if (any_order != nullptr && equals == nullptr) complain(*any_order, "`any_order` says nothing without `equals`");
    asked_.comparison.any_order = flag(context_.options, "any_order", false);
    asked_.comparison.tolerance = {quantity(context_.options, "tolerance", 0.0),
                                   quantity(context_.options, "relative", 0.0)};
    for (const char* name : {"tolerance", "relative"}) {
      const Json* written = option(context_.options, name);
      if (written != nullptr && equals == nullptr && option(context_.options, "values") == nullptr) {
        complain(*written, "nothing is compared here", "write `values` or `equals` beside it");
      }
    }
  }

  const BuildContext& context_;
  Asked asked_;
  bool good_ = true;
};

GraderPtr build(const BuildContext& context) { return Builder(context).build(); }

}  // namespace

Kind xml_kind() {
  return {
      "xml",
      "the reply is well-formed XML, has the elements and values asked for",
      "Passes when the reply is well-formed XML 1.0 with its namespaces declared, its root is `root`, each of "
      "`elements` finds something and each of `forbidden` nothing, and `values` and `equals` hold. Expressions are "
      "XPath 1.0; a value is the text of the one node that is found, trimmed, and read as a number where one is "
      "asked for. Nothing outside the reply is read: a DOCTYPE that declares anything, and every entity but the five "
      "of XML, fail. So do more than 50,000 nodes, 128 levels, or 256 attributes of one element. Where elements or "
      "values are asked for, a reply without XML fails, as not_xml too. No schema is checked. Score: 1 or 0.",
      R"({"kind":"xml","extract":"prose","root":"order","values":{"//total":{"near":12.5,"tolerance":0.01},"//id":"{{case.expected}}"}})",
      &options_table(),
      &build,
      Basis::text,
      {{"is-xml"}, {"contains-xml", R"({"extract":"prose"})"}}};
}

}  // namespace headgate::grade
