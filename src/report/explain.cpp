#include "headgate/report/explain.hpp"

#include <algorithm>
#include <set>

#include "case_json.hpp"
#include "headgate/base/json.hpp"
#include "headgate/base/text.hpp"
#include "headgate/domain/codec.hpp"
#include "headgate/gate/case_state.hpp"
#include "outline.hpp"
#include "words.hpp"

namespace headgate::report {
namespace {

constexpr std::size_t most_quoted_columns = 300;
constexpr std::size_t most_ids = 10;

Hue hue_of(const Finding& finding) {
  if (finding.verdict == Verdict::pass) return Hue::good;
  return finding.verdict == Verdict::fail && !finding.advisory ? Hue::bad : Hue::open;
}

std::string quotable(const std::string& text) {
  return text.empty() ? "(no text)" : elide(terminal_line(text), most_quoted_columns);
}

// Whether what was never seen keeps the rule open. Enough other cases may still outweigh it.
bool is_about_missing(std::string_view code) {
  for (const std::string_view end :
       {"_missing_decides", "_decide_verdict", "_unmeasured", "_unknown", "_not_recorded"}) {
    if (code.ends_with(end)) return true;
  }
  return false;
}

// What would settle an inconclusive rule; nothing for one that is settled.
std::string settled_by(const Finding& finding) {
  if (finding.verdict != Verdict::inconclusive) return {};
  const bool missing = is_about_missing(finding.code);
  if (finding.needed_n) {
    std::string text = (missing ? "measuring what is missing in the cases below; or about " : "about ") +
                       plural(*finding.needed_n, "case") + " in all, if the estimate holds";
    if (finding.n < *finding.needed_n) text += ": " + std::to_string(*finding.needed_n - finding.n) + " more";
    return text;
  }
  if (missing)
    return finding.cases_total > 0 ? "measuring what is missing in the cases below" : "measuring what is missing";
  if (finding.code.ends_with("_undecided")) return "a better result; if the estimate holds, more cases do not help";
  return "mending what the sentence names; more cases do not help";
}

std::string chance(double p) { return p < 0.0001 ? "below 0.0001" : fixed(p, 4); }

std::string figures_text(const Finding& finding) {
  const Figures figures = figures_of(finding);
  std::vector<std::string> parts;
  if (!figures.estimate.empty()) parts.push_back("estimate " + figures.estimate);
  if (const std::string worst = worst_segment(finding); !worst.empty()) parts.back() += " in " + worst + ", the worst";
  if (!figures.interval.empty()) parts.push_back("interval " + figures.interval);
  if (!figures.limit.empty()) parts.push_back("limit " + figures.limit);
  parts.push_back(plural(finding.n, "case"));
  if (finding.n_eff && finding.n > 0) parts.push_back("counting as " + fixed(*finding.n_eff, 1));
  if (finding.clusters > 0) parts.push_back(plural(finding.clusters, "cluster"));
  if (finding.p_pass) parts.push_back("p(pass) " + chance(*finding.p_pass));
  if (finding.p_harm) parts.push_back("p(harm) " + chance(*finding.p_harm));
  std::string text;
  for (const std::string& each : parts) text += (text.empty() ? "" : ", ") + each;
  text += "; method " + finding.method;
  if (finding.method != "deterministic") text += ", one-sided alpha " + shortest(finding.alpha_pass);
  return text + " (" + finding.code + ")";
}

std::string missing_text(const Finding::Missing& missing) {
  return "pairs without a graded cell: candidate " + std::to_string(missing.candidate) + ", baseline " +
         std::to_string(missing.baseline) + ", both " + std::to_string(missing.both);
}

// Cases of a finding by their place; a decision that was read from a file has only their names.
std::vector<CaseIndex> items_of(const Evidence& evidence, const Finding& finding) {
  if (!finding.items.empty()) return finding.items;
  std::vector<CaseIndex> items;
  for (const std::string& id : finding.cases) {
    if (const auto item = evidence.cases.find(id)) items.push_back(*item);
  }
  return items;
}

std::string result_words(const Observation& seen) {
  if (seen.status == Status::ok) return seen.pass ? "pass" : "fail";
  return seen.error == ErrorKind::none ? name(seen.status) : name(seen.error);
}

class Teller {
 public:
  Teller(const Decision& decision, const Evidence& evidence, const Quotes& quotes)
      : decision_(decision), evidence_(evidence), quotes_(quotes) {}

  Node tell() {
    Node root;
    for (const Verdict verdict : {Verdict::fail, Verdict::inconclusive, Verdict::pass}) {
      for (std::size_t i = 0; i < decision_.findings.size(); ++i) {
        const Finding& finding = decision_.findings[i];
        if (finding.verdict != verdict || is_detail(finding)) continue;
        Node& node = add_finding(root, finding);
        // A segment's own finding stands behind the one over all segments.
        for (std::size_t k = i + 1; k < decision_.findings.size() && is_detail(decision_.findings[k]); ++k) {
          add_finding(node, decision_.findings[k]);
        }
      }
    }
    if (!decision_.not_asked.empty()) {
      root.add("not asked:", join_words(decision_.not_asked, decision_.not_asked.size()), Hue::faint);
    }
    return root;
  }

 private:
  static bool is_detail(const Finding& finding) { return finding.rule == "segments" && finding.segment; }

  Node& add_finding(Node& parent, const Finding& finding) {
    Node& node =
        parent.add(name(finding.verdict), title_of(decision_, finding) + ": " + finding.sentence, hue_of(finding));
    node.add("", figures_text(finding));
    if (finding.missing) node.add("missing:", missing_text(*finding.missing), Hue::open);
    if (const std::string how = settled_by(finding); !how.empty()) node.add("settled by:", how, Hue::strong);
    for (const std::string& note : finding.notes) node.add("note:", note, Hue::faint);
    const std::vector<CaseIndex> items = items_of(evidence_, finding);
    if (finding.verdict == Verdict::pass) {
      add_ids(node, items, finding.cases_total);
    } else {
      add_cases(node, items, finding.cases_total);
    }
    return node;
  }

  void add_ids(Node& node, const std::vector<CaseIndex>& items, std::size_t total) {
    if (items.empty()) return;
    std::string text;
    for (std::size_t i = 0; i < std::min(items.size(), most_ids); ++i) {
      text += (i == 0 ? "" : ", ") + std::string(evidence_.cases.id(items[i]));
    }
    if (total > most_ids) text += " and " + std::to_string(total - most_ids) + " more";
    node.add("cases against it:", text, Hue::faint);
  }

  void add_cases(Node& node, const std::vector<CaseIndex>& items, std::size_t total) {
    const std::size_t shown = std::min(items.size(), max_explained);
    for (std::size_t i = 0; i < shown; ++i) add_case(node, items[i]);
    if (total > shown && shown > 0) node.add("", "and " + std::to_string(total - shown) + " more");
  }

  void add_case(Node& node, CaseIndex item) {
    const std::uint32_t trial = gate::telling_trial(evidence_, item);
    const CaseQuote quote = quote_of(evidence_, item, trial, quotes_);
    std::string text = quote.id + " (" + quote.suite + (facts_of(quote).empty() ? "" : "; " + facts_of(quote));
    if (is_known(decision_, quote)) text += "; known failure";
    if (evidence_.plan.trials > 1) text += "; trial " + std::to_string(trial);
    text += ")";
    if (!told_.insert(item).second) {
      node.add("", text + ", as above");
      return;
    }
    Node& mine = node.add("", text);
    if (!quote.input.empty()) mine.add("input:", quotable(quote.input), Hue::faint);
    if (!quote.expected.empty()) mine.add("expected:", quotable(quote.expected), Hue::faint);
    add_cell(mine, Arm::baseline, item, trial, quote.baseline);
    add_cell(mine, Arm::candidate, item, trial, quote.candidate);
  }

  void add_cell(Node& node, Arm arm, CaseIndex item, std::uint32_t trial, const CellQuote& cell) {
    const Observation& seen = evidence_.at(item, trial, arm);
    Node& mine = node.add(std::string(name(arm)) + " " + result_words(seen) + ":", quotable(cell.text));
    for (const CellQuote::Why& why : cell.grades) {
      if (!why.pass) mine.add("because", quotable(because(cell, why)), Hue::faint);
    }
  }

  const Decision& decision_;
  const Evidence& evidence_;
  const Quotes& quotes_;
  std::set<CaseIndex> told_;
};

Json finding_value(const Decision& decision, const Evidence& evidence, const Finding& finding, const Quotes& quotes) {
  Json out = to_json(finding);
  const std::string how = settled_by(finding);
  out["title"] = text_json(title_of(decision, finding));
  out["settled_by"] = how.empty() ? Json(nullptr) : Json(how);
  Json cases = Json::array();
  if (finding.verdict != Verdict::pass) {
    const std::vector<CaseIndex> items = items_of(evidence, finding);
    for (std::size_t i = 0; i < std::min(items.size(), max_explained); ++i) {
      cases.push_back(case_json(evidence, items[i], gate::telling_trial(evidence, items[i]), quotes));
    }
  }
  out["deciding"] = std::move(cases);
  return out;
}

}  // namespace

std::string explanation(const Decision& decision, const Evidence& evidence, const Quotes& quotes, const RunFacts& facts,
                        const Style& style) {
  Page page(style.width, style.colour);
  page.line(terminal_line(headline(decision)));
  if (!decision.reasons.empty()) {
    page.item(terminal_line(decision.reasons.front().rule) + ":", decision.reasons.front().text);
  }
  if (!facts.origin.empty()) page.item("replies:", facts.origin);
  page.blank();
  page.line("asked for " + std::string(name(decision.stage)) + ", holds for " + stages_of(decision));
  draw(page, Teller(decision, evidence, quotes).tell());
  if (!decision.next_stage.empty()) {
    page.blank();
    page.line("what the next stage lacks");
    Node lacking;
    for (const std::string& each : decision.next_stage) lacking.add("", each);
    draw(page, lacking);
  }
  if (!decision.notes.empty()) {
    page.blank();
    page.line("notes");
    Node notes;
    for (const std::string& each : decision.notes) notes.add("", each);
    draw(page, notes);
  }
  page.blank();
  page.line("one case: headgate explain " + terminal_line(facts.run_id) +
            " CASE   report: " + terminal_line(facts.folder) + "/summary.md");
  return page.take();
}

std::string explanation_json(const Decision& decision, const Evidence& evidence, const Quotes& quotes,
                             const RunFacts& facts) {
  Json rules = Json::array();
  for (const Finding& finding : decision.findings) rules.push_back(finding_value(decision, evidence, finding, quotes));
  Json stages = Json::array();
  for (const Stage stage : decision.eligible_for) stages.push_back(name(stage));
  Json reasons = Json::array();
  for (const Reason& reason : decision.reasons) {
    reasons.push_back({{"rule", reason.rule},
                       {"verdict", name(reason.verdict)},
                       {"code", reason.code},
                       {"text", text_json(reason.text)}});
  }
  const Json out = {
      {"format", "headgate/explain/1"},    {"run", text_json(facts.run_id)},  {"gate", text_json(decision.gate)},
      {"stage", name(decision.stage)},     {"answer", name(decision.answer)}, {"eligible_for", std::move(stages)},
      {"reasons", std::move(reasons)},     {"rules", std::move(rules)},       {"not_asked", decision.not_asked},
      {"next_stage", decision.next_stage}, {"notes", decision.notes}};
  return canonical(out) + "\n";
}

}  // namespace headgate::report
