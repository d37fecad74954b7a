// A small grammar to select cases:
//   expr  := term { "," term }            all terms must hold
//   term  := [ "!" ] key ( "=" | "!=" | "~" ) value { "|" value }
//   key   := id | tag | severity | severe_class | suite | sampling | <segment dimension>
// `=` compares whole values (with * and ? as wildcards), `~` searches a substring.
#pragma once

#include <functional>
#include <span>
#include <string>

#include "headgate/domain/suite.hpp"

namespace headgate::run {

using CaseFilter = std::function<bool(const Case& item, const SuiteHead& suite)>;

// `known_dimensions` are the segment dimensions of the suites at hand; an unknown key is an error with did-you-mean.
Result<CaseFilter> parse_filter(const std::string& text, const std::vector<std::string>& known_dimensions);

// Why a filter selects nothing, as a hint: a value that no suite declares, with the values there are. Empty where all
// its values are declared somewhere.
std::string undeclared_value(const std::string& text, std::span<const SuiteHead> suites);

}  // namespace headgate::run
