#include "xml_in_text.hpp"

#include <algorithm>

#include "code_blocks.hpp"
#include "headgate/base/unicode.hpp"

namespace headgate::grade {
namespace {

bool starts_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool is_of_name(char c) { return starts_name(c) || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == ':'; }

bool begins_with_tag(std::string_view text) {
  text = trimmed(text);
  return text.size() > 1 && text[0] == '<' && (starts_name(text[1]) || text[1] == '?' || text[1] == '!');
}

std::optional<std::string_view> from_block(std::string_view text) {
  std::optional<std::string_view> first;
  std::size_t at = 0;
  while (const auto block = next_block(text, at)) {
    if (is_marked(*block, "xml")) return block->content;
    if (!first && begins_with_tag(block->content)) first = block->content;
  }
  return first;
}

std::string_view name_at(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at);
  return rest.substr(0,
                     static_cast<std::size_t>(std::find_if_not(rest.begin(), rest.end(), is_of_name) - rest.begin()));
}

bool is_called(std::string_view name, std::string_view root) {
  return root.empty() || name.substr(name.find(':') + 1) == root;  // npos + 1 is 0
}

// The start tag's end, quotes skipped.
std::size_t tag_end(std::string_view text, std::size_t at) {
  for (; at < text.size(); ++at) {
    if (text[at] == '>') return at + 1;
    if (text[at] == '"' || text[at] == '\'') at = std::min(text.find(text[at], at + 1), text.size());
  }
  return text.size();
}

std::optional<std::string_view> from_tags(std::string_view text, std::string_view root) {
  for (std::size_t at = text.find('<'); at != text.npos; at = text.find('<', at + 1)) {
    if (at + 1 >= text.size() || !starts_name(text[at + 1])) continue;
    const std::string_view name = name_at(text, at + 1);
    if (!is_called(name, root)) continue;
    const std::size_t end = tag_end(text, at);
    if (text.substr(0, end).ends_with("/>")) return text.substr(at, end - at);
    const std::string closing = "</" + std::string(name);
    for (std::size_t last = text.rfind(closing); last != text.npos && last >= end;
         last = text.rfind(closing, last - 1)) {
      if (name_at(text, last + 2).size() != name.size()) continue;  // </ab is no end of <a>
      return text.substr(at, tag_end(text, last) - at);
    }
    return text.substr(at);  // it never closes, as the parser will say
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string_view> find_xml(std::string_view text, XmlFrom from, std::string_view root) {
  if (from == XmlFrom::whole) return begins_with_tag(text) ? std::optional(trimmed(text)) : std::nullopt;
  if (const auto block = from_block(text)) return trimmed(*block);
  return from == XmlFrom::fenced ? std::nullopt : from_tags(text, root);
}

}  // namespace headgate::grade
