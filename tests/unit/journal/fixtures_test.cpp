// Journals of format 1 as they were written once: they must stay readable, and mean what they meant.
#include "headgate/base/file.hpp"
#include "journals.hpp"

using namespace headgate;
using namespace headgate::journal;
using namespace headgate::journal::samples;

namespace {

const std::string& fixtures() {
  static const std::string path = std::string(HEADGATE_SOURCE_DIR) + "/fixtures/journals";
  return path;
}

std::string text_of(const std::string& name) { return real_files().read(join_path(fixtures(), name)).value(); }

Result<Evidence> evidence_in(const std::string& name) { return read_evidence(join_path(fixtures(), name)); }

}  // namespace

TEST_CASE("a good journal of old reads as it did") {
  const auto evidence = evidence_in("good");
  if (!evidence) FAIL(evidence.error().message);
  CHECK(evidence->journal.ended);
  CHECK(evidence->journal.damaged_total == 0);
  CHECK(records_digest(*evidence).text() + "\n" == text_of("good/records_digest.txt"));
  CHECK(evidence->observations.at(1).error == ErrorKind::timeout);
  CHECK(evidence->observations.at(2).pass);
}

TEST_CASE("a torn journal of old reads up to its tear") {
  const auto evidence = evidence_in("torn");
  if (!evidence) FAIL(evidence.error().message);
  CHECK_FALSE(evidence->journal.ended);
  CHECK(evidence->journal.torn_bytes == 60);
  CHECK(evidence->journal.damaged_total == 0);
  CHECK(evidence->observations.at(4).status == Status::ok);
  CHECK(evidence->observations.at(5).status == Status::not_run);
}

TEST_CASE("a corrupt journal of old says where") {
  const auto evidence = evidence_in("corrupt");
  if (!evidence) FAIL(evidence.error().message);
  REQUIRE(evidence->journal.damaged.size() == 1);
  CHECK(evidence->journal.damaged[0].line == 4);
  CHECK(evidence->observations.at(1).status == Status::not_run);
  CHECK(evidence->observations.at(2).status == Status::ok);
}

TEST_CASE("a journal of a newer format is refused in words and left alone") {
  const auto evidence = evidence_in("newer");
  REQUIRE_FALSE(evidence);
  CHECK(evidence.error().code == ErrorCode::untrusted);
  CHECK(evidence.error().message.find("format") != std::string::npos);
  const test::TempFolder folder;
  const std::string text = text_of("newer/journal.jsonl") + "a tail";
  folder.write("journal.jsonl", text);
  CHECK(Writer::open(folder.path()).error().code == ErrorCode::untrusted);
  CHECK(folder.read("journal.jsonl") == text);
}

TEST_CASE("the worked example of the format's page is a journal") {
  const std::string page = real_files().read(std::string(HEADGATE_SOURCE_DIR) + "/docs/journal.md").value();
  const std::size_t begin = page.find("```jsonl\n") + 9;
  const Scanned scanned = scan_text(page.substr(begin, page.find("```", begin) - begin));
  REQUIRE(scanned.records.size() == 14);
  CHECK(scanned.records[1].type == RecordType::intent);
  CHECK(scanned.records[5].type == RecordType::answer);
  CHECK(scanned.records[7].type == RecordType::failed_try);
  CHECK(scanned.records[9].fallback);
  CHECK(scanned.records[9].tries == 2);
  CHECK(scanned.result.health.ended);
  CHECK(scanned.result.health.torn_bytes == 0);
  CHECK(scanned.result.health.damaged_total == 0);
  CHECK(scanned.result.health.gaps == 0);
}

// headgate_journal_tests "[approve]" writes the samples anew. Only for a new version of the format, beside the old
// ones.
TEST_CASE("write the samples", "[.][approve]") {
  const Plan plan = headgate::samples::plan_of(3, 1);
  const std::vector<std::string> bodies = bodies_of(plan);
  const std::string good = journal_of(bodies);
  std::string corrupt = good;
  corrupt[good.find("\"timeout\"") + 3] ^= 1;
  std::string newer;
  seal(newer, "{\"t\":\"header\",\"format\":\"headgate/journal/2\",\"plan\":\"" + plan.head.digest.text() + "\"", 0);
  const std::size_t end = good.rfind("{\"t\":\"result\"");
  for (const auto& [name, journal] : {std::pair("good", good), std::pair("torn", good.substr(0, end + 60)),
                                      std::pair("corrupt", corrupt), std::pair("newer", newer)}) {
    const std::string folder = join_path(fixtures(), name);
    REQUIRE(make_folders(folder));
    REQUIRE(write_plan(folder, plan));
    REQUIRE(write_file_atomically(join_path(folder, "journal.jsonl"), journal));
    for (const char* file : {"plan.jsonl", "journal.jsonl"}) {
      std::filesystem::permissions(join_path(folder, file), std::filesystem::perms(0644));
    }
    std::filesystem::permissions(folder, std::filesystem::perms(0755));
  }
  std::filesystem::permissions(fixtures(), std::filesystem::perms(0755));
  REQUIRE(write_file_atomically(join_path(fixtures(), "good/records_digest.txt"),
                                records_digest(evidence_of(plan, good)).text() + "\n"));
  std::filesystem::permissions(join_path(fixtures(), "good/records_digest.txt"), std::filesystem::perms(0644));
}
