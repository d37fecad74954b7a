#include "try_files.hpp"

#include <unistd.h>

#include <cerrno>
#include <nlohmann/json.hpp>
#include <system_error>

#include "headgate/base/json.hpp"
#include "headgate/base/tree.hpp"

namespace headgate::cli {
namespace {

constexpr const char* case_id = "case";
constexpr const char* case_keys[] = {"input", "vars", "context", "expected"};
constexpr const char* helper_keys[] = {"judges", "embeddings", "plugins", "languages", "data"};
constexpr std::size_t max_bytes = std::size_t{256} << 20;

// "-" is stdin, whatever it is: a pipe, a file, a terminal.
Result<std::string> text_of(const std::string& path) {
  if (path != "-") return real_files().read(path, max_bytes);
  std::string text;
  for (char block[1U << 16U];;) {
    const ssize_t got = ::read(STDIN_FILENO, block, sizeof block);
    if (got == 0) return text;
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failure(ErrorCode::input, "cannot read stdin: " + std::generic_category().message(errno));
    text.append(block, static_cast<std::size_t>(got));
    if (text.size() > max_bytes) return failure(ErrorCode::input, "stdin is longer than 256 MiB");
  }
}

Result<Json> case_of(const std::optional<std::string>& path) {
  Json out = {{"id", case_id}, {"input", "(no input)"}};
  if (!path) return out;
  HG_TRY(text, text_of(*path));
  Complaints complaints;
  const auto tree = parse_json(*path, std::move(text), complaints);
  if (!tree) return failure(complaints.errors().front());
  if (!tree->root().is_object()) return failure(tree->error(tree->root(), "a case is a JSON object"));
  for (const char* key : case_keys) {
    if (tree->root().contains(key)) out[key] = tree->root().at(key);
  }
  return out;
}

// A recorded reply is a JSON object with a member that only those have; anything else is the reply's text.
Result<Json> reply_of(const std::string& path) {
  HG_TRY(text, text_of(path));
  const Json parsed = Json::parse(text, nullptr, false);
  Json out = {{"case_id", case_id}};
  const bool is_recorded = parsed.is_object() && (parsed.contains("output") || parsed.contains("case_id"));
  if (is_recorded) {
    out.update(parsed);
    out["case_id"] = case_id;
    out.erase("trial");
  } else {
    out["output"] = std::move(text);
  }
  return out;
}

Result<void> write_replies(const std::string& folder, const std::string& name, const std::string& reply) {
  HG_TRY(recorded, reply_of(reply));
  const std::string line = recorded.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  HG_CHECK(write_file_atomically(join_path(folder, name + ".jsonl"), line));
  const Json route = {{"route", name}, {"kind", "replay"}, {"model", name}, {"replies", name + ".jsonl"}};
  return write_file_atomically(join_path(folder, name + ".json"), route.dump());
}

// Of the gate that was named: who answers, and nothing else.
Result<Json> helpers_of(const std::optional<std::string>& gate) {
  Json out = Json::object();
  if (!gate) return out;
  HG_TRY(text, real_files().read(*gate, max_bytes));
  Complaints complaints;
  const auto tree = parse_config(*gate, std::move(text), complaints);
  if (!tree) return failure(complaints.errors().front());
  for (const char* key : helper_keys) {
    if (tree->root().is_object() && tree->root().contains(key)) out[key] = tree->root().at(key);
  }
  return out;
}

}  // namespace

Result<std::string> WithGate::read(const std::string& path, std::size_t most) const {
  if (path == path_) return text_;
  return real_files().read(path, most);
}

Result<std::string> WithGate::read_beneath(const std::string& root, const std::string& relative,
                                           std::size_t most) const {
  return real_files().read_beneath(root, relative, most);
}

bool WithGate::exists(const std::string& path) const { return path == path_ || real_files().exists(path); }
bool WithGate::is_folder(const std::string& path) const { return real_files().is_folder(path); }
std::vector<std::string> WithGate::list(const std::string& folder) const { return real_files().list(folder); }

Result<WithGate> write_try_files(const OneReply& wanted, const std::string& folder) {
  HG_TRY(item, case_of(wanted.item));
  HG_TRY(gate, helpers_of(wanted.gate));
  const std::string suite = join_path(folder, "suite");
  HG_CHECK(make_folders(suite));
  Json graders = Json::array();
  graders.push_back(Json::parse(wanted.grader.text));
  const Json head = {{"suite", "try"}, {"version", "1.0.0"}, {"graders", std::move(graders)}};
  HG_CHECK(write_file_atomically(join_path(suite, "suite.yaml"), canonical(head) + "\n"));
  HG_CHECK(write_file_atomically(join_path(suite, "cases.jsonl"), canonical(item) + "\n"));
  HG_CHECK(write_replies(folder, "first", wanted.reply));
  HG_CHECK(write_replies(folder, "second", wanted.other.value_or(wanted.reply)));
  gate["gate"] = "graders_try";
  gate["baseline"] = join_path(folder, "first.json");
  gate["candidate"] = join_path(folder, "second.json");
  gate["suites"] = {suite + "@draft"};
  gate["rules"] = {{"quality", {{"max_loss", 0.1}}}};
  const std::string beside = wanted.gate ? folder_of(*wanted.gate) : folder;
  return WithGate(join_path(beside, "graders_try.gate.json"), canonical_pretty(gate));
}

}  // namespace headgate::cli
