// SPDX-License-Identifier: MIT
// The engine's small tables: FlatMap, SequenceInterner, Layer, ParentLog, ComponentTable.
#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <vector>

#include "checker/explore/component.hpp"
#include "checker/explore/flat_map.hpp"
#include "checker/explore/layers.hpp"
#include "checker/explore/questions.hpp"
#include "checker/explore/sequence_interner.hpp"
#include "tests/support/small_system.hpp"

namespace capstan::checker {
namespace {

TEST_CASE("FlatMap agrees with std::map") {
  FlatMap<std::uint32_t> map;
  std::map<std::uint64_t, std::uint32_t> expected;
  std::mt19937_64 random(1);
  for (std::uint32_t i = 0; i < 20'000; ++i) {
    const std::uint64_t key = pair_key(static_cast<std::uint32_t>(random() % 200),
                                       static_cast<std::uint32_t>(random() % 200));
    const std::uint32_t kept = map.insert(key, i);
    CHECK(kept == expected.emplace(key, i).first->second);
  }
  CHECK(map.size() == expected.size());
  for (const auto& [key, value] : expected) {
    REQUIRE(map.find(key) != nullptr);
    CHECK(*map.find(key) == value);
  }
  CHECK(map.find(pair_key(1000, 1)) == nullptr);
}

TEST_CASE("SequenceInterner gives dense ids, equal for equal sequences only") {
  SequenceInterner interner;
  std::map<std::vector<std::uint32_t>, std::uint32_t> expected;
  std::mt19937 random(2);
  for (int i = 0; i < 20'000; ++i) {
    std::vector<std::uint32_t> sequence(random() % 5);
    for (std::uint32_t& word : sequence) word = static_cast<std::uint32_t>(random() % 6);
    const std::uint32_t id = interner.intern(sequence);
    const auto next = static_cast<std::uint32_t>(expected.size());
    REQUIRE(id == expected.emplace(sequence, next).first->second);
    const auto stored = interner[id];
    REQUIRE(std::vector<std::uint32_t>(stored.begin(), stored.end()) == sequence);
  }
  CHECK(interner.size() == expected.size());
  // A view of the interner's own words may be interned, even if they move.
  for (std::uint32_t id = 0; id < interner.size(); ++id) CHECK(interner.intern(interner[id]) == id);
}

TEST_CASE("ParentLog gives back every entry of every layer, large numbers too") {
  ParentLog log;
  std::vector<std::vector<ParentLog::Entry>> expected;
  std::mt19937_64 random(3);
  for (const std::size_t size :
       {std::size_t{1}, std::size_t{5}, std::size_t{0}, std::size_t{300'000}, std::size_t{17}}) {
    log.start_layer();
    expected.emplace_back();
    std::uint64_t parent = 0;
    for (std::size_t i = 0; i < size; ++i) {
      parent += random() % 3 == 0 ? random() % 1000 : 0;
      if (i == 10) parent += std::uint64_t{1} << 40;
      const auto ordinal = static_cast<std::uint32_t>(i % 100 == 7 ? random() : random() % 50);
      log.append(parent, ordinal);
      expected.back().push_back({parent, ordinal});
    }
  }
  CHECK(log.layer_count() == expected.size());
  for (std::size_t layer = 0; layer < expected.size(); ++layer) {
    const std::size_t stride = expected[layer].size() / 40 + 1;
    for (std::size_t index = 0; index < expected[layer].size(); index += stride) {
      const ParentLog::Entry entry = log.at(layer, index);
      CHECK(entry.parent == expected[layer][index].parent);
      CHECK(entry.ordinal == expected[layer][index].ordinal);
    }
  }
  CHECK(log.bytes() < 300'000 * 8);
}

TEST_CASE("a Layer keeps its states, and blocks are used again") {
  Layer layer(3);
  Layer next(3);
  const std::size_t count = Layer::block_states * 2 + 100;
  for (std::uint32_t i = 0; i < count; ++i) {
    std::uint32_t* state = layer.append();
    for (std::uint32_t word = 0; word < 3; ++word) state[word] = i * 3 + word;
  }
  CHECK(layer.size() == count);
  REQUIRE(layer.block_count() == 3);
  CHECK(layer.states_in_block(0) == Layer::block_states);
  CHECK(layer.states_in_block(2) == 100);
  CHECK(layer.block(2)[0] == Layer::block_states * 6);
  const std::size_t bytes = layer.bytes();
  layer.release_block(0, next);
  next.append()[0] = 1;
  CHECK(layer.bytes() + next.bytes() == bytes);
  layer.clear();
  CHECK(layer.size() == 0);
  CHECK(layer.block_count() == 0);
}

TEST_CASE("components: puts, merges and additive hashes") {
  tests::SmallSystem system;
  system.processes = 2;
  system.messages = {{0, 1, 0}, {0, 1, 0}};
  Questions questions(system);
  ComponentTable table(questions, nullptr);
  const ComponentId empty = table.intern(1, 5, {});
  const ComponentId one = table.put(empty, 0, false);
  const ComponentId two = table.put(one, 0, false);
  CHECK(table.put(one, 0, true) == one);    // merged
  CHECK(table.put(empty, 0, true) == one);  // nothing to merge with
  CHECK(two != one);
  CHECK(table.inbox(two).size() == 2);
  CHECK(table.put(table.put(empty, 1, false), 0, false) == table.put(one, 1, false));
  CHECK(table[one].hash - table[empty].hash == table.message_hash(0));
  CHECK(table[two].hash - table[one].hash == table.message_hash(0));
  // The same local state at another process is another component with another hash.
  const ComponentId other = table.intern(0, 5, {});
  CHECK(other != empty);
  CHECK(table[other].hash != table[empty].hash);
}

TEST_CASE("components: a retried request replaces the oldest that nobody waits for") {
  tests::SmallSystem system;
  system.processes = 2;
  system.messages = {{0, 1, 0}, {0, 1, 0}, {0, 1, 1}};
  system.replaced[{0, 2}] = 5;  // message 0 is of age 5, and nobody's
  system.replaced[{1, 2}] = 6;
  Questions questions(system);
  ComponentTable table(questions, nullptr);
  const auto inbox = [&](std::vector<MessageId> before, bool merge) {
    const auto after = table.inbox(table.put(table.intern(1, 5, std::move(before)), 2, merge));
    return std::vector<MessageId>(after.begin(), after.end());
  };
  CHECK(inbox({}, true) == std::vector<MessageId>{2});
  CHECK(inbox({0}, true) == std::vector<MessageId>{2});
  CHECK(inbox({0}, false) == std::vector<MessageId>{0, 2});
  CHECK(inbox({0, 0}, true) == std::vector<MessageId>{0, 2});
  CHECK(inbox({0, 1}, true) == std::vector<MessageId>{0, 2});
  CHECK(inbox({0, 2}, true) == std::vector<MessageId>{0, 2});  // merged with its equal
}

TEST_CASE(
    "components: a purge rewrites the local state and the inbox, and spares who holds no token") {
  tests::SmallSystem system;
  system.processes = 2;
  system.purge_owners = {-1, 0};
  system.messages = {{0, 1, 1}, {0, 1, 0}, {1, 0, 1}};
  system.local_tokens[{1, 3}] = 1;
  system.purged_locals[{1, 3, 1}] = 4;
  system.purged_messages[{0, 1}] = MessageId{1};  // the request is now from nobody
  system.purged_messages[{2, 1}] = std::nullopt;  // the reply is gone
  Questions questions(system);
  ComponentTable table(questions, nullptr);
  const ComponentId holder = table.intern(1, 3, {0, 1});
  CHECK(table.token_mask(holder) == 1);
  const ComponentId purged = table.purge(holder, 1).component;
  CHECK(table[purged].local == 4);
  REQUIRE(table.inbox(purged).size() == 2);
  CHECK(table.inbox(purged)[0] == 1);
  CHECK(table.inbox(purged)[1] == 1);
  CHECK(table.purge(table.intern(0, 0, {2}), 1).component == table.intern(0, 0, {}));
  const ComponentId stranger = table.intern(1, 5, {1});
  CHECK(table.purge(stranger, 1).component == stranger);
  CHECK(table.purge(stranger, 1).difference == 0);
  CHECK(table.purge(holder, 1).difference == table[purged].hash - table[holder].hash);
}

}  // namespace
}  // namespace capstan::checker
