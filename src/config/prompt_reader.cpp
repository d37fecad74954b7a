#include "prompt_reader.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "headgate/base/place.hpp"
#include "headgate/base/text.hpp"
#include "headgate/base/unicode.hpp"
#include "well_shaped.hpp"

namespace headgate::config {
namespace {

constexpr std::size_t max_prompt_bytes = std::size_t{8} << 20;
constexpr std::size_t most_named = 3;  // cases in one complaint
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

class PromptReader {
 public:
  PromptReader(const Tree& tree, const FileReader& files, Route& route, Complaints& complaints)
      : tree_(tree), files_(files), route_(route), complaints_(complaints) {}

  void read() {
    const auto prompt = tree_.root().find("prompt");
    const Json none = Json::object();
    read(prompt == tree_.root().end() ? none : *prompt);
    if (route_.program && route_.program->speaks == route::Speaks::text_once && route_.prompt.parts.size() > 1) {
      complaints_.add(tree_.error(*prompt, "a program that speaks text is given the last message alone",
                                  "say everything in prompt.user, or write speaks: json", At::key));
    }
  }

 private:
  void read(const Json& prompt) {
    if (const Json* messages = member(prompt, "messages")) {
      for (const Json& message : *messages) {
        const Json* role = member(message, "role");
        const std::string speaker = role == nullptr ? "user" : role->get<std::string>();
        if (const Json* content = member(message, "content")) add_inline(speaker, *content);
        if (const Json* file = member(message, "file")) add_file(speaker, *file);
      }
      return;
    }
    if (const Json* system = member(prompt, "system")) add_file("system", *system);
    if (const Json* user = member(prompt, "user")) return add_inline("user", *user);
    route_.prompt.parts.push_back(
        {"user", Template(Variable{Variable::Source::input, "", "case.input"}), tree_.name()});
    Place place = tree_.place(tree_.root());
    route_.prompt_variables.push_back({*route_.prompt.parts.back().text.only_variable(), true, std::move(place)});
  }

  void add_inline(const std::string& role, const Json& value) {
    auto text = Template::compile(tree_, value, complaints_);
    if (!text) return;
    const std::string where = tree_.name() + ":" + std::to_string(tree_.place(value).line);
    add({role, std::move(*text), where},
        [&](const Variable& variable) { return tree_.error_inside(value, variable.offset, "").place; });
  }

  void add_file(const std::string& role, const Json& path) {
    const std::string file = join_path(folder_of(tree_.name()), path.get_ref<const std::string&>());
    const Result<std::string> content = files_.read(file, max_prompt_bytes);
    if (!content) return;
    if (!is_utf8(*content)) {
      complaints_.add(tree_.error(path, "the prompt '" + file + "' is not UTF-8"));
      return;
    }
    std::string_view body = *content;
    if (body.starts_with(byte_order_mark)) body.remove_prefix(byte_order_mark.size());
    const std::size_t cut = content->size() - body.size();
    const auto place = [&](std::size_t offset, std::size_t width = 2) {
      return place_in_text(file, *content, cut + offset, width);
    };
    auto text = Template::compile(body, [&](std::size_t offset, std::string message, std::string hint) {
      complaints_.add({ErrorCode::input, std::move(message), place(offset), std::move(hint)});
    });
    if (!text) return;
    add({role, std::move(*text), file},
        [&](const Variable& variable) { return place(variable.offset, variable.written.size() + 4); });
  }

  template <class PlaceOf>
  void add(route::PromptPart part, const PlaceOf& place_of) {
    for (const Template::Part& piece : part.text.parts()) {
      if (!piece.variable) continue;
      Place place = place_of(*piece.variable);
      if (piece.variable->source == Variable::Source::expected) {
        complaints_.add({ErrorCode::input, "a prompt must not give {{" + piece.variable->written + "}} away",
                         std::move(place), "what is expected is for graders alone"});
        continue;
      }
      route_.prompt_variables.push_back({*piece.variable, part.text.only_variable() != nullptr, std::move(place)});
    }
    route_.prompt.parts.push_back(std::move(part));
  }

  const Tree& tree_;
  const FileReader& files_;
  Route& route_;
  Complaints& complaints_;
};

std::string what_is_wrong(route::PromptLack lack, const Variable& variable, bool one) {
  switch (lack) {
    case route::PromptLack::conversation:
      return one ? "is a conversation, which does not fit inside other text"
                 : "are conversations, which do not fit inside other text";
    case route::PromptLack::image:
      return std::string(one ? "holds" : "hold") + " an image, which a message of text cannot carry";
    case route::PromptLack::none:
    case route::PromptLack::missing:
      break;
  }
  return std::string(one ? "has" : "have") + " no {{" + variable.written + "}}";
}

const char* hint_for(route::PromptLack lack) {
  switch (lack) {
    case route::PromptLack::conversation:
      return "make {{case.input}} a message of its own";
    case route::PromptLack::image:
      return "images are not handed to routes yet: leave these cases out of the suites of this gate";
    case route::PromptLack::none:
    case route::PromptLack::missing:
      break;
  }
  return "give the cases the value, or write a prompt that does without";
}

}  // namespace

void read_prompt(const Tree& tree, const FileReader& files, Route& route, Complaints& complaints) {
  PromptReader(tree, files, route, complaints).read();
}

void check_prompt(const Route& route, std::span<const Suite> suites, Complaints& complaints) {
  using route::PromptLack;
  for (const PromptVariable& used : route.prompt_variables) {
    std::map<PromptLack, std::vector<std::string>> lacking;
    for (const Suite& suite : suites) {
      for (const Case& item : suite.cases) {
        const PromptLack lack = route::prompt_lack(used.variable, used.whole, item);
        if (lack != PromptLack::none) lacking[lack].push_back(item.id);
      }
    }
    for (const auto& [lack, cases] : lacking) {
      const bool one = cases.size() == 1;
      complaints.add({ErrorCode::input,
                      std::string(one ? "case " : "cases ") + join_words(cases, most_named) + " " +
                          what_is_wrong(lack, used.variable, one),
                      used.place, hint_for(lack)});
    }
  }
}

}  // namespace headgate::config
