// The append-only side: one journal, one writer, one lock.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "headgate/base/result.hpp"
#include "headgate/journal/reserve.hpp"
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
  // The same for intents, which come last in what is flushed together: on a full disk they are dropped instead of
  // written, so that the journal names no call as sent that never was.
  void append_intent(std::string_view body);
  Result<void> flush();
  Result<void> sync();  // fdatasync; thread-safe

  // Puts room aside for what is in flight when the disk is full. From then on a flush that does not fit gives the
  // reserve up, writes what it has but intents, and succeeds; out_of_space() says so, and no new call may be sent.
  Result<void> make_reserve();
  void drop_reserve() { reserve_.reset(); }
  bool out_of_space() const { return missing_bytes_ > 0; }
  // environment: which file, how many bytes did not fit.
  Error no_space() const;

 private:
  Writer(int fd, std::string path, ScanResult recovered, std::string recovery);
  Error cannot(const char* what, int number) const;
  bool write_some(std::size_t& written);
  void drop_intents(std::size_t written);
  void forget();
  int fd_;
  std::string path_;
  ScanResult recovered_;
  std::string recovery_;
  std::uint64_t next_ = 0;
  std::string buffer_;
  std::size_t intents_from_ = no_intents;  // where they start in the buffer
  bool broken_ = false;
  std::size_t missing_bytes_ = 0;
  std::unique_ptr<Reserve> reserve_;

  static constexpr std::size_t no_intents = static_cast<std::size_t>(-1);
};

}  // namespace headgate::journal
