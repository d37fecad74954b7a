// What a command line says about calls: what they may cost, whether they are made at all, tried again, or looked up
// first. The same for every verb that calls routes.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "headgate/config/gate_file.hpp"
#include "headgate/route/reply_cache.hpp"
#include "verbs.hpp"

namespace headgate::cli {

// --offline, --max-usd, --deadline, --cache, --fail-fast
std::vector<Option> call_options();

struct CallWish {
  config::Budget budget;  // the gate's, or what the options say instead
  bool offline = false;
  bool fail_fast = false;
  std::string cache;  // folder; empty: none
};

// Fails (input) on an amount or duration that is none.
Result<CallWish> call_wish(const Context& context, const config::Budget& of_gate);

// Fails (input) where a budget is asked for and a route that is called has no price: nobody could say what is spent.
Result<void> check_prices(const CallWish& wish, const config::Gate& gate);

// The opened cache, or null where none is asked for.
Result<std::unique_ptr<route::ReplyCache>> open_cache(const CallWish& wish);

}  // namespace headgate::cli
