// The files of a gate that is about one reply: a suite of one case with one grader, and the reply as if it were
// recorded.
#pragma once

#include <optional>
#include <string>

#include "headgate/base/complaints.hpp"
#include "headgate/base/file.hpp"
#include "headgate/base/json_text.hpp"

namespace headgate::cli {

struct OneReply {
  JsonText grader;
  std::optional<std::string> item;   // path of a case as JSON, "-" for stdin; absent: a case without anything
  std::string reply;                 // path of a text, or of a recorded reply as JSON
  std::optional<std::string> other;  // of what it is compared with: the candidate's, the first is the baseline's
  std::optional<std::string> gate;   // the gate that says who judges, plugins and embeddings are
};

// Other files, and one that is not on disk.
class WithGate : public FileReader {
 public:
  WithGate(std::string path, std::string text) : path_(std::move(path)), text_(std::move(text)) {}
  const std::string& path() const { return path_; }

  Result<std::string> read(const std::string& path, std::size_t max_bytes) const override;
  Result<std::string> read_beneath(const std::string& root, const std::string& relative,
                                   std::size_t max_bytes) const override;
  bool exists(const std::string& path) const override;
  bool is_folder(const std::string& path) const override;
  std::vector<std::string> list(const std::string& folder) const override;

 private:
  std::string path_, text_;
};

// Writes them into `folder`; the gate stands beside the one that was named, for the sake of its relative paths. Fails
// with input on a case that is no JSON object and on files that cannot be read; complains about a gate that does not
// parse.
Result<WithGate> write_try_files(const OneReply& wanted, const std::string& folder);

}  // namespace headgate::cli
