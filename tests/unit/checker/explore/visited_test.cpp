// SPDX-License-Identifier: MIT
// The visited sets against std::set, with every instruction set that this processor has, across
// growth.
#include "checker/explore/visited.hpp"

#include <catch2/catch.hpp>
#include <cstring>
#include <random>
#include <set>
#include <vector>

namespace capstan::checker {
namespace {

/// Inserts in batches of changing size and compares each answer with a std::set's.
void compare(FingerprintSet& set, std::set<std::uint64_t>& expected,
             const std::vector<std::uint64_t>& fingerprints) {
  std::size_t at = 0;
  for (unsigned size = 1; at < fingerprints.size(); size = size % batch_size + 1) {
    const auto count = static_cast<unsigned>(std::min<std::size_t>(size, fingerprints.size() - at));
    while (set.wants_growth()) REQUIRE(set.grow());
    const std::uint64_t fresh = set.insert(fingerprints.data() + at, count);
    for (unsigned i = 0; i < count; ++i) {
      const bool was_new = expected.insert(fingerprints[at + i]).second;
      if (((fresh >> i & 1) != 0) != was_new) FAIL("fingerprint " << fingerprints[at + i]);
    }
    at += count;
  }
  CHECK(set.size() == expected.size());
}

std::vector<std::uint64_t> random_numbers(std::size_t count, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<std::uint64_t> numbers(count);
  for (std::uint64_t& number : numbers) {
    do number = random();
    while (number == 0);
  }
  return numbers;
}

TEST_CASE("fingerprints are found again, whatever the instruction set, across growth") {
  for (int which = 0; which < FingerprintSet::instruction_sets(); ++which) {
    INFO("instruction set " << which);
    FingerprintSet set(4);
    set.use_instructions(which);
    std::set<std::uint64_t> expected;
    std::vector<std::uint64_t> numbers = random_numbers(100'000, 7);
    numbers.insert(numbers.end(), numbers.begin(), numbers.begin() + 50'000);
    compare(set, expected, numbers);
    compare(set, expected, numbers);
    CHECK(set.bytes() >= set.size() * 8);
    CHECK(set.bytes() < set.size() * 8 * 4);
  }
}

TEST_CASE("a full line overflows into the next, also at the table's end and through a growth") {
  for (int which = 0; which < FingerprintSet::instruction_sets(); ++which) {
    FingerprintSet set(6);
    set.use_instructions(which);
    std::set<std::uint64_t> expected;
    std::vector<std::uint64_t> crowded;
    // The first and the last line of a table of any size below 2^20 lines: 100 fingerprints for 8
    // slots.
    for (std::uint64_t i = 1; i <= 100; ++i) {
      crowded.push_back(i);
      crowded.push_back(~std::uint64_t{0} - i);
    }
    compare(set, expected, crowded);
    REQUIRE(set.grow());
    REQUIRE(set.grow());
    compare(set, expected, crowded);
    compare(set, expected, random_numbers(20'000, 3));
    compare(set, expected, crowded);
  }
}

TEST_CASE("fingerprints that crowd into a stretch of lines survive growth in place") {
  // Lines around the 512 that growth sets aside, and long walks: the hard cases of splitting in
  // place.
  FingerprintSet set(12);
  std::set<std::uint64_t> expected;
  std::vector<std::uint64_t> numbers;
  std::mt19937_64 random(11);
  for (int i = 0; i < 2000; ++i) {
    const std::uint64_t line = 480 + random() % 60;
    numbers.push_back((line << 52) | (random() >> 12) | 1);
  }
  compare(set, expected, numbers);
  for (int growths = 0; growths < 4; ++growths) {
    REQUIRE(set.grow());
    compare(set, expected, numbers);
  }
}

TEST_CASE("growth doubles and the announced size is the real one") {
  FingerprintSet set(8);
  for (int i = 0; i < 6; ++i) {
    const std::size_t announced = set.bytes_after_growth();
    REQUIRE(set.grow());
    CHECK(set.bytes() >= announced);
    CHECK(set.bytes() < announced + 4096);
  }
}

TEST_CASE("the exact set tells states apart that have one hash") {
  constexpr unsigned words = 3;
  const auto poor_hash = [](const std::uint32_t* state) -> std::uint64_t {
    return (std::uint64_t{state[0] % 7} << 61) | (state[1] % 3);
  };
  ExactSet set(words, poor_hash);
  std::set<std::vector<std::uint32_t>> expected;
  std::mt19937 random(5);
  for (int i = 0; i < 20'000; ++i) {
    const auto draw = [&random] { return static_cast<std::uint32_t>(random() % 20); };
    const std::vector<std::uint32_t> state{draw(), draw(), draw()};
    while (set.wants_growth()) REQUIRE(set.grow());
    if (set.insert(poor_hash(state.data()), state.data()) != expected.insert(state).second) {
      FAIL("state " << state[0] << ' ' << state[1] << ' ' << state[2]);
    }
  }
  CHECK(set.size() == expected.size());
}

TEST_CASE("pages grow without losing what is in them and are zero where new") {
  Pages pages;
  CHECK(pages.data() == nullptr);
  std::size_t filled = 0;
  for (const std::size_t size : {std::size_t{4096}, std::size_t{100'000}, std::size_t{5} << 20}) {
    REQUIRE(pages.grow(size));
    REQUIRE(pages.size() >= size);
    const auto* bytes = static_cast<const unsigned char*>(pages.data());
    for (std::size_t i = 0; i < pages.size(); ++i) {
      if (bytes[i] != (i < filled ? 0xab : 0)) FAIL("byte " << i);
    }
    std::memset(pages.data(), 0xab, pages.size());
    filled = pages.size();
  }
  pages.release();
  CHECK(pages.size() == 0);
}

}  // namespace
}  // namespace capstan::checker
