#include "xpath_words.hpp"

#include <algorithm>

#include "headgate/base/text.hpp"
#include "headgate/base/unicode.hpp"

namespace headgate::grade {
namespace {

// XPath 1.0, 4: the core library, and the node tests that look like functions.
constexpr std::string_view functions[] = {"boolean",
                                          "ceiling",
                                          "comment",
                                          "concat",
                                          "contains",
                                          "count",
                                          "false",
                                          "floor",
                                          "id",
                                          "lang",
                                          "last",
                                          "local-name",
                                          "name",
                                          "node",
                                          "namespace-uri",
                                          "normalize-space",
                                          "not",
                                          "number",
                                          "position",
                                          "round",
                                          "processing-instruction",
                                          "starts-with",
                                          "string",
                                          "string-length",
                                          "substring",
                                          "sum",
                                          "substring-after",
                                          "substring-before",
                                          "text",
                                          "translate",
                                          "true"};
constexpr std::string_view operators[] = {"and", "or", "div", "mod"};

bool is_among(std::string_view word, auto& all) {
  return std::find(std::begin(all), std::end(all), word) != std::end(all);
}

bool starts_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool is_of_name(char c) { return starts_name(c) || (c >= '0' && c <= '9') || c == '-' || c == '.'; }

}  // namespace

std::optional<XPathFault> xpath_name_fault(std::string_view text, const Namespaces& namespaces) {
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '"' || c == '\'') {
      const std::size_t end = text.find(c, at + 1);
      if (end == text.npos) return XPathFault{at, "bad XPath: a quote that is never closed", {}};
      at = end + 1;
      continue;
    }
    if (c == '$') return XPathFault{at, "bad XPath: there are no variables", "templates go into the value, as {{…}}"};
    if (!starts_name(c)) {
      ++at;
      continue;
    }
    const std::size_t start = at;
    while (at < text.size() && is_of_name(text[at])) ++at;
    const std::string name(text.substr(start, at - start));
    const std::string_view rest = text.substr(at);
    if (rest.starts_with("::")) {
      at += 2;
    } else if (rest.starts_with(':')) {
      if (name != "xml" && !namespaces.contains(name)) {
        return XPathFault{start, "bad XPath: the prefix '" + name + "' is not declared",
                          "give its URI in `namespaces`, or write `ignore_namespaces: true` and no prefixes"};
      }
      ++at;
      while (at < text.size() && is_of_name(text[at])) ++at;
    } else if (trimmed(rest).starts_with('(') && !is_among(name, functions) && !is_among(name, operators)) {
      const std::vector<std::string> known(std::begin(functions), std::end(functions));
      return XPathFault{start, "bad XPath: there is no function '" + name + "'", did_you_mean(name, known)};
    }
  }
  return std::nullopt;
}

}  // namespace headgate::grade
