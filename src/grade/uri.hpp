// URI references (RFC 3986), as far as schemas need them: taken apart, resolved against a base, judged by their form.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace headgate::grade {

struct Uri {
  std::string scheme;  // empty: a relative reference
  std::optional<std::string> authority;
  std::string path;
  std::optional<std::string> query, fragment;

  static Uri of(std::string_view text);  // any text comes apart; whether it is well formed, is_uri_reference says
  std::string without_fragment() const;
};

// What `reference` means where `base` is the base: RFC 3986, 5.2. A relative base gives a relative result.
Uri resolved(const Uri& base, const Uri& reference);

// `beyond_ascii`: IRIs, whose characters above U+007F need no escapes.
bool is_uri_reference(std::string_view text, bool beyond_ascii = false);
bool is_uri(std::string_view text, bool beyond_ascii = false);  // with a scheme

std::string percent_decoded(std::string_view text);  // "%25" to "%"; what is no escape stays

}  // namespace headgate::grade
