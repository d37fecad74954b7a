// The ``` blocks of a reply. One opens at ``` (or more) anywhere, or at ~~~ that begins a line; it closes at the next
// line that begins with as many of the same, or within its own line; one that never closes reaches to the end.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace headgate::grade {

struct CodeBlock {
  std::string_view mark;  // the word after the fence, "json", or empty
  std::string_view content;
};

// The next block at or after `at`, which moves behind it. All blocks of a text take time linear in it.
std::optional<CodeBlock> next_block(std::string_view text, std::size_t& at);

// Whether the mark is `word`, in any case.
bool is_marked(const CodeBlock& block, std::string_view word);

}  // namespace headgate::grade
