// The values of a recorded line, found the way `fields:` says. For the readers of replies alone, hence simdjson.
#pragma once

#include <simdjson.h>

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "headgate/route/source.hpp"

namespace headgate::route {

// Keeps what maps and constants say, parsed; single-threaded. What it finds lives as long as it and the line do.
class FieldValues {
 public:
  // The value of one field; nothing where the line has none. Throws Malformed where a map does not have what was found.
  std::optional<simdjson::dom::element> at(simdjson::dom::element line, const ReplyFields::From& from);
  // The same, and null is nothing too.
  std::optional<simdjson::dom::element> recorded(simdjson::dom::element line, const ReplyFields::From& from);

 private:
  struct Parsed {
    simdjson::dom::parser parser;
    simdjson::dom::element value;
  };

  simdjson::dom::element parsed(const JsonText& json);

  std::map<std::string, std::unique_ptr<Parsed>> parsed_;  // by their text: there are as many as people wrote
};

}  // namespace headgate::route
