#include "data_path.hpp"

#include <nlohmann/json.hpp>
#include <vector>

#include "headgate/base/text.hpp"

namespace headgate::config {
namespace {

constexpr std::string_view data_prefix = "data:";

// Nothing after a complaint.
std::optional<std::string> expanded(const Tree& tree, const Json& value, const Environment& environment,
                                    Complaints& complaints) {
  const auto& text = value.get_ref<const std::string&>();
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (text.compare(at, 2, "${") != 0) {
      out += text[at++];
      continue;
    }
    const std::size_t end = text.find('}', at);
    const std::string name = end == std::string::npos ? "" : text.substr(at + 2, end - at - 2);
    if (name.empty()) {
      complaints.add(tree.error_inside(value, at, "a variable is written ${NAME}"));
      return std::nullopt;
    }
    const std::optional<std::string> found = environment ? environment(name) : std::nullopt;
    if (!found || found->empty()) {
      complaints.add(tree.error_inside(value, at, "the environment variable " + name + " is not set",
                                       "set it: export " + name + "=/the/folder"));
      return std::nullopt;
    }
    out += *found;
    at = end + 1;
  }
  return out;
}

bool climbs(const std::string& path) { return path == ".." || path.starts_with("../") || path.starts_with('/'); }

}  // namespace

DataRoots read_data_roots(const Tree& tree, const Json& data, const Environment& environment, const FileReader& files,
                          Complaints& complaints) {
  DataRoots out;
  for (const auto& [name, value] : data.get_ref<const Json::object_t&>()) {
    if (name.empty() || name.find_first_of("/:") != std::string::npos) {
      complaints.add(tree.error(value, "the name of a data root must not be empty or hold / or :", {}, At::key));
      continue;
    }
    if (!value.is_string()) continue;  // complained about
    const std::optional<std::string> path = expanded(tree, value, environment, complaints);
    if (!path) continue;
    const bool from_shell = value.get_ref<const std::string&>().starts_with("${");
    std::string folder = from_shell ? join_path("", *path) : join_path(folder_of(tree.name()), *path);
    if (!files.is_folder(folder)) {
      complaints.add(tree.error(value, "data root '" + name + "' is no folder: '" + folder + "'"));
      continue;
    }
    out.emplace(name, std::move(folder));
  }
  return out;
}

std::optional<std::string> named_file(const Tree& tree, const Json& value, const DataRoots& data,
                                      Complaints& complaints) {
  const auto& text = value.get_ref<const std::string&>();
  if (!text.starts_with(data_prefix)) return join_path(folder_of(tree.name()), text);
  const std::size_t slash = text.find('/');
  const std::string name =
      text.substr(data_prefix.size(), slash == std::string::npos ? slash : slash - data_prefix.size());
  const auto root = data.find(name);
  if (root == data.end()) {
    std::vector<std::string> known;
    for (const auto& [each, path] : data) known.push_back(each);
    const std::string near = did_you_mean(name, known);
    complaints.add(tree.error(
        value, "there is no data root '" + name + "'",
        near.empty() ? "the gate file says where it is: data: {" + name + R"(: "${HEADGATE_DATA}/…"})" : near));
    return std::nullopt;
  }
  const std::string rest = slash == std::string::npos ? "" : join_path("", text.substr(slash + 1));
  if (rest.empty() || rest == "." || climbs(rest)) {
    complaints.add(tree.error(
        value, rest.empty() || rest == "." ? "'" + text + "' names no file" : "'" + text + "' leaves its data root"));
    return std::nullopt;
  }
  return join_path(root->second, rest);
}

}  // namespace headgate::config
