// Processes that were left behind by our children and have come to us. While a holder lives, this process is the one
// to which orphans of its children come (PR_SET_CHILD_SUBREAPER), so that none escapes by starting a session.
//
// A child of this process counts as such an orphan where nobody launched it through a holder, it was not there when the
// first holder came, and it is not in our own process group: what other code of this process starts usually is.
#pragma once

#include <sys/types.h>

#include <cstddef>

namespace headgate::route {

class Orphans {
 public:
  Orphans();
  ~Orphans();
  Orphans(const Orphans&) = delete;
  Orphans& operator=(const Orphans&) = delete;

  // Around each start of a child, so that no holder takes the new child for an orphan.
  void before_launch();
  void after_launch(pid_t pid);  // -1: it failed
  void reaped(pid_t pid);
  bool has_children() const;  // launched through any holder, and not reaped

  // Reaps orphans that have ended. Ends the others where no holder has a child that could be theirs. Returns how many
  // it had to end.
  std::size_t sweep();
};

}  // namespace headgate::route
