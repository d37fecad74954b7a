// The yardstick for deciding again: one pass of nlohmann's DOM parser over a journal, line by line, nothing else.
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

int main(int argc, char** argv) {
  if (argc != 2) return std::fputs("usage: dom_pass JOURNAL\n", stderr), 3;
  std::ifstream file(argv[1]);
  std::string line;
  std::size_t members = 0;
  while (std::getline(file, line)) members += nlohmann::json::parse(line).size();
  std::printf("%zu members\n", members);
}
