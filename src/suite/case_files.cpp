#include "case_files.hpp"

#include <algorithm>
#include <utility>

#include "case_lookup.hpp"
#include "headgate/base/csv.hpp"
#include "headgate/base/lines.hpp"
#include "headgate/base/text.hpp"
#include "mapped_case.hpp"

namespace headgate::suite {
namespace {

constexpr std::size_t chunk_lines = 256;  // enough work to be worth a hand-over, little enough to share out evenly
constexpr std::size_t chunks_at_once = 64;

// What became of one chunk of lines; put together in order afterwards.
struct Chunk {
  std::vector<CaseEntry> entries;
  std::vector<std::size_t> hits;  // by form of the field map
  Complaints complaints;
};

void put_together(Chunk&& chunk, std::uint32_t file, CaseFiles& out, std::vector<std::size_t>& hits,
                  Complaints& complaints) {
  for (CaseEntry& entry : chunk.entries) {
    entry.file = file;
    out.entries.push_back(std::move(entry));
  }
  complaints.append(std::move(chunk.complaints));
  if (hits.size() < chunk.hits.size()) hits.resize(chunk.hits.size());
  for (std::size_t form = 0; form < chunk.hits.size(); ++form) hits[form] += chunk.hits[form];
}

// Calls `read(first, last, chunk)` for chunks of [0, n) and puts their results together, some chunks at a time: a large
// file is not held twice.
template <class Read>
std::vector<std::size_t> in_chunks(std::size_t n, const ForEach& for_each, CaseFiles& out, std::uint32_t file,
                                   Complaints& complaints, const Read& read) {
  out.entries.reserve(out.entries.size() + n);
  std::vector<std::size_t> hits;
  for (std::size_t start = 0; start < n; start += chunks_at_once * chunk_lines) {
    const std::size_t stop = std::min(n, start + chunks_at_once * chunk_lines);
    std::vector<Chunk> chunks((stop - start + chunk_lines - 1) / chunk_lines);
    for_each(chunks.size(), [&](std::size_t i) {
      const std::size_t first = start + i * chunk_lines;
      read(first, std::min(stop, first + chunk_lines), chunks[i]);
    });
    for (Chunk& chunk : chunks) put_together(std::move(chunk), file, out, hits, complaints);
  }
  return hits;
}

// A column that no record has is a mistake in `fields`, not a file full of absent values.
void check_hits(const CaseFile& file, const std::vector<std::size_t>& hits, const std::vector<std::string>& columns,
                Complaints& complaints) {
  for (std::size_t i = 0; i < hits.size(); ++i) {
    if (hits[i] != 0) continue;
    const FieldForm& form = file.fields->forms[i];
    std::string hint = did_you_mean(form.from, columns);
    if (hint.empty()) hint = "the first record has " + join_words(columns);
    complaints.add({ErrorCode::input,
                    "no record of '" + file.name + "' has '" + form.from + "', read as '" + form.name() + "'",
                    form.place, hint});
  }
}

std::vector<std::string> keys_of(const Json& record) {
  std::vector<std::string> keys;
  if (!record.is_object()) return keys;
  for (const auto& [key, value] : record.items()) keys.push_back(key);
  return keys;
}

class FilesReader {
 public:
  FilesReader(const std::string& folder, const SuiteFiles& suite, const LoadOptions& options, Complaints& complaints)
      : options_(options),
        complaints_(complaints),
        reader_(suite.declared, *options.registry, *options.files, folder),
        lookup_(folder, options, complaints) {}

  CaseFiles read(const SuiteFiles& suite) {
    for (const CaseSource& source : suite.sources) {
      for (FoundFile& found : lookup_.find(source)) {
        CaseFile file{std::move(found.name), std::move(found.text), false, source.fields, source.place};
        file.csv = extension_of(file.name) == ".csv";
        out_.files.push_back(std::move(file));
      }
    }
    for (std::uint32_t i = 0; i < out_.files.size(); ++i) read_file(i);
    return std::move(out_);
  }

 private:
  void read_file(std::uint32_t index) {
    const CaseFile& file = out_.files[index];
    if (file.csv && file.fields == nullptr) {
      complaints_.add({ErrorCode::input, "a CSV file needs 'fields' that say what its columns are", file.named_at,
                       "write fields: {id: …, input: …, expected: …}"});
    } else if (file.csv) {
      read_csv(file, index);
    } else if (file.fields != nullptr) {
      read_records(file, index);
    } else {
      read_cases(file, index);
    }
  }

  void read_cases(const CaseFile& file, std::uint32_t index) {
    const std::vector<Line> lines = split_lines(file.text);
    in_chunks(lines.size(), options_.for_each, out_, index, complaints_,
              [&](std::size_t first, std::size_t last, Chunk& chunk) {
                GoodGraders good;
                for (std::size_t i = first; i < last; ++i) {
                  const std::optional<Tree> tree =
                      parse_json(file.name, std::string(lines[i].text), chunk.complaints, lines[i].number);
                  if (tree) keep(reader_.read(*tree, good, chunk.complaints), chunk);
                }
              });
  }

  void read_records(const CaseFile& file, std::uint32_t index) {
    const std::vector<Line> lines = split_lines(file.text);
    const std::vector<std::size_t> hits =
        in_chunks(lines.size(), options_.for_each, out_, index, complaints_,
                  [&](std::size_t first, std::size_t last, Chunk& chunk) {
                    GoodGraders good;
                    for (std::size_t i = first; i < last; ++i) {
                      const std::optional<Tree> tree =
                          parse_json(file.name, std::string(lines[i].text), chunk.complaints, lines[i].number);
                      if (!tree) continue;
                      const MappedCase mapped(file, *tree, chunk.hits, chunk.complaints);
                      keep(mapped.read(reader_, good, chunk.complaints), chunk);
                    }
                  });
    Complaints said_already;
    const auto first = lines.empty() ? std::nullopt : parse_json(file.name, std::string(lines[0].text), said_already);
    if (first) check_hits(file, hits, keys_of(first->root()), complaints_);
  }

  void read_csv(const CaseFile& file, std::uint32_t index) {
    const std::optional<std::vector<CsvRow>> rows = parse_csv(file.name, file.text, complaints_);
    if (!rows || rows->size() < 2) return;
    const std::vector<std::string>& header = rows->front().cells;
    const std::vector<std::size_t> hits =
        in_chunks(rows->size() - 1, options_.for_each, out_, index, complaints_,
                  [&](std::size_t first, std::size_t last, Chunk& chunk) {
                    GoodGraders good;
                    for (std::size_t i = first; i < last; ++i) {
                      const MappedCase mapped(file, header, (*rows)[i + 1], chunk.hits, chunk.complaints);
                      keep(mapped.read(reader_, good, chunk.complaints), chunk);
                    }
                  });
    check_hits(file, hits, header, complaints_);
  }

  static void keep(std::optional<CaseEntry> entry, Chunk& chunk) {
    if (entry) chunk.entries.push_back(std::move(*entry));
  }

  const LoadOptions& options_;
  Complaints& complaints_;
  CaseReader reader_;
  CaseLookup lookup_;
  CaseFiles out_;
};

}  // namespace

Place CaseFile::place_of(std::size_t line, const std::string& key) const {
  const std::string_view written = line_text(text, line);
  Complaints said_already;
  const std::optional<Tree> tree = csv ? std::nullopt : parse_json(name, std::string(written), said_already, line);
  if (!tree) return line_place(name, written, line);
  if (fields == nullptr) {
    const auto found = tree->root().find(key);
    return tree->place(found == tree->root().end() ? tree->root() : *found);
  }
  for (const FieldForm& form : fields->forms) {
    const Json* source = form.target == key ? source_of(form, tree->root()) : nullptr;
    if (source != nullptr) return tree->place(*source);
  }
  return tree->place(tree->root());
}

CaseFiles read_case_files(const std::string& folder, const SuiteFiles& suite, const LoadOptions& options,
                          Complaints& complaints) {
  return FilesReader(folder, suite, options, complaints).read(suite);
}

}  // namespace headgate::suite
