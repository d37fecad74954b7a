#include "labels.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "headgate/base/json.hpp"
#include "headgate/base/text.hpp"

namespace headgate::cli {
namespace {

std::optional<std::string> severe_class_of(const Evidence& evidence, CaseIndex item) {
  const std::uint32_t severe_class = evidence.cases[item].severe_class;
  if (severe_class == CaseTable::no_class) return std::nullopt;
  return evidence.cases.severe_class_name(severe_class);
}

std::string case_name(const Evidence& evidence, CaseIndex item) {
  return evidence.plan.suites[evidence.cases[item].suite].name + "/" + std::string(evidence.cases.id(item));
}

}  // namespace

gate::LabelledReply reply_at(const Evidence& evidence, CellIndex cell) {
  const CellRef ref = cell_ref(cell, evidence.plan.trials);
  gate::LabelledReply out;
  out.item = case_name(evidence, ref.item);
  out.arm = ref.arm;
  out.trial = ref.trial;
  out.severe_class = severe_class_of(evidence, ref.item).value_or("");
  out.random = evidence.cases[ref.item].sampling == Sampling::random;
  return out;
}

void set_word(gate::LabelledReply& reply, const run::CellWord& word) {
  switch (word.kind) {
    case run::CellWord::Kind::none:
      reply.judged = gate::LabelledReply::Judged::missing;
      break;
    case run::CellWord::Kind::unusable:
      reply.judged = gate::LabelledReply::Judged::unusable;
      break;
    case run::CellWord::Kind::graded:
      reply.judged = gate::LabelledReply::Judged::read;
      reply.verdict = word.pass ? pass_category : fail_category;
      break;
  }
}

std::vector<std::string> label_columns(const Context& context, const LabelSheet& sheet) {
  std::vector<std::string> fields = context.arguments.texts("--label");
  if (!fields.empty()) return fields;
  std::ranges::copy_if(sheet.columns, std::back_inserter(fields),
                       [](const std::string& each) { return each.starts_with("label"); });
  return fields;
}

RaterWords raters_in(const LabelSheet& sheet, const LabelRow& row, const std::vector<std::string>& fields) {
  RaterWords out;
  for (const std::string& field : fields) {
    const auto value = sheet.value(row, field);
    if (value && value->is_array()) {
      for (const Json& each : *value) out.push_back(each.is_null() ? std::nullopt : std::optional(word_of(each)));
    } else {
      out.push_back(value ? std::optional(word_of(*value)) : std::nullopt);
    }
  }
  return out;
}

Result<void> require_fields(const Context& context, const LabelSheet& sheet) {
  for (const char* option : {"--label", "--probability", "--severe-class", "--arm"}) {
    for (const std::string& field : context.arguments.texts(option)) {
      if (sheet.has(field)) continue;
      const std::vector<std::string> fields = sheet.fields();
      const std::string near = did_you_mean(field, fields);
      return failure(ErrorCode::input, std::string(option) + " names '" + field + "', and no row has that",
                     (near.empty() ? "" : near + " ") +
                         (fields.empty() ? "there are no rows" : "rows have " + join_words(fields)));
    }
  }
  return {};
}

Error odd_label(const LabelRow& row, const std::string& word, const std::string& hint) {
  return {ErrorCode::input, "'" + word + "' is no label", row.place, hint};
}

Result<double> probability_of(const LabelSheet& sheet, const LabelRow& row, const std::string& field) {
  const auto value = sheet.value(row, field);
  if (!value) return 1.0;
  std::string text = word_of(*value);
  std::ranges::replace(text, ',', '.');  // as spreadsheets write it in half of the world
  const auto parsed = parse_own(text);
  const double probability = parsed && parsed->is_number() ? parsed->get<double>() : 0.0;
  if (probability >= gate::least_probability && probability <= 1.0) return probability;
  return failure(Error{ErrorCode::input, "'" + text + "' is no probability from 0.000001 to 1", row.place,
                       "`headgate judge sample` writes with which one a reply was drawn"});
}

}  // namespace headgate::cli
