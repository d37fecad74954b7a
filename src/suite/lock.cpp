#include "lock.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "headgate/base/clock.hpp"
#include "headgate/base/text.hpp"
#include "headgate/base/tree.hpp"
#include "headgate/domain/codec.hpp"
#include "headgate/suite/load.hpp"
#include "suite_names.hpp"

namespace headgate::suite {
namespace {

constexpr std::size_t short_digits = 16;
constexpr std::size_t max_named = 5;

LockedVersion version_of(const Json& value) {
  LockedVersion out;
  out.date = value.at("date").get<std::string>();
  out.cases = value.at("cases").get<std::size_t>();
  out.digest = value.at("digest").get<std::string>();
  out.graders = value.at("graders").get<std::string>();
  out.case_digests = value.at("case_digests").get<decltype(out.case_digests)>();
  if (value.contains("files")) out.files = value.at("files").get<decltype(out.files)>();
  return out;
}

// "2 cases changed (a, b)"
void say(std::vector<std::string>& out, const std::vector<std::string>& names, const char* noun, const char* what) {
  if (names.empty()) return;
  out.push_back(plural(names.size(), noun) + " " + what + " (" + join_words(names, max_named) + ")");
}

void compare(const std::map<std::string, std::string>& locked, const std::map<std::string, std::string>& now,
             const char* noun, std::vector<std::string>& out) {
  std::vector<std::string> changed;
  std::vector<std::string> added;
  std::vector<std::string> removed;
  for (const auto& [name, digest] : locked) {
    const auto found = now.find(name);
    if (found == now.end()) {
      removed.push_back(name);
    } else if (found->second != digest) {
      changed.push_back(name);
    }
  }
  for (const auto& [name, digest] : now) {
    if (!locked.contains(name)) added.push_back(name);
  }
  say(out, changed, noun, "changed");
  say(out, added, noun, "added");
  say(out, removed, noun, "removed");
}

}  // namespace

std::optional<Lock> read_lock(const std::string& folder, const std::string& suite_name, const FileReader& files,
                              Complaints& complaints) {
  Lock lock;
  lock.file = join_path(folder, lock_file_name);
  if (!files.exists(lock.file)) return std::nullopt;
  const Place start{lock.file, 1, 1, "", 1, 1};
  Result<std::string> text = files.read_beneath(folder, lock_file_name);
  if (!text) {
    complaints.add({text.error().code, text.error().message, start, text.error().hint});
    return std::nullopt;
  }
  const std::optional<Tree> tree = parse_json(lock.file, std::move(*text), complaints);
  if (!tree) return std::nullopt;
  const Json& root = tree->root();
  if (root.is_object() && root.contains("format") && root.at("format") != Json(lock_format)) {
    complaints.add(tree->error(root.at("format"),
                               "a lock of another format; this program reads " + std::string(lock_format),
                               "use the version of headgate that wrote it, or a newer one"));
    return std::nullopt;
  }
  if (!check(*tree, root, lock_table(), complaints)) return std::nullopt;
  if (!suite_name.empty() && root.at("suite") != Json(suite_name)) {
    complaints.add(tree->error(root.at("suite"), "this lock is of suite '" + root.at("suite").get<std::string>() +
                                                     "', not of '" + suite_name + "'"));
    return std::nullopt;
  }
  for (const auto& [name, value] : root.at("versions").items()) {
    const std::optional<SemVer> version = parse_version(name);
    if (!version) {
      complaints.add(tree->error(value, "'" + elide(name, 40) + "' is no version", {}, At::key));
    } else if (!is_date(value.at("date").get<std::string>())) {
      complaints.add(tree->error(value.at("date"), "'date' is no date"));
    } else {
      lock.versions.emplace(*version, version_of(value));
    }
  }
  return lock;
}

LockedVersion lock_entry(const VersionView& view, const std::string& date) {
  const SuiteHead& head = view.suite.head;
  LockedVersion out;
  out.date = date;
  out.cases = head.cases;
  out.graders = head.graders_digest.text();
  out.files = view.files;
  Hasher hasher;
  hasher.field("headgate/lock/1").field(head.name).field(head.version).field(head.graders_digest);
  hasher.field(view.suite.cases.size());
  for (const Case& item : view.suite.cases) {
    hasher.field(item.id).field(item.digest);
    out.case_digests.emplace(item.id, item.digest.hex().substr(0, short_digits));
  }
  hasher.field(view.files.size());
  for (const auto& [path, digest] : view.files) hasher.field(path).field(digest);
  out.digest = hasher.finish().text();
  return out;
}

std::vector<std::string> differences(const LockedVersion& locked, const LockedVersion& now) {
  std::vector<std::string> out;
  if (locked.digest == now.digest) return out;
  compare(locked.case_digests, now.case_digests, "case", out);
  compare(locked.files, now.files, "file", out);
  if (locked.graders != now.graders) out.emplace_back("the graders or the pass rule changed");
  if (out.empty()) out.emplace_back("the lock itself was edited");
  return out;
}

std::string lock_text(const std::string& suite_name, const std::map<SemVer, LockedVersion>& versions) {
  Json out = {{"format", lock_format}, {"suite", suite_name}, {"versions", Json::object()}};
  for (const auto& [version, locked] : versions) {
    Json entry = {{"date", locked.date},
                  {"cases", locked.cases},
                  {"digest", locked.digest},
                  {"graders", locked.graders},
                  {"case_digests", locked.case_digests}};
    if (!locked.files.empty()) entry["files"] = locked.files;
    out["versions"][version.text()] = std::move(entry);
  }
  return canonical_pretty(out);
}

}  // namespace headgate::suite
