// The pages of docs/ that are written by the field tables themselves: every key, what it takes, and what it is for.
#pragma once

#include <string>

namespace headgate::cli {

// Markdown of docs/<page>.md; empty for a page that no file kind stands on.
std::string reference_page(const std::string& page);

}  // namespace headgate::cli
