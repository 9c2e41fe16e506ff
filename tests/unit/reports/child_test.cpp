// SPDX-License-Identifier: MIT
// Whatever becomes of a child, its parent goes on and knows.
#include "reports/child.hpp"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <limits>
#include <stdexcept>

namespace capstan::reports {
namespace {

constexpr double kAlways = std::numeric_limits<double>::infinity();

TEST_CASE("what a child makes comes back, of any length") {
  CHECK(in_child([] { return std::string(); }, kAlways).failure.empty());
  const std::string zeroes(3, '\0');
  CHECK(in_child([&] { return zeroes; }, kAlways).bytes == zeroes);
  const std::string much(5'000'000, 'x');
  const ChildAnswer answer = in_child([&] { return much; }, kAlways);
  CHECK(answer.failure.empty());
  CHECK(answer.bytes == much);
}

TEST_CASE("a child that aborts, crashes, throws or leaves is told as a failure") {
  const auto failure = [](const auto& work) {
    const ChildAnswer answer = in_child(
        [&]() -> std::string {
          work();
          return "made";
        },
        kAlways);
    CHECK(answer.bytes.empty());
    return answer.failure;
  };
  CHECK(failure([] { std::abort(); }).find("signal 6") != std::string::npos);
  CHECK_FALSE(failure([] { throw std::runtime_error("no"); }).empty());
  CHECK_FALSE(failure([] { _exit(0); }).empty());
}

TEST_CASE("a child whose time is over is ended") {
  const ChildAnswer answer = in_child(
      []() -> std::string {
        for (;;) pause();
      },
      0.01);
  CHECK(answer.failure == "the time was over");
  CHECK(in_child([] { return std::string("made"); }, 0).failure == "the time was over");
}

}  // namespace
}  // namespace capstan::reports
