// Recorded replies as a route. A source is opened once, holds an index of offsets (24 bytes a reply), and reads each
// reply when its cell comes up.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "headgate/base/complaints.hpp"
#include "headgate/base/json_text.hpp"
#include "headgate/base/result.hpp"
#include "headgate/domain/case.hpp"
#include "headgate/domain/reply.hpp"
#include "headgate/domain/route.hpp"

namespace headgate::route {

// Maps a recorded line of other people's shape to a reply; see docs of `fields:`. An empty pointer: not recorded.
struct ReplyFields {
  struct From {
    std::string pointer;  // JSON pointer into the line
    double scale = 1.0;   // numbers only
    // What each value found becomes, by its text ("true", "17"); `null`: as if it were not recorded. Empty: as it is.
    std::map<std::string, JsonText> map = {};
    JsonText constant = {};  // the same for every line, instead of a pointer
  };
  From case_id{"/case_id"}, trial{"/trial"}, output{"/output"}, latency_ms{"/latency_ms"}, cost_usd{"/cost_usd"},
      usage{"/usage"}, tool_calls{"/tool_calls"}, documents{"/documents"}, finish_reason{"/finish_reason"},
      error{"/error"}, transcript{"/transcript"}, state{"/state"}, recorded{"/recorded"};
};

// Thread-safe after opening.
class RecordedReplies {
 public:
  virtual ~RecordedReplies() = default;
  // The outcome of one cell; a reply that is not there is CallError{ErrorKind::reply_missing}. A line that does not
  // decode is malformed_reply. Text is repaired to UTF-8. Throws CannotRead (base/cannot_read.hpp): a
  // disk that fails is no property of a reply.
  virtual Outcome find(const std::string& case_id, std::uint32_t trial) const = 0;
  // The outcome of one cell of a run: as find, but where the recording knows what it was asked, a reply to another
  // question than this case's (its input, variables or context) is reply_missing too.
  virtual Outcome reply_to(const Case& item, std::uint32_t trial) const { return find(item.id, trial); }
  virtual std::size_t size() const = 0;
  virtual Digest digest() const = 0;  // of the files' bytes
};

// JSON lines in one or more files. Complaints: a missing file, a line without a case id, one (case, trial) recorded
// twice, a value that a map of `fields` does not have.
std::shared_ptr<const RecordedReplies> open_reply_files(const std::vector<std::string>& paths,
                                                        const ReplyFields& fields, Complaints& complaints);

// An arm of an earlier run's folder.
Result<std::shared_ptr<const RecordedReplies>> open_run_arm(const std::string& run_folder, Arm arm);

}  // namespace headgate::route
