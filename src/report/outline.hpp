// A tree of sentences for a terminal, drawn with lines so that it is read without colour.
#pragma once

#include <string>
#include <vector>

#include "layout.hpp"

namespace headgate::report {

// Texts may be hostile; `lead` is ours, and painted.
struct Node {
  std::string lead;
  std::string text;
  Hue hue = Hue::plain;
  std::vector<Node> children;

  Node& add(std::string child_lead, std::string child_text, Hue child_hue = Hue::plain) {
    children.push_back({std::move(child_lead), std::move(child_text), child_hue, {}});
    return children.back();
  }
};

// The children of `root`, which itself is not drawn.
void draw(Page& page, const Node& root);

// Text as it stands, line by line behind a bar, at most `most_lines` of them; then how many are left out.
void draw_text(Page& page, std::string_view text, std::size_t indent, std::size_t most_lines);

}  // namespace headgate::report
