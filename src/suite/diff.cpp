#include "headgate/suite/diff.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "headgate/base/json.hpp"
#include "headgate/base/text.hpp"
#include "headgate/domain/codec.hpp"

namespace headgate::suite {
namespace {

std::string text_of(const std::vector<GraderSpec>& graders) {
  Json all = Json::array();
  for (const GraderSpec& grader : graders) all.push_back(to_json(grader));
  return all.empty() ? "" : canonical(all);
}

std::string text_of(const std::vector<SegmentValue>& segments) {
  std::vector<std::string> each;
  for (const SegmentValue& segment : segments) each.push_back(segment.dimension + "=" + segment.value);
  return join_words(each, each.size());
}

std::string text_of(const PassRule& pass) {
  return pass.kind == PassRule::Kind::all ? "all" : "mean " + shortest(pass.least_mean);
}

std::string text_of(const auto& map) { return map.empty() ? "" : canonical(Json(map)); }

// Graders that are in `these` and not in `those`, each as often as it is missing there.
std::vector<GraderSpec> only_in(const std::vector<GraderSpec>& these, std::vector<GraderSpec> those) {
  std::vector<GraderSpec> out;
  for (const GraderSpec& each : these) {
    const auto found = std::ranges::find(those, each);
    if (found == those.end()) {
      out.push_back(each);
    } else {
      those.erase(found);
    }
  }
  return out;
}

class Changes {
 public:
  // One change a grader; of one kind, what went and what came stand together.
  void look(const std::vector<GraderSpec>& before, const std::vector<GraderSpec>& after) {
    std::vector<GraderSpec> gone = only_in(before, after);
    std::vector<GraderSpec> come = only_in(after, before);
    if (gone.empty() && come.empty()) return look("graders in another order", text_of(before), text_of(after));
    for (const GraderSpec& old : gone) {
      const auto same_kind = [&](const GraderSpec& each) { return each.written_kind() == old.written_kind(); };
      const auto found = std::ranges::find_if(come, same_kind);
      const std::string now = found == come.end() ? "" : canonical(to_json(*found));
      if (found != come.end()) come.erase(found);
      all_.push_back({"grader", canonical(to_json(old)), now});
    }
    for (const GraderSpec& each : come) all_.push_back({"grader", "", canonical(to_json(each))});
  }

  void look(const char* what, std::string before, std::string after) {
    if (before != after) all_.push_back({what, std::move(before), std::move(after)});
  }
  std::vector<Change> take() { return std::move(all_); }

 private:
  std::vector<Change> all_;
};

std::vector<Change> changes_of(const Case& before, const Case& after) {
  Changes changes;
  changes.look("input", before.input.text, after.input.text);
  changes.look("vars", before.vars.text, after.vars.text);
  changes.look("context", before.context.text, after.context.text);
  changes.look("expected", before.expected.text, after.expected.text);
  changes.look("segments", text_of(before.segments), text_of(after.segments));
  changes.look("severity", name(before.severity), name(after.severity));
  changes.look("severe_class", before.severe_class, after.severe_class);
  changes.look("cluster", before.cluster, after.cluster);
  changes.look("tags", join_words(before.tags, before.tags.size()), join_words(after.tags, after.tags.size()));
  changes.look("sampling", name(before.sampling), name(after.sampling));
  changes.look("weight", shortest(before.weight), shortest(after.weight));
  changes.look(before.graders, after.graders);
  return changes.take();
}

std::vector<Change> changes_of(const SuiteHead& before, const SuiteHead& after) {
  Changes changes;
  changes.look("pass", text_of(before.pass), text_of(after.pass));
  changes.look(before.graders, after.graders);
  changes.look("segments", text_of(before.segments), text_of(after.segments));
  changes.look("severe_classes", text_of(before.severe_classes), text_of(after.severe_classes));
  changes.look("traffic", text_of(before.traffic), text_of(after.traffic));
  changes.look("reviewed_at", before.reviewed_at, after.reviewed_at);
  return changes.take();
}

}  // namespace

Diff diff(const Suite& before, const Suite& after) {
  Diff out;
  out.before = stats_of(before);
  out.after = stats_of(after);
  out.head = changes_of(before.head, after.head);
  auto old = before.cases.begin();
  auto now = after.cases.begin();
  while (old != before.cases.end() || now != after.cases.end()) {
    if (now == after.cases.end() || (old != before.cases.end() && old->id < now->id)) {
      out.removed.push_back((old++)->id);
    } else if (old == before.cases.end() || now->id < old->id) {
      out.added.push_back((now++)->id);
    } else {
      auto changes = changes_of(*old, *now);
      if (!changes.empty()) out.changed.push_back({now->id, std::move(changes)});
      ++old;
      ++now;
    }
  }
  return out;
}

}  // namespace headgate::suite
