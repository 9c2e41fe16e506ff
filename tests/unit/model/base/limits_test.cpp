// SPDX-License-Identifier: MIT
// Limits: the tightest of nested ones holds, a poll throws, and the phase is named.
#include "model/base/limits.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <optional>
#include <thread>
#include <vector>

namespace capstan::model {
namespace {

/// What ends a loop that only a limit can end.
LimitReached reached_by_polling() {
  try {
    for (;;) poll_limits();
  } catch (const LimitReached& reached) {
    return reached;
  }
}

TEST_CASE("without limits a poll does nothing", "[limits]") {
  CHECK_NOTHROW(poll_limits_now());
  CHECK(std::isinf(seconds_left()));
}

TEST_CASE("a limit of time ends a loop and names the phase", "[limits]") {
  const Limits limits({.seconds = 0.01});
  CHECK(seconds_left() <= 0.01);
  const Phase outer("the check");
  const Phase inner("the exploration");
  const LimitReached reached = reached_by_polling();
  CHECK(reached.kind == LimitKind::Time);
  CHECK(limit_text(reached) == "the time limit of 0.01 s was reached in the exploration");
  CHECK(seconds_left() == 0);
}

TEST_CASE("of nested limits the tightest holds, and the outer again afterwards", "[limits]") {
  const Limits outer({.seconds = 1000});
  {
    const Limits wider({.seconds = 2000});
    CHECK(seconds_left() <= 1000);
    const Limits tighter({.seconds = 0.01});
    CHECK(reached_by_polling().seconds == 0.01);
  }
  CHECK(seconds_left() > 900);
  CHECK_NOTHROW(poll_limits_now());
}

TEST_CASE("a limit of memory looks at what is resident", "[limits]") {
  REQUIRE(resident_bytes() > 1U << 20U);
  const Limits limits({.memory_bytes = resident_bytes() + (32U << 20U)});
  std::vector<std::vector<char>> blocks;
  std::optional<LimitReached> reached;
  try {
    for (;;) {
      blocks.emplace_back(1U << 20U, 'x');
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      poll_limits_now();
    }
  } catch (const LimitReached& limit) {
    reached = limit;
  }
  CHECK(reached->kind == LimitKind::Memory);
  CHECK(blocks.size() >= 16);
}

TEST_CASE("a grace lets work go on behind a limit, for its own time", "[limits]") {
  const Limits limits({1e-6, 0});
  while (seconds_left() > 0) {
  }
  REQUIRE_THROWS_AS(poll_limits_now(), LimitReached);
  {
    const Grace grace(3600);
    poll_limits_now();
    CHECK(seconds_left() > 3000);
    request_interrupt();
    CHECK_THROWS_AS(poll_limits_now(), LimitReached);
    forget_interrupt();
  }
  {
    const Grace grace(1e-6);
    while (seconds_left() > 0) {
    }
    CHECK_THROWS_AS(poll_limits_now(), LimitReached);
  }
  CHECK_THROWS_AS(poll_limits_now(), LimitReached);
}

TEST_CASE("phases end with their scope", "[limits]") {
  CHECK(std::string(current_phase()).empty());
  {
    const Phase phase("the proof");
    CHECK(std::string(current_phase()) == "the proof");
  }
  CHECK(std::string(current_phase()).empty());
}

TEST_CASE("an interrupt ends work until it is forgotten", "[limits]") {
  request_interrupt();
  CHECK(is_interrupted());
  const LimitReached reached = reached_by_polling();
  forget_interrupt();
  CHECK(reached.kind == LimitKind::Interrupted);
  CHECK(limit_text(reached) == "interrupted");
  CHECK_NOTHROW(poll_limits_now());
}

}  // namespace
}  // namespace capstan::model
