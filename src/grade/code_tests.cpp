#include "code_tests.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "options.hpp"

namespace headgate::grade {
namespace {

constexpr std::size_t most_tests = 1000;
constexpr std::size_t most_test_bytes = std::size_t{8} << 20;

const FieldTable& pair_table() {
  static const FieldTable table{"io",
                                "One run of the program.",
                                {{"input", string_or_empty(), "what it reads on stdin", false, "\"\""},
                                 {"output", string_or_empty(), "what it must write to stdout", true, {}, "\"42\""}}};
  return table;
}

Shape text_or_list() { return either({string_or_empty(), list_of(string_or_empty()).at_least(1)}); }

bool compile_all(const BuildContext& context, const char* key, std::vector<Template>& out) {
  const Json* written = option(context.options, key);
  if (written == nullptr) return true;
  const auto add = [&](const Json& one) {
    auto text = Template::compile(context.tree, one, context.complaints);
    if (!text) return false;
    out.push_back(std::move(*text));
    return true;
  };
  if (written->is_string()) return add(*written);
  bool good = true;
  for (const Json& one : *written) good = add(one) && good;
  return good;
}

bool compile_one(const BuildContext& context, const char* key, std::optional<Template>& out) {
  const Json* written = option(context.options, key);
  if (written == nullptr) return true;
  out = Template::compile(context.tree, *written, context.complaints);
  return out.has_value();
}

// The list of the case that a template is, where it is nothing but one.
Judged<std::optional<Json>> list_of_case(const Template& text, const Case& item) {
  const Variable* variable = text.only_variable();
  if (variable == nullptr || variable->source == Variable::Source::id) return std::nullopt;
  std::string scratch;
  const auto json = json_of(*variable, item, scratch);
  if (!json) return tl::unexpected(json.error());
  if (json->front() != '[') return std::nullopt;
  auto list = parse_own(*json);
  if (!list) return unjudged("{{" + variable->written + "}} does not read");
  return std::move(*list);
}

Judged<std::string> text_for(const Template& text, const Case& item) {
  std::string scratch;
  const auto filled = text.fill(item, scratch);
  if (!filled) return tl::unexpected(filled.error());
  return std::string(*filled);
}

Judged<std::vector<std::string>> texts_for(const std::vector<Template>& all, const Case& item) {
  std::vector<std::string> out;
  for (const Template& one : all) {
    const auto list = list_of_case(one, item);
    if (!list) return tl::unexpected(list.error());
    if (*list) {
      for (const Json& each : **list) {
        if (!each.is_string()) return unjudged("{{" + one.only_variable()->written + "}} has a member that is no text");
        out.push_back(each.get<std::string>());
      }
      continue;
    }
    auto text = text_for(one, item);
    if (!text) return tl::unexpected(text.error());
    out.push_back(std::move(*text));
  }
  return out;
}

Judged<InOut> pair_of_case(const Json& value, const std::string& written) {
  const Json* input = value.is_object() ? option(value, "input") : nullptr;
  const Json* output = value.is_object() ? option(value, "output") : nullptr;
  if (output == nullptr || !output->is_string() || (input != nullptr && !input->is_string())) {
    return unjudged("{{" + written + "}} has a member that is not {input, output}, both texts");
  }
  return InOut{input == nullptr ? std::string() : input->get<std::string>(), output->get<std::string>()};
}

}  // namespace

std::vector<Field> CodeTestOptions::fields() {
  return {{"tests",
           text_or_list(),
           "the tests: a text in the program's language, or a list of them; {{case.expected}} may be a list",
           false,
           {},
           "\"{{case.expected}}\""},
          {"setup", text_or_list(), "what stands before the tests", false, {}, "\"{{case.vars.test_setup_code}}\""},
          {"entry_point",
           string_shape(),
           "the function that is handed to check(), which the tests define",
           false,
           {},
           "\"{{case.vars.entry_point}}\""},
          {"io", either({list_of(object_of(pair_table())).at_least(1), string_shape()}),
           "runs of the whole program, by what it reads and must write; {{case.vars.io}} may be a list of them"},
          {"prepend",
           string_or_empty(),
           "stands before the program, which may be the end of a text that the input began; left out where the program "
           "compiles only without it",
           false,
           {},
           "\"{{case.input}}\""}};
}

std::vector<KeyDemand> CodeTestOptions::demands() {
  return {{KeyDemand::Count::exactly_one,
           {"tests", "io"},
           "code needs either tests or io",
           "tests call the program's functions; io runs it and compares what it writes"}};
}

std::optional<CodeTestOptions> CodeTestOptions::build(const BuildContext& context) {
  CodeTestOptions out;
  bool good = compile_one(context, "prepend", out.prepend_);
  good = compile_one(context, "entry_point", out.entry_point_) && good;
  good = compile_all(context, "setup", out.setup_) && good;
  good = compile_all(context, "tests", out.tests_) && good;
  const Json* io = option(context.options, "io");
  if (io != nullptr && io->is_string()) {
    auto text = Template::compile(context.tree, *io, context.complaints);
    if (text && text->only_variable() == nullptr) {
      context.complaints.add(context.tree.error(*io, "`io` is a list, or one {{…}} that is a list in the case"));
      text.reset();
    }
    if (text) out.io_.emplace_back(std::move(*text));
    good = text.has_value() && good;
  } else if (io != nullptr) {
    for (const Json& one : *io) {
      const Json* input = option(one, "input");
      auto reads = input == nullptr ? std::optional(Template(std::string()))
                                    : Template::compile(context.tree, *input, context.complaints);
      auto writes = Template::compile(context.tree, *option(one, "output"), context.complaints);
      good = reads && writes && good;
      if (reads && writes) out.io_.emplace_back(Pair{std::move(*reads), std::move(*writes)});
    }
  }
  for (const char* key : {"entry_point", "setup"}) {
    const Json* written = option(context.options, key);
    if (io == nullptr || written == nullptr) continue;
    context.complaints.add(context.tree.error(*written, "'" + std::string(key) + "' belongs to tests, and this is io",
                                              "remove it", At::key));
    good = false;
  }
  return good ? std::optional(std::move(out)) : std::nullopt;
}

Judged<CodeTests> CodeTestOptions::fill(const Case& item) const {
  CodeTests out;
  for (const auto& [text, into] : {std::pair(&prepend_, &out.prepend), std::pair(&entry_point_, &out.entry_point)}) {
    if (!*text) continue;
    auto filled = text_for(**text, item);
    if (!filled) return tl::unexpected(filled.error());
    *into = std::move(*filled);
  }
  const auto setup = texts_for(setup_, item);
  if (!setup) return tl::unexpected(setup.error());
  for (const std::string& one : *setup) out.setup += one + '\n';
  auto tests = texts_for(tests_, item);
  if (!tests) return tl::unexpected(tests.error());
  out.tests = std::move(*tests);
  for (const auto& one : io_) {
    if (const auto* pair = std::get_if<Pair>(&one)) {
      auto input = text_for(pair->input, item), output = text_for(pair->output, item);
      if (!input) return tl::unexpected(input.error());
      if (!output) return tl::unexpected(output.error());
      out.io.push_back({std::move(*input), std::move(*output)});
      continue;
    }
    const Template& text = std::get<Template>(one);
    const auto list = list_of_case(text, item);
    if (!list) return tl::unexpected(list.error());
    if (!*list) return unjudged("{{" + text.only_variable()->written + "}} is no list of {input, output}");
    for (const Json& each : **list) {
      auto pair = pair_of_case(each, text.only_variable()->written);
      if (!pair) return tl::unexpected(pair.error());
      out.io.push_back(std::move(*pair));
    }
  }
  const bool has_test = !out.io.empty() || std::any_of(out.tests.begin(), out.tests.end(), [](const std::string& one) {
    return one.find_first_not_of(" \t\r\n") != std::string::npos;
  });
  if (!has_test) return unjudged("the case has no test for the program");
  if (out.tests.size() > most_tests || out.io.size() > most_tests) {
    return unjudged("the case has more than " + std::to_string(most_tests) + " tests");
  }
  std::size_t bytes = out.setup.size() + out.prepend.size();
  for (const std::string& one : out.tests) bytes += one.size();
  for (const InOut& one : out.io) bytes += one.input.size();
  if (bytes > most_test_bytes) return unjudged("the case's tests have more than 8 MiB");
  return out;
}

}  // namespace headgate::grade
