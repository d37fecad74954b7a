#include <algorithm>
#include <vector>

#include "headgate/base/file.hpp"

namespace headgate {

std::string join_path(std::string_view folder, std::string_view part) {
  const bool absolute = part.starts_with('/') || (folder.starts_with('/'));
  std::string whole = part.starts_with('/') ? std::string(part) : std::string(folder) + "/" + std::string(part);
  std::vector<std::string_view> steps;
  std::string_view rest = whole;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('/'), rest.size());
    const std::string_view step = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (step.empty() || step == ".") continue;
    if (step != "..") {
      steps.push_back(step);
    } else if (!steps.empty() && steps.back() != "..") {
      steps.pop_back();
    } else if (!absolute) {
      steps.push_back(step);
    }
  }
  std::string out = absolute ? "/" : "";
  for (std::size_t i = 0; i < steps.size(); ++i) out.append(i > 0 ? "/" : "").append(steps[i]);
  return out.empty() ? "." : out;
}

std::string folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return {};
  return std::string(path.substr(0, std::max<std::size_t>(slash, 1)));
}

std::string name_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return std::string(slash == std::string_view::npos ? path : path.substr(slash + 1));
}

std::string extension_of(std::string_view path) {
  std::string name = name_of(path);
  const std::size_t point = name.rfind('.');
  if (point == std::string::npos || point == 0) return {};
  std::string extension = name.substr(point);
  for (char& c : extension) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return extension;
}

}  // namespace headgate
