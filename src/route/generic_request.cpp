// The request of one call, out of a compiled template.
#include "generic_request.hpp"

#include <utility>

#include "chat_body.hpp"
#include "headgate/base/json_append.hpp"

namespace headgate::route {
namespace {

bool is_conversation(const Case& item) { return item.input.text.starts_with('['); }

tl::unexpected<Error> lacking(const std::string& who, const std::string& variable) {
  return failure(ErrorCode::input, who + " has no " + variable + ", which the request names");
}

}  // namespace

// Appends one piece after the other for one call.
class GenericRequest::Filler {
 public:
  Filler(const GenericRequest& what, const ChatRequest& request, std::string& out)
      : what_(what), request_(request), out_(out) {}

  Result<void> operator()(const std::string& json) {
    out_ += json;
    return {};
  }

  Result<void> operator()(CallVariable variable) {
    switch (variable) {
      case CallVariable::messages:
        if (request_.messages == nullptr) return lacking("the call", braced(variable));
        append_message_list(out_, *request_.messages);
        return {};
      case CallVariable::params:
        out_ += what_.params_;
        return {};
      case CallVariable::trial:
        append_json_number(out_, std::uint64_t{request_.trial});
        return {};
      case CallVariable::prompt:
      case CallVariable::model: {
        std::string words;
        HG_CHECK(append_words(variable, words));
        append_text(out_, words);
        return {};
      }
    }
    return {};
  }

  Result<void> operator()(const Variable& variable) {
    if (request_.item == nullptr) return no_case(variable);
    if (variable.source == Variable::Source::id) {
      append_text(out_, request_.item->id);
      return {};
    }
    std::string scratch;
    const auto json = json_of(variable, *request_.item, scratch);
    if (!json) return lacking("case " + request_.item->id, braced(variable.written));
    out_ += *json;
    return {};
  }

  Result<void> operator()(const Text& text) {
    std::string words;
    for (const Word& word : text.words) {
      HG_CHECK(std::visit([&](const auto& each) { return append_words(each, words); }, word));
    }
    append_text(out_, words);
    return {};
  }

 private:
  static Result<void> append_words(const std::string& text, std::string& words) {
    words += text;
    return {};
  }

  Result<void> append_words(CallVariable variable, std::string& words) const {
    switch (variable) {
      case CallVariable::prompt:
        if (request_.messages == nullptr || request_.messages->empty()) return lacking("the call", braced(variable));
        words += request_.messages->back().text;
        return {};
      case CallVariable::model:
        words += what_.model_;
        return {};
      case CallVariable::trial:
        words += std::to_string(request_.trial);
        return {};
      case CallVariable::messages:
      case CallVariable::params:
        break;  // complained of when the request was compiled
    }
    return lacking("the call", braced(variable));
  }

  Result<void> append_words(const Variable& variable, std::string& words) const {
    if (request_.item == nullptr) return no_case(variable);
    const Case& item = *request_.item;
    if (variable.source == Variable::Source::input && is_conversation(item)) {
      return failure(ErrorCode::input,
                     "case " + item.id + " is a conversation, which does not fit inside other text: " +
                         braced(variable.written) + " in the request",
                     "make it a value of its own, or write {{messages}}");
    }
    std::string scratch;
    const auto text = text_of(variable, item, scratch);
    if (!text) return lacking("case " + item.id, braced(variable.written));
    words += *text;
    return {};
  }

  static Result<void> no_case(const Variable& variable) {
    return failure(ErrorCode::input,
                   "the request names " + braced(variable.written) + ", and this question is about no case",
                   "ask a judge by {{messages}} or {{prompt}}");
  }

  const GenericRequest& what_;
  const ChatRequest& request_;
  std::string& out_;
};

Result<std::string> GenericRequest::fill(const ChatRequest& request) const {
  std::string out;
  Filler filler(*this, request, out);
  for (const Piece& piece : pieces_) HG_CHECK(std::visit(filler, piece));
  return out;
}

}  // namespace headgate::route
