// What a run promises, and how the world says that one was broken.
#pragma once

#include <string>

namespace headgate::sim {

struct Broken {  // a promise, not a run
  std::string what;
};

inline void promise(bool kept, const char* what) {
  if (!kept) throw Broken{what};
}

}  // namespace headgate::sim
