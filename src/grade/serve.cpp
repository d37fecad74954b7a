#include "headgate/grade/serve.hpp"

#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "options.hpp"
#include "verdict.hpp"

namespace headgate::grade {
namespace {

constexpr std::size_t max_built = 256;  // graders kept, one for each different options

JsonText text_at(const Json& object, const char* key) {
  const Json* value = option(object, key);
  return value == nullptr || value->is_null() ? JsonText{} : to_text(*value);
}

Case case_of(const Json& question) {
  const Json& written = question.at("case");
  Case item;
  item.id = written.at("id").get<std::string>();
  item.input = text_at(written, "input");
  item.vars = text_at(written, "vars");
  item.context = text_at(written, "context");
  item.expected = text_at(written, "expected");
  return item;
}

Reply reply_of(const Json& question) {
  const Json& written = question.at("reply");
  Reply reply;
  reply.text = written.at("text").get<std::string>();
  reply.finish_reason = word(written, "finish_reason", "");
  for (const Json& call : written.at("tool_calls")) {
    reply.tool_calls.push_back({word(call, "id", ""), word(call, "name", ""), text_at(call, "arguments")});
  }
  for (const Json& document : written.at("documents")) {
    const Json* score = option(document, "score");
    reply.documents.push_back({word(document, "id", ""), word(document, "text", ""),
                               score == nullptr ? std::nullopt : std::optional(score->get<double>())});
  }
  reply.transcript = text_at(written, "transcript");
  reply.state = text_at(written, "state");
  return reply;
}

// Graders by the text of their options.
class Built {
 public:
  explicit Built(const Kind& kind) : registry_({kind}), name_(kind.name) {}

  Judged<const Grader*> with(const JsonText& options) {
    const auto known = graders_.find(options.text);
    if (known != graders_.end()) return known->second.get();
    auto built = registry_.build(GraderSpec{name_, false, options});
    if (!built) return unjudged(built.error().message);
    if (graders_.size() >= max_built) graders_.clear();
    return graders_.emplace(options.text, std::move(*built)).first->second.get();
  }

 private:
  Registry registry_;
  std::string name_;
  std::map<std::string, GraderPtr> graders_;
};

Json error_of(std::string why) { return {{"error", std::move(why)}}; }

Json answer_of(Step&& step) {
  if (const auto* error = std::get_if<CallError>(&step)) return error_of(error->message);
  if (const auto* absent = std::get_if<Absent>(&step)) {
return {{"absent", true}, {"reason", absent->reason}};
  }
  const auto* grade = std::get_if<Grade>(&step);
  if (grade == nullptr) return error_of("the grader asks, and nobody answers here");
  Json answer = {{"pass", grade->pass}, {"score", grade->score}, {"reason", grade->reason}};
  for (const Measure& measure : grade->measures) answer["measures"][measure.name] = measure.value;
  return answer;
}

Json judge(Built& graders, const Json& question) {
  const auto grader = graders.with(text_at(question, "options"));
  if (!grader) return error_of(grader.error().message);
  const Case item = case_of(question);
  const Reply reply = reply_of(question);
  const Reply* const replies[] = {&reply};
  return answer_of((*grader)->step({item, replies, 0}, Answers()));
}

}  // namespace

int serve(const Kind& kind, std::istream& in, std::ostream& out) {
  Built graders(kind);
  for (std::string line; std::getline(in, line);) {
    if (line.empty()) continue;
    Json answer;
    Json id;
    try {
      const Json question = Json::parse(line);
      if (const Json* written = option(question, "id")) id = *written;
      answer = judge(graders, question);
    } catch (const Json::exception& fault) {
      answer = error_of(std::string("the question does not read: ") + fault.what());
    }
    if (!id.is_null()) answer["id"] = id;
    out << answer.dump(-1, ' ', false, Json::error_handler_t::replace) << '\n' << std::flush;
    if (!out) return 1;
  }
  return 0;
}

int serve(const Kind& kind) {
  std::ios::sync_with_stdio(false);
  return serve(kind, std::cin, std::cout);
}

}  // namespace headgate::grade
