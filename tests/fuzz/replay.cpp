// Feeds a folder of inputs, each whole, cut at every byte, and with single bytes changed, to a fuzz target.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

void feed(const std::string& bytes) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 3;
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(argv[1])) {
    std::ostringstream text;
    text << std::ifstream(entry.path(), std::ios::binary).rdbuf();
    const std::string bytes = text.str();
    feed(bytes);
    const std::size_t step = bytes.size() / 400 + 1;  // bounds the work on a large input
    for (std::size_t i = 0; i < bytes.size(); i += step) {
      feed(bytes.substr(0, i));
      for (const char other : {'\0', '"', '{', '\xff'}) {
        std::string changed = bytes;
        changed[i] = other;
        feed(changed);
      }
    }
    ++files;
  }
  std::printf("%zu inputs replayed\n", files);
  return files == 0 ? 1 : 0;
}
