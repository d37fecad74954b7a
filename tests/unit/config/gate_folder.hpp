// A gate with its routes and suites on disk, as recorded replies are opened there.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "headgate/config/gate_file.hpp"
#include "support/temp_folder.hpp"

namespace headgate::config {

using Said = std::vector<std::string>;

inline const std::string plain_gate =
    "gate: g\n"
    "baseline: a.yaml\n"
    "candidate: b.yaml\n"
    "suites: [./s]\n"
    "rules:\n"
    "  quality: {max_loss: 0.03}\n";

class GateFolder {
 public:
  GateFolder() {
    write("gate.yaml", plain_gate);
    write("a.yaml", "route: a\nkind: replay\nreplies: a.jsonl\nmodel: m1\n");
    write("b.yaml", "route: b\nkind: replay\nreplies: b.jsonl\nmodel: m2\n");
    write("a.jsonl", R"({"case_id":"c1","trial":0,"output":"one"})"
                     "\n");
    write("b.jsonl", R"({"case_id":"c1","trial":0,"output":"two"})"
                     "\n");
    write(
        "s/suite.yaml",
        "suite: s\nversion: 1.0.0\nsegments: {language: [en, de], risk: any}\nsevere_classes: {leak: tells a secret}\n"
        "graders: [{kind: contains, value: ok}]\n");
    write("s/cases.jsonl", R"({"id":"c1","input":"x","tags":["regression"],"segments":{"language":"en","risk":"high"}})"
                           "\n"
                           R"({"id":"c2","input":"y"})"
                           "\n");
    options.today = "2026-11-20";
    options.environment = [this](const std::string& name) {
      const auto found = environment.find(name);
      return found == environment.end() ? std::nullopt : std::optional(found->second);
    };
  }
  GateFolder(const GateFolder&) = delete;
  GateFolder& operator=(const GateFolder&) = delete;

  void write(const std::string& name, const std::string& text) { folder_.write(name, text); }
  std::string path(const std::string& name = "gate.yaml") const { return folder_.path(name); }

  std::optional<Gate> load(const std::string& gate) {
    write("gate.yaml", gate);
    return load();
  }
  std::optional<Gate> load() {
    Complaints complaints;
    auto out = load_gate(path(), options, complaints);
    keep(std::move(complaints));
    return out;
  }
  Said said_of(const std::string& gate) {
    const bool loaded = load(gate).has_value();
    return loaded ? Said{"no complaint"} : said;
  }
  Said said_of_route(const std::string& text) {
    write("r.yaml", text);
    Complaints complaints;
    const bool loaded = load_route(path("r.yaml"), {}, real_files(), complaints, options.environment).has_value();
    keep(std::move(complaints));
    return loaded ? Said{"no complaint"} : said;
  }

  GateOptions options;
  std::map<std::string, std::string> environment;
  Said said;
  std::vector<std::string> hints;

 private:
  void keep(Complaints complaints) {
    complaints.sort();
    said.clear();
    hints.clear();
    for (const Error& error : complaints.errors()) {
      std::string file = error.place.file;
      if (file.starts_with(folder_.path() + "/")) file.erase(0, folder_.path().size() + 1);
      said.push_back(file + ":" + std::to_string(error.place.line) + ":" + std::to_string(error.place.column) + ": " +
                     error.message);
      hints.push_back(error.hint);
    }
  }

  test::TempFolder folder_;
};

}  // namespace headgate::config
