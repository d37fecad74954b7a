// A model server on loopback, for rehearsing a gate without keys and for tests of fault handling.

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "diagnostics.hpp"
#include "headgate/base/clock.hpp"
#include "headgate/base/file.hpp"
#include "headgate/base/text.hpp"
#include "headgate/fake/provider.hpp"
#include "output.hpp"
#include "signals.hpp"
#include "verb_options.hpp"

namespace headgate::cli {
namespace {

constexpr Millis look_around{20};
constexpr std::uint64_t most_port = 65535;

// Nothing where complaints were shown.
Result<std::optional<fake::Script>> read(const Context& context) {
  Complaints complaints;
  const auto path = context.arguments.text("--script");
  std::string text = "{}";
  if (path) {
    HG_TRY(found, real_files().read(*path));
    text = std::move(found);
  }
  const std::string name = path.value_or("script.json");
  const auto tree = parse_config(name, std::move(text), complaints);
  std::optional<fake::Script> script;
  if (tree) script = fake::read_script(*tree, real_files(), folder_of(name), complaints);
  if (!script) report(std::move(complaints), context.terminal, "`headgate schema script` says what a script may hold");
  return script;
}

Result<void> hand_out_root(const Context& context, const fake::Provider& provider) {
  const auto path = context.arguments.text("--ca");
  if (!path) return {};
  if (provider.ca_file().empty()) {
    return failure(ErrorCode::input, "--ca: there is no root certificate to write",
                   "the script needs tls: {certificate: good}; a self_signed one has no root");
  }
  HG_TRY(pem, real_files().read(provider.ca_file()));
  return write_file_atomically(*path, pem, Access::everyone);
}

void announce(const Context& context, const fake::Provider& provider) {
  if (context.arguments.flag("--json")) {
    write_out(canonical_pretty({{"format", "headgate/fake-provider/1"},
                                {"url", provider.url()},
                                {"port", provider.port()},
                                {"ca_file", provider.ca_file().empty() ? Json() : Json(provider.ca_file())}}));
  } else {
    write_out(provider.url() + "\n");
  }
  say("fake provider: answers as its script says, " +
      (provider.ca_file().empty() ? std::string() : "trusted with " + terminal_line(provider.ca_file()) + ", ") +
      "until Ctrl-C; GET /stats counts");
}

void wait_for_the_end(const Context& context, const fake::Provider& provider) {
  const InterruptWatch watch;
  const auto idle = context.arguments.whole("--once-idle");
  while (watch.asked() == 0) {
    if (idle && provider.idle_seconds() >= static_cast<double>(*idle)) return;
    std::this_thread::sleep_for(look_around);
  }
}

std::string last_words(const Json& stats) {
  const auto count = [&](const char* key) { return stats.at(key).get<std::uint64_t>(); };
  return "fake provider: " + plural(count("requests"), "request") + " of " +
         plural(stats.at("bodies").at("different").get<std::uint64_t>(), "different body", "different bodies") + ", " +
         std::to_string(count("answered")) + " answered, " + std::to_string(count("rejected")) + " rejected, " +
         plural(count("repeats"), "repeat");
}

Result<ExitCode> fake_provider_verb(const Context& context) {
  const std::uint64_t port = context.arguments.whole("--port").value_or(0);
  if (port > most_port) return failure(ErrorCode::input, "--port: there is no port " + std::to_string(port));
  HG_TRY(script, read(context));
  if (!script) return ExitCode::refused;
  HG_TRY(provider, fake::Provider::start(std::move(*script), static_cast<std::uint16_t>(port)));
  HG_CHECK(hand_out_root(context, *provider));
  announce(context, *provider);
  wait_for_the_end(context, *provider);
  say(last_words(provider->stats()));
  return ExitCode::yes;
}

}  // namespace

Verb fake_provider_row() {
  return {
      .name = "fake-provider",
      .group = about,
      .summary = "a model server on this machine that does as a script says, to rehearse without keys",
      .operands = "",
      .options = {text("--script", "FILE",
                       "what it answers and which faults it has (default: repeats what stands "
                       "between [[ and ]])"),
                  whole("--port", "N", 0, "the port on 127.0.0.1 (default: a free one)"),
                  whole("--once-idle", "SECONDS", 1, "end when nothing was asked for so long"),
                  text("--ca", "FILE", "write the root certificate there, where the script has tls")},
      .details =
          "Speaks Chat Completions, Responses and Messages, plain and streaming, by the path that is asked, and\n"
          "plain JSON on any other. The first line of stdout is its URL, written when it listens. GET /stats says\n"
          "what was asked how often, GET /log what was sent. Ctrl-C or SIGTERM ends it, with status 0.\n"
          "docs/fake-provider.md tells what scripts can do: rate limits, cuts, resets, bad certificates.",
      .examples = {"headgate fake-provider", "headgate fake-provider --script outage.yaml --port 8099 --once-idle 60"},
      .run = fake_provider_verb};
}

}  // namespace headgate::cli
