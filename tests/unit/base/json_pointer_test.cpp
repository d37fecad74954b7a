#include "headgate/base/json_pointer.hpp"

#include <catch2/catch.hpp>

using namespace headgate;
using Keys = std::vector<std::string>;

TEST_CASE("pointers and their keys are one-to-one") {
  for (const Keys& keys : {Keys{}, Keys{""}, Keys{"a", "b"}, Keys{"a/b", "~", "~1", "m~n/"}, Keys{"0", " "}}) {
    std::string pointer;
    for (const std::string& key : keys) pointer += pointer_step(key);
    CAPTURE(pointer);
    CHECK(pointer_keys(pointer) == keys);
  }
  CHECK(pointer_step("a/b~c") == "/a~1b~0c");
  CHECK(pointer_keys("/~2/~") == Keys{"~2", "~"});  // no escape, kept as it stands
}

TEST_CASE("a list index is a plain number") {
  CHECK(list_index("0") == 0U);
  CHECK(list_index("17") == 17U);
  for (const char* other : {"", "-1", "1x", " 1", "+1", "99999999999999999999999"}) CHECK_FALSE(list_index(other));
}
