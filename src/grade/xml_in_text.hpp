// Where in a reply its XML is.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace headgate::grade {

enum class XmlFrom {
  whole,   // the reply is XML and nothing else but white space
  fenced,  // the first ``` block marked xml, else the first that begins with a tag
  prose,   // such a block, else from the first tag to the last closing tag of that name
};

// The part, borrowed from `text`, or nothing where there is no tag. In prose `root`, where not empty, is the name whose
// tag counts, whatever its prefix. Whether it is well formed, a parser says.
std::optional<std::string_view> find_xml(std::string_view text, XmlFrom from, std::string_view root);

}  // namespace headgate::grade
