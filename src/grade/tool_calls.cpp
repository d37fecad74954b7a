// tool_calls: which tools were called, in which order, how often, and with which arguments.
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "call_order.hpp"
#include "headgate/base/text.hpp"
#include "headgate/grade/registry.hpp"
#include "json_template.hpp"
#include "options.hpp"
#include "same_json.hpp"
#include "tool_names.hpp"

namespace headgate::grade {
namespace {

constexpr std::size_t max_asked = 200;  // calls asked for by one grader

// The calls that are asked for: written out, or a list that the case has.
class Asked {
 public:
  static std::optional<Asked> build(const Tree& tree, const Json& written, Complaints& complaints) {
    Asked out;
    if (written.is_string()) {
      const bool is_template = written.get_ref<const std::string&>().find("{{") != std::string::npos;
      if (is_template) {
        out.from_case_ = JsonTemplate::build(tree, written, complaints);
        return out.from_case_ ? std::optional(std::move(out)) : std::nullopt;
      }
      return add(tree, written, complaints, out) ? std::optional(std::move(out)) : std::nullopt;
    }
    bool good = true;
    for (const Json& one : written) good = add(tree, one, complaints, out) && good;
    return good ? std::optional(std::move(out)) : std::nullopt;
  }

  bool is_fixed() const { return !from_case_; }
  bool empty() const { return fixed_.empty(); }

  Judged<std::vector<CallSpec>> of(const Case& item) const {
    if (!from_case_) return fixed_;
    const auto list = from_case_->fill(item);
    if (!list) return tl::unexpected(list.error());
    std::vector<CallSpec> out;
    const Json one = Json::array({*list});
    for (const Json& each : list->is_array() ? *list : one) {
      auto spec = CallSpec::of_case(each);
      if (!spec) return tl::unexpected(spec.error());
      out.push_back(std::move(*spec));
    }
    if (out.size() > max_asked) return unjudged("the case asks for more than " + std::to_string(max_asked) + " calls");
    return out;
  }

  std::string lacks(const Case& item) const {
    for (const CallSpec& spec : fixed_) {
      if (std::string why = spec.lacks(item); !why.empty()) return why;
    }
    if (!from_case_) return {};
    const auto specs = of(item);
    return specs ? std::string() : specs.error().message;
  }

 private:
  static bool add(const Tree& tree, const Json& written, Complaints& complaints, Asked& out) {
    auto spec = CallSpec::build(tree, written, complaints);
    if (spec) out.fixed_.push_back(std::move(*spec));
    return spec.has_value();
  }

  std::vector<CallSpec> fixed_;
  std::optional<JsonTemplate> from_case_;
};

struct Count {
  ToolNames names;
  std::string written;
  std::optional<std::size_t> least, most;
};

struct Rules {
  std::optional<Asked> required;
  CallOrder order = CallOrder::any;
  ToolNames only, ignored;
  std::vector<CallSpec> forbidden;
  std::vector<CallSpec> every;
  std::vector<Count> counts;
  std::optional<std::size_t> max_steps, max_same;

  bool empty() const {
    return !required && forbidden.empty() && every.empty() && counts.empty() && !max_steps && !max_same;
  }
};

std::string position(const MadeCall& call, std::size_t index) {
  return "call " + std::to_string(index + 1) + (call.turn == 0 ? "" : " (turn " + std::to_string(call.turn) + ")");
}

class ToolCalls : public Grader {
 public:
  explicit ToolCalls(Rules rules) : rules_(std::move(rules)) {}

  Step step(const Subject& subject, const Answers&) const override {
    const Reply& reply = *subject.replies.front();
    if (reply.empty()) return CallError{ErrorKind::empty_reply, "the reply is empty"};
    const auto calls = calls_of(reply);
    if (!calls) return calls.error();
    for (const auto rule : {&ToolCalls::forbidden_fault, &ToolCalls::every_fault, &ToolCalls::count_fault,
                            &ToolCalls::loop_fault, &ToolCalls::required_fault}) {
      const auto fault = (this->*rule)(*calls, subject.item);
      if (!fault) return fault.error();
      if (!fault->empty()) return verdict(false, *fault);
    }
    return verdict(true, plural(calls->size(), "tool call") + ", as asked");
  }

  std::string lacks(const Case& item) const override {
    for (const auto* specs : {&rules_.forbidden, &rules_.every}) {
      for (const CallSpec& spec : *specs) {
        if (std::string why = spec.lacks(item); !why.empty()) return why;
      }
    }
    return rules_.required ? rules_.required->lacks(item) : std::string();
  }

 private:
  using Calls = std::vector<MadeCall>;

  Judged<std::string> forbidden_fault(const Calls& calls, const Case& item) const {
    for (std::size_t i = 0; i < calls.size(); ++i) {
      for (const CallSpec& spec : rules_.forbidden) {
        const auto misfit = spec.misfit(calls[i], item);
        if (!misfit) return tl::unexpected(misfit.error());
        if (misfit->why.empty())
          return position(calls[i], i) + " is " + in_quotes(calls[i].name) + ", which is forbidden";
      }
    }
    return std::string();
  }

  // Several that name the same tool must all hold.
  Judged<std::string> every_fault(const Calls& calls, const Case& item) const {
    for (std::size_t i = 0; i < calls.size(); ++i) {
      for (const CallSpec& spec : rules_.every) {
        if (!spec.is_named(calls[i].name)) continue;
        const auto misfit = spec.misfit(calls[i], item);
        if (!misfit) return tl::unexpected(misfit.error());
        if (!misfit->why.empty()) return position(calls[i], i) + " of " + in_quotes(calls[i].name) + ": " + misfit->why;
      }
    }
    return std::string();
  }

  Judged<std::string> count_fault(const Calls& calls, const Case&) const {
    if (rules_.max_steps && calls.size() > *rules_.max_steps) {
      return plural(calls.size(), "tool call") + ", at most " + std::to_string(*rules_.max_steps) + " asked";
    }
    for (const Count& count : rules_.counts) {
      std::size_t found = 0;
      for (const MadeCall& call : calls) found += count.names.match(call.name) ? 1U : 0U;
      const std::string says = in_quotes(count.written) + " is called " + plural(found, "time");
      if (count.least && found < *count.least) return says + ", at least " + std::to_string(*count.least) + " asked";
      if (count.most && found > *count.most) return says + ", at most " + std::to_string(*count.most) + " asked";
    }
    return std::string();
  }

  // The same call, over and over. Calls whose arguments nobody recorded may be the same or not.
  Judged<std::string> loop_fault(const Calls& calls, const Case&) const {
    if (!rules_.max_same) return std::string();
    std::map<std::pair<std::string, std::string>, std::size_t> seen;
    std::map<std::string, std::size_t> by_name, unknown;
    for (const MadeCall& call : calls) {
      ++by_name[call.name];
      if (!call.arguments) {
        ++unknown[call.name];
        continue;
      }
      const auto arguments = arguments_of(call);
      if (!arguments) return tl::unexpected(arguments.error());
      if (++seen[{call.name, comparable_json(*arguments)}] <= *rules_.max_same) continue;
      return "a loop: " + in_quotes(call.name) + " is called with " + on_one_line(canonical(*arguments)) +
             " more than " + plural(*rules_.max_same, "time");
    }
    for (const auto& [name, count] : unknown) {
      if (by_name[name] > *rules_.max_same) {
        return unjudged("of the calls of " + in_quotes(name) +
                        " no arguments were recorded, so nobody knows whether they are the same");
      }
    }
    return std::string();
  }

  Judged<std::string> required_fault(const Calls& calls, const Case& item) const {
    if (!rules_.required) return std::string();
    const auto asked = rules_.required->of(item);
    if (!asked) return tl::unexpected(asked.error());
    std::vector<const MadeCall*> made;
    for (const MadeCall& call : calls) {
      if (!rules_.only.empty() && !rules_.only.match(call.name)) continue;
      if (!rules_.ignored.match(call.name)) made.push_back(&call);
    }
    return order_fault(rules_.order, *asked, made, item);
  }

  Rules rules_;
};

const FieldTable& count_table() {
  static const FieldTable table{"count",
                                "How often a tool may be called.",
                                {{"min", integer_shape().at_least(0), "the least that passes"},
                                 {"max", integer_shape().at_least(0), "the most that passes"}},
                                {{KeyDemand::Count::at_least_one, {"min", "max"}, "a count needs 'min' or 'max'"}}};
  return table;
}

const FieldTable& options_table() {
  static const FieldTable table{
      "tool_calls",
      "Options of tool_calls. All that are given must hold.",
      {{"required",
        either({string_shape(), list_of(call_shape()).at_most(static_cast<double>(max_asked))}),
        "calls that must be there: names, objects, or \"{{case.expected./actions}}\", a list of names or of {name, "
        "arguments}",
        false,
        {},
        R"(["look_up_order",{"name":"refund","arguments":{"order":"A-17"}}])"},
       {"order", one_of(call_order_words()),
        "how `required` stands to the calls made. any: each is there; set: and nothing else; subset: in this order, "
        "others between; prefix: the first calls; exact: these in this order, nothing else",
        false, "\"any\""},
       {"only",
        tool_names_shape(),
        "`required` looks at calls of these tools alone",
        false,
        {},
        R"(["book_*","cancel_*"])"},
       {"ignore", tool_names_shape(), "`required` looks past calls of these tools", false, {}, R"(["think","get_*"])"},
       {"forbidden", list_of(call_shape()).at_least(1), "calls that must not be there", false, {}, R"(["delete_*"])"},
       {"every", list_of(call_shape()).at_least(1), "what every call of a tool must be like"},
       {"counts",
        map_of(either({integer_shape().at_least(0), object_of(count_table())})),
        "tool to how often it is called: a number, or min and max",
        false,
        {},
        R"({"refund":{"max":1}})"},
       {"max_steps", integer_shape().at_least(0), "the most tool calls in all"},
       {"max_same", integer_shape().at_least(1),
        "how often the same tool may be called with equal arguments; more is a loop"}}};
  return table;
}

bool build_specs(const BuildContext& context, const char* name, std::vector<CallSpec>& out) {
  const Json* written = option(context.options, name);
  if (written == nullptr) return true;
  bool good = true;
  for (const Json& one : *written) {
    auto spec = CallSpec::build(context.tree, one, context.complaints);
    good = good && spec.has_value();
    if (spec) out.push_back(std::move(*spec));
  }
  return good;
}

bool build_every(const BuildContext& context, Rules& out) {
  if (!build_specs(context, "every", out.every)) return false;
  for (std::size_t i = 0; i < out.every.size(); ++i) {
    if (out.every[i].asks_arguments()) continue;
    context.complaints.add(context.tree.error((*option(context.options, "every"))[i],
                                              "this says nothing about the arguments, so every call is like it",
                                              "write {name, arguments: {…}}, checks or a schema"));
    return false;
  }
  return true;
}

bool build_counts(const BuildContext& context, Rules& out) {
  const Json* counts = option(context.options, "counts");
  if (counts == nullptr) return true;
  for (const auto& [name, bound] : counts->items()) {
    Count count{ToolNames({name}), name, std::nullopt, std::nullopt};
    if (bound.is_object()) {
      if (const Json* min = option(bound, "min")) count.least = min->get<std::size_t>();
      if (const Json* max = option(bound, "max")) count.most = max->get<std::size_t>();
    } else {
      count.least = count.most = bound.get<std::size_t>();
    }
    if (count.least && count.most && *count.least > *count.most) {
      context.complaints.add(context.tree.error(bound, "`max` is below `min`: nothing passes"));
      return false;
    }
    out.counts.push_back(std::move(count));
  }
  return true;
}

bool build_required(const BuildContext& context, Rules& out) {
  const Json* required = option(context.options, "required");
  parse(word(context.options, "order", "any"), out.order);
  out.only = ToolNames::read(option(context.options, "only"));
  out.ignored = ToolNames::read(option(context.options, "ignore"));
  for (const char* about : {"order", "only", "ignore"}) {
    const Json* stray = option(context.options, about);
    if (stray == nullptr || required != nullptr) continue;
    context.complaints.add(
        context.tree.error(*stray, std::string("`") + about + "` says nothing without `required`", {}, At::key));
    return false;
  }
  if (required == nullptr) return true;
  out.required = Asked::build(context.tree, *required, context.complaints);
  if (!out.required) return false;
  const bool is_all = out.order == CallOrder::set || out.order == CallOrder::exact;
  if (!out.required->is_fixed() || !out.required->empty() || is_all) return true;
  context.complaints.add(context.tree.error(*required, "an empty list asks for nothing",
                                            "where no call is wanted, write order: exact or max_steps: 0"));
  return false;
}

GraderPtr build(const BuildContext& context) {
  Rules rules;
  bool good = build_required(context, rules);
  good = build_specs(context, "forbidden", rules.forbidden) && good;
  good = build_every(context, rules) && good;
  good = build_counts(context, rules) && good;
  if (const Json* steps = option(context.options, "max_steps")) rules.max_steps = steps->get<std::size_t>();
  if (const Json* same = option(context.options, "max_same")) rules.max_same = same->get<std::size_t>();
  if (!good) return nullptr;
  if (rules.empty()) {
    context.complaints.add(context.tree.error(context.options, "tool_calls asks for nothing",
                                              "give required, forbidden, every, counts, max_steps or max_same"));
    return nullptr;
  }
  return std::make_unique<ToolCalls>(std::move(rules));
}

}  // namespace

Kind tool_calls_kind() {
  return {
      "tool_calls",
      "which tools were called: required, forbidden, in which order, with which arguments",
      "Passes when every rule that is given holds. The calls are those of the reply's transcript, where it has some, "
      "else its tool_calls. Arguments are compared as JSON, not as text. A reply that called nothing fails where "
      "calls are required, and passes where some are only forbidden. A rule about arguments that were not recorded, "
      "and a transcript that cannot be read, leave the cell ungraded, not_tool_calls included. Score: 1 or 0.",
      R"({"kind":"tool_calls","required":["look_up_order",{"name":"refund","arguments":{"order":"{{case.vars.order}}"}}],"order":"subset","forbidden":["delete_*"],"max_same":2})",
      &options_table(),
      &build};
}

}  // namespace headgate::grade
