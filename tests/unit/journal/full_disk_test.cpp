// A disk that fills up while a journal is written, byte by byte: what is recorded, what is left out, and what is said.
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <set>
#include <string>

#include "journals.hpp"

using namespace headgate;
using namespace headgate::journal;
using namespace headgate::journal::samples;

namespace {

// While `path` is not empty, writes find so many free bytes, and no bound once the file at `path` (the reserve) is
// gone.
struct Disk {
  std::string path;
  std::size_t free = 0;
  int fault = ENOSPC;
  int interruptions = 0;  // writes that a signal cuts off before they begin
};
Disk disk;

struct DiskOf {
  DiskOf(std::string path, std::size_t free, int fault = ENOSPC) { disk = {std::move(path), free, fault, 0}; }
  ~DiskOf() { disk = Disk(); }
};

}  // namespace

// Stands before the system's own for this program.
extern "C" ssize_t write(int fd, const void* bytes, std::size_t count) {
  if (!disk.path.empty()) {
    if (disk.interruptions > 0) {
      --disk.interruptions;
      errno = EINTR;
      return -1;
    }
    if (::access(disk.path.c_str(), F_OK) == 0) {
      if (disk.free == 0) {
        errno = disk.fault;
        return -1;
      }
      count = std::min(count, disk.free);
      disk.free -= count;
    }
  }
  return ::syscall(SYS_write, fd, bytes, count);
}

namespace {

const Plan& plan() {
  static const Plan made = headgate::samples::plan_of(5, 1);
  return made;
}

struct Journal {
  test::TempFolder folder;
  std::unique_ptr<Writer> writer;

  explicit Journal(bool with_reserve = true) {
    auto opened = Writer::open(folder.path());
    REQUIRE(opened);
    writer = std::move(*opened);
    if (with_reserve) REQUIRE(writer->make_reserve());
  }
  std::string reserve() const { return folder.path("journal.reserve"); }
  Scanned scanned() const { return scan_text(folder.read("journal.jsonl")); }
};

std::string bytes(std::size_t n) { return std::to_string(n) + (n == 1 ? " byte" : " bytes"); }

// One result and two intents behind it, sealed.
std::vector<std::string> lines() {
  std::vector<std::string> out(3);
  seal(out[0], result_of(plan(), 0, reply_of(0)), 0);
  seal(out[1], intent_body(1, call_of(plan(), 1)), 1);
  seal(out[2], intent_body(2, call_of(plan(), 2)), 2);
  return out;
}

void buffer(Writer& writer) {
  writer.append(result_of(plan(), 0, reply_of(0)));
  writer.append_intent(intent_body(1, call_of(plan(), 1)));
  writer.append_intent(intent_body(2, call_of(plan(), 2)));
}

}  // namespace

TEST_CASE("a full disk takes results and drops the intents that were not begun, wherever it fills up") {
  const std::vector<std::string> each = lines();
  const std::size_t all = each[0].size() + each[1].size() + each[2].size();
  std::set<std::size_t> sizes;
  for (std::size_t free = 0; free < all; free += 37) sizes.insert(free);
  for (const std::size_t line_end : {std::size_t{1}, each[0].size(), each[0].size() + each[1].size(), all - 1}) {
    sizes.insert({line_end - 1, line_end, std::min(line_end + 1, all - 1)});
  }
  for (const std::size_t free : sizes) {
    Journal journal;
    buffer(*journal.writer);
    {
      const DiskOf full(journal.reserve(), free);
      if (!journal.writer->flush()) FAIL("with " << free << " bytes free nothing was written");
    }
    // An intent that is partly written has to be completed, though its call is not sent.
    std::string expected = each[0];
    if (free > each[0].size()) expected += each[1];
    if (free > each[0].size() + each[1].size()) expected += each[2];
    if (journal.folder.read("journal.jsonl") != expected) FAIL("with " << free << " bytes free");
    if (!journal.writer->out_of_space()) FAIL("with " << free << " bytes free all seems well");
    if (journal.writer->no_space().message.find("; " + bytes(all - free) + " did not fit, and went into the reserve") ==
        std::string::npos) {
      FAIL(journal.writer->no_space().message);
    }
    // What comes later is numbered as if the dropped ones had never been.
    journal.writer->append(end_body("no_space"));
    REQUIRE(journal.writer->flush());
    const Scanned scanned = journal.scanned();
    if (scanned.result.health.gaps != 0 || scanned.result.health.torn_bytes != 0 ||
        scanned.result.health.damaged_total != 0 || !scanned.result.health.ended) {
      FAIL("with " << free << " bytes free the journal does not hold");
    }
  }
}

TEST_CASE("where all fits no space is missing") {
  const std::vector<std::string> each = lines();
  Journal journal;
  buffer(*journal.writer);
  {
    const DiskOf full(journal.reserve(), each[0].size() + each[1].size() + each[2].size());
    REQUIRE(journal.writer->flush());
  }
  CHECK_FALSE(journal.writer->out_of_space());
  CHECK(std::filesystem::exists(journal.reserve()));
  CHECK(journal.scanned().records.size() == 3);
}

TEST_CASE("a full disk without intents loses nothing, and gives the reserve up") {
  Journal journal;
  journal.writer->append(result_of(plan(), 0, reply_of(0)));
  {
    const DiskOf full(journal.reserve(), 10, EDQUOT);  // what a user may have is a disk, too
    REQUIRE(journal.writer->flush());
  }
  CHECK(journal.writer->out_of_space());
  CHECK_FALSE(std::filesystem::exists(journal.reserve()));
  CHECK(journal.scanned().records.size() == 1);
  CHECK(journal.writer->next_sequence() == 1);
  CHECK(journal.writer->no_space().code == ErrorCode::environment);
}

TEST_CASE("without a reserve, or where no reserve helps, a write that fails is final") {
  const std::size_t size = lines()[0].size();
  for (const auto& [with_reserve, fault] : {std::pair(false, ENOSPC), std::pair(true, EIO), std::pair(true, EFBIG)}) {
    CAPTURE(with_reserve, fault);
    Journal journal(with_reserve);
    const std::string stays = journal.folder.write("stays", "");
    journal.writer->append(result_of(plan(), 0, reply_of(0)));
    {
      const DiskOf full(stays, 10, fault);
      const auto written = journal.writer->flush();
      REQUIRE_FALSE(written);
      CHECK(written.error().code == ErrorCode::environment);
      CHECK(written.error().message.find("; " + bytes(size - 10) + " did not fit") != std::string::npos);
    }
    CHECK_FALSE(journal.writer->out_of_space());
    const auto again = journal.writer->flush();
    REQUIRE_FALSE(again);
    CHECK(again.error().message.find("could not be written before") != std::string::npos);
    CHECK(journal.folder.read("journal.jsonl").size() == 10);
  }
}

TEST_CASE("a write that a signal cut off is written again") {
  Journal journal;
  buffer(*journal.writer);
  {
    const DiskOf busy(journal.reserve(), 1000000);
    disk.interruptions = 2;
    REQUIRE(journal.writer->flush());
  }
  CHECK(journal.scanned().records.size() == 3);
  CHECK_FALSE(journal.writer->out_of_space());
}
