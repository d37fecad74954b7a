// Values that stand elsewhere because they are secret: env:NAME and file:PATH.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data_path.hpp"
#include "headgate/base/complaints.hpp"
#include "headgate/base/file.hpp"
#include "headgate/base/tree.hpp"
#include "headgate/config/route_file.hpp"

namespace headgate::config {

bool is_reference(std::string_view text);      // env:… or file:…
bool is_variable_name(std::string_view name);  // letters, digits and _, not beginning with a digit

struct NamedSecret {
  std::string name;  // the variable's, or what the caller calls the value of a file
  std::string value;
};

class SecretReader {
 public:
  // `missing` takes what `need` forgives, each a sentence; may be null.
  SecretReader(const Tree& tree, const FileReader& files, const Environment& environment, RouteNeed need,
               std::vector<std::string>* missing, Complaints& complaints)
      : tree_(tree),
        files_(files),
        environment_(environment),
        need_(need),
        missing_(missing),
        complaints_(complaints) {}

  // What the reference at `value`, a text, leads to. Nothing where it is no reference, and after a complaint or what
  // was forgiven. Never a NUL, never empty; a file's value is without the line end behind it.
  std::optional<NamedSecret> read(const Json& value, const std::string& name_of_file) const;

 private:
  std::optional<NamedSecret> from_environment(const Json& value, const std::string& variable) const;
  std::optional<NamedSecret> from_file(const Json& value, const std::string& path, const std::string& name) const;
  bool forgives(const std::string& what) const;

  const Tree& tree_;
  const FileReader& files_;
  const Environment& environment_;
  const RouteNeed need_;
  std::vector<std::string>* missing_;
  Complaints& complaints_;
};

}  // namespace headgate::config
