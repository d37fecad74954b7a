// Graders of every extracting kind on hostile replies: a grade is in [0, 1] with words that can be recorded, and no
// reply passes a grader and its negation.
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "headgate/base/assert.hpp"
#include "headgate/base/tree.hpp"
#include "headgate/base/unicode.hpp"
#include "headgate/grade/registry.hpp"

namespace {

using namespace headgate;
using namespace headgate::grade;

GraderPtr built(const std::string& text) {
  Complaints complaints;
  const auto tree = parse_json("g.json", text, complaints);
  HG_ASSERT(tree);
  GraderPtr out = registry().build(*tree, tree->root(), complaints);
  HG_ASSERT(out != nullptr && complaints.empty());
  return out;
}

struct Pair {
  GraderPtr plain, turned;
};

// The example of every kind's help page, and its negation.
std::vector<Pair> all_pairs() {
  std::vector<Pair> out;
  for (const Kind& kind : registry().kinds()) {
    const std::string mark = "\"kind\"";
    std::string turned = kind.example;
    const std::size_t at = turned.find(kind.name, turned.find(mark));
    HG_ASSERT(at != std::string::npos);
    turned.insert(at, "not_");
    out.push_back({built(kind.example), built(turned)});
  }
  for (const char* more :
       {R"({"kind":"number","extract":{"after":"So","else":"whole","line":"last"},"tolerance":0.5})",
        R"re({"kind":"number","extract":{"regex":"= *(.*)"},"relative":0.01})re",
        R"re({"kind":"regex","pattern":"^(a+)+$","fold_case":true})re",
        R"({"kind":"json","extract":"fenced","which":"only"})",
        R"({"kind":"json","extract":"prose","which":"last","any_order":true,"tolerance":1,"equals":[1,[2,3]]})",
        R"({"kind":"json","formats":true,"schema":{"anyOf":[{"format":"date-time"},{"format":"email"}]}})",
        R"j({"kind":"xml","extract":"prose","values":{"//*":{"max_count":9},"string(/*)":"x"}})j",
        R"({"kind":"xml","ignore_namespaces":true,"any_order":true,"tolerance":1,"equals":"<a>1</a>"})",
        R"({"kind":"sql","dialect":"postgres","verbs":["select"]})",
        R"({"kind":"sql","dialect":"mysql","max_statements":9,"forbidden":["a.b"]})",
        R"({"kind":"sql","dialect":"mssql","extract":"whole"})", R"({"kind":"csv","format":"markdown","min_rows":1})",
        R"({"kind":"csv","format":"tsv","cells":{"a":{"type":"date","unique":true}}})",
        R"({"kind":"csv","equals":"a,b\n1,2","any_order":true,"tolerance":1,"score":"cells"})"}) {
    std::string turned = more;
    turned.insert(turned.find(':') + 2, "not_");
    Complaints complaints;
    const auto tree = parse_json("g.json", more, complaints);
    if (tree && registry().build(*tree, tree->root(), complaints) != nullptr)
      out.push_back({built(more), built(turned)});
  }
  return out;
}

// 1 pass, 0 not, -1 could not be judged.
int judge(const Grader& grader, const Case& item, const Reply& reply) {
  const Reply* const both[] = {&reply, &reply};
  const std::size_t asked = grader.scope() == Scope::pair ? 2 : 1;
  const Step step = grader.step({item, std::span(both).first(asked), 1}, Answers());
  if (const auto* grade = std::get_if<Grade>(&step)) {
    HG_ASSERT(grade->score >= 0.0 && grade->score <= 1.0 && is_utf8(grade->reason));
    return grade->pass ? 1 : 0;
  }
  if (const auto* absent = std::get_if<Absent>(&step)) {
    HG_ASSERT(is_utf8(absent->reason));
    return 0;
  }
  return -1;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::vector<Pair> pairs = all_pairs();
  Reply reply;
  reply.text = repair_utf8(std::string_view(reinterpret_cast<const char*>(data), size));
  Case item;
  item.id = "case-1";
  item.input.text = R"("What is it?")";
  for (const char* expected : {R"("42")", R"(-1.5e3)", R"({"a":[1,2]})", R"("B")"}) {
    item.expected.text = expected;
    for (const Pair& pair : pairs) {
      const int plain = judge(*pair.plain, item, reply);
      const int turned = judge(*pair.turned, item, reply);
      HG_ASSERT(!(plain == 1 && turned == 1));
      HG_ASSERT((plain == -1) == (turned == -1));
    }
  }
  return 0;
}
