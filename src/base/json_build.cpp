#include "json_build.hpp"

#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "numbers.hpp"

namespace headgate {
namespace {

// Every "return false" stops the parse. Member names are those nlohmann's SAX interface asks for.
class StrictBuilder : public Json::json_sax_t {
 public:
  StrictBuilder(const TextLimits& limits, BigIntegers big, Json& root) : limits_(limits), big_(big), root_(root) {
    open_.reserve(16);
  }

  bool null() override { return put(nullptr); }
  bool boolean(bool value) override { return put(value); }
  bool number_integer(number_integer_t value) override { return put(value); }
  bool number_unsigned(number_unsigned_t value) override { return put(value); }
  // An integer that fits no 64 bits arrives here too; only its digits betray it.
  bool number_float(number_float_t value, const string_t& digits) override {
    return (digits.find_first_of(".eE") != string_t::npos || is_canonical_double(value, digits)) && put(value);
  }
  bool string(string_t& value) override { return is_allowed(value) && put(std::move(value)); }
  bool binary(binary_t& /*value*/) override { return false; }
  bool start_object(std::size_t /*count*/) override { return open(Json::value_t::object); }
  bool start_array(std::size_t /*count*/) override { return open(Json::value_t::array); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(string_t& name) override {
    if (!is_allowed(name)) return false;
    const auto [member, fresh] = open_.back()->get_ref<Json::object_t&>().try_emplace(std::move(name));
    member_ = &member->second;
    return fresh;
  }

  bool parse_error(std::size_t /*at*/, const std::string& /*token*/, const Json::exception& /*why*/) override {
    return false;
  }

 private:
  bool is_allowed(const string_t& text) const {
    return text.size() <= limits_.max_string_bytes && text.find('\0') == string_t::npos;
  }

  bool is_canonical_double(double value, const string_t& digits) const {
    if (big_ == BigIntegers::refuse) return false;
    std::string written;
    append_ecmascript(written, value);
    return written == digits;
  }

  template <class Value>
  bool put(Value&& value) {
    place() = std::forward<Value>(value);
    return true;
  }

  Json& place() {
    if (open_.empty()) return root_;
    Json& parent = *open_.back();
    return parent.is_array() ? parent.get_ref<Json::array_t&>().emplace_back() : *member_;
  }

  bool open(Json::value_t kind) {
    if (open_.size() >= limits_.max_depth) return false;
    Json& value = place();
    value = Json(kind);
    open_.push_back(&value);  // stays put: its own parent grows only after it is closed
    return true;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  const TextLimits& limits_;
  BigIntegers big_;
  Json& root_;
  std::vector<Json*> open_;
  Json* member_ = nullptr;
};

}  // namespace

bool build_json(std::string_view text, const TextLimits& limits, Json& out, BigIntegers big) {
  if (text.find('\0') != std::string_view::npos) return false;  // nlohmann takes a NUL for the end of the text
  StrictBuilder builder(limits, big, out);
  return Json::sax_parse(text.data(), text.data() + text.size(), &builder);
}

}  // namespace headgate
