#include "languages.hpp"

#include <cstdio>  // the next one needs it

#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>

#include <algorithm>
#include <array>

#include "headgate/base/code_points.hpp"

namespace headgate::grade {
namespace {

struct Row {
  const char* code;
  const char* name;
};

// What CLD2's small tables detect (its README lists them), under today's codes.
constexpr std::array rows = {Row{"af", "afrikaans"},    Row{"sq", "albanian"},    Row{"ar", "arabic"},
                             Row{"hy", "armenian"},     Row{"az", "azerbaijani"}, Row{"eu", "basque"},
                             Row{"be", "belarusian"},   Row{"bn", "bengali"},     Row{"bh", "bihari"},
                             Row{"bg", "bulgarian"},    Row{"ca", "catalan"},     Row{"ceb", "cebuano"},
                             Row{"chr", "cherokee"},    Row{"hr", "croatian"},    Row{"cs", "czech"},
                             Row{"zh", "chinese"},      Row{"da", "danish"},      Row{"dv", "dhivehi"},
                             Row{"nl", "dutch"},        Row{"en", "english"},     Row{"et", "estonian"},
                             Row{"fi", "finnish"},      Row{"fr", "french"},      Row{"gl", "galician"},
                             Row{"lg", "ganda"},        Row{"ka", "georgian"},    Row{"de", "german"},
                             Row{"el", "greek"},        Row{"gu", "gujarati"},    Row{"ht", "haitian creole"},
                             Row{"he", "hebrew"},       Row{"hi", "hindi"},       Row{"hmn", "hmong"},
                             Row{"hu", "hungarian"},    Row{"is", "icelandic"},   Row{"id", "indonesian"},
                             Row{"iu", "inuktitut"},    Row{"ga", "irish"},       Row{"it", "italian"},
                             Row{"jv", "javanese"},     Row{"ja", "japanese"},    Row{"kn", "kannada"},
                             Row{"km", "khmer"},        Row{"rw", "kinyarwanda"}, Row{"ko", "korean"},
                             Row{"lo", "lao"},          Row{"lv", "latvian"},     Row{"lif", "limbu"},
                             Row{"lt", "lithuanian"},   Row{"mk", "macedonian"},  Row{"ms", "malay"},
                             Row{"ml", "malayalam"},    Row{"mt", "maltese"},     Row{"mr", "marathi"},
                             Row{"ne", "nepali"},       Row{"no", "norwegian"},   Row{"or", "oriya"},
                             Row{"fa", "persian"},      Row{"pl", "polish"},      Row{"pt", "portuguese"},
                             Row{"pa", "punjabi"},      Row{"ro", "romanian"},    Row{"ru", "russian"},
                             Row{"gd", "scots gaelic"}, Row{"sr", "serbian"},     Row{"si", "sinhalese"},
                             Row{"sk", "slovak"},       Row{"sl", "slovenian"},   Row{"es", "spanish"},
                             Row{"sw", "swahili"},      Row{"sv", "swedish"},     Row{"syr", "syriac"},
                             Row{"tl", "tagalog"},      Row{"ta", "tamil"},       Row{"te", "telugu"},
                             Row{"th", "thai"},         Row{"tr", "turkish"},     Row{"uk", "ukrainian"},
                             Row{"ur", "urdu"},         Row{"vi", "vietnamese"},  Row{"cy", "welsh"},
                             Row{"yi", "yiddish"}};

struct Alias {
  const char* written;
  const char* code;
};
constexpr std::array aliases = {Alias{"iw", "he"}, Alias{"jw", "jv"},  Alias{"nb", "no"},
                                Alias{"nn", "no"}, Alias{"fil", "tl"}, Alias{"filipino", "tl"}};

constexpr const char* simplified = "zh";
constexpr const char* traditional = "zh-Hant";

std::string current_code(std::string code) {
  for (const Alias& alias : aliases) {
    if (code == alias.written) return alias.code;
  }
  return code;
}

// The parts of "zh-Hant-TW", in small letters.
std::vector<std::string> subtags(std::string_view lower) {
  std::vector<std::string> out(1);
  for (const char c : lower) {
    if (c == '-' || c == '_') {
      out.emplace_back();
    } else {
      out.back() += c;
    }
  }
  return out;
}

Tongue chinese(const std::vector<std::string>& tags) {
  constexpr std::array<std::string_view, 4> traditional_tags = {"hant", "tw", "hk", "mo"};
  constexpr std::array<std::string_view, 3> simplified_tags = {"hans", "cn", "sg"};
  const auto has_one_of = [&](const auto& some) {
    return std::ranges::any_of(tags, [&](const std::string& tag) { return std::ranges::count(some, tag) > 0; });
  };
  if (has_one_of(traditional_tags)) return {traditional, {traditional}};
  if (has_one_of(simplified_tags)) return {"zh-Hans", {simplified}};
  return {"zh", {simplified, traditional}};
}

// Characters that are no text would make the detector refuse all of it.
bool is_foreign(std::uint32_t point) {
  if (point == '\t' || point == '\n' || point == '\r') return false;
  return point < 0x20 || (point >= 0x7F && point <= 0x9F) || (point >= 0xFDD0 && point <= 0xFDEF) ||
         (point & 0xFFFEU) == 0xFFFEU;
}

std::string as_text(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t start = at;
    if (is_foreign(next_point(text, at))) {
      out += ' ';
    } else {
      out += text.substr(start, at - start);
    }
  }
  return out;
}

}  // namespace

std::optional<Tongue> tongue_named(std::string_view written) {
  std::string scratch;
  const std::string lower(lower_case(written, scratch));
  for (const Row& row : rows) {
    if (lower != row.name) continue;
    return row.code == std::string_view(simplified) ? chinese({}) : Tongue{row.code, {row.code}};
  }
  const std::vector<std::string> tags = subtags(lower);
  const std::string code = current_code(tags.front());
  if (code == simplified) return chinese(tags);
  const bool known = std::ranges::any_of(rows, [&](const Row& row) { return code == row.code; });
  return known ? std::optional(Tongue{code, {code}}) : std::nullopt;
}

std::span<const std::string> tongue_codes() {
  static const std::vector<std::string> codes = [] {
    std::vector<std::string> out;
    for (const Row& row : rows) out.emplace_back(row.code);
    out.emplace_back(traditional);
    std::ranges::sort(out);
    return out;
  }();
  return codes;
}

std::vector<Share> languages_of(std::string_view text) {
  if (text.size() > max_detected_bytes) return {};
  const std::string clean = as_text(text);
  constexpr std::size_t most = 3;  // that CLD2 names
  std::array<CLD2::Language, most> found{};
  std::array<int, most> percents{};
  std::array<double, most> scores{};
  const CLD2::CLDHints hints{nullptr, nullptr, CLD2::UNKNOWN_ENCODING, CLD2::UNKNOWN_LANGUAGE};
  int letters = 0, valid = 0;
  bool reliable = false;
  CLD2::ExtDetectLanguageSummaryCheckUTF8(clean.data(), static_cast<int>(clean.size()), true, &hints, 0, found.data(),
                                          percents.data(), scores.data(), nullptr, &letters, &reliable, &valid);
  std::vector<Share> out;
  if (!reliable) return out;
  for (std::size_t i = 0; i < most; ++i) {
    if (found[i] == CLD2::UNKNOWN_LANGUAGE || percents[i] == 0) continue;
    out.push_back({current_code(CLD2::LanguageCode(found[i])), percents[i]});
  }
  return out;
}

}  // namespace headgate::grade
