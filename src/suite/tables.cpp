#include "headgate/domain/codec.hpp"
#include "headgate/suite/load.hpp"

namespace headgate::suite {
namespace {

Shape one_or_more_paths() { return either({string_shape(), list_of(string_shape()).at_least(1)}); }

const FieldTable& pass_table() {
  static const FieldTable table{
      "pass rule",
      "When a case passes, given the grades of all its graders.",
      {{"mean", number_shape().above(0).at_most(1), "the mean score of the graders must reach this", true}}};
  return table;
}

Field graders_field(const char* help) {
  return {"graders", list_of(grade::grader_shape()),
          help,      false,
          "[]",      R"([{"kind":"contains","value":"{{case.expected}}"}])"};
}

Field cases_field() {
  return {"cases",
          one_or_more_paths(),
          "Where the cases are: a JSONL or CSV file of this folder, a pattern, a list, or data:ROOT/file.",
          false,
          R"("cases.jsonl")",
          R"("cases/*.jsonl")"};
}

Field include_field() {
  return {"include", one_or_more_paths(),
          "Further suite files of this folder: more cases, graders, segments, classes."};
}

Field fields_field() {
  return {"fields",
          map_of(any_shape()),
          "Reads an existing JSONL or CSV as it stands: case key to column, JSON pointer, or {from, map, scale, "
          "drop_prefix, const}.",
          false,
          "",
          R"({"id":"id","input":"question","expected":{"from":"/answer/final"}})"};
}

Field segments_field() {
  return {"segments",
          map_of(either({one_of({"any"}), list_of(string_shape()).at_least(1)})),
          "The dimensions of a case and the values each may have; any: whatever the cases say.",
          false,
          "{}",
          R"({"language":["en","de"],"task":"any"})"};
}

Field severe_classes_field() {
  return {"severe_classes",
          map_of(string_shape()),
          "Classes of severe failure, each with one sentence.",
          false,
          "{}",
          R"({"unsafe_refund_promise":"promises money the policy does not give"})"};
}

const FieldTable& part_table() {
  static const FieldTable table{"message part",
                                "One part of a chat message: text, or an image by file.",
                                {{"type", one_of({"text", "image"}), "text or image", true},
                                 {"text", string_or_empty(), "the text of a text part"},
                                 {"file", string_shape(), "the image, a file of the suite's folder"}}};
  return table;
}

const FieldTable& message_table() {
  static const FieldTable table{
      "message",
      "One chat message.",
      {{"role", one_of({"system", "user", "assistant", "tool"}), "who speaks", true},
       {"content", either({string_or_empty(), list_of(object_of(part_table())).at_least(1)}), "what is said", true},
       {"name", string_shape(), "which user or tool speaks"}}};
  return table;
}

const FieldTable& passage_table() {
  static const FieldTable table{
      "passage",
      "A document handed to the route with the case.",
      {{"id", string_shape(), "how graders and people call it"}, {"text", string_or_empty(), "what it says", true}}};
  return table;
}

const FieldTable& origin_table() {
  static const FieldTable table{
      "origin",
      "Where a case comes from.",
      {{"kind", string_shape(), "production, incident, written, imported, …"},
       {"ref", string_shape(), "the ticket, incident or data set"},
       {"at", date_shape(), "the day, YYYY-MM-DD"},
       {"redactions", map_of(integer_shape().at_least(0)), "how many texts of each kind were taken out"}}};
  return table;
}

const FieldTable& locked_version_table() {
  static const FieldTable table{"locked version",
                                "What one released version of a suite holds.",
                                {{"date", date_shape(), "the day of release", true},
                                 {"cases", integer_shape().at_least(1), "how many cases", true},
                                 {"digest", string_shape(), "of everything the version holds", true},
                                 {"graders", string_shape(), "digest of the graders and the pass rule", true},
                                 {"case_digests", map_of(string_shape()), "by id, shortened", true},
                                 {"files", map_of(string_shape()), "digests of files the cases refer to"}}};
  return table;
}

}  // namespace

const FieldTable& lock_table() {
  static const FieldTable table{"suite.lock",
                                "The released versions of a suite, as `headgate suite release` writes them.",
                                {{"format", one_of({lock_format}), "the format of this file", true},
                                 {"suite", string_shape(), "the suite's name", true},
                                 {"versions", map_of(object_of(locked_version_table())), "by version", true}}};
  return table;
}

const FieldTable& suite_table() {
  static const FieldTable table{
      "suite",
      "A named, versioned set of cases with its graders.",
      {{"suite", string_shape(), "The name of the suite: letters, digits, _ . -", true, "", R"("support_triage")"},
       {"version", version_shape(), "The version the files are at: three numbers.", true, "", R"("1.4.0")"},
       {"description", string_or_empty(), "What the suite is for."},
       cases_field(),
       include_field(),
       fields_field(),
       segments_field(),
       severe_classes_field(),
       graders_field("Graders of every case; each may have since and retired."),
       {"pass", either({one_of({"all"}), object_of(pass_table())}),
        "When a case passes: all graders pass, or their mean score reaches a number.", false, R"("all")",
        R"({"mean":0.7})"},
       {"traffic", map_of(map_of(fraction())), "The share of production traffic of each segment value.", false, "{}",
        R"({"language":{"en":0.7,"de":0.3}})"},
       {"reviewed_at", date_shape(), "The day somebody last looked the cases through, YYYY-MM-DD."}}};
  return table;
}

const FieldTable& include_table() {
  static const FieldTable table{"included suite file",
                                "A further file of a suite; it may add, never change.",
                                {cases_field(), include_field(), fields_field(), segments_field(),
                                 severe_classes_field(), graders_field("Further graders of every case of the suite.")}};
  return table;
}

const FieldTable& case_table() {
  static const FieldTable table{
      "case",
      "One item of a suite, one line of its cases file.",
      {{"id", string_shape(), "How everybody calls the case; unique within a version.", true, "", R"("refund-017")"},
       {"input", either({string_or_empty(), list_of(object_of(message_table())).at_least(1)}),
        "What the route is asked: a text, or chat messages.", true},
       {"vars", map_of(any_shape()), "Further values for the prompt's placeholders.", false, "{}"},
       {"context", list_of(object_of(passage_table())), "Documents handed over with the input.", false, "[]"},
       {"expected", any_shape(), "What a good reply is measured against."},
       {"segments", map_of(string_shape()), "One value of each dimension the case belongs to.", false, "{}",
        R"({"language":"de","risk":"high"})"},
       {"severity", one_of({"normal", "major", "severe"}),
        "How bad a failure here is; a severe case names its severe_class.", false, R"("normal")"},
       {"severe_class", string_shape(), "Of a severe case: one of the suite's severe_classes."},
       {"cluster", string_shape(), "Cases that are not independent (one ticket, one document) share it."},
       {"tags", list_of(string_shape()), "Words to select cases by.", false, "[]", R"(["regression"])"},
       {"sampling", one_of({"random", "targeted"}),
        "random stands for traffic; targeted was chosen because something failed there.", false, R"("random")"},
       {"variant_of", string_shape(), "The id of the case this one rewords; it joins that case's cluster."},
       {"weight", number_shape().above(0), "How much the case counts in means.", false, "1"},
       graders_field("Graders of this case alone, after those of the suite."),
       {"since", version_shape(),
        "The first version that holds the case; one id may stand several times, in windows that do not overlap."},
       {"retired", version_shape(), "The first version that no longer holds it."},
       {"note", string_or_empty(), "For people."},
       {"origin", object_of(origin_table()), "Where the case comes from."}}};
  return table;
}

}  // namespace headgate::suite
