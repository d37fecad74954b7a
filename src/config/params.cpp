#include "params.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "well_shaped.hpp"

namespace headgate::config {
namespace {

constexpr const char* token_bounds[] = {"max_tokens", "max_completion_tokens", "max_output_tokens"};

struct Taken {
  std::string_view key;
  const char* hint;
};
constexpr const char* by_prompt = "what is said stands in prompt: {system: …, user: …}";
constexpr Taken taken[] = {
    {"model", "write model: … beside params"},
    {"messages", by_prompt},
    {"input", by_prompt},
    {"prompt", by_prompt},
    {"system", by_prompt},
    {"instructions", by_prompt},
    {"stream", "write stream: true beside params"},
    {"background", "a reply must be whole when it comes"},
    {"previous_response_id", "every case is asked by itself"},
    {"conversation", "every case is asked by itself"},
};

bool is_whole(const Json& value, double least) { return value.is_number_integer() && value.get<double>() >= least; }

}  // namespace

void check_params(const Tree& tree, Complaints& complaints) {
  const Json* params = member(tree.root(), "params");
  if (params == nullptr) return;
  const Json* kind = member(tree.root(), "kind");
  const bool is_chat = kind != nullptr && *kind != Json("generic_http");
  for (const auto& [key, value] : params->get_ref<const Json::object_t&>()) {
    for (const char* bound : token_bounds) {
      if (key == bound && !is_whole(value, 1))
        complaints.add(tree.error(value, "'" + key + "' must be a whole number of at least 1"));
    }
    if (!is_chat) continue;
    const auto found = std::find_if(std::begin(taken), std::end(taken),
                                    [&, name = std::string_view(key)](const Taken& each) { return each.key == name; });
    if (found != std::end(taken)) {
      complaints.add(tree.error(value, "the parameter '" + key + "' is set by headgate itself", found->hint, At::key));
    }
    if (key == "stream_options" && member(tree.root(), "stream") == nullptr) {
      complaints.add(tree.error(value, "'stream_options' means nothing for replies that come whole",
                                "write stream: true beside params", At::key));
    }
    if (key == "n" && value != Json(1)) {
      complaints.add(
          tree.error(value, "a call has one reply: 'n' may only be 1", "trials: N in the gate asks each case N times"));
    }
  }
}

}  // namespace headgate::config
