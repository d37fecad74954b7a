// Reading our own JSON: the library's exceptions become one untrusted error, at the border of each noun.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>

#include "headgate/base/digest.hpp"
#include "headgate/base/json.hpp"
#include "headgate/base/result.hpp"

namespace headgate {

// A value that parses but does not fit. Thrown inside a reader, caught by read_noun.
struct Misfit : std::runtime_error {
  using std::runtime_error::runtime_error;
};

template <class T>
Result<T> read_noun(const char* noun, const std::function<T()>& read) {
  try {
    return read();
  } catch (const Json::exception& e) {
    return failure(ErrorCode::untrusted, std::string("this is not a ") + noun + " of ours: " + e.what());
  } catch (const Misfit& e) {
    return failure(ErrorCode::untrusted, std::string("this is not a ") + noun + " of ours: " + e.what());
  }
}

inline Digest digest_at(const Json& object, const char* key) {
  Digest digest;
  if (!Digest::parse(object.at(key).get_ref<const std::string&>(), digest)) throw Misfit(std::string(key) + " is no digest");
  return digest;
}

template <class Enum>
Enum word_at(const Json& object, const char* key) {
  Enum value{};
  const auto& word = object.at(key).get_ref<const std::string&>();
  if (!parse(word, value)) throw Misfit(std::string(key) + " cannot be '" + word + "'");
  return value;
}

template <class T>
std::optional<T> optional_at(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return std::nullopt;
  return found->template get<T>();
}

template <class T>
T value_or(const Json& object, const char* key, T fallback) {
  return optional_at<T>(object, key).value_or(std::move(fallback));
}

inline void require_format(const Json& object, const char* format) {
  const auto& found = object.at("format").get_ref<const std::string&>();
  if (found != format) throw Misfit("its format is '" + found + "', this program reads '" + format + "'");
}

// The canonical text of a member, absent where there is none.
inline JsonText text_at(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() ? JsonText{} : to_text(*found);
}

// A text of ours back to a value; it was canonical when written, so a fault is a mistake of ours or damage.
inline Json value_of(const JsonText& text) { return Json::parse(text.text); }

inline void put_text(Json& object, const char* key, const JsonText& text) {
  if (!text.absent()) object[key] = value_of(text);
}

}  // namespace headgate
