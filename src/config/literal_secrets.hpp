// Keys that somebody wrote into a file where only env:NAME or file:PATH may stand. They are refused, and no message, no
// excerpt and no log repeats them.
#pragma once

#include <string>

#include "headgate/base/complaints.hpp"
#include "headgate/base/tree.hpp"

namespace headgate::config {

// `tree` is a route file with the text it was parsed from. The same tree, in whose excerpts every literal of `key`,
// `headers`, a misspelt key of that kind, and an endpoint with a password in it is made unreadable.
Tree with_masked_secrets(Tree tree, std::string text);

// Complains about each literal in `key` and `headers` and returns the tree without them.
Tree without_literal_secrets(Tree tree, Complaints& complaints);

// For a file that cannot be parsed: an excerpt that may hold a key is left out.
void hide_excerpts(Complaints& complaints, Complaints&& found);

// Words that people write for `key`.
bool is_key_word(const std::string& key);

}  // namespace headgate::config
