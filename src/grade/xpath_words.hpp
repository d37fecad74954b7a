// Names in an XPath expression that no evaluation of a small document would come across.
#pragma once

#include <optional>
#include <string_view>

#include "xml_document.hpp"

namespace headgate::grade {

// A prefix that is not declared, a function that XPath 1.0 does not have, a variable, an open quote.
std::optional<XPathFault> xpath_name_fault(std::string_view expression, const Namespaces& namespaces);

}  // namespace headgate::grade
