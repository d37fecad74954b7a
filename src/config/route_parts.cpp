#include "route_parts.hpp"

#include <nlohmann/json.hpp>

#include "headgate/base/digest.hpp"
#include "program_reader.hpp"
#include "well_shaped.hpp"

namespace headgate::config {
namespace {

constexpr std::size_t max_prompt_bytes = std::size_t{8} << 20;

JsonText part(const Json& root, const char* key) {
  const auto found = root.find(key);
  return found == root.end() ? JsonText{} : to_text(*found);
}

// What stands in the place of a file's name: two files with equal bytes are the same prompt.
Json content_of(const Tree& tree, const Json& path, const FileReader& files, Complaints& complaints) {
  const std::string name = join_path(folder_of(tree.name()), path.get_ref<const std::string&>());
  const Result<std::string> text = files.read(name, max_prompt_bytes);
  if (!text) {
    complaints.add(tree.error(path, text.error().message, "paths are relative to the route file"));
    return {};
  }
  return {{"digest", sha256(*text).text()}, {"bytes", text->size()}};
}

JsonText prompt_part(const Tree& tree, const FileReader& files, Complaints& complaints) {
  const Json* prompt = member(tree.root(), "prompt");
  if (prompt == nullptr) return {};
  Json out = *prompt;
  if (const Json* system = member(*prompt, "system")) out["system"] = content_of(tree, *system, files, complaints);
  if (const Json* messages = member(*prompt, "messages")) {
    if (prompt->contains("system") || prompt->contains("user")) {
      complaints.add(tree.error(*messages, "'messages' stands instead of 'system' and 'user'", {}, At::key));
    }
    std::size_t i = 0;
    for (const Json& message : *messages) {
      if (message.is_null()) {
        // Complained about.
      } else if (message.contains("file") == message.contains("content")) {
        complaints.add(tree.error(message, "a prompt message needs either 'content' or 'file'"));
      } else if (const Json* file = member(message, "file")) {
        out["messages"][i]["file"] = content_of(tree, *file, files, complaints);
      }
      ++i;
    }
  }
  return to_text(out);
}

JsonText request_part(const Json& request, const Json* reply) {
  Json out = {{"request", request}};
  if (reply != nullptr) out["reply"] = *reply;
  return to_text(out);
}

}  // namespace

RouteParts read_parts(const Tree& tree, const FileReader& files, bool is_started, RouteNeed need,
                      Complaints& complaints) {
  const Json& root = tree.root();
  RouteParts parts;
  parts.model = part(root, "model");
  parts.prompt = prompt_part(tree, files, complaints);
  parts.retrieval = part(root, "retrieval");
  parts.tool_policy = part(root, "tool_policy");
  parts.params = part(root, "params");
  if (const Json* request = member(root, "request")) parts.request = request_part(*request, member(root, "reply"));
  if (const auto command = root.find("command"); command != root.end()) {
    parts.program = program_part({tree, root, files, is_started, need}, complaints);
  }
  return parts;
}

bool has_parts(const RouteParts& parts) {
  return !(parts.model.absent() && parts.prompt.absent() && parts.retrieval.absent() && parts.tool_policy.absent() &&
           parts.params.absent() && parts.program.absent() && parts.request.absent() && parts.fallback.absent());
}

}  // namespace headgate::config
