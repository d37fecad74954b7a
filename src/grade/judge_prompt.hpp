// What a judge is told. Everything that came from outside stands between fences whose mark nobody could know before the
// material was written, so that instructions in it stay data and nothing in it can close its fence.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "headgate/domain/reply.hpp"
#include "judge_rubric.hpp"

namespace headgate::grade {

inline constexpr std::size_t max_shown_bytes = 200'000;  // of a reply; a longer one is not judged by its beginning

// A piece of material: how the fence calls it, and its text.
struct Material {
  std::string name;  // "REPLY", "INPUT"
  std::string text;
};

// A mark that stands in none of the materials, derived from them and from `salt` alone: equal questions are equal
// bytes, and votes on the same reply are different ones.
std::string fence_mark(std::span<const Material> materials, std::string_view salt);
std::string fenced(const Material& material, std::string_view mark);

// What a judge sees of a reply: its text, and the tool calls it makes. Fails where it is too long to be shown whole.
Judged<std::string> shown(const Reply& reply);

// What else of the case a judge is shown.
struct Background {
  std::optional<Template> task;
  std::optional<Template> reference;
  bool input = true;
  bool context = false;

  static std::optional<Background> build(const BuildContext& context);
  Judged<std::vector<Material>> materials(const Case& item) const;  // input, context, reference
  std::string lacks(const Case& item) const;
};
std::vector<Field> background_fields();

// The two messages: who it is and how it works, and the matter at hand. `question` is what is asked of the materials,
// `form` the JSON that it must answer with.
struct Prompt {
  std::string_view question;
  std::string_view form;
  std::string_view task;    // empty: none
  std::string_view rubric;  // Rubric::text
  std::span<const Material> materials;
  std::string_view salt;
};
std::vector<Message> messages_of(const Prompt& prompt);

}  // namespace headgate::grade
