// What a suite is made of.
#include "headgate/suite/stats.hpp"

#include <catch2/catch.hpp>

#include "suite_files.hpp"

using namespace headgate;
using namespace headgate::suite;

namespace {

Stats stats_of_lines(const std::string& lines) {
  const Loaded loaded = load_lines(lines);
  for (const auto& each : loaded.said) INFO(each);
  REQUIRE(loaded.suite);
  return stats_of(*loaded.suite);
}

std::string lines(std::size_t n, const std::string& more) {
  std::string text;
  for (std::size_t i = 0; i < n; ++i) {
    text += R"({"id":"c)" + std::to_string(i) + R"(","input":"q)" + std::to_string(i) + "\"" + more + "}\n";
  }
  return text;
}

const Part& part(const Stats& stats, const std::string& dimension, const std::string& value) {
  for (const auto& mix : stats.dimensions) {
    for (const auto& each : mix.parts) {
      if (mix.name == dimension && each.value == value) return each;
    }
  }
  FAIL("no " << dimension << "=" << value);
  return stats.dimensions[0].parts[0];
}

}  // namespace

TEST_CASE("the mix counts cases by value, declared ones too, and crosses dimensions") {
  const Stats stats = stats_of_lines(
      R"({"id":"a","input":"1","segments":{"language":"en","risk":"low"}}
{"id":"b","input":"2","segments":{"language":"en","risk":"high"},"sampling":"targeted"}
{"id":"c","input":"3","segments":{"risk":"high"},"severity":"severe","severe_class":"leak"}
)");
  CHECK(stats.random == 2);
  CHECK(stats.targeted == 1);
  CHECK(part(stats, "language", "en").cases == 2);
  CHECK(part(stats, "language", "en").targeted == 1);
  CHECK(part(stats, "language", "de").cases == 0);  // declared, and nobody there
  CHECK(part(stats, "risk", "high").share == Approx(0.5));
  CHECK(stats.dimensions[0].without == 1);
  REQUIRE(stats.crossings.size() == 1);
  CHECK(stats.crossings[0].cases.at("en").at("high") == 1);
  CHECK(stats.severities.at("severe") == 1);
  REQUIRE(stats.severe_classes.size() == 2);
  CHECK(stats.severe_classes[1].name == "leak");
  CHECK(stats.severe_classes[1].cases == 1);
  CHECK(stats.severe_classes[1].rate_shown == Approx(0.95));
  CHECK(stats.severe_classes[0].rate_shown == 1.0);
}

TEST_CASE("power is that of the planning table, of random cases only") {
  const Stats stats = stats_of_lines(lines(200, ""));
  CHECK(stats.power.cases == 200);
  CHECK(stats.power.effective == 200.0);
  REQUIRE(stats.power.carries.size() == 2);
  CHECK(stats.power.carries[0].discordance == 0.1);
  CHECK(stats.power.carries[0].max_loss == Approx(0.0626).margin(5e-5));
  CHECK(stats.power.carries[1].max_loss == Approx(0.0886).margin(5e-5));
  CHECK(stats_of_lines(lines(200, R"(,"sampling":"targeted")")).power.carries.empty());
  CHECK(stats_of_lines(lines(29, "")).power.carries.empty());
  CHECK_FALSE(stats_of_lines(lines(30, "")).power.carries.empty());
}

TEST_CASE("shared clusters and unequal weights make cases count for less") {
  std::string text;
  for (int i = 0; i < 100; ++i) {
    text += R"({"id":"c)" + std::to_string(i) + R"(","input":"q)" + std::to_string(i) + R"(","cluster":"k)" +
            std::to_string(i / 2) + "\"}\n";
  }
  const Stats stats = stats_of_lines(text);
  CHECK(stats.power.cases == 100);
  CHECK(stats.power.effective == Approx(50.0));
  CHECK(stats.clusters == 50);
  CHECK(stats.clustered_cases == 100);
  CHECK(stats.largest_cluster == 2);
  const Stats weighted = stats_of_lines(lines(50, "") + R"({"id":"heavy","input":"h","weight":50})" + "\n");
  CHECK(weighted.power.effective == Approx(100.0 * 100.0 / 2550.0));
}

TEST_CASE("graders are counted by the cases they grade") {
  const Stats stats = stats_of_lines(
      R"({"id":"a","input":"1","graders":[{"kind":"regex","pattern":"x"},{"kind":"regex","pattern":"y"}]}
{"id":"b","input":"2","graders":[{"kind":"not_contains","value":"no"},{"kind":"contains","value":"z"}]}
)");
  REQUIRE(stats.graders.size() == 3);
  CHECK(stats.graders[0].kind == "contains");
  CHECK(stats.graders[0].cases == 2);
  CHECK(stats.graders[0].of_suite);
  CHECK(stats.graders[1].kind == "not_contains");
  CHECK(stats.graders[1].cases == 1);
  CHECK(stats.graders[2].cases == 1);
}

TEST_CASE("the very same question is found whatever its case and spaces, but not with other variables") {
  const Stats stats = stats_of_lines(
      R"({"id":"a","input":"Where is  it?","expected":"x"}
{"id":"b","input":" where IS\tit?\n"}
{"id":"c","input":"where is it","expected":"x"}
{"id":"d","input":"where is it?","vars":{"n":1},"expected":"x"}
{"id":"e","input":[{"role":"user","content":"Hi"}],"expected":"x"}
{"id":"f","input":[{"role":"user","content":"HI "}],"expected":"x"}
)");
  REQUIRE(stats.same_input.size() == 2);
  CHECK(stats.same_input[0] == std::vector<std::string>{"a", "b"});
  CHECK(stats.same_input[1] == std::vector<std::string>{"e", "f"});
  CHECK(stats.without_expected == std::vector<std::string>{"b"});
}

TEST_CASE("tags are counted") {
  const Stats stats =
      stats_of_lines(lines(3, R"(,"tags":["t","u"])") + R"({"id":"z","input":"z","tags":["u"]})" + "\n");
  CHECK(stats.tags.at("t") == 3);
  CHECK(stats.tags.at("u") == 4);
}
