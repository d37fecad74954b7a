// The project's fake provider inside a test program.
#pragma once

#include <catch2/catch.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "headgate/base/json.hpp"
#include "headgate/fake/provider.hpp"

namespace headgate::test {

// Listens on a free port until it is destroyed. `script` is JSON; docs/fake-provider.md describes it.
inline std::unique_ptr<fake::Provider> start_provider(const std::string& script = "{}") {
  auto provider = fake::Provider::start(Json::parse(script));
  if (!provider) FAIL(provider.error().message << " at line " << provider.error().place.line << " of " << script);
  return std::move(*provider);
}

// "http://127.0.0.1:PORT/good/v1" for the profile `good`.
inline std::string base_url(const fake::Provider& provider, const std::string& profile = {}) {
  return provider.url() + (profile.empty() ? "" : "/" + profile) + "/v1";
}

}  // namespace headgate::test
