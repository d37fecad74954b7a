#include "reference_page.hpp"

#include <algorithm>
#include <vector>

#include "file_kinds.hpp"
#include "headgate/base/sorted_fields.hpp"
#include "headgate/base/text.hpp"
#include "headgate/grade/help.hpp"
#include "headgate/grade/registry.hpp"

namespace headgate::cli {
namespace {

std::string anchor(const std::string& name) {
  std::string out;
  for (const char c : name) {
    if (c != '.') out += c == ' ' ? '-' : c;
  }
  return out;
}

// What has a page of its own has no heading on the others, and is the title of that one.
std::string linked(const std::string& name) {
  const auto kinds = file_kinds();
  const auto own =
      std::ranges::find_if(kinds, [&](const FileKind& kind) { return kind.table == nullptr && kind.name == name; });
  return "[" + name + "](" + (own != kinds.end() ? own->page + ".md" : "#" + anchor(name)) + ")";
}

// Inside a table a bar would end the cell, in code too.
std::string cell(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '|' ? std::string("\\|") : std::string(1, c);
  return out;
}

std::string code(const std::string& text) { return text.empty() ? "" : "`" + cell(text) + "`"; }

std::string capital(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

std::string only_for(const Field& field, const std::string& sorted_by) {
  const std::vector<std::string> words = words_of(field);
  std::string out;
  for (const std::string& word : words) {
    out += out.empty() ? " Only with `" + sorted_by + ": " : word == words.back() ? " or `" : ", `";
    out += word + "`";
  }
  return out.empty() ? out : out + ".";
}

std::string fields_table(const std::vector<Field>& fields, const std::string& sorted_by) {
  const bool examples = std::ranges::any_of(fields, [](const Field& field) { return !field.example.empty(); });
  std::string out = std::string("| key | takes | default | what it is for |") + (examples ? " example |" : "") + "\n" +
                    "| --- | --- | --- | --- |" + (examples ? " --- |" : "") + "\n";
  for (const Field& field : fields) {
    out += "| `" + field.name + "` | " + cell(in_words(field.shape, linked)) + " | " +
           (field.required ? "required" : code(field.fallback)) + " | " + cell(field.help) +
           only_for(field, sorted_by) + " |";
    if (examples) out += " " + code(field.example) + " |";
    out += "\n";
  }
  return out;
}

std::string demands(const FieldTable& table) {
  std::string out;
  for (const KeyDemand& demand : table.demands) {
    std::string keys;
    for (const std::string& key : demand.keys) keys += (keys.empty() ? "`" : ", `") + key + "`";
    const bool one = demand.count == KeyDemand::Count::exactly_one;
    out += std::string(one ? "Exactly" : "At least") + " one of " + keys + " must be there.\n";
  }
  if (table.open) out += "Further keys are ignored.\n";
  return out.empty() ? "" : "\n" + out;
}

// One page: every table that is reached from its roots, each once, in the order of first mention.
class Page {
 public:
  std::string text;

  void root(const FieldTable& table, const std::string& heading, const std::string& before) {
    done_.push_back(&table);
    text += "\n## " + heading + "\n\n" + before + "\n\n" + fields_table(table.fields, table.sorted_by) + demands(table);
    want(table.fields);
    inner();
  }

  void root(const grade::Kind& kind) {
    text += "\n## " + kind.name + "\n\n" + capital(kind.summary) + ". " + kind.help + "\n\n";
    if (kind.options != nullptr)
      text += fields_table(kind.options->fields, kind.options->sorted_by) + demands(*kind.options) + "\n";
    text += "```json\n" + kind.example + "\n```\n";
    if (!kind.aliases.empty()) text += "\n" + grade::aliases_text(kind) + ".\n";
    if (kind.options != nullptr) want(kind.options->fields);
  }

  void inner() {
    for (std::size_t i = 0; i < wanted_.size(); ++i) {
      const FieldTable& table = *wanted_[i];
      text += "\n### " + table.name + "\n\n" + table.help + "\n\n" + fields_table(table.fields, table.sorted_by) +
              demands(table);
      want(table.fields);
    }
    wanted_.clear();
  }

 private:
  void want(const std::vector<Field>& fields) {
    for (const Field& field : fields) want(field.shape);
  }

  void want(const Shape& shape) {
    for (const Shape& one : shape.of) want(one);
    if (shape.table == nullptr || std::ranges::count(done_, shape.table) > 0) return;
    done_.push_back(shape.table);
    wanted_.push_back(shape.table);
  }

  std::vector<const FieldTable*> done_;
  std::vector<const FieldTable*> wanted_;  // not written yet
};

std::string how_to_print(const FileKind& kind) {
  return "`headgate schema " + kind.name + "` prints the JSON Schema of " + kind.files + ".";
}

std::string graders_page(const FileKind& kind) {
  Page page;
  page.text = "# Graders\n\nEvery kind of grader with its options. " + how_to_print(kind) +
              "\n`headgate graders KIND` says the same as this page on a terminal. This page is generated:\n"
              "`headgate schema grader --markdown`.\n\n"
              "Every kind has a `not_` form (`not_contains`) that passes where the kind fails; what cannot be judged "
              "passes in\nneither. Every grader of a suite may also have `since` and `retired`, the window of "
              "versions it belongs to.\n\n| kind | rests on | passes when |\n| --- | --- | --- |\n";
  for (const grade::Kind& each : grade::registry().kinds()) {
    page.text += "| " + linked(each.name) + " | " + grade::name(each.basis) + " | " + cell(each.summary) + " |\n";
  }
  page.text += "\nWhat the grades of a kind rest on says what they may decide:\n\n";
  for (const grade::Basis basis : grade::all_bases) {
    page.text += "- **" + std::string(grade::name(basis)) + "** " + std::string(grade::may_decide(basis)) + ".\n";
  }
  for (const grade::Kind& each : grade::registry().kinds()) page.root(each);
  page.inner();
  return page.text;
}

std::string title(const std::string& page) {
  std::string text = page;
  std::ranges::replace(text, '-', ' ');
  return capital(text);
}

}  // namespace

std::string reference_page(const std::string& name) {
  Page page;
  for (const FileKind& kind : file_kinds()) {
    if (kind.page != name) continue;
    if (kind.table == nullptr) return graders_page(kind);
    if (page.text.empty()) {
      page.text = "# " + title(name) +
                  "\n\nEvery key of these files. This page is generated from the tables that check "
                  "them: `headgate schema " +
                  kind.name + " --markdown`.\n";
    }
    page.root(*kind.table, kind.name, kind.table->help + " " + how_to_print(kind));
  }
  return page.text;
}

}  // namespace headgate::cli
