// Room put aside beside a journal, to be given up when the disk is full: so that what was paid for can still be
// recorded.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "headgate/base/result.hpp"

namespace headgate::journal {

// A file `journal.reserve` of allocated bytes; it is gone when this is. Not copyable; single-threaded.
class Reserve {
 public:
  static constexpr std::uint64_t most_bytes = std::uint64_t{16} << 20;

  // The smaller of most_bytes and a quarter of what is free in `folder`. Fails with environment.
  static Result<std::unique_ptr<Reserve>> make(const std::string& folder);
  // Removes what a killed run left behind, if anything.
  static void remove_stale(const std::string& folder);
  ~Reserve();
  Reserve(const Reserve&) = delete;
  Reserve& operator=(const Reserve&) = delete;

 private:
  explicit Reserve(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

}  // namespace headgate::journal
