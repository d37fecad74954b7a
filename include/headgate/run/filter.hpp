// A small grammar to select cases:
//   expr  := term { "," term }            all terms must hold
//   term  := [ "!" ] key ( "=" | "!=" | "~" ) value { "|" value }
//   key   := id | tag | severity | severe_class | suite | sampling | <segment dimension>
// `=` compares whole values (with * and ? as wildcards), `~` searches a substring.
#pragma once

#include <functional>
#include <string>

#include "headgate/domain/suite.hpp"

namespace headgate::run {

using CaseFilter = std::function<bool(const Case& item, const SuiteHead& suite)>;

// `known_dimensions` are the segment dimensions of the suites at hand; an unknown key is an error with did-you-mean.
Result<CaseFilter> parse_filter(const std::string& text, const std::vector<std::string>& known_dimensions);

}  // namespace headgate::run
