// Errors in the words of each dialect.

#include "said.hpp"
#include "written.hpp"

namespace headgate::fake {
namespace {

struct Usual {
  int status;
  std::string_view openai_type, openai_code, anthropic_type, message;
};
constexpr Usual usual[] = {
    {400, "invalid_request_error", "", "invalid_request_error", "The request is malformed"},
    {401, "invalid_request_error", "invalid_api_key", "authentication_error", "Incorrect API key provided"},
    {402, "billing_error", "", "billing_error", "There is a problem with billing"},
    {403, "permission_error", "", "permission_error", "The key may not use this model"},
    {404, "invalid_request_error", "model_not_found", "not_found_error", "There is no such model"},
    {413, "invalid_request_error", "", "request_too_large", "The request is too large"},
    {429, "requests", "rate_limit_exceeded", "rate_limit_error", "Rate limit reached"},
    {500, "server_error", "", "api_error", "The server had an error"},
    {503, "server_error", "", "overloaded_error", "The server is overloaded"},
    {529, "overloaded_error", "", "overloaded_error", "Overloaded"},
};

const Usual& usual_of(int status) {
  for (const Usual& each : usual) {
    if (each.status == status) return each;
  }
  constexpr std::size_t of_servers = 7;
  return status >= 500 ? usual[of_servers] : usual[0];
}

}  // namespace

std::string error_body(Dialect dialect, const ErrorWords& words) {
  const Usual& known = usual_of(words.status);
  const std::string_view message = words.message.empty() ? known.message : std::string_view(words.message);
  if (dialect == Dialect::messages) {
    const std::string_view type = words.type.empty() ? known.anthropic_type : std::string_view(words.type);
    return joined({R"({"type":"error","error":{"type":)", quoted(type), R"(,"message":)", quoted(message), "}}"});
  }
  const std::string_view type = words.type.empty() ? known.openai_type : std::string_view(words.type);
  const std::string_view code =
      words.code.empty() && words.type.empty() ? known.openai_code : std::string_view(words.code);
  return joined({R"({"error":{"message":)", quoted(message), R"(,"type":)", quoted(type), R"(,"param":null,"code":)",
                 code.empty() ? "null" : quoted(code), "}}"});
}

Event error_event(Dialect dialect, const std::string& message) {
  const std::string text = quoted(message);
  if (dialect == Dialect::messages) {
    return {"error", joined({R"({"type":"error","error":{"type":"overloaded_error","message":)", text, "}}"})};
  }
  if (dialect == Dialect::responses) {
    return {"error", joined({R"({"type":"error","code":"server_error","message":)", text, R"(,"param":null})"})};
  }
  return {"", joined({R"({"error":{"message":)", text, R"(,"type":"server_error","param":null,"code":null}})"})};
}

}  // namespace headgate::fake
