// SPDX-License-Identifier: MIT
// Numbers on the command line: what is read, and what is refused with what to write instead.
#include "runtime/command/quantities.hpp"

#include <catch2/catch.hpp>

namespace capstan::tests {

using runtime::bytes_of;
using runtime::count_of;
using runtime::seconds_of;

TEST_CASE("counts", "[quantities]") {
  CHECK(count_of("1", 1, 9).value() == 1);
  CHECK(count_of("0", 0, 9).value() == 0);
  CHECK(count_of("18446744073709551615", 0, UINT64_MAX).value() == UINT64_MAX);
  for (const char* wrong : {"0", "10", "-1", "1.5", "", " 1", "1e3", "18446744073709551616", "x"})
    CHECK_FALSE(count_of(wrong, 1, 9));
  CHECK(count_of("0", 1, 9).failure().message ==
        "`0` is not a whole number from 1 to 9, such as 1000");
}

TEST_CASE("times", "[quantities]") {
  CHECK(seconds_of("30s").value() == 30);
  CHECK(seconds_of("1.5m").value() == 90);
  CHECK(seconds_of("2h").value() == 7200);
  CHECK(seconds_of("10").value() == 10);
  CHECK(seconds_of("250ms").value() == 0.25);
  for (const char* wrong : {"0", "0s", "-1", "-5s", "nan", "NaN", "inf", "1e400", "5d", "s", "",
                            "1..2s", "99999999999999h", "+5"})
    CHECK_FALSE(seconds_of(wrong));
  CHECK(seconds_of("0").failure().message ==
        "`0` is not a time above 0; write a number and ms, s, m or h, such as 30s or 5m");
}

TEST_CASE("sizes", "[quantities]") {
  CHECK(bytes_of("1000").value() == 1000);
  CHECK(bytes_of("4GiB").value() == 4ULL << 30U);
  CHECK(bytes_of("500MB").value() == 500ULL << 20U);
  CHECK(bytes_of("2k").value() == 2048);
  CHECK(bytes_of("1 mib").value() == 1ULL << 20U);
  for (const char* wrong :
       {"0", "0GiB", "-1", "-1GiB", "much", "1.5GiB", "17EiB", "1XB", "GiB", ""})
    CHECK_FALSE(bytes_of(wrong));
  CHECK(bytes_of("-1").failure().message ==
        "`-1` is not a size above 0; write a whole number and a unit, such as 4GiB or 500MB");
}

}  // namespace capstan::tests
