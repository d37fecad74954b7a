#include "headgate/grade/labels.hpp"

#include <catch2/catch.hpp>

using namespace headgate;

namespace {

GraderSpec spec(const char* kind, const char* options, bool negated = false) { return {kind, negated, {options}}; }

using Labels = std::vector<std::string>;

}  // namespace

TEST_CASE("labels: a grader alone of its kind is called by it, a plugin by its name") {
  const std::vector<GraderSpec> suite{spec("contains", R"({"any":["a"]})"), spec("contains", R"({"any":["b"]})", true)};
  const std::vector<GraderSpec> own{spec("plugin", R"({"name":"lint"})"), spec("plugin", R"({"name":"tone"})")};
  CHECK(grade::labels(suite, own) == Labels{"contains", "not_contains", "plugin lint", "plugin tone"});
}

TEST_CASE("labels: several of one kind show the options in which they differ") {
  const std::vector<GraderSpec> suite{spec("length", R"({"max":400,"unit":"words"})"),
                                      spec("length", R"({"min":2,"unit":"words"})")};
  CHECK(grade::labels(suite, {}) == Labels{"length max 400", "length min 2"});
  const std::vector<GraderSpec> plugins{spec("plugin", R"({"name":"lint","options":{"a":1}})"),
                                        spec("plugin", R"({"name":"lint","options":{"a":2}})")};
  CHECK(grade::labels({}, plugins) == Labels{R"(plugin lint options {"a":1})", R"(plugin lint options {"a":2})"});
}

TEST_CASE("labels: no two are alike, however long or equal their options are") {
  const std::string same(60, 'x');
  const std::string a = R"({"value":")" + same + "a\"}", b = R"({"value":")" + same + "b\"}";
  const std::vector<GraderSpec> suite{spec("equals", a.c_str()), spec("equals", b.c_str()), spec("equals", a.c_str())};
  const Labels labels = grade::labels(suite, {});
  CHECK(labels[0] != labels[1]);
  CHECK(labels[0] != labels[2]);
  CHECK(labels[1] != labels[2]);
  CHECK(labels[2] == labels[0] + " #2");
  CHECK(labels[0].size() < 60);
}
