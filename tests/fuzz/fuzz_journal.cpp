// Scanning never accepts a record whose bytes were changed: every accepted line still carries its own checksum.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <string>

#include "headgate/base/assert.hpp"
#include "headgate/base/digest.hpp"
#include "headgate/journal/record.hpp"
#include "headgate/journal/scan.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace headgate;
  const int fd = memfd_create("journal", MFD_CLOEXEC);
  HG_ASSERT(fd >= 0 && write(fd, data, size) == static_cast<ssize_t>(size));
  {
    const auto file = RandomAccessFile::open("/proc/self/fd/" + std::to_string(fd));
    HG_ASSERT(file);
    const auto scanned = journal::scan(**file, [](const journal::RecordView& record) {
      const std::string_view line = record.line;
      HG_ASSERT(line.size() + 1 > journal::suffix_bytes);
      const std::string_view body = line.substr(0, line.size() + 1 - journal::suffix_bytes);
      const std::string_view written = line.substr(line.size() - 10, 8);
      HG_ASSERT(std::stoul(std::string(written), nullptr, 16) == crc32c(body));
    });
    HG_ASSERT(scanned && scanned->good_bytes <= size);
  }
  close(fd);
  return 0;
}
