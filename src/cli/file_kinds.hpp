// The files and lines that people write, each with its JSON Schema and the page of the reference it stands on.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "headgate/base/fields.hpp"

namespace headgate::cli {

struct FileKind {
  std::string name;   // "gate"
  std::string files;  // what such a file is called
  std::string what;   // one line
  std::string page;   // docs/<page>.md; several kinds may share one
  const FieldTable* table = nullptr;
  const Variants* variants = nullptr;  // instead of a table
};

std::span<const FileKind> file_kinds();
// Fails (input) with did-you-mean.
Result<const FileKind*> find_file_kind(std::string_view name);

// With "$id": "urn:headgate:schema:NAME".
Json schema_of(const FileKind& kind);

}  // namespace headgate::cli
