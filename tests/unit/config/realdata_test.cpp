// Recorded answers of real models, graded anew: the suites of tests/realdata must give the flags that came with the
// data. Skipped where HEADGATE_DATA does not say where the data lie.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>

#include "headgate/base/lines.hpp"
#include "headgate/config/gate_file.hpp"
#include "headgate/grade/cell.hpp"

using namespace headgate;
using namespace headgate::config;

namespace {

const char* data_folder() { return std::getenv("HEADGATE_DATA"); }

std::optional<Gate> load_real(const std::string& name) {
  GateOptions options;
  options.today = "2026-11-20";
  options.environment = [](const std::string& variable) {
    const char* value = std::getenv(variable.c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  };
  Complaints complaints;
  auto gate = load_gate(std::string(HEADGATE_SOURCE_DIR) + "/tests/realdata/" + name, options, complaints);
  for (const Error& error : complaints.errors()) UNSCOPED_INFO(error.place.file << ": " << error.message);
  return gate;
}

// Whether each case passes; a cell without a reply does not.
std::map<std::string, bool> passes(const Suite& suite, const Route& route) {
  const auto graders = grade::SuiteGraders::make(suite.head, grade::registry());
  REQUIRE(graders.has_value());
  std::map<std::string, bool> out;
  for (const Case& item : suite.cases) {
    const Outcome outcome = route.replies->find(item.id, 0);
    const Reply* reply = std::get_if<Reply>(&outcome);
    out[item.id] = reply != nullptr && graders->grade(item, *reply, 0).pass;
  }
  return out;
}

std::map<std::string, bool> recorded_flags(const std::string& file) {
  const auto text = real_files().read(std::string(data_folder()) + "/" + file);
  REQUIRE(text.has_value());
  std::map<std::string, bool> out;
  for (const Line& line : split_lines(*text)) {
    const Json reply = Json::parse(line.text);
    out[reply.at("case_id").get<std::string>()] = reply.at("recorded").at("is_correct").get<bool>();
  }
  return out;
}

}  // namespace

TEST_CASE("the number grader gives every recorded flag of the arithmetic answers") {
  if (data_folder() == nullptr) return;
  std::size_t compared = 0;
  for (const char* name : {"verification", "finetuning"}) {
    const auto gate = load_real("gsm8k/" + std::string(name) + ".gate.yaml");
    REQUIRE(gate.has_value());
    const Suite& suite = gate->suites.at(0);
    for (const char* model : {"6b_finetuning", "6b_verification", "175b_finetuning", "175b_verification"}) {
      Complaints complaints;
      const auto route =
          load_route(std::string(HEADGATE_SOURCE_DIR) + "/tests/realdata/gsm8k/routes/" + model + ".yaml", gate->data,
                     real_files(), complaints);
      REQUIRE(route.has_value());
      const auto flags = recorded_flags(std::string("gsm8k-openai/outputs/") + model + ".jsonl");
      CHECK(passes(suite, *route) == flags);
      compared += flags.size();
    }
  }
  CHECK(compared == 2 * 5276);
}

TEST_CASE("one grader gives every published accuracy of both prompts") {
  if (data_folder() == nullptr) return;
  const std::map<std::string, std::pair<int, int>> published = {{"boolean_expressions", {221, 232}},
                                                                {"causal_judgement", {119, 101}},
                                                                {"date_understanding", {159, 218}},
                                                                {"dyck_languages", {117, 142}},
                                                                {"logical_deduction_three_objects", {132, 219}},
                                                                {"multistep_arithmetic_two", {3, 119}},
                                                                {"navigate", {126, 241}},
                                                                {"object_counting", {113, 233}},
                                                                {"penguins_in_a_table", {97, 116}},
                                                                {"ruin_names", {188, 171}},
                                                                {"snarks", {109, 106}},
                                                                {"sports_understanding", {182, 244}},
                                                                {"tracking_shuffled_objects_three_objects", {94, 196}},
                                                                {"web_of_lies", {129, 238}},
                                                                {"word_sorting", {126, 101}}};
  for (const char* name : {"tasks", "clustered"}) {
    const auto gate = load_real("bbh/" + std::string(name) + ".gate.yaml");
    REQUIRE(gate.has_value());
    const Suite& suite = gate->suites.at(0);
    const auto direct = passes(suite, gate->routes[0]);
    const auto cot = passes(suite, gate->routes[1]);
    std::map<std::string, std::pair<int, int>> found;
    for (const Case& item : suite.cases) {
      auto& [of_direct, of_cot] = found[item.segments.at(0).value];
      of_direct += direct.at(item.id) ? 1 : 0;
      of_cot += cot.at(item.id) ? 1 : 0;
      CHECK(item.cluster.empty() == (std::string(name) == "tasks"));
    }
    CHECK(found == published);
  }
}
