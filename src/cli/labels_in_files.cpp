// Labels and verdicts that stand side by side in files, without a run.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "headgate/base/json.hpp"
#include "labels.hpp"

namespace headgate::cli {
namespace {

using gate::LabelledReply;

constexpr std::size_t max_categories = 50;

std::optional<std::string> category_of(const std::string& word, const std::map<std::string, std::string>& map) {
  if (map.empty()) return word;
  const auto found = map.find(word);
  return found == map.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace

Result<void> FileLabels::prepare() {
  HG_CHECK(require_fields(context_, sheet_));
  fields_ = label_columns(context_, sheet_);
  if (fields_.empty()) return failure(ErrorCode::input, "no column holds labels", "--label FIELD names it");
  if (const auto written = context_.arguments.text("--label-map")) {
    HG_TRY(map, read_map(*written));
    labels_ = std::move(map);
  }
  verdicts_ = labels_;
  if (const auto written = context_.arguments.text("--verdict-map")) {
    HG_TRY(map, read_map(*written));
    verdicts_ = std::move(map);
  }
  std::set<std::string> seen;
  bool plain = true;
  for (const LabelRow& row : sheet_.rows) {
    for (const auto& word : raters_in(sheet_, row, fields_)) {
      if (!word) continue;
      const auto category = category_of(*word, labels_);
      if (!category) {
        return failure(odd_label(row, *word, "--label-map says what every label means, and it does not name this one"));
      }
      plain = plain && pass_or_fail(*category).has_value();
      seen.insert(*category);
    }
  }
  for (const auto& [word, category] : labels_) {
    plain = plain && pass_or_fail(category).has_value();
    seen.insert(category);
  }
  if (seen.empty()) return failure(ErrorCode::input, "nobody labelled anything", "every label is empty");
  set_.pass_fail = plain;
  if (!plain) set_.categories.assign(seen.begin(), seen.end());
  if (set_.categories.size() > max_categories) {
    return failure(ErrorCode::input,
                   "people's labels are " + std::to_string(set_.categories.size()) + " different ones",
                   "--label names the field of the label; --label-map brings labels together");
  }
  return {};
}

gate::LabelSet FileLabels::with(const std::string& field, Complaints& complaints) const {
  const auto option = [&](const char* name) { return context_.arguments.text(name).value_or(""); };
  gate::LabelSet out = set_;
  for (const LabelRow& row : sheet_.rows) {
    LabelledReply reply;
    reply.item = row.id;
    for (const auto& word : raters_in(sheet_, row, fields_)) {
      reply.raters.push_back(word ? index_of(*category_of(*word, labels_)) : std::nullopt);
    }
    if (const std::string of = option("--severe-class"); !of.empty()) {
      if (const auto value = sheet_.value(row, of)) reply.severe_class = word_of(*value);
    }
    if (const std::string of = option("--arm"); !of.empty()) {
      const auto value = sheet_.value(row, of);
      for (const Arm arm : both_arms) {
        if (value && word_of(*value) == name(arm)) reply.arm = arm;
      }
      if (value && !reply.arm) {
        complaints.add({ErrorCode::input, "'" + word_of(*value) + "' is no arm", row.place, "baseline or candidate"});
      }
    }
    if (const std::string of = option("--probability"); !of.empty()) {
      const auto chance = probability_of(sheet_, row, of);
      if (chance) {
        reply.probability = *chance;
      } else {
        complaints.add(chance.error());
      }
    }
    set_verdict(reply, row, field);
    out.replies.push_back(std::move(reply));
  }
  return out;
}

std::optional<std::size_t> FileLabels::index_of(const std::string& category) const {
  const auto name = set_.pass_fail ? pass_or_fail(category) : std::optional(category);
  if (!name) return std::nullopt;
  const auto found = std::ranges::find(set_.categories, *name);
  if (found == set_.categories.end()) return std::nullopt;
  return static_cast<std::size_t>(found - set_.categories.begin());
}

// What is there and means no category is a verdict that cannot be used; what is not there was not given.
void FileLabels::set_verdict(LabelledReply& reply, const LabelRow& row, const std::string& field) const {
  const auto value = sheet_.value(row, field);
  if (!value) return;
  const auto category = value->is_structured() ? std::nullopt : category_of(word_of(*value), verdicts_);
  const auto index = category ? index_of(*category) : std::nullopt;
  reply.judged = index ? LabelledReply::Judged::read : LabelledReply::Judged::unusable;
  reply.verdict = index.value_or(0);
}

}  // namespace headgate::cli
