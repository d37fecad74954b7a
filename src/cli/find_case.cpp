#include "find_case.hpp"

#include <vector>

#include "headgate/base/text.hpp"

namespace headgate::cli {

Result<CaseName> find_case(std::span<const Suite> suites, const std::string& wanted) {
  std::vector<std::string> ids, found;
  CaseName last;
  for (const Suite& suite : suites) {
    for (const Case& item : suite.cases) {
      const std::string whole = suite.head.name + "/" + item.id;
      if (whole == wanted) return CaseName{suite.head.name, item.id};
      ids.push_back(item.id);
      if (item.id != wanted) continue;
      found.push_back("'" + whole + "'");
      last = {suite.head.name, item.id};
    }
  }
  if (found.size() == 1) return last;
  if (found.size() > 1) {
    return failure(ErrorCode::input, "case '" + wanted + "' is in several suites", "write one of " + join_words(found));
  }
  const std::string guess = did_you_mean(wanted, ids);
  return failure(ErrorCode::input, "no case '" + wanted + "' in the suites of this gate",
                 guess.empty() ? "there is " + join_words(ids, 5) : guess);
}

}  // namespace headgate::cli
