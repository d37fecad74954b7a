// suite.lock: what each released version holds.
//
//   {"format": "headgate/lock/1", "suite": "support_triage", "versions": {"1.4.0": {
//     "date": "2026-09-01", "cases": 412, "digest": "sha256:…", "graders": "sha256:…",
//     "case_digests": {"refund-017": "9f3a01bc2d4e5f60", …}, "files": {"images/a.png": "sha256:…"}}}}
//
// `digest` covers name, version, graders, every case and every file with their full digests. The short ones are there
// to say which case changed. Declared segments, classes and traffic are not content: declaring a new one for the next
// version leaves the earlier versions as they are.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "headgate/base/complaints.hpp"
#include "headgate/base/file.hpp"
#include "headgate/domain/suite.hpp"
#include "headgate/suite/version.hpp"

namespace headgate::suite {

struct LockedVersion {
  std::string date;
  std::size_t cases = 0;
  std::string digest;
  std::string graders;
  std::map<std::string, std::string> case_digests;
  std::map<std::string, std::string> files;
};

struct Lock {
  std::string file;  // for messages
  std::map<SemVer, LockedVersion> versions;
};

// A suite at one version, and the files its cases refer to.
struct VersionView {
  Suite suite;
  std::map<std::string, std::string> files;  // path to digest
};

// Nothing where there is no lock (no complaint) or where it cannot be read (complaints).
std::optional<Lock> read_lock(const std::string& folder, const std::string& suite_name, const FileReader& files,
                              Complaints& complaints);

LockedVersion lock_entry(const VersionView& view, const std::string& date);

// What is not as it was released, in words; empty when everything is.
std::vector<std::string> differences(const LockedVersion& locked, const LockedVersion& now);

std::string lock_text(const std::string& suite_name, const std::map<SemVer, LockedVersion>& versions);

}  // namespace headgate::suite
