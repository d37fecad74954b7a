// Reads XML strictly enough to notice when text from outside broke out of its place: for tests of written XML.
#pragma once

#include <cctype>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "headgate/base/unicode.hpp"

namespace headgate::test {

struct XmlElement {
  std::string name;
  std::map<std::string, std::string> attributes;  // still escaped
  std::vector<XmlElement> children;
  std::string text;  // still escaped

  std::size_t count(std::string_view wanted) const {
    std::size_t n = name == wanted ? 1 : 0;
    for (const XmlElement& child : children) n += child.count(wanted);
    return n;
  }
};

// Throws std::runtime_error where the text is not well-formed. No comments, CDATA, or processing instructions but the
// XML declaration: our writers use none.
class XmlReader {
 public:
  static XmlElement read(std::string_view text) {
    XmlReader reader(text);
    reader.expect("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    XmlElement root = reader.element();
    reader.skip_spaces();
    reader.require(reader.at_ == text.size(), "text after the root");
    return root;
  }

 private:
  explicit XmlReader(std::string_view text) : text_(text) {
    require(is_utf8(text), "not UTF-8");
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      require(byte >= 0x20 || byte == '\n' || byte == '\t' || byte == '\r', "control character");
    }
    require(text.find("\xef\xbf\xbe") == std::string_view::npos, "U+FFFE");
  }

  void require(bool holds, const char* what) const {
    if (!holds) throw std::runtime_error(std::string(what) + " at byte " + std::to_string(at_));
  }
  bool is_next(std::string_view wanted) const { return text_.substr(at_, wanted.size()) == wanted; }
  void expect(std::string_view wanted) {
    require(is_next(wanted), "unexpected text");
    at_ += wanted.size();
  }
  void skip_spaces() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
  }
  std::string word() {
    const std::size_t from = at_;
    while (at_ < text_.size() && std::isalnum(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
    require(at_ > from, "no name");
    return std::string(text_.substr(from, at_ - from));
  }
  // Up to `end`, in which `&` only begins one of the references we write.
  std::string characters(char end) {
    const std::size_t from = at_;
    while (at_ < text_.size() && text_[at_] != end) {
      require(text_[at_] != '<', "raw <");
      if (text_[at_] == '&') {
        require(is_next("&amp;") || is_next("&lt;") || is_next("&gt;") || is_next("&quot;") || is_next("&#39;"),
                "raw &");
      }
      ++at_;
    }
    require(at_ < text_.size(), "unfinished");
    return std::string(text_.substr(from, at_ - from));
  }

  XmlElement element() {
    XmlElement out;
    expect("<");
    out.name = word();
    while (is_next(" ")) {
      ++at_;
      const std::string key = word();
      expect("=\"");
      require(out.attributes.emplace(key, characters('"')).second, "attribute twice");
      expect("\"");
    }
    if (is_next("/>")) {
      at_ += 2;
      return out;
    }
    expect(">");
    while (true) {
      out.text += characters('<');
      if (is_next("</")) break;
      out.children.push_back(element());
    }
    expect("</" + out.name + ">");
    return out;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace headgate::test
