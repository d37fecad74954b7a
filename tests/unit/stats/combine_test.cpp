#include "headgate/stats/combine.hpp"

#include <catch2/catch.hpp>
#include <vector>

using headgate::stats::all_of;
using headgate::stats::Trilean;

TEST_CASE("an empty gate admits nothing") { CHECK(all_of({}) == Trilean::unknown); }

TEST_CASE("one no outweighs everything, one unknown outweighs every yes") {
  constexpr auto yes = Trilean::yes;
  constexpr auto no = Trilean::no;
  constexpr auto unknown = Trilean::unknown;
  CHECK(all_of(std::vector{yes, yes}) == yes);
  CHECK(all_of(std::vector{yes, unknown, yes}) == unknown);
  CHECK(all_of(std::vector{unknown, no}) == no);
  CHECK(all_of(std::vector{no, yes}) == no);
  CHECK(all_of(std::vector{unknown}) == unknown);
}
