// Names of the files in a suite's folder.
#pragma once

namespace headgate::suite {

inline constexpr const char* suite_file_names[] = {"suite.yaml", "suite.yml", "suite.json"};
inline constexpr const char* default_cases_file = "cases.jsonl";
inline constexpr const char* default_cases_pattern = "cases/*.jsonl";
inline constexpr const char* lock_file_name = "suite.lock";
inline constexpr const char* changelog_name = "CHANGELOG.md";
inline constexpr const char* draft_range = "draft";

}  // namespace headgate::suite
