#include "diagnostics.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "headgate/base/text.hpp"
#include "output.hpp"

namespace headgate::cli {
namespace {

constexpr const char* indent = "  ";
constexpr std::string_view cut_mark = "...";

struct Paint {
  bool on;
  std::string operator()(const char* code, const std::string& text) const {
    return on ? "\x1b[" + std::string(code) + "m" + text + "\x1b[0m" : text;
  }
};
constexpr const char* bold = "1";
constexpr const char* red = "1;31";
constexpr const char* green = "32";

std::string heading(const Error& error, const Paint& paint) {
  std::string where;
  if (!error.place.file.empty()) {
    where = terminal_line(error.place.file);
    if (error.place.line > 0) where += ":" + std::to_string(error.place.line);
    if (error.place.line > 0 && error.place.column > 0) where += ":" + std::to_string(error.place.column);
  } else {
    where = "headgate";
  }
  return paint(bold, where + ":") + " " + paint(red, "error:") + " " + terminal_line(error.message) + "\n";
}

// The line and a caret under its column. Long lines are cut to the part around the column.
std::string excerpt(const Place& place, const DiagnosticStyle& style, const Paint& paint) {
  if (place.excerpt.empty() || place.column < place.excerpt_from) return {};
  const std::size_t at = std::min(place.column - place.excerpt_from, place.excerpt.size());
  const std::size_t marked = std::min(std::max<std::size_t>(place.width, 1), place.excerpt.size() - at);
  std::string_view text = place.excerpt;

  const std::size_t room = std::max<std::size_t>(style.width, 40) - 10;
  const std::size_t most_before = room * 2 / 3;
  std::string before = terminal_line(text.substr(0, at));
  if (columns_of(before) > most_before)
    before = std::string(cut_mark) + last_columns(before, most_before - 3);
  else if (place.excerpt_from > 1)
    before = std::string(cut_mark) + before;
  std::string under = terminal_line(text.substr(at, marked));
  std::string after = terminal_line(text.substr(at + marked));
  const std::size_t used = columns_of(before);
  const std::size_t left = room > used ? room - used : 10;
  if (columns_of(under) > left) {
    under = first_columns(under, left);
    after = cut_mark;
  } else if (columns_of(under) + columns_of(after) > left) {
    after = first_columns(after, left - columns_of(under)) + std::string(cut_mark);
  }
  const std::size_t tildes = std::max<std::size_t>(columns_of(under), 1) - 1;
  return indent + before + under + after + "\n" + indent + std::string(used, ' ') +
         paint(green, "^" + std::string(tildes, '~')) + "\n";
}

std::string hint_line(const std::string& text, const Paint& paint) {
  return text.empty() ? "" : paint(bold, "hint:") + " " + terminal_line(text) + "\n";
}

std::size_t count_files(const Complaints& complaints) {
  std::set<std::string> files;
  for (const auto& error : complaints.errors()) files.insert(error.place.file);
  return files.size();
}

}  // namespace

std::string diagnostic(const Error& error, const DiagnosticStyle& style) {
  const Paint paint{style.colour};
  return heading(error, paint) + excerpt(error.place, style, paint) + hint_line(error.hint, paint);
}

std::string diagnostics(Complaints complaints, const DiagnosticStyle& style) {
  complaints.sort();
  std::string text;
  for (const auto& error : complaints.errors()) text += diagnostic(error, style);
  const std::size_t kept = complaints.errors().size();
  if (complaints.total() > kept) text += "and " + std::to_string(complaints.total() - kept) + " more\n";
  return text + plural(complaints.total(), "error") + " in " + plural(count_files(complaints), "file") + "\n";
}

Json diagnostics_json(Complaints complaints) {
  complaints.sort();
  Json list = Json::array();
  for (const auto& error : complaints.errors()) {
    list.push_back({{"file", error.place.file},
                    {"line", error.place.line},
                    {"column", error.place.column},
                    {"message", error.message},
                    {"hint", error.hint}});
  }
  return list;
}

ExitCode report(const Error& error, const Terminal& terminal) {
  write_err(diagnostic(error, {terminal.err_colour, terminal.width}));
  return exit_code(error.code);
}

ExitCode report(Complaints complaints, const Terminal& terminal, const std::string& hint) {
  // The worst trouble names the exit status: a disk that fails is not the author's mistake.
  ExitCode code = ExitCode::refused;
  for (const auto& error : complaints.errors()) {
    if (error.code != ErrorCode::input) code = exit_code(error.code);
  }
  write_err(diagnostics(std::move(complaints), {terminal.err_colour, terminal.width}) +
            hint_line(hint, Paint{terminal.err_colour}));
  return code;
}

}  // namespace headgate::cli
