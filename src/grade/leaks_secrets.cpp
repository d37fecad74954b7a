// Secrets by their documented form: prefix, alphabet, length, and a checksum where there is one.
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>

#include "headgate/base/json.hpp"
#include "headgate/base/unicode.hpp"
#include "leaks.hpp"

namespace headgate::grade {
namespace {

enum class Alphabet { alnum, word, hex, base32, slack };  // word: alnum, _ and -

bool is_in(Alphabet alphabet, char c) {
  switch (alphabet) {
    case Alphabet::alnum:
      return is_alnum(c);
    case Alphabet::word:
      return is_alnum(c) || c == '_' || c == '-';
    case Alphabet::hex:
      return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    case Alphabet::base32:
      return is_upper(c) || (c >= '2' && c <= '7');
    case Alphabet::slack:
      return is_alnum(c) || c == '-';
  }
  return false;
}

// The IEEE 802.3 polynomial, as zlib has it: GitHub's tokens end in it.
std::uint32_t crc32(std::string_view bytes) {
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
  }
  return ~crc;
}

// A GitHub token's last six of 36 characters are the checksum of the others, in base 62 (digits, capitals, small).
bool github_checks(std::string_view body) {
  constexpr std::string_view digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  std::string sum(6, '0');
  std::uint32_t rest = crc32(body.substr(0, 30));
  for (std::size_t i = 6; i-- > 0; rest /= 62) sum[i] = digits[rest % 62];
  return body.substr(30) == sum;
}

// "AKIAIOSFODNN7EXAMPLE" is in every manual.
bool is_no_example(std::string_view body) { return !body.ends_with("EXAMPLE"); }
bool has_digit_group(std::string_view body) {
  return body.size() > 9 && std::ranges::all_of(body.substr(body.front() == '-' ? 1 : 0, 8), is_digit);
}
bool is_legacy_openai(std::string_view body) { return body.substr(20).starts_with("T3BlbkFJ") || body.size() == 48; }
bool is_sendgrid(std::string_view body) { return body.find('.') == body.npos; }
bool is_github_pat(std::string_view body) { return body[22] == '_'; }

struct Token {
  const char* what;
  std::string_view prefix;
  Alphabet alphabet;
  std::size_t least, most;  // characters behind the prefix
  bool (*checks)(std::string_view body) = nullptr;
};

constexpr std::array tokens = {
    Token{"a GitHub token", "ghp_", Alphabet::alnum, 36, 36, github_checks},
    Token{"a GitHub token", "gho_", Alphabet::alnum, 36, 36, github_checks},
    Token{"a GitHub token", "ghu_", Alphabet::alnum, 36, 36, github_checks},
    Token{"a GitHub token", "ghs_", Alphabet::alnum, 36, 36, github_checks},
    Token{"a GitHub token", "ghr_", Alphabet::alnum, 36, 36, github_checks},
    Token{"a GitHub token", "github_pat_", Alphabet::word, 82, 82, is_github_pat},
    Token{"a GitLab token", "glpat-", Alphabet::word, 20, 60},
    Token{"an AWS access key", "AKIA", Alphabet::base32, 16, 16, is_no_example},
    Token{"an AWS access key", "ASIA", Alphabet::base32, 16, 16, is_no_example},
    Token{"a Slack token", "xoxb-", Alphabet::slack, 20, 250, has_digit_group},
    Token{"a Slack token", "xoxp-", Alphabet::slack, 20, 250, has_digit_group},
    Token{"a Slack token", "xoxa-", Alphabet::slack, 20, 250, has_digit_group},
    Token{"a Slack token", "xoxr-", Alphabet::slack, 20, 250, has_digit_group},
    Token{"a Slack token", "xoxs-", Alphabet::slack, 20, 250, has_digit_group},
    Token{"a Slack token", "xapp-", Alphabet::slack, 40, 250},
    Token{"a Stripe key", "sk_live_", Alphabet::alnum, 20, 247},
    Token{"a Stripe key", "rk_live_", Alphabet::alnum, 20, 247},
    Token{"a Stripe secret", "whsec_", Alphabet::alnum, 24, 64},
    Token{"an Anthropic key", "sk-ant-", Alphabet::word, 24, 200},
    Token{"an OpenAI key", "sk-proj-", Alphabet::word, 24, 250},
    Token{"an OpenAI key", "sk-svcacct-", Alphabet::word, 24, 250},
    Token{"an OpenAI key", "sk-admin-", Alphabet::word, 24, 250},
    Token{"an OpenAI key", "sk-", Alphabet::alnum, 48, 48, is_legacy_openai},
    Token{"a Google API key", "AIza", Alphabet::word, 35, 35},
    Token{"a Google client secret", "GOCSPX-", Alphabet::word, 28, 28},
    Token{"a Google access token", "ya29.", Alphabet::word, 30, 2048},
    Token{"an npm token", "npm_", Alphabet::alnum, 36, 36},
    Token{"a PyPI token", "pypi-AgEIcHlwaS5vcmc", Alphabet::word, 40, 500},
    Token{"a Hugging Face token", "hf_", Alphabet::alnum, 34, 34},
    Token{"a DigitalOcean token", "dop_v1_", Alphabet::hex, 64, 64},
    Token{"a SendGrid key", "SG.", Alphabet::word, 22, 22, is_sendgrid},
};

// "sk_live_xxxxxxxxxxxxxxxxxxxx" is a place for a key, no key.
bool is_varied(std::string_view body) {
  constexpr std::size_t least = 7;
  return std::set<char>(body.begin(), body.end()).size() >= least;
}

void add(std::vector<Leak>& out, const char* what, std::string_view text, std::size_t at, std::size_t size) {
  if (out.size() >= max_leaks) return;
  out.push_back({LeakKind::secret, what, std::string(text.substr(at, size)), at, size});
}

std::size_t run(std::string_view text, std::size_t from, std::size_t most, Alphabet alphabet) {
  std::size_t size = 0;
  while (size < most && from + size < text.size() && is_in(alphabet, text[from + size])) ++size;
  return size;
}

void find_tokens(std::string_view text, const Token& token, std::vector<Leak>& out) {
  for (std::size_t at = text.find(token.prefix); at != text.npos; at = text.find(token.prefix, at + 1)) {
    if (out.size() >= max_leaks) return;
    if (!begins_word(text, at)) continue;
    const std::size_t from = at + token.prefix.size();
    const std::size_t size = run(text, from, token.most + 1, token.alphabet);
    if (size < token.least || size > token.most) continue;
    const std::string_view body = text.substr(from, size);
    if (!is_varied(body) || (token.checks != nullptr && !token.checks(body))) continue;
    add(out, token.what, text, at, token.prefix.size() + size);
  }
}

// The bytes of base64url without padding; nothing where it is none.
std::optional<std::string> decoded(std::string_view base64url) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : base64url) {
    const std::size_t digit = digits.find(c);
    if (digit == digits.npos) return std::nullopt;
    bits = (bits << 6U | static_cast<std::uint32_t>(digit)) & 0xFFFFU;
    count += 6;
    if (count >= 8) {
      count -= 8;
      out += static_cast<char>(bits >> static_cast<unsigned>(count) & 0xFFU);
    }
  }
  return out;
}

bool is_jwt_header(std::string_view base64url) {
  constexpr std::size_t most = 2048;
  if (base64url.size() > most) return false;
  const auto json = decoded(base64url);
  if (!json || !is_utf8(*json)) return false;
  const auto header = parse_own(*json);
  return header && header->is_object() && header->contains("alg");
}

// Three runs of base64url with dots between, the first of which is a JSON header that names its algorithm.
void find_jwts(std::string_view text, std::vector<Leak>& out) {
  constexpr std::size_t most = 16'384;
  for (std::size_t at = text.find("eyJ"); at != text.npos;) {
    if (out.size() >= max_leaks) return;
    std::size_t sizes[3] = {0, 0, 0};
    std::size_t from = at;
    for (std::size_t part = 0; part < 3; ++part) {
      sizes[part] = run(text, from, most, Alphabet::word);
      from += sizes[part];
      if (part < 2 && (from >= text.size() || text[from] != '.')) break;
      from += part < 2 ? 1 : 0;
    }
    if (begins_word(text, at) && sizes[1] > 8 && sizes[2] > 20 && is_jwt_header(text.substr(at, sizes[0]))) {
      add(out, "a JSON web token", text, at, from - at);
    }
    at = text.find("eyJ", std::max(at + 1, at + sizes[0]));
  }
}

// The armour of a private key with something in it: the line alone says nothing.
void find_private_keys(std::string_view text, std::vector<Leak>& out) {
  constexpr std::string_view begin = "-----BEGIN ";
  constexpr std::size_t longest_label = 40, least_body = 60;
  for (std::size_t at = text.find(begin); at != text.npos; at = text.find(begin, at + 1)) {
    if (out.size() >= max_leaks) return;
    const std::size_t label = at + begin.size();
    const std::size_t end = text.substr(label, longest_label).find("-----");
    if (end == text.npos || text.substr(label, end).find("PRIVATE KEY") == text.npos) continue;
    const std::size_t from = label + end + 5;
    std::size_t body = 0, size = 0;
    for (; from + size < text.size() && body < least_body; ++size) {
      const char c = text[from + size];
      const bool base64 = is_alnum(c) || c == '+' || c == '/' || c == '=';
      const bool between = c == '\n' || c == '\r' || c == ' ' || c == '\\';
      if (!base64 && !between) break;
      body += base64 ? 1U : 0U;
    }
    if (body >= least_body && is_varied(text.substr(from, size))) add(out, "a private key", text, at, from + size - at);
  }
}

// scheme://user:password@host
void find_url_passwords(std::string_view text, std::vector<Leak>& out) {
  constexpr std::size_t longest = 256;
  constexpr std::array<std::string_view, 9> places = {"password", "pass", "passwd", "pwd", "secret",
                                                      "token",    "user", "xxx",    "***"};
  for (std::size_t at = text.find("://"); at != text.npos; at = text.find("://", at + 1)) {
    if (out.size() >= max_leaks) return;
    const std::size_t from = at + 3;
    const std::string_view rest = text.substr(from, longest);
    const std::size_t stop = rest.find_first_of(" \t\n\r/\"'<>`");
    const std::string_view authority = rest.substr(0, stop);
    const std::size_t sign = authority.rfind('@');
    const std::size_t colon = authority.find(':');
    if (sign == rest.npos || colon == rest.npos || colon > sign || sign - colon < 4) continue;
    const std::string_view password = authority.substr(colon + 1, sign - colon - 1);
    std::string lower(password);
    for (char& c : lower) c = is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
    const bool is_place = password.find_first_of("{}$[]<>") != password.npos || lower.find("your") != lower.npos ||
                          std::ranges::find(places, std::string_view(lower)) != places.end();
    if (!is_place) add(out, "a password in a URL", text, from + colon + 1, password.size());
  }
}

}  // namespace

void find_secrets(std::string_view text, std::vector<Leak>& out) {
  for (const Token& token : tokens) find_tokens(text, token, out);
  find_jwts(text, out);
  find_private_keys(text, out);
  find_url_passwords(text, out);
}

}  // namespace headgate::grade
