#include "xml_document.hpp"

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "find_numbers.hpp"
#include "headgate/base/assert.hpp"
#include "headgate/base/text.hpp"
#include "headgate/base/unicode.hpp"
#include "verdict.hpp"
#include "xpath_words.hpp"

namespace headgate::grade {

struct XmlDocument::Owned {
  xmlDocPtr doc = nullptr;
  explicit Owned(xmlDocPtr owned) : doc(owned) {}
  Owned(const Owned&) = delete;
  Owned& operator=(const Owned&) = delete;
  ~Owned() { xmlFreeDoc(doc); }
};

namespace {

template <auto release>
struct Release {
  template <class T>
  void operator()(T* owned) const {
    release(owned);
  }
};
using ParserContext = std::unique_ptr<xmlParserCtxt, Release<xmlFreeParserCtxt>>;
using PathContext = std::unique_ptr<xmlXPathContext, Release<xmlXPathFreeContext>>;
using PathObject = std::unique_ptr<xmlXPathObject, Release<xmlXPathFreeObject>>;
using PathExpression = std::unique_ptr<xmlXPathCompExpr, Release<xmlXPathFreeCompExpr>>;

std::string text_of(const xmlChar* text) {
  return text == nullptr ? std::string() : std::string(reinterpret_cast<const char*>(text));
}
std::string taken(xmlChar* text) {
  std::string out = text_of(text);
  xmlFree(text);
  return out;
}
const xmlChar* xml_text_of(const std::string& text) { return reinterpret_cast<const xmlChar*>(text.c_str()); }

std::string message_of(const xmlError& error) {
  std::string out = error.message == nullptr ? "a fault" : error.message;
  while (!out.empty() && (out.back() == '\n' || out.back() == ' ')) out.pop_back();
  return repair_utf8(out);
}

// Once a process, before any thread uses it.
void wake_library() {
  static const bool ready = (xmlInitParser(), true);
  static_cast<void>(ready);
}

// What one parse has met.
struct Watch {
  std::size_t nodes = 0;
  std::string fault;  // the first
};

Watch& watch_of(void* context) { return *static_cast<Watch*>(static_cast<xmlParserCtxtPtr>(context)->_private); }

void stop(void* context, std::string why) {
  Watch& watch = watch_of(context);
  if (watch.fault.empty()) watch.fault = std::move(why);
  xmlStopParser(static_cast<xmlParserCtxtPtr>(context));
}

bool counts(void* context, std::size_t nodes) {
  Watch& watch = watch_of(context);
  watch.nodes += nodes;
  if (watch.nodes > max_xml_nodes) stop(context, "has more than " + std::to_string(max_xml_nodes) + " nodes");
  return watch.nodes <= max_xml_nodes;
}

void on_element(void* context, const xmlChar* name, const xmlChar* prefix, const xmlChar* uri, int namespace_count,
                const xmlChar** namespaces, int attribute_count, int default_count, const xmlChar** attributes) {
  constexpr int max_namespaces_in_scope = 512;
  const auto* parser = static_cast<xmlParserCtxtPtr>(context);
  if (parser->nameNr >= max_xml_depth) {
    return stop(context, "is deeper than " + std::to_string(max_xml_depth) + " levels");
  }
  if (parser->nsNr > 2 * max_namespaces_in_scope) return stop(context, "declares too many namespaces");
  const auto more = static_cast<std::size_t>(attribute_count) + static_cast<std::size_t>(namespace_count);
  if (!counts(context, 1 + more)) return;
  xmlSAX2StartElementNs(context, name, prefix, uri, namespace_count, namespaces, attribute_count, default_count,
                        attributes);
}
void on_comment(void* context, const xmlChar* text) {
  if (counts(context, 1)) xmlSAX2Comment(context, text);
}
void on_instruction(void* context, const xmlChar* target, const xmlChar* data) {
  if (counts(context, 1)) xmlSAX2ProcessingInstruction(context, target, data);
}
void on_cdata(void* context, const xmlChar* text, int length) {
  if (counts(context, 1)) xmlSAX2Characters(context, text, length);
}

// Declarations could make entities that multiply, name files, or put attributes on every element.
void refuse_declarations(void* context) {
  stop(context, "declares entities or the like in a DOCTYPE, which is not read");
}
void on_entity(void* context, const xmlChar*, int, const xmlChar*, const xmlChar*, xmlChar*) {
  refuse_declarations(context);
}
void on_notation(void* context, const xmlChar*, const xmlChar*, const xmlChar*) { refuse_declarations(context); }
void on_unparsed(void* context, const xmlChar*, const xmlChar*, const xmlChar*, const xmlChar*) {
  refuse_declarations(context);
}
void on_element_kind(void* context, const xmlChar*, int, xmlElementContentPtr) { refuse_declarations(context); }
void on_attribute_kind(void* context, const xmlChar*, const xmlChar*, int, int, const xmlChar*, xmlEnumerationPtr all) {
  xmlFreeEnumeration(all);
  refuse_declarations(context);
}
void on_reference(void* context, const xmlChar* name) {
  stop(context, "uses the entity &" + text_of(name) + ";, which only a DTD could explain");
}
void ignore_external_subset(void*, const xmlChar*, const xmlChar*, const xmlChar*) {}
xmlParserInputPtr resolve_nothing(void*, const xmlChar*, const xmlChar*) { return nullptr; }

void on_fault(void* context, xmlErrorPtr error) {
  if (error == nullptr || error->level < XML_ERR_ERROR) return;
  Watch& watch = watch_of(context);
  if (!watch.fault.empty()) return;
  watch.fault = "is not well-formed XML: line " + std::to_string(error->line) + ": " + on_one_line(message_of(*error));
}

void watch_over(xmlSAXHandler& sax) {
  sax.startElementNs = on_element;
  sax.comment = on_comment;
  sax.processingInstruction = on_instruction;
  sax.cdataBlock = on_cdata;
  sax.entityDecl = on_entity;
  sax.notationDecl = on_notation;
  sax.unparsedEntityDecl = on_unparsed;
  sax.elementDecl = on_element_kind;
  sax.attributeDecl = on_attribute_kind;
  sax.reference = on_reference;
  sax.externalSubset = ignore_external_subset;
  sax.resolveEntity = resolve_nothing;
  sax.serror = on_fault;
}

std::size_t behind(std::string_view text, std::string_view mark, std::size_t from) {
  const std::size_t found = text.find(mark, from);
  return found == text.npos ? text.size() : found + mark.size();
}

// Whether some tag has too many attributes to be parsed in fair time.
bool has_crowded_tag(std::string_view text) {
  for (std::size_t at = text.find('<'); at < text.size(); at = text.find('<', at)) {
    const std::string_view rest = text.substr(at);
    if (rest.starts_with("<!--")) {
      at = behind(text, "-->", at);
    } else if (rest.starts_with("<![CDATA[")) {
      at = behind(text, "]]>", at);
    } else if (rest.starts_with("<?")) {
      at = behind(text, "?>", at);
    } else {
      std::size_t values = 0;
      for (++at; at < text.size() && text[at] != '>' && text[at] != '<'; ++at) {
        if (text[at] != '"' && text[at] != '\'') continue;
        at = std::min(text.find(text[at], at + 1), text.size());
        if (++values > max_xml_attributes) return true;
      }
    }
  }
  return false;
}

void drop_namespaces(xmlNodePtr node) {
  for (; node != nullptr; node = node->next) {
    if (node->type != XML_ELEMENT_NODE) continue;
    node->ns = nullptr;
    for (xmlAttrPtr attribute = node->properties; attribute != nullptr; attribute = attribute->next) {
      attribute->ns = nullptr;
    }
    drop_namespaces(node->children);  // as deep as max_xml_depth
  }
}

std::string full_name(const xmlChar* name, const xmlNs* space) {
  return space == nullptr ? text_of(name) : "{" + text_of(space->href) + "}" + text_of(name);
}

Json text_value(std::string_view text, bool numbers) {
  text = trimmed(text);
  if (numbers) {
    std::string scratch;
    const auto number = whole_number(plain_digits(text, scratch), NumberStyle{});
    if (number && std::isfinite(number->approximate())) return number->approximate();
  }
  return std::string(text);
}

Json json_of(xmlNodePtr element, bool numbers) {
  Json attributes = Json::object(), children = Json::array();
  for (xmlAttrPtr one = element->properties; one != nullptr; one = one->next) {
    const std::string value = taken(xmlNodeListGetString(one->doc, one->children, 1));
    attributes[full_name(one->name, one->ns)] = text_value(value, numbers);
  }
  std::string text;
  for (xmlNodePtr child = element->children; child != nullptr; child = child->next) {
    if (child->type == XML_ELEMENT_NODE) children.push_back(json_of(child, numbers));
    if (child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE) text += text_of(child->content);
  }
  Json out = Json::object();
  out["name"] = full_name(element->name, element->ns);
  out["attributes"] = std::move(attributes);
  out["text"] = text_value(text, numbers);
  out["children"] = std::move(children);
  return out;
}

void on_path_fault(void* data, xmlErrorPtr error) {
  auto& fault = *static_cast<std::optional<XPathFault>*>(data);
  if (fault || error == nullptr) return;
  fault =
      XPathFault{error->int1 > 0 ? static_cast<std::size_t>(error->int1) : 0, "bad XPath: " + message_of(*error), {}};
}

// The expression evaluated on a document, or what went wrong.
tl::expected<PathObject, XPathFault> evaluated(xmlDocPtr doc, const std::string& expression,
                                               const Namespaces& namespaces) {
  std::optional<XPathFault> fault;
  const PathContext context(xmlXPathNewContext(doc));
  HG_ASSERT(context != nullptr);
  context->error = on_path_fault;
  context->userData = &fault;
  context->opLimit = max_xpath_steps;
  for (const auto& [prefix, uri] : namespaces) xmlXPathRegisterNs(context.get(), xml_text_of(prefix), xml_text_of(uri));
  // Compiled each time: a compiled expression remembers functions while it runs, so threads may not share it.
  const PathExpression compiled(xmlXPathCtxtCompile(context.get(), xml_text_of(expression)));
  PathObject out(compiled == nullptr ? nullptr : xmlXPathCompiledEval(compiled.get(), context.get()));
  if (out != nullptr && !fault) return out;
  return tl::unexpected(fault ? *fault : XPathFault{0, "bad XPath", {}});
}

}  // namespace

XmlDocument::XmlDocument(std::unique_ptr<Owned> owned) : owned_(std::move(owned)) {}
XmlDocument::XmlDocument(XmlDocument&&) noexcept = default;
XmlDocument& XmlDocument::operator=(XmlDocument&&) noexcept = default;
XmlDocument::~XmlDocument() = default;

tl::expected<XmlDocument, std::string> XmlDocument::parse(std::string_view text, bool ignore_namespaces) {
  wake_library();
  if (text.find('\0') != text.npos) return tl::unexpected(std::string("is not well-formed XML: it has a NUL"));
  if (text.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
    return tl::unexpected(std::string("is too long"));
  }
  if (has_crowded_tag(text)) {
    return tl::unexpected("has a tag with more than " + std::to_string(max_xml_attributes) + " attributes");
  }
  const ParserContext parser(xmlNewParserCtxt());
  HG_ASSERT(parser != nullptr);
  Watch watch;
  parser->_private = &watch;
  watch_over(*parser->sax);
  constexpr int options =
      XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA | XML_PARSE_IGNORE_ENC;
  auto owned = std::make_unique<Owned>(
      xmlCtxtReadMemory(parser.get(), text.data(), static_cast<int>(text.size()), nullptr, "UTF-8", options));
  if (!watch.fault.empty()) return tl::unexpected(watch.fault);
  if (owned->doc == nullptr || parser->wellFormed == 0 || parser->nsWellFormed == 0 ||
      xmlDocGetRootElement(owned->doc) == nullptr) {
    return tl::unexpected(std::string("is not well-formed XML"));
  }
  if (ignore_namespaces) drop_namespaces(xmlDocGetRootElement(owned->doc));
  return XmlDocument(std::move(owned));
}

std::string XmlDocument::root_name() const { return text_of(xmlDocGetRootElement(owned_->doc)->name); }

Json XmlDocument::json(bool numbers) const { return json_of(xmlDocGetRootElement(owned_->doc), numbers); }

tl::expected<XPathValue, std::string> XmlDocument::evaluate(const std::string& expression,
                                                            const Namespaces& namespaces) const {
  const auto found = evaluated(owned_->doc, expression, namespaces);
  if (!found) return tl::unexpected(found.error().message);
  XPathValue out;
  const PathObject& object = *found;
  if (object->type == XPATH_NODESET) {
    out.is_nodes = true;
    const int count = object->nodesetval == nullptr ? 0 : object->nodesetval->nodeNr;
    std::size_t bytes = 0;  // the text of an element is in that of each element around it
    for (int i = 0; i < count && bytes <= max_xpath_result_bytes; ++i) {
      out.texts.push_back(taken(xmlXPathCastNodeToString(object->nodesetval->nodeTab[i])));
      bytes += out.texts.back().size();
    }
    if (bytes > max_xpath_result_bytes) return tl::unexpected(std::string("the expression finds too much text"));
  } else if (object->type == XPATH_NUMBER) {
    out.texts.push_back(shortest(object->floatval));
  } else {
    out.texts.push_back(taken(xmlXPathCastToString(object.get())));
  }
  return out;
}

std::optional<XPathFault> xpath_fault(const std::string& expression, const Namespaces& namespaces) {
  wake_library();
  if (expression.empty() || expression.size() > max_xpath_bytes || expression.find('\0') != expression.npos) {
    return XPathFault{0, "bad XPath: it must have 1 to " + std::to_string(max_xpath_bytes) + " bytes", {}};
  }
  if (auto fault = xpath_name_fault(expression, namespaces)) return fault;
  const XmlDocument::Owned empty(xmlNewDoc(nullptr));
  xmlDocSetRootElement(empty.doc, xmlNewDocNode(empty.doc, nullptr, reinterpret_cast<const xmlChar*>("x"), nullptr));
  auto found = evaluated(empty.doc, expression, namespaces);
  if (!found) return std::move(found).error();
  return std::nullopt;
}

}  // namespace headgate::grade
