#include "plan_reader.hpp"

#include <nlohmann/json.hpp>

#include "case_reader.hpp"
#include "headgate/base/file.hpp"
#include "headgate/domain/codec.hpp"
#include "headgate/domain/plan_hasher.hpp"
#include "headgate/journal/plan_file.hpp"
#include "line_reader.hpp"
#include "own_json.hpp"

namespace headgate::journal {
namespace {

Error untrusted(const std::string& path, const std::string& why) {
  return {
      ErrorCode::untrusted, "'" + path + "' does not hold: " + why, {}, "start a new run; this one cannot be decided"};
}

std::string_view type_of(std::string_view line) {
  constexpr std::string_view start = "{\"t\":\"";
  if (!line.starts_with(start)) return {};
  line.remove_prefix(start.size());
  return line.substr(0, line.find('"'));
}

Result<PlanHead> parse_head(std::string_view line, const std::string& path) {
  if (type_of(line) != "plan") return failure(untrusted(path, "it does not begin with a plan"));
  HG_TRY(value, parse_own(line));
  Result<PlanHead> head = plan_head_from_json(value);
  if (!head) return failure(untrusted(path, head.error().message));
  return head;
}

// The lines after the head, one state each.
class Reader {
 public:
  Reader(std::string path, const PlanVisitor& visitor, PlanHead head, std::vector<Digest>& case_digests)
      : path_(std::move(path)), visitor_(visitor), head_(std::move(head)), case_digests_(case_digests) {}

  // `before` is the digest of all bytes above this line, made only when asked for.
  Result<void> line(std::string_view text, std::uint64_t offset, const std::function<Digest()>& before) {
    if (ended_) return failure(untrusted(path_, "something follows its end"));
    const std::string_view type = type_of(text);
    if (type == "case" && !hasher_) return add_case(text, offset);
    if (type == "order") return add_order(text);
    if (type == "end") return end(text, before());
    return failure(untrusted(path_, "a line at byte " + std::to_string(offset) + " is of no known type"));
  }

  Result<PlanHead> finish() {
    if (!ended_) return failure(untrusted(path_, "it has no end"));
    begin_order();
    const std::size_t cells = case_digests_.size() * head_.trials * 2;
    if (ordered_ != cells) return failure(untrusted(path_, "its order does not hold every cell once"));
    if (hasher_->finish() != head_.digest) return failure(untrusted(path_, "it does not digest to what it says"));
    return std::move(head_);
  }

 private:
  Result<void> add_case(std::string_view text, std::uint64_t offset) {
    Case item;
    std::uint32_t suite = 0;
    if (const char* why = case_reader_.read(text, item, suite)) return failure(untrusted(path_, why));
    if (suite >= head_.suites.size()) return failure(untrusted(path_, "a case is of no suite of the plan"));
    case_digests_.push_back(item.digest);
    suites_.push_back(suite);
    visitor_.on_case(std::move(item), suite, offset);
    return {};
  }

  // The first line that is not a case: now the number of cases, which the digest begins with, is known.
  void begin_order() {
    if (hasher_) return;
    hasher_.emplace(head_, case_digests_.size());
    for (std::size_t i = 0; i < case_digests_.size(); ++i) hasher_->add_case(suites_[i], case_digests_[i]);
    const std::size_t cells = case_digests_.size() * head_.trials * 2;
    hasher_->begin_order(cells);
    seen_.resize(cells);
    suites_.clear();
    suites_.shrink_to_fit();
  }

  Result<void> add_order(std::string_view text) {
    begin_order();
    simdjson::ondemand::document document;
    object members;
    const simdjson::padded_string_view padded(text.data(), text.size(), text.size() + simdjson::SIMDJSON_PADDING);
    const bool fits = parser_.iterate(padded).get(document) == simdjson::SUCCESS &&
                      document.get_object().get(members) == simdjson::SUCCESS &&
                      members_of(members, [&](std::string_view key, value at) {
                        return key != "cells" || elements_of(at, [&](value cell) { return add_cell(cell); });
                      });
    if (!fits) return failure(untrusted(path_, "its order does not hold every cell once"));
    return {};
  }

  bool add_cell(value at) {
    CellIndex cell = 0;
    if (!get(at, cell) || cell >= seen_.size() || seen_[cell]) return false;
    seen_[cell] = true;
    ++ordered_;
    hasher_->add_cell(cell);
    if (visitor_.on_cell) visitor_.on_cell(cell);
    return true;
  }

  Result<void> end(std::string_view text, const Digest& before) {
    if (text != end_line(before)) return failure(untrusted(path_, "its bytes do not digest to what its end says"));
    ended_ = true;
    return {};
  }

 public:
  static std::string end_line(const Digest& before) { return "{\"t\":\"end\",\"sha256\":\"" + before.text() + "\"}"; }

 private:
  std::string path_;
  const PlanVisitor& visitor_;
  PlanHead head_;
  std::vector<Digest>& case_digests_;
  std::vector<std::uint32_t> suites_;
  CaseReader case_reader_;
  simdjson::ondemand::parser parser_;
  std::optional<PlanHasher> hasher_;
  std::vector<bool> seen_;
  std::size_t ordered_ = 0;
  bool ended_ = false;
};

// A missing plan is an environment's failure here: the folder is no run folder any more.
Result<std::shared_ptr<const RandomAccessFile>> open_plan(const std::string& path) {
  Result<std::shared_ptr<const RandomAccessFile>> file = RandomAccessFile::open(path);
  if (!file) file.error().code = ErrorCode::environment;
  return file;
}

}  // namespace

std::string plan_path(const std::string& folder) { return join_path(folder, "plan.jsonl"); }

Result<PlanHead> visit_plan(const std::string& folder, const PlanVisitor& visitor, std::vector<Digest>& case_digests) {
  const std::string path = plan_path(folder);
  HG_TRY(file, open_plan(path));
  LineReader lines(*file);
  Hasher bytes;
  std::optional<Reader> reader;
  while (true) {
    HG_TRY(more, lines.next());
    if (!more) break;
    if (lines.oversized() || !lines.whole()) return failure(untrusted(path, "its last line has no end"));
    if (!reader) {
      HG_TRY(head, parse_head(lines.line(), path));
      reader.emplace(path, visitor, std::move(head), case_digests);
    } else {
      HG_CHECK(reader->line(lines.line(), lines.offset(), [&] { return bytes.finish(); }));
    }
    bytes.bytes(lines.line()).bytes("\n");
  }
  if (!reader) return failure(untrusted(path, "it is empty"));
  return reader->finish();
}

Result<PlanHead> read_plan_head(const std::string& folder) {
  const std::string path = plan_path(folder);
  HG_TRY(file, open_plan(path));
  LineReader lines(*file);
  HG_TRY(more, lines.next());
  if (!more || !lines.whole()) return failure(untrusted(path, "it has no whole first line"));
  return parse_head(lines.line(), path);
}

Result<Plan> read_plan(const std::string& folder) {
  Plan plan;
  PlanVisitor visitor;
  visitor.on_case = [&](Case&& item, std::uint32_t suite, std::uint64_t) {
    plan.cases.push_back(std::move(item));
    plan.case_suite.push_back(suite);
  };
  visitor.on_cell = [&](CellIndex cell) { plan.order.push_back(cell); };
  std::vector<Digest> case_digests;
  HG_TRY(head, visit_plan(folder, visitor, case_digests));
  plan.head = std::move(head);
  return plan;
}

Result<Case> read_case(const std::string& folder, std::uint64_t offset) {
  const std::string path = plan_path(folder);
  HG_TRY(file, open_plan(path));
  LineReader lines(*file, offset, std::size_t{8} << 10);
  HG_TRY(more, lines.next());
  Case item;
  std::uint32_t suite = 0;
  if (!more || !lines.whole() || type_of(lines.line()) != "case") {
    return failure(untrusted(path, "no case stands at byte " + std::to_string(offset)));
  }
  if (const char* why = CaseReader().read(lines.line(), item, suite)) return failure(untrusted(path, why));
  return item;
}

}  // namespace headgate::journal
