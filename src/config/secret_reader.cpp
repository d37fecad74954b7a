#include "secret_reader.hpp"

#include <nlohmann/json.hpp>
#include <utility>

namespace headgate::config {
namespace {

constexpr std::string_view environment_prefix = "env:";
constexpr std::string_view file_prefix = "file:";
constexpr std::size_t max_secret_bytes = std::size_t{64} << 10;  // the kernel takes 128 KiB for one variable

}  // namespace

bool is_reference(std::string_view text) {
  return text.starts_with(environment_prefix) || text.starts_with(file_prefix);
}

bool is_variable_name(std::string_view name) {
  constexpr std::string_view allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";
  return !name.empty() && name.find_first_not_of(allowed) == std::string::npos && !(name[0] >= '0' && name[0] <= '9');
}

std::optional<NamedSecret> SecretReader::read(const Json& value, const std::string& name_of_file) const {
  const auto& text = value.get_ref<const std::string&>();
  std::optional<NamedSecret> out;
  if (text.starts_with(environment_prefix)) {
    out = from_environment(value, text.substr(environment_prefix.size()));
  } else if (text.starts_with(file_prefix)) {
    out = from_file(value, text.substr(file_prefix.size()), name_of_file);
  }
  if (out && out->value.find('\0') != std::string::npos) {
    complaints_.add(tree_.error(value, "the value of " + name_of_file + " holds a NUL, which nothing can carry"));
    return std::nullopt;
  }
  return out;
}

std::optional<NamedSecret> SecretReader::from_environment(const Json& value, const std::string& variable) const {
  if (!is_variable_name(variable)) {
    complaints_.add(tree_.error(value, "'" + variable + "' is no name of an environment variable", "write env:NAME"));
    return std::nullopt;
  }
  const auto found = environment_ ? environment_(variable) : std::nullopt;
  if (found && !found->empty()) return NamedSecret{variable, *found};
  const std::string what = "the environment variable " + variable + (found ? " is empty" : " is not set");
  if (!forgives(what)) complaints_.add(tree_.error(value, what, "set it: export " + variable + "=…"));
  return std::nullopt;
}

std::optional<NamedSecret> SecretReader::from_file(const Json& value, const std::string& path,
                                                   const std::string& name) const {
  auto content = files_.read(join_path(folder_of(tree_.name()), path), max_secret_bytes);
  if (!content) {
    if (forgives(content.error().message)) return std::nullopt;
    complaints_.add(tree_.error(value, content.error().message, "paths are relative to the file that names them"));
    return std::nullopt;
  }
  if (content->ends_with('\n')) content->pop_back();
  if (content->ends_with('\r')) content->pop_back();
  if (!content->empty()) return NamedSecret{name, std::move(*content)};
  complaints_.add(tree_.error(value, "the file '" + path + "' is empty"));
  return std::nullopt;
}

// Whoever calls nobody needs no secret.
bool SecretReader::forgives(const std::string& what) const {
  if (need_ == RouteNeed::calls) return false;
  if (missing_ != nullptr) missing_->push_back(what);
  return true;
}

}  // namespace headgate::config
