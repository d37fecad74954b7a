// A suite in memory, loaded, with its complaints as people read them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "headgate/suite/load.hpp"

namespace headgate::suite {

inline const std::string plain_head =
    "suite: s\n"
    "version: 1.0.0\n"
    "segments: {language: [en, de], risk: any}\n"
    "severe_classes: {leak: tells a secret, harm: hurts}\n"
    "graders: [{kind: contains, value: ok}]\n";

inline std::vector<std::string> said(Complaints complaints) {
  complaints.sort();
  std::vector<std::string> out;
  for (const Error& error : complaints.errors()) {
    out.push_back(error.place.file + ":" + std::to_string(error.place.line) + ":" + std::to_string(error.place.column) +
                  ": " + error.message);
  }
  return out;
}

struct Loaded {
  std::optional<Suite> suite;
  std::vector<std::string> said;
  std::vector<std::string> hints;
};

inline Loaded load_files(std::map<std::string, std::string> texts, const std::string& range = "",
                         const DataRoots& data = {}, ForEach for_each = serial()) {
  MemoryFiles files;
  for (auto& [path, text] : texts) files.files["s/" + path] = std::move(text);
  LoadOptions options;
  options.files = &files;
  options.data = data;
  options.for_each = std::move(for_each);
  Complaints complaints;
  Loaded out;
  out.suite = load("s", range, options, complaints);
  complaints.sort();
  for (const Error& error : complaints.errors()) out.hints.push_back(error.hint);
  out.said = said(std::move(complaints));
  return out;
}

// A suite of these case lines under plain_head.
inline Loaded load_lines(const std::string& lines) {
  return load_files({{"suite.yaml", plain_head}, {"cases.jsonl", lines}});
}

}  // namespace headgate::suite
