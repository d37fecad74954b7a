// Answers of a team's own service: a template with a few holes.

#include "said.hpp"
#include "written.hpp"

namespace headgate::fake {
namespace {

constexpr std::string_view usual = R"({"id":"{{id}}","model":"{{model}}","output":"{{text}}","usage":{"input_tokens":)"
                                   R"("{{input_tokens}}","output_tokens":"{{output_tokens}}"}})";

// The inside of a JSON string, or a number that takes the place of the whole string.
struct Filling {
  std::string text;
  bool number = false;
};

Filling filling(std::string_view name, const Said& said) {
  const auto inside = [](std::string_view text) { return Filling{json_inside(text, Garble::none)}; };
  const auto count = [](const std::string& text) { return Filling{text.empty() ? "null" : text, true}; };
  if (name == "text") return {json_inside(said.text, said.behaviour->garble)};
  if (name == "input") return inside(said.question->input);
  if (name == "model") return inside(said.question->model);
  if (name == "id") return inside(said.id);
  if (name == "input_tokens") return count(said.usage.input);
  if (name == "output_tokens") return count(said.usage.output);
  return inside(joined({"{{", name, "}}"}));
}

}  // namespace

std::string generic_body(const Said& said) {
  std::string_view rest = said.behaviour->generic.empty() ? usual : std::string_view(said.behaviour->generic);
  std::string out;
  for (;;) {
    const std::size_t open = rest.find("{{");
    const std::size_t close = open == std::string_view::npos ? open : rest.find("}}", open);
    if (close == std::string_view::npos) return out.append(rest);
    out.append(rest.substr(0, open));
    const Filling filled = filling(rest.substr(open + 2, close - open - 2), said);
    rest.remove_prefix(close + 2);
    if (filled.number && out.ends_with('"') && rest.starts_with('"')) {
      out.pop_back();
      rest.remove_prefix(1);
    }
    out += filled.text;
  }
}

}  // namespace headgate::fake
