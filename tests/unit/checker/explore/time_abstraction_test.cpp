// SPDX-License-Identifier: MIT
// The normal form of times, when constants are raised, and which clocks have a finite form.
#include "checker/explore/time_abstraction.hpp"

#include <catch2/catch.hpp>

namespace capstan::checker {
namespace {

using Stamps = std::vector<Stamp>;

model::Protocol with_clocks(model::Clocks clocks) {
  model::Protocol protocol;
  protocol.scenario.clocks = clocks;
  protocol.scenario.reads_clock = true;
  return protocol;
}

/// Whether the question raised something.
template <typename Question>
bool raises(const Question& question) {
  try {
    question();
    return false;
  } catch (const TimeAbstraction::Raised&) {
    return true;
  }
}

TEST_CASE("settled stamps: exact ones stay, gaps shrink, order stays") {
  CHECK(settled_stamps(Stamps{}, 3, 1).empty());
  CHECK(settled_stamps(Stamps{-3, -2}, 3, 1) == Stamps{-3, -2});
  CHECK(settled_stamps(Stamps{-90}, 3, 1) == Stamps{-4});
  CHECK(settled_stamps(Stamps{-90, -80, -79}, 3, 1) == Stamps{-7, -5, -4});
  // A gap of at most 1 to an exact stamp is kept, a larger one becomes 2.
  CHECK(settled_stamps(Stamps{-4, -3}, 3, 1) == Stamps{-4, -3});
  CHECK(settled_stamps(Stamps{-90, -3}, 3, 1) == Stamps{-5, -3});
  CHECK(settled_stamps(Stamps{-90, -50}, 0, 0) == Stamps{-2, -1});
}

TEST_CASE("times beyond 32 bits are kept and told apart") {
  CHECK(settled_stamps(Stamps{-5'000'000'000, -4'999'999'999}, 3, 1) == Stamps{-5, -4});
  CHECK(settled_stamps(Stamps{-5'000'000'000}, 6'000'000'000, 1) == Stamps{-5'000'000'000});
  const Retiming retiming{{-9}, {-4}};
  CHECK(retiming.of(-9) == -4);
  CHECK(retiming.of(4'294'967'287) == 4'294'967'287);  // -9 in 32 bits
}

TEST_CASE("settling twice is settling once") {
  for (int horizon = 0; horizon < 4; ++horizon)
    for (int gap = 0; gap <= horizon; ++gap)
      for (int first = -14; first < 0; ++first)
        for (int second = first + 1; second < 0; ++second) {
          const Stamps once = settled_stamps(Stamps{first, second}, horizon, gap);
          CHECK(settled_stamps(once, horizon, gap) == once);
        }
}

TEST_CASE("constants are raised by what they do not cover, and then cover it") {
  model::Clocks clocks;
  clocks.within = 1;
  TimeAbstraction time(with_clocks(clocks), 0);
  REQUIRE(time.is_exact());
  CHECK_FALSE(raises([&] { time.compared(0, -40, 0); }));    // an order is always covered
  CHECK_FALSE(raises([&] { time.compared(1, -1, 7); }));     // exact times too
  CHECK_FALSE(raises([&] { time.compared(-40, -40, 7); }));  // and equal ones
  CHECK(raises([&] { time.compared(0, -40, 3); }));
  CHECK_FALSE(raises([&] { time.compared(0, -40, 3); }));
  CHECK_FALSE(raises([&] { time.compared(0, -40, -3); }));
  CHECK(raises([&] { time.stored(-1, -20); }));
  CHECK_FALSE(raises([&] { time.stored(-1, -20); }));
  CHECK(time.is_exact());
  CHECK(time.restarts() == 2);
}

TEST_CASE("a time that is moved ahead without end ends in a horizon") {
  TimeAbstraction time(with_clocks({}), 0);
  std::int64_t ahead = 0;
  while (time.is_exact() && ahead < 10'000) {
    raises([&] { time.stored(ahead, ahead + 2); });
    ahead += 2;
  }
  CHECK_FALSE(time.is_exact());
  CHECK(time.time_max() == default_horizon);
  CHECK_FALSE(time.reason().empty());
}

TEST_CASE("which clocks have a finite form") {
  using Kind = TimeAbstraction::Kind;
  model::Clocks clocks;
  CHECK(TimeAbstraction(with_clocks(clocks), 0).mode().kind == Kind::Offsets);
  CHECK(TimeAbstraction(with_clocks(clocks), 7).mode().kind == Kind::Horizon);
  CHECK(TimeAbstraction(with_clocks(clocks), 7).time_max() == 7);
  clocks.drift_ticks = 1;
  clocks.drift_per = 5;
  CHECK(TimeAbstraction(with_clocks(clocks), 0).mode().kind == Kind::Frames);
  clocks.within = 2;
  CHECK(TimeAbstraction(with_clocks(clocks), 0).mode().kind == Kind::Offsets);
  clocks = {};
  clocks.jumps = 1;
  clocks.jump_any = true;
  CHECK(TimeAbstraction(with_clocks(clocks), 0).mode().kind == Kind::Horizon);
  clocks = {};
  clocks.is_free = true;
  model::Protocol free = with_clocks(clocks);
  CHECK(TimeAbstraction(free, 0).mode().kind == Kind::Order);
  free.scenario.is_timely = true;  // ticks may have to wait
  CHECK(TimeAbstraction(free, 0).mode().kind == Kind::Horizon);
}

TEST_CASE("constants that are raised again and again are raised by more") {
  TimeAbstraction time(with_clocks({}), 0);
  raises([&] { time.stored(0, 20); });  // sums of 20 are followed far
  while (time.is_exact()) raises([&] { time.stored(-time.horizon() - 1, -time.horizon() + 19); });
  CHECK(time.restarts() < 30);
  CHECK(time.reason().find("moved back again and again") != std::string::npos);
}

TEST_CASE("what runs have seen is learned at once, and no more than that") {
  model::Clocks clocks;
  clocks.within = 1;
  const model::Protocol protocol = with_clocks(clocks);
  TimeAbstraction time(protocol, 0);
  SeenTimes seen;
  TimeAbstraction watcher = time.watching(seen);
  const auto ask = [](TimeAbstraction& whom) {
    whom.compared(0, -40, 3);
    whom.compared(0, -40, 5);
    whom.compared(0, -4, 9);  // covered by 5
    whom.stored(-1, -20);
    whom.stored(-12, -10);
  };
  CHECK_FALSE(raises([&] { ask(watcher); }));
  CHECK(watcher.restarts() == 0);
  time.learn(seen);
  CHECK(time.gap() == 5);
  CHECK(time.horizon() == 25);
  CHECK(time.restarts() == 0);
  CHECK_FALSE(raises([&] { ask(time); }));
  TimeAbstraction slow(protocol, 0);  // one by one
  while (raises([&] { ask(slow); })) continue;
  CHECK(slow.gap() == time.gap());
  CHECK(slow.horizon() == time.horizon());
  CHECK_FALSE(time.wants_to_look_ahead());
}

TEST_CASE("what runs have seen shows what no horizon follows") {
  TimeAbstraction time(with_clocks({}), 0);
  SeenTimes seen;
  TimeAbstraction watcher = time.watching(seen);
  watcher.stored(-900, -897);
  time.learn(seen);
  CHECK_FALSE(time.is_exact());
  CHECK(time.reason().find("moved back again and again") != std::string::npos);
}

TEST_CASE("free clocks are compared, and nothing else") {
  model::Clocks clocks;
  clocks.is_free = true;
  TimeAbstraction time(with_clocks(clocks), 0);
  CHECK(time.settled(Stamps{1, 4, 7}) == Stamps{2, 4, 6});
  CHECK_FALSE(raises([&] { time.compared(1, 5, 0); }));
  CHECK(raises([&] { time.compared(1, 5, 2); }));
  CHECK_FALSE(time.is_exact());
}

}  // namespace
}  // namespace capstan::checker
