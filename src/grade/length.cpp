// length: the judged text is neither too short nor too long.
#include <nlohmann/json.hpp>

#include "headgate/base/text.hpp"
#include "headgate/base/unicode.hpp"
#include "options.hpp"
#include "text_grader.hpp"

namespace headgate::grade {
namespace {

enum class Unit { characters, words, lines, bytes };

std::size_t count_words(std::string_view text) {
  std::size_t words = 0;
  for (bool inside = false; const char c : text) {
    const bool space = c == ' ' || (c >= '\t' && c <= '\r');
    words += !space && !inside ? 1U : 0U;
    inside = !space;
  }
  return words;
}

std::size_t count_lines(std::string_view text) {
  if (text.empty()) return 0;
  std::size_t lines = text.back() == '\n' ? 0 : 1;
  for (const char c : text) lines += c == '\n' ? 1U : 0U;
  return lines;
}

std::size_t measure(std::string_view text, Unit unit) {
  switch (unit) {
    case Unit::characters:
      return count_characters(text);
    case Unit::words:
      return count_words(text);
    case Unit::lines:
      return count_lines(text);
    case Unit::bytes:
      return text.size();
  }
  return 0;
}

struct Bounds {
  std::optional<std::size_t> min, max;
  Unit unit = Unit::characters;
  std::string unit_name;
};

class Length : public TextGrader {
 public:
  Length(TextOptions options, Bounds bounds) : TextGrader(std::move(options)), bounds_(std::move(bounds)) {}

 protected:
  Step judge(std::string_view text, const Case&) const override {
    const std::size_t found = measure(text, bounds_.unit);
    const std::string has = "has " + std::to_string(found) + " " + bounds_.unit_name;
    if (bounds_.min && found < *bounds_.min)
      return verdict(false, has + ", at least " + std::to_string(*bounds_.min) + " asked");
    if (bounds_.max && found > *bounds_.max)
      return verdict(false, has + ", at most " + std::to_string(*bounds_.max) + " asked");
    return verdict(true, has);
  }

 private:
  Bounds bounds_;
};

const FieldTable& options_table() {
  static const FieldTable table{
      "length", "Options of length; at least one of `min` and `max`.",
      with_extract_fields({{"min", integer_shape().at_least(0), "the least length that passes"},
                           {"max", integer_shape().at_least(0), "the greatest length that passes"},
                           {"unit", one_of({"characters", "words", "lines", "bytes"}),
                            "what is counted; words are separated by white space", false, "\"characters\""}})};
  return table;
}

GraderPtr build(const BuildContext& context) {
  auto options = TextOptions::build(context);
  const Json* min = option(context.options, "min");
  const Json* max = option(context.options, "max");
  if (min == nullptr && max == nullptr) {
    context.complaints.add(context.tree.error(context.options, "length needs `min` or `max`"));
    return nullptr;
  }
  if (min != nullptr && max != nullptr && min->get<std::size_t>() > max->get<std::size_t>()) {
    context.complaints.add(context.tree.error(*max, "`max` is below `min`: no text passes"));
    return nullptr;
  }
  Bounds bounds;
  if (min != nullptr) bounds.min = min->get<std::size_t>();
  if (max != nullptr) bounds.max = max->get<std::size_t>();
  bounds.unit_name = word(context.options, "unit", "characters");
  bounds.unit = bounds.unit_name == "words"   ? Unit::words
                : bounds.unit_name == "lines" ? Unit::lines
                : bounds.unit_name == "bytes" ? Unit::bytes
                                              : Unit::characters;
  return options ? std::make_unique<Length>(std::move(*options), std::move(bounds)) : nullptr;
}

}  // namespace

Kind length_kind() {
  return {
      "length",
      "the text is neither too short nor too long",
      "Passes when the length of the judged text, without white space around it, lies between `min` and `max`, both "
      "included. Characters are Unicode code points in NFC. Score: 1 or 0.",
      R"({"kind":"length","max":120,"unit":"words"})",
      &options_table(),
      &build};
}

}  // namespace headgate::grade
