#include "headgate/journal/writer.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "headgate/base/random.hpp"
#include "journals.hpp"

using namespace headgate;
using namespace headgate::journal;
using namespace headgate::journal::samples;

namespace {

const Plan& plan() {
  static const Plan made = headgate::samples::plan_of(5, 1);
  return made;
}

std::unique_ptr<Writer> open(const test::TempFolder& folder) {
  auto writer = Writer::open(folder.path());
  if (!writer) FAIL(writer.error().message);
  return std::move(*writer);
}

Evidence evidence_in(const test::TempFolder& folder) {
  auto evidence = read_evidence(folder.path());
  if (!evidence) FAIL(evidence.error().message);
  return std::move(*evidence);
}

// What a resumed run does: everything that is not done yet.
void go_on(const test::TempFolder& folder) {
  auto writer = open(folder);
  Fold fold(plan());
  const auto file = RandomAccessFile::open(folder.path("journal.jsonl"));
  REQUIRE(scan(**file, [&](const RecordView& record) { fold.add(record); }));
  if (!fold.has_header()) writer->append(header_body(plan().head.digest, "0.0.1"));
  for (CellIndex cell = 0; cell < plan().cells(); ++cell) {
    if (fold.progress(cell) == Fold::Progress::done) continue;
    const Reply reply = reply_of(cell);
    if (cell == 1) {
      writer->append(result_of(plan(), cell, CallError{ErrorKind::timeout, "no answer in 30 s"}));
      continue;
    }
    if (fold.progress(cell) == Fold::Progress::nothing) writer->append(result_of(plan(), cell, reply));
    writer->append(grade_of(plan(), cell, reply, facts_of(cell)));
  }
  writer->append(end_body("complete"));
  REQUIRE(writer->flush());
}

}  // namespace

TEST_CASE("what is appended and flushed is there, with running numbers") {
  const test::TempFolder folder;
  {
    auto writer = open(folder);
    CHECK(writer->next_sequence() == 0);
    writer->append(note_body("a", "1"));
    writer->append(note_body("b", "2"));
    CHECK(folder.read("journal.jsonl").empty());
    REQUIRE(writer->flush());
    REQUIRE(writer->sync());
  }
  auto again = open(folder);
  CHECK(again->next_sequence() == 2);
  CHECK(again->recovery().empty());
  again->append(end_body("complete"));
  REQUIRE(again->flush());
  const Scanned scanned = scan_text(folder.read("journal.jsonl"));
  CHECK(scanned.records.size() == 3);
  CHECK(scanned.result.health.gaps == 0);
  CHECK(scanned.result.health.repeats == 0);
}

TEST_CASE("journals are private whatever the umask says") {
  const test::TempFolder folder;
  const mode_t before = ::umask(0);
  { const auto writer = open(folder); }
  ::umask(before);
  for (const char* name : {"journal.jsonl", "run.lock"}) {
    struct stat about {};
    REQUIRE(::stat(folder.path(name).c_str(), &about) == 0);
    CHECK((about.st_mode & 0777) == 0600);
  }
}

TEST_CASE("a second writer in the same folder is told who is first") {
  const test::TempFolder folder;
  auto first = open(folder);
  const auto second = Writer::open(folder.path());
  REQUIRE_FALSE(second);
  CHECK(second.error().code == ErrorCode::locked);
  CHECK(second.error().message.find("locked by pid " + std::to_string(::getpid()) + " since 20") != std::string::npos);
  CHECK(second.error().message.ends_with("Z"));  // nothing follows the time
  first->append(note_body("still", "mine"));
  CHECK(first->flush());
  first.reset();
  CHECK(Writer::open(folder.path()));
}

TEST_CASE("a lock that nobody signed, or signed with anything, is somebody's") {
  const test::TempFolder folder;
  const auto first = open(folder);
  for (const auto& [signature, told] :
       {std::pair("", "another process"), std::pair("whatever\n", "another process"),
        std::pair("pid 7 since noon", "pid 7 since noon"), std::pair("pid 7 since noon\n\n", "pid 7 since noon"),
        std::pair("pid \x1B[31m7\n", "pid \\x1b[31m7")}) {
    CAPTURE(signature);
    folder.write("run.lock", signature);
    const std::string message = Writer::open(folder.path()).error().message;
    CAPTURE(message);
    CHECK(message == "'" + folder.path() + "' is locked by " + told);
  }
}

TEST_CASE("a torn tail larger than a block of copying is set aside whole") {
  for (const std::size_t size : {(std::size_t{1} << 20) - 1, std::size_t{1} << 20, (std::size_t{5} << 19) + 7}) {
    const test::TempFolder folder;
    std::string tail(size, '\0');
    Random random(4);
    for (std::size_t at = 0; at < size; at += 1000) tail[at] = static_cast<char>('a' + random.below(26));
    folder.write("journal.jsonl", journal_of({header_body(plan().head.digest, "0.0.1")}) + tail);
    { const auto writer = open(folder); }
    CHECK(folder.read("journal.torn-1") == tail);
  }
}

TEST_CASE("a lock ends with its process though a child of it lives on") {
  const test::TempFolder folder;
  int ready[2];
  int hold[2];
  REQUIRE(::pipe2(ready, O_CLOEXEC) == 0);
  REQUIRE(::pipe2(hold, O_CLOEXEC) == 0);
  const pid_t owner = ::fork();
  if (owner == 0) {
    auto writer = Writer::open(folder.path());
    if (!writer) ::_exit(9);
    if (::fork() == 0) {  // speaks when it is another program, then lives on until the test closes its pipe
      ::dup2(hold[0], 0);
      ::dup2(ready[1], 1);
      ::execl("/bin/sh", "sh", "-c", "echo; read line", nullptr);
      ::_exit(9);
    }
    ::pause();
  }
  char byte = 0;
  REQUIRE(::read(ready[0], &byte, 1) == 1);
  CHECK(Writer::open(folder.path()).error().code == ErrorCode::locked);
  ::kill(owner, SIGKILL);
  ::waitpid(owner, nullptr, 0);
  CHECK(Writer::open(folder.path()));
  for (const int fd : {ready[0], ready[1], hold[0], hold[1]}) ::close(fd);
}

TEST_CASE("a folder that cannot be written says so at once") {
  const test::TempFolder folder;
  const auto missing = Writer::open(folder.path("missing"));
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code == ErrorCode::environment);
  CHECK(missing.error().message.find("cannot open '") == 0);
  CHECK(missing.error().message.find("missing/journal.jsonl") != std::string::npos);
  folder.write("elsewhere", "");
  std::filesystem::create_symlink(folder.path("elsewhere"), folder.path("journal.jsonl"));
  CHECK(Writer::open(folder.path()).error().code == ErrorCode::environment);
}

TEST_CASE("a torn tail is set aside byte for byte, once") {
  for (const std::string& tail :
       {std::string(700, '\0'), std::string("{\"t\":\"result\",\"cel"), std::string("\xFF\x00garbage\n\n", 11)}) {
    const test::TempFolder folder;
    const std::string good = journal_of({header_body(plan().head.digest, "0.0.1")});
    folder.write("journal.jsonl", good + tail);
    folder.write("journal.torn-1", "an older one");
    {
      const auto writer = open(folder);
      CHECK(writer->next_sequence() == 1);
      CHECK(writer->recovery() ==
            "set aside " + std::to_string(tail.size()) + " bytes of a torn record in journal.torn-2");
    }
    CHECK(folder.read("journal.jsonl") == good);
    CHECK(folder.read("journal.torn-2") == tail);
    CHECK(folder.read("journal.torn-1") == "an older one");
    CHECK(open(folder)->recovery().empty());
  }
}

TEST_CASE("a run cut at any byte and taken up again ends with the same evidence") {
  const test::TempFolder whole;
  REQUIRE(write_plan(whole.path(), plan()));
  go_on(whole);
  const std::string text = whole.read("journal.jsonl");
  const Digest usual = records_digest(evidence_in(whole));
  const test::TempFolder folder;
  REQUIRE(write_plan(folder.path(), plan()));
  for (std::size_t cut = 0; cut < text.size(); ++cut) {
    folder.write("journal.jsonl", text.substr(0, cut));
    go_on(folder);
    const Evidence evidence = evidence_in(folder);
    if (records_digest(evidence) != usual || evidence.journal.repeats != 0 || evidence.journal.torn_bytes != 0 ||
        evidence.journal.gaps != 0 || evidence.journal.damaged_total != 0 || !evidence.journal.ended) {
      FAIL("cut at byte " << cut);
    }
    std::filesystem::remove(folder.path("journal.torn-1"));
  }
}

TEST_CASE("a run with any byte flipped and taken up again ends with the same records, and says what was damaged") {
  const test::TempFolder whole;
  REQUIRE(write_plan(whole.path(), plan()));
  go_on(whole);
  const std::string text = whole.read("journal.jsonl");
  const Digest usual = records_digest(evidence_in(whole));
  const std::size_t last_line = text.rfind('\n', text.size() - 2) + 1;
  const test::TempFolder folder;
  REQUIRE(write_plan(folder.path(), plan()));
  Random random(1);
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::string flipped = text;
    flipped[at] = static_cast<char>(flipped[at] ^ (1 << random.below(8)));
    folder.write("journal.jsonl", flipped);
    go_on(folder);
    const Evidence evidence = evidence_in(folder);
    const bool was_tail = at + 1 >= last_line;
    if (records_digest(evidence) != usual || (evidence.journal.damaged_total == 0) != was_tail) FAIL("byte " << at);
    std::filesystem::remove(folder.path("journal.torn-1"));
  }
}

namespace {

std::uint64_t bytes_of(const test::TempFolder& folder, const char* name) {
  return std::filesystem::file_size(folder.path(name));
}

}  // namespace

TEST_CASE("a reserve is allocated, private, and gone with its run") {
  const test::TempFolder folder;
  {
    auto writer = open(folder);
    REQUIRE(writer->make_reserve());
    CHECK(bytes_of(folder, "journal.reserve") > 0);
    CHECK(bytes_of(folder, "journal.reserve") <= Reserve::most_bytes);
    struct stat about {};
    REQUIRE(::stat(folder.path("journal.reserve").c_str(), &about) == 0);
    CHECK((about.st_mode & 0777) == 0600);
    CHECK(static_cast<std::uint64_t>(about.st_blocks) * 512 >= bytes_of(folder, "journal.reserve"));
    CHECK_FALSE(writer->out_of_space());
    writer->drop_reserve();
    CHECK_FALSE(std::filesystem::exists(folder.path("journal.reserve")));
    REQUIRE(writer->make_reserve());
  }
  CHECK_FALSE(std::filesystem::exists(folder.path("journal.reserve")));
  folder.write("journal.reserve", "left by a killed run");
  const auto writer = open(folder);
  CHECK_FALSE(std::filesystem::exists(folder.path("journal.reserve")));
}

TEST_CASE("intents are written after what came in, with running numbers") {
  const test::TempFolder folder;
  {
    auto writer = open(folder);
    writer->append(header_body(plan().head.digest, "0.0.1"));
    writer->append_intent(intent_body(0, call_of(plan(), 0)));
    writer->append_intent(intent_body(1, call_of(plan(), 1), "0/v0"));
    REQUIRE(writer->flush());
    writer->append(result_of(plan(), 0, reply_of(0)));
    REQUIRE(writer->flush());
  }
  const Scanned scanned = scan_text(folder.read("journal.jsonl"));
  REQUIRE(scanned.records.size() == 4);
  CHECK(scanned.records[1].type == RecordType::intent);
  CHECK(scanned.records[1].call == call_of(plan(), 0));
  CHECK(scanned.records[2].cell == 1);
  CHECK(scanned.records[3].type == RecordType::result);
  CHECK(scanned.result.health.gaps == 0);
}

TEST_CASE("a write that fails says how much did not fit") {
  const test::TempFolder folder;
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
  const rlimit small{100, before.rlim_max};
  const auto handler = ::signal(SIGXFSZ, SIG_IGN);
  auto writer = open(folder);
  writer->append(note_body("long", std::string(1000, 'x')));
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
  const auto written = writer->flush();
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0);
  ::signal(SIGXFSZ, handler);
  REQUIRE_FALSE(written);
  CHECK(written.error().code == ErrorCode::environment);
  const std::uint64_t missing = 1000 + std::string(R"({"t":"note","what":"long","text":"","q":0})").size() + 17 - 100;
  CHECK(written.error().message.find("; " + std::to_string(missing) + " bytes did not fit") != std::string::npos);
  CHECK_FALSE(writer->flush());
}
