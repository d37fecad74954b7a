// A plan is read only where every digest in it holds, and a case line that is accepted is the case that was written.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "case_reader.hpp"
#include "headgate/base/assert.hpp"
#include "headgate/base/lines.hpp"
#include "headgate/domain/case_line.hpp"
#include "headgate/journal/plan_file.hpp"
#include "line_reader.hpp"

namespace {

using namespace headgate;

class Folder {
 public:
  Folder() {
    const bool memory = ::access("/dev/shm", W_OK) == 0;
    path_ = (std::filesystem::path(memory ? "/dev/shm" : std::filesystem::temp_directory_path()) / "fuzz-plan-XXXXXX")
                .string();
    HG_ASSERT(::mkdtemp(path_.data()) != nullptr);
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

void read_as_case(std::string_view line) {
  static journal::CaseReader reader;
  const std::string padded = std::string(line) + std::string(journal::LineReader::padding, '\0');
  Case item;
  std::uint32_t suite = 0;
  if (reader.read(std::string_view(padded).substr(0, line.size()), item, suite) != nullptr) return;
  std::string written;
  append_case_line(written, item, suite);
  const std::size_t length = written.size();
  written.append(journal::LineReader::padding, '\0');
  Case again;
  HG_ASSERT(reader.read(std::string_view(written).substr(0, length), again, suite) == nullptr);
  HG_ASSERT(again.digest == item.digest && again.id == item.id);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Folder folder;
  const std::string text(reinterpret_cast<const char*>(data), size);
  std::ofstream(folder.path() + "/plan.jsonl", std::ios::binary | std::ios::trunc) << text;
  const auto plan = journal::read_plan(folder.path());
  if (plan) {
    HG_ASSERT(plan->order.size() == plan->cells());
  } else {
    HG_ASSERT(plan.error().code == ErrorCode::untrusted);
  }
  static_cast<void>(journal::read_plan_head(folder.path()));
  for (const Line& line : split_lines(text)) read_as_case(line.text);
  return 0;
}
