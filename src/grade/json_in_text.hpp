// Where in a reply its JSON is.
#pragma once

#include <string>
#include <string_view>

#include "headgate/base/json.hpp"
#include "headgate/base/result.hpp"

namespace headgate::grade {

enum class JsonFrom {
  whole,   // the reply is JSON and nothing else but white space
  fenced,  // the ``` blocks marked json, else all blocks
  prose,   // such blocks where they parse, else the balanced {…} and […] that parse
};
enum class Pick { first, last, only };  // of several; `only`: all are the same JSON, or there is none

// Strictly parsed (no duplicate keys, no comments, at most 64 levels), or in one sentence why there is none. Takes time
// linear in the text.
tl::expected<Json, std::string> find_json(std::string_view text, JsonFrom from, Pick pick = Pick::first);

}  // namespace headgate::grade
