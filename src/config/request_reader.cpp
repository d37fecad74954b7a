#include "request_reader.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "headgate/base/text.hpp"
#include "headgate/base/unicode.hpp"
#include "well_shaped.hpp"

namespace headgate::config {
namespace {

constexpr std::string_view open = "{{";
constexpr std::string_view close = "}}";

bool is_pointer(const std::string& text) {
  if (!text.starts_with('/')) return false;
  for (std::size_t at = text.find('~'); at != std::string::npos; at = text.find('~', at + 1)) {
    if (at + 1 >= text.size() || (text[at + 1] != '0' && text[at + 1] != '1')) return false;
  }
  return true;
}

class Reader {
 public:
  Reader(const Tree& tree, Route& route, Complaints& complaints)
      : tree_(tree), root_(tree.root()), route_(route), complaints_(complaints) {}

  std::shared_ptr<const route::Dialect> read() {
    route::GenericDialect what;
    if (const Json* model = member(root_, "model")) what.model = model->get<std::string>();
    if (const Json* params = member(root_, "params")) what.params = to_text(*params);
    const std::size_t before = complaints_.total();
    read_pointers(what);
    const Json* request = member(root_, "request");
    if (request == nullptr) return nullptr;  // complained about
    const std::size_t unread = complaints_.total();
    look_into(*request);
    check_use(*request, complaints_.total() == unread);
    what.request = to_text(*request);
    std::vector<Error> faults;
    auto dialect = route::make_dialect(std::move(what), faults);
    if (complaints_.total() != before) return dialect;
    for (Error& fault : faults) complaints_.add(tree_.error(*request, std::move(fault.message), std::move(fault.hint)));
    return dialect;
  }

 private:
  void read_pointers(route::GenericDialect& what) {
    const Json* reply = member(root_, "reply");
    if (reply == nullptr) return;
    const std::pair<const char*, std::string*> all[] = {
        {"output", &what.output},           {"finish_reason", &what.finish_reason},
        {"usage_input", &what.usage_input}, {"usage_output", &what.usage_output},
        {"tool_calls", &what.tool_calls},   {"documents", &what.documents},
        {"transcript", &what.transcript},   {"state", &what.state},
        {"cost_usd", &what.cost_usd},       {"error", &what.error},
        {"request_id", &what.request_id}};
    for (const auto& [key, pointer] : all) {
      const Json* written = member(*reply, key);
      if (written == nullptr) continue;
      *pointer = written->get<std::string>();
      if (!is_pointer(*pointer)) {
        complaints_.add(tree_.error(*written, "'" + *pointer + "' is no JSON pointer", "write /answer/text"));
      }
    }
  }

  void look_into(const Json& value) {
    if (value.is_string()) return read_text(value);
    if (!value.is_structured()) return;
    for (const Json& each : value) look_into(each);
  }

  void read_text(const Json& value) {
    const auto& text = value.get_ref<const std::string&>();
    for (std::size_t at = text.find(open); at != std::string::npos; at = text.find(open, at)) {
      const std::size_t end = text.find(close, at);
      if (end == std::string::npos) {
        complaints_.add(tree_.error_inside(value, at, "'{{' is never closed",
                                           "close it with }}, or write {{open}} for the two braces themselves"));
        return;
      }
      const std::size_t behind = end + close.size();
      const std::string name(trimmed(std::string_view(text).substr(at + open.size(), end - at - open.size())));
      const bool is_whole = at == 0 && behind == text.size();
      read_variable(value, {name, at, std::string_view(text).substr(at, behind - at), is_whole});
      at = behind;
    }
  }

  struct Found {
    std::string name;
    std::size_t offset;
    std::string_view written;  // with its braces
    bool is_whole;             // it is all of its text
  };

  void read_variable(const Json& value, const Found& found) {
    static const std::vector<std::string> own = {"messages", "prompt", "model", "params", "trial"};
    if (std::find(own.begin(), own.end(), found.name) != own.end()) {
      used_.insert(found.name);
      const bool has_it = found.name != "model" || member(root_, "model") != nullptr;
      if (!has_it) complain(value, found, "the route has no model for {{model}}", "write model: … in this file");
      return;
    }
    if (found.name == "open") return;
    if (!found.name.starts_with("case.")) {
      std::vector<std::string> known = own;
      for (const char* of_case : {"case.input", "case.id", "case.context", "case.vars.NAME"})
        known.emplace_back(of_case);
      const std::string near = did_you_mean(found.name, known);
      return complain(value, found, "unknown variable '" + found.name + "' in a request",
                      near.empty() ? "there are " + join_words(known, known.size()) : near);
    }
    const auto text = Template::compile(found.written, [&](std::size_t, std::string message, std::string hint) {
      complain(value, found, std::move(message), std::move(hint));
    });
    if (text && text->only_variable() != nullptr) read_case_variable(value, found, *text->only_variable());
  }

  void read_case_variable(const Json& value, const Found& found, const Variable& variable) {
    if (variable.source == Variable::Source::expected) {
      return complain(value, found, "a request must not give {{" + variable.written + "}} away",
                      "what is expected is for graders alone");
    }
    holds_case_ = true;
    // All of a text it goes in as its JSON, whatever it is.
    if (variable.source == Variable::Source::input && found.is_whole) return;
    own_.push_back({variable, found.is_whole, tree_.error_inside(value, found.offset, "").place});
  }

  // Of a request with faults it is not known what it would have held.
  void check_use(const Json& request, bool is_known) {
    const bool takes_messages = used_.contains("messages");
    const bool takes_prompt = takes_messages || used_.contains("prompt");
    const Json* prompt = member(root_, "prompt");
    if (!takes_prompt) {
      if (prompt != nullptr && is_known) {
        complaints_.add(tree_.error(*prompt,
                                    "the prompt is never sent: the request holds neither {{messages}} nor {{prompt}}",
                                    "put one of them into the request, or remove the prompt", At::key));
      }
      if (!holds_case_ && is_known) {
        complaints_.add(tree_.error(request, "every case would be asked the same: the request holds nothing of a case",
                                    "put {{prompt}}, {{messages}} or {{case.input}} into it", At::key));
      }
      route_.prompt_variables.clear();
      route_.prompt.parts.assign(1, {"user", Template(std::string()), tree_.name()});
    } else if (!takes_messages && route_.prompt.parts.size() > 1) {
      complaints_.add(tree_.error(*prompt, "{{prompt}} is the last message alone, and this prompt has more",
                                  "put {{messages}} into the request, or say everything in prompt.user", At::key));
    }
    for (PromptVariable& each : own_) route_.prompt_variables.push_back(std::move(each));
  }

  void complain(const Json& value, const Found& found, std::string message, std::string hint) {
    complaints_.add(tree_.error_inside(value, found.offset, std::move(message), std::move(hint)));
  }

  const Tree& tree_;
  const Json& root_;
  Route& route_;
  Complaints& complaints_;
  std::set<std::string> used_;
  std::vector<PromptVariable> own_;
  bool holds_case_ = false;
};

}  // namespace

std::shared_ptr<const route::Dialect> read_request(const Tree& tree, Route& route, Complaints& complaints) {
  return Reader(tree, route, complaints).read();
}

}  // namespace headgate::config
