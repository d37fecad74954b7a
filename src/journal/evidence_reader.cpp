#include "headgate/base/file.hpp"
#include "headgate/journal/fold.hpp"
#include "plan_reader.hpp"

namespace headgate::journal {

Result<Evidence> read_evidence(const std::string& folder) {
  CaseTable cases;
  PlanVisitor visitor;
  visitor.on_case = [&](Case&& item, std::uint32_t suite, std::uint64_t offset) { cases.add(item, suite, offset); };
  std::vector<Digest> case_digests;
  HG_TRY(head, visit_plan(folder, visitor, case_digests));

  const std::string path = join_path(folder, "journal.jsonl");
  Result<std::shared_ptr<const RandomAccessFile>> file = RandomAccessFile::open(path);
  if (!file) {
    file.error().code = ErrorCode::environment;
    return failure(std::move(file).error());
  }
  Fold fold(std::move(head), std::move(cases), std::move(case_digests));
  HG_TRY(scanned, scan(**file, [&](const RecordView& record) { fold.add(record); }));
  if (fold.is_foreign()) {
    return failure(ErrorCode::untrusted, "'" + path + "' is the journal of another plan than the one beside it");
  }
  return std::move(fold).finish(std::move(scanned.health));
}

}  // namespace headgate::journal
