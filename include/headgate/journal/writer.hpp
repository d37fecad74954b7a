// The append-only side: one journal, one writer, one lock.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "headgate/base/result.hpp"
#include "headgate/journal/scan.hpp"

namespace headgate::journal {

// Single-threaded but for sync(). Holds an exclusive flock on the journal while it lives (close-on-exec).
class Writer {
 public:
  // Opens or creates `folder`/journal.jsonl (0600), locks it, recovers: a torn tail goes to journal.torn-<n>, then the
  // file is cut to its good part. Fails with ErrorCode::locked ("locked by pid N since T"), or environment.
  static Result<std::unique_ptr<Writer>> open(const std::string& folder);
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  const ScanResult& recovered() const { return recovered_; }  // of what was there at opening
  // "set aside 44 bytes of a torn record in journal.torn-1", or empty.
  const std::string& recovery() const { return recovery_; }
  std::uint64_t next_sequence() const { return next_; }

  // Seals the body into the buffer; flush() writes everything buffered with one write(). A failed write is final:
  // what was recorded stays, and the run must stop (environment, with path and errno text).
  void append(std::string_view body);
  Result<void> flush();
  Result<void> sync();  // fdatasync

 private:
  Writer(int fd, std::string path, ScanResult recovered, std::string recovery);
  Error cannot(const char* what, int number) const;
  int fd_;
  std::string path_;
  ScanResult recovered_;
  std::string recovery_;
  std::uint64_t next_ = 0;
  std::string buffer_;
  bool broken_ = false;
};

}  // namespace headgate::journal
