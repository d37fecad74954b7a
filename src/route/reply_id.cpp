#include "reply_id.hpp"

#include <simdjson.h>

#include <string>

#include "headgate/base/unicode.hpp"

namespace headgate::route {

static_assert(simdjson::SIMDJSON_PADDING <= ReplyIds::padding);

struct ReplyIds::Parser {
  simdjson::ondemand::parser json;
  std::string repaired;
};

namespace {

// Above this a line's index is not kept for the next one: it takes several times the line.
constexpr std::size_t long_line = std::size_t{1} << 20;

}  // namespace

ReplyIds::ReplyIds() : parser_(std::make_unique<Parser>()) {}
ReplyIds::~ReplyIds() = default;

ReplyIds::Says ReplyIds::look(std::string_view line) {
  id_ = {};
  const std::size_t first = line.find_first_not_of(" \t");
  if (first == std::string_view::npos || line[first] != '{') return Says::nothing;
  if (parser_->json.capacity() > long_line && line.size() <= long_line) parser_ = std::make_unique<Parser>();
  return look_at_json(line, line.size() + padding);
}

ReplyIds::Says ReplyIds::look_at_json(std::string_view line, std::size_t allocated) {
  simdjson::ondemand::document document;
  const simdjson::error_code read =
      parser_->json.iterate(simdjson::padded_string_view(line.data(), line.size(), allocated)).get(document);
  if (read == simdjson::UTF8_ERROR && line.data() != parser_->repaired.data()) {
    parser_->repaired = repair_utf8(line);
    parser_->repaired.reserve(parser_->repaired.size() + padding);
    return look_at_json(parser_->repaired, parser_->repaired.size() + padding);
  }
  simdjson::ondemand::object members;
  if (read != simdjson::SUCCESS || document.get_object().get(members) != simdjson::SUCCESS) return Says::nothing;
  if (members.find_field_unordered("id").get_string().get(id_) == simdjson::SUCCESS) return Says::reply;
  bool is_ready = false;
  if (document.rewind(), document.get_object().get(members) != simdjson::SUCCESS) return Says::nothing;
  const bool found = members.find_field_unordered("ready").get_bool().get(is_ready) == simdjson::SUCCESS;
  return found && is_ready ? Says::ready : Says::nothing;
}

}  // namespace headgate::route
