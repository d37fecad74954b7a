// Where in a reply its JSON is.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "headgate/base/json.hpp"
#include "verdict.hpp"

namespace headgate::grade {

enum class JsonFrom {
  whole,   // the reply is JSON and nothing else but white space
  fenced,  // the first ``` block marked json, else the first block
  prose,   // such a block where it parses, else the first balanced {…} or […] that parses
};

// Strictly parsed (no duplicate keys, at most 64 levels), or in one sentence why there is none. Takes time linear in
// the text.
tl::expected<Json, std::string> find_json(std::string_view text, JsonFrom from);

}  // namespace headgate::grade
