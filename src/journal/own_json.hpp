// Reading our own lines with simdjson: each getter is false when the value is not of its kind.
#pragma once

#include <simdjson.h>

#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "headgate/base/digest.hpp"
#include "headgate/base/json_text.hpp"
#include "headgate/domain/plan.hpp"
#include "headgate/domain/status.hpp"

namespace headgate::journal {

using simdjson::ondemand::array;
using simdjson::ondemand::object;
using simdjson::ondemand::value;

inline bool get(value at, std::string_view& out) { return at.get_string().get(out) == simdjson::SUCCESS; }
inline bool get(value at, bool& out) { return at.get_bool().get(out) == simdjson::SUCCESS; }
inline bool get(value at, object& out) { return at.get_object().get(out) == simdjson::SUCCESS; }
inline bool get(value at, array& out) { return at.get_array().get(out) == simdjson::SUCCESS; }

inline bool get(value at, std::string& out) {
  std::string_view text;
  if (!get(at, text)) return false;
  out = text;
  return true;
}

inline bool get(value at, double& out) { return at.get_double().get(out) == simdjson::SUCCESS && std::isfinite(out); }

inline bool get(value at, std::uint32_t& out) {
  std::uint64_t wide = 0;
  if (at.get_uint64().get(wide) != simdjson::SUCCESS || wide > 0xffffffff) return false;
  out = static_cast<std::uint32_t>(wide);
  return true;
}

inline bool get(value at, std::int64_t& out) { return at.get_int64().get(out) == simdjson::SUCCESS; }

template <class Number>
bool get(value at, std::optional<Number>& out) {
  Number number{};
  if (!get(at, number)) return false;
  out = number;
  return true;
}

inline bool get(value at, Digest& out) {
  std::string_view text;
  return get(at, text) && Digest::parse(text, out);
}

inline bool get(value at, CallId& out) {
  std::string_view text;
  return get(at, text) && CallId::parse(text, out);
}

inline bool get(value at, ErrorKind& out) {
  std::string_view text;
  return get(at, text) && parse(text, out) && out != ErrorKind::none;
}

// The value's bytes as written, which were canonical: parsing and writing anew could change them, and with them
// digests.
inline bool get(value at, JsonText& out) {
  simdjson::ondemand::json_type type{};
  if (at.type().get(type) != simdjson::SUCCESS) return false;
  std::string_view raw;
  if (type == simdjson::ondemand::json_type::object) {
    object members;
    if (!get(at, members) || members.raw_json().get(raw) != simdjson::SUCCESS) return false;
  } else if (type == simdjson::ondemand::json_type::array) {
    array elements;
    if (!get(at, elements) || elements.raw_json().get(raw) != simdjson::SUCCESS) return false;
  } else {
    raw = at.raw_json_token();
  }
  out.text = raw.substr(0, raw.find_last_not_of(" \t\r\n") + 1);
  return true;
}

// Calls `each(key, value)` for every member; false as soon as that is, or when the text is not JSON.
template <class Each>
bool members_of(object members, const Each& each) {
  for (auto field : members) {
    std::string_view key;
    value at;
    if (field.unescaped_key().get(key) != simdjson::SUCCESS || field.value().get(at) != simdjson::SUCCESS) return false;
    if (!each(key, at)) return false;
  }
  return true;
}

template <class Each>
bool elements_of(value list, const Each& each) {
  array elements;
  if (!get(list, elements)) return false;
  for (auto element : elements) {
    value at;
    if (element.get(at) != simdjson::SUCCESS || !each(at)) return false;
  }
  return true;
}

// A list of objects; `each(item, key, value)` fills one.
template <class Item, class Each>
bool objects_of(value list, std::vector<Item>& out, const Each& each) {
  return elements_of(list, [&](value element) {
    object members;
    Item item;
    if (!get(element, members)) return false;
    if (!members_of(members, [&](std::string_view key, value at) { return each(item, key, at); })) return false;
    out.push_back(std::move(item));
    return true;
  });
}

}  // namespace headgate::journal
