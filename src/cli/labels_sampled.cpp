// Rows of `judge sample`, found again in a run by their keys.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "headgate/base/json.hpp"
#include "label_draw.hpp"
#include "labels.hpp"

namespace headgate::cli {
namespace {

using gate::LabelledReply;
using Word = run::CellWord;
using Map = std::map<std::string, std::string>;

class Reader {
 public:
  Reader(const Context& context, const Evidence& evidence, const run::SuiteGrader& grader,
         const std::vector<Word>& words)
      : context_(context), evidence_(evidence), grader_(grader), words_(words) {
    for (CellIndex cell = 0; cell < evidence_.observations.size(); ++cell) {
      if (grader.compares && cell % 2 != 0) continue;
      cells_.emplace(grader.compares ? pair_key(evidence_, cell) : reply_key(evidence_, cell), cell);
    }
    const std::size_t suite = static_cast<std::size_t>(
        std::ranges::find_if(grader.position, [](const auto& each) { return each.has_value(); }) -
        grader.position.begin());
    const auto options = parse_own(grader.spec[suite].options.text);
    tie_passes_ = !options || !options->contains("tie") || options->at("tie") != "fail";
  }

  Result<gate::LabelSet> read(const LabelSheet& sheet, Complaints& complaints) {
    HG_CHECK(require_fields(context_, sheet));
    const std::vector<std::string> fields = label_columns(context_, sheet);
    if (fields.empty()) {
      return failure(ErrorCode::input, "no column holds labels", "--label names it; `label` and `label_2` are found");
    }
    const std::string probability = context_.arguments.text("--probability").value_or("probability");
    Map map;
    if (const auto written = context_.arguments.text("--label-map")) {
      HG_TRY(read, read_map(*written));
      map = std::move(read);
    }
    gate::LabelSet out;
    for (const LabelRow& row : sheet.rows) {
      const auto cell = cells_.find(row.id);
      if (cell == cells_.end()) {
        ++unknown_;
        continue;
      }
      const auto chance = probability_of(sheet, row, probability);
      if (!chance) {
        complaints.add(chance.error());
        continue;
      }
      LabelledReply reply = reply_at(evidence_, grader_.compares ? cell->second + 1 : cell->second);
      reply.probability = *chance;
      if (!add_raters(raters_in(sheet, row, fields), map, row, reply, complaints)) continue;
      set_word(reply, words_[grader_.compares ? cell->second + 1 : cell->second]);
      if (grader_.compares) add_pair(cell->second, row.id, reply);
      out.replies.push_back(std::move(reply));
    }
    if (unknown_ == sheet.rows.size()) {
      return failure(ErrorCode::input, "none of the labelled replies is in this run",
                     "a key is of one reply to one case; `headgate judge sample` draws from this run");
    }
    return out;
  }

  std::size_t unknown() const { return unknown_; }
  const std::vector<Calibration::Pair>& pairs() const { return pairs_; }

 private:
  // Of two replies: which is better, 1 the first shown, -1 the second, 0 neither.
  static std::optional<int> better(std::string_view word) {
    std::string plain(word);
    std::ranges::transform(plain, plain.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    if (plain == "first" || plain == "1" || plain == "a") return 1;
    if (plain == "second" || plain == "2" || plain == "b") return -1;
    if (plain == "tie" || plain == "0" || plain == "same" || plain == "neither") return 0;
    return std::nullopt;
  }

  bool add_raters(const RaterWords& labels, const Map& map, const LabelRow& row, LabelledReply& reply,
                  Complaints& complaints) {
    for (const auto& written : labels) {
      if (!written) {
        reply.raters.emplace_back();
        continue;
      }
      const auto mapped = map.find(*written);
      const std::string word = mapped == map.end() ? *written : mapped->second;
      if (grader_.compares) {
        const auto choice = better(word);
        if (!choice) {
          complaints.add(odd_label(row, *written, "first, second or tie; --label-map says what other words mean"));
          return false;
        }
        const int for_candidate = shown_first(row.id) == Arm::candidate ? *choice : -*choice;
        reply.raters.emplace_back(for_candidate > 0 || (for_candidate == 0 && tie_passes_) ? pass_category
                                                                                           : fail_category);
        human_[row.id].push_back(for_candidate);
        continue;
      }
      const auto plain = pass_or_fail(word);
      if (!plain) {
        complaints.add(odd_label(row, *written, "pass or fail; --label-map says what other words mean"));
        return false;
      }
      reply.raters.emplace_back(*plain == "pass" ? pass_category : fail_category);
    }
    return true;
  }

  // What people and the judge say of a difference between the arms; a split of people says nothing.
  void add_pair(CellIndex baseline, const std::string& key, const LabelledReply& reply) {
    const std::vector<int>& human = human_[key];
    const Word &theirs = words_[baseline], &ours = words_[baseline + 1];
    if (human.empty() || !reply.random || ours.kind != Word::Kind::graded || theirs.kind != Word::Kind::graded) return;
    if (std::ranges::any_of(human, [&](int each) { return each != human.front(); })) return;
    pairs_.push_back({static_cast<double>(human.front()),
                      static_cast<double>(ours.pass) - static_cast<double>(theirs.pass), 1.0 / reply.probability});
  }

  const Context& context_;
  const Evidence& evidence_;
  const run::SuiteGrader& grader_;
  const std::vector<Word>& words_;
  std::map<std::string, CellIndex> cells_;
  std::map<std::string, std::vector<int>> human_;
  std::vector<Calibration::Pair> pairs_;
  bool tie_passes_ = true;
  std::size_t unknown_ = 0;
};

}  // namespace

Result<SampledLabels> sampled_labels(const Context& context, const Evidence& evidence, const run::SuiteGrader& grader,
                                     const std::vector<run::CellWord>& words, const LabelSheet& sheet,
                                     Complaints& complaints) {
  Reader reader(context, evidence, grader, words);
  HG_TRY(set, reader.read(sheet, complaints));
  SampledLabels out{std::move(set), reader.unknown(), reader.pairs()};
  std::ranges::sort(out.pairs);
  return out;
}

}  // namespace headgate::cli
