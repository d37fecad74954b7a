// A reply's XML, parsed so that it can harm nobody: no network, no files, no DTD, no entities, everything bounded.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "headgate/base/json.hpp"
#include "headgate/base/result.hpp"

namespace headgate::grade {

inline constexpr std::size_t max_xml_nodes = 50'000;  // elements, attributes, comments, instructions
inline constexpr int max_xml_depth = 128;
inline constexpr std::size_t max_xml_attributes = 256;  // of one element: the parser compares each with each
inline constexpr std::size_t max_xpath_bytes = 4'096;
inline constexpr unsigned long max_xpath_steps = 5'000'000;
inline constexpr std::size_t max_xpath_result_bytes = std::size_t{32} << 20;

using Namespaces = std::map<std::string, std::string>;  // URI by prefix

// What an XPath expression finds.
struct XPathValue {
  bool is_nodes = false;           // else a text, a number, or true or false: one text
  std::vector<std::string> texts;  // the string value of each node, in document order
};

// Not to be shared between threads; different documents may be used by different threads.
class XmlDocument {
 public:
  // From well-formed XML 1.0 with namespaces, in UTF-8 whatever it declares; else why not, in a clause.
  static tl::expected<XmlDocument, std::string> parse(std::string_view text, bool ignore_namespaces);

  // Fails where the expression cannot be evaluated on this document, or takes too many steps.
  tl::expected<XPathValue, std::string> evaluate(const std::string& expression, const Namespaces& namespaces) const;

  std::string root_name() const;  // without prefix

  // {"name": "{uri}local", "attributes": {…}, "text": "…", "children": […]}: white space around texts dropped,
  // comments and instructions left out. With `numbers` a text that is a number becomes one.
  Json json(bool numbers) const;

  struct Owned;
  XmlDocument(XmlDocument&&) noexcept;
  XmlDocument& operator=(XmlDocument&&) noexcept;
  ~XmlDocument();

 private:
  explicit XmlDocument(std::unique_ptr<Owned> owned);
  std::unique_ptr<Owned> owned_;
};

struct XPathFault {
  std::size_t offset = 0;
  std::string message, hint;
};
// What is wrong with an expression, whatever it is evaluated on.
std::optional<XPathFault> xpath_fault(const std::string& expression, const Namespaces& namespaces);

}  // namespace headgate::grade
