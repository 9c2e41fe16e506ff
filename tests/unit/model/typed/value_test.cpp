// SPDX-License-Identifier: MIT
// Values and types: order, byte form, domains, map keys and printed form.
#include "model/typed/value.hpp"

#include <catch2/catch.hpp>
#include <limits>
#include <random>
#include <string_view>

#include "model/typed/type.hpp"

namespace capstan::model {
namespace {

Value number(std::int64_t n) { return Value::integer(n); }

Value random_value(std::mt19937_64& random, int depth) {
  const auto pick = random() % (depth > 0 ? 7 : 3);
  if (pick == 0) return Value::none();
  if (pick == 1) return number(static_cast<std::int64_t>(random()));
  if (pick == 2) return number(static_cast<std::int64_t>(random() % 300) - 20);
  std::vector<Value> elements;
  for (std::uint64_t i = random() % 4; i > 0; --i) {
    elements.push_back(random_value(random, depth - 1));
  }
  if (pick == 3) return Value::tuple(elements);
  if (pick == 4) return Value::set(elements);
  if (pick == 5) return Value::map(elements);
  return Value::sequence(elements);
}

TEST_CASE(
    "a value read back from its bytes is the same, and bytes are equal only for equal values") {
  const std::uint64_t seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  std::vector<std::pair<Value, std::string>> seen;
  for (int i = 0; i < 300; ++i) {
    const Value value = random_value(random, 3);
    std::string bytes;
    value.append_to(bytes);
    bytes += "rest";
    std::string_view view = bytes;
    REQUIRE(Value::read(view) == value);
    REQUIRE(view == "rest");
    for (const auto& [other, other_bytes] : seen)
      REQUIRE((other == value) == (other_bytes == bytes));
    seen.emplace_back(value, bytes);
  }
}

TEST_CASE("extreme numbers survive the byte form") {
  for (const std::int64_t n :
       {std::int64_t{0}, std::int64_t{239}, std::int64_t{240}, std::int64_t{-1},
        std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()}) {
    std::string bytes;
    number(n).append_to(bytes);
    std::string_view view = bytes;
    CHECK(Value::read(view).number() == n);
    CHECK(view.empty());
  }
}

TEST_CASE("none comes first, tuples compare field by field, sets forget order and repetition") {
  CHECK(Value::none() < number(-5));
  CHECK(Value::tuple({number(1), Value::none()}) < Value::tuple({number(1), number(0)}));
  CHECK(Value::tuple({number(1), number(9)}) < Value::tuple({number(2), number(0)}));
  CHECK(Value::set({number(2), number(1), number(2)}) == Value::set({number(1), number(2)}));
  CHECK(Value::set({number(1), number(3)}).contains(number(3)));
  CHECK_FALSE(Value::set({number(1), number(3)}).contains(number(2)));
  CHECK(Value::sequence({number(3), number(1)}).contains(number(1)));
}

struct Fixture {
  TypeTable types;
  TypeId range, option, status, replica, client, process, pair, map, set, sequence;

  Fixture() {
    types.processes() = {
        {0, 1, "Replica 1"}, {0, 2, "Replica 2"}, {1, 1, "Client 1"}, {1, 2, "Client 2"}};
    const auto add = [&](Type type) { return types.add(std::move(type)); };
    Type t;
    t.kind = Type::Kind::Range;
    t.low = 1, t.high = 2;
    range = add(t);
    t = Type{};
    t.kind = Type::Kind::Option;
    t.element = range;
    option = add(t);
    t = Type{};
    t.kind = Type::Kind::Enumeration;
    t.enumerators = {"idle", "busy"};
    status = add(t);
    t = Type{};
    t.kind = Type::Kind::Process;
    t.role = 0;
    replica = add(t);
    t.role = 1;
    client = add(t);
    t.role = -1;
    process = add(t);
    t = Type{};
    t.kind = Type::Kind::Tuple;
    t.fields = {{"round", range}, {"by", option}};
    pair = add(t);
    t = Type{};
    t.kind = Type::Kind::Map;
    t.key = client;
    t.element = option;
    map = add(t);
    t = Type{};
    t.kind = Type::Kind::Set;
    t.element = replica;
    set = add(t);
    t = Type{};
    t.kind = Type::Kind::Sequence;
    t.element = range;
    t.high = 2;
    sequence = add(t);
  }
};

TEST_CASE_METHOD(Fixture, "domains list every value once, in order, and know their size") {
  for (const auto& [id, size] : std::vector<std::pair<TypeId, std::size_t>>{{range, 2},
                                                                            {option, 3},
                                                                            {status, 2},
                                                                            {replica, 2},
                                                                            {process, 4},
                                                                            {pair, 6},
                                                                            {map, 9},
                                                                            {set, 4},
                                                                            {sequence, 7}}) {
    const auto values = types.domain(id);
    REQUIRE(values);
    INFO(types.describe(id));
    CHECK(values->size() == size);
    CHECK(types.domain_size(id) == size);
    CHECK(std::is_sorted(values->begin(), values->end()));
    CHECK(std::adjacent_find(values->begin(), values->end()) == values->end());
    for (std::size_t i = 0; i < values->size(); ++i) {
      CHECK(types.contains(id, (*values)[i]));
      CHECK(types.key_index(id, (*values)[i]) == i);
    }
  }
  CHECK_FALSE(types.domain(map, 8));
  CHECK_FALSE(types.domain(sequence, 6));
}

TEST_CASE_METHOD(Fixture, "membership checks bounds, roles and shapes") {
  CHECK_FALSE(types.contains(range, number(3)));
  CHECK_FALSE(types.contains(range, Value::none()));
  CHECK(types.contains(option, Value::none()));
  CHECK_FALSE(types.contains(client, number(1)));
  CHECK(types.contains(process, number(1)));
  CHECK_FALSE(types.contains(pair, Value::tuple({number(1)})));
  CHECK_FALSE(types.contains(map, Value::map({number(1)})));
  CHECK_FALSE(types.contains(sequence, Value::sequence({number(1), number(1), number(1)})));
  CHECK_FALSE(types.key_index(range, number(0)));
}

TEST_CASE_METHOD(Fixture, "values and types print as the language writes them") {
  CHECK(types.format(map, Value::map({number(1), Value::none()})) ==
        "{Client 1: 1, Client 2: none}");
  CHECK(types.format(pair, Value::tuple({number(1), Value::none()})) == "(1, none)");
  CHECK(types.format(set, Value::set({number(1), number(0)})) == "{Replica 1, Replica 2}");
  CHECK(types.format(status, number(1)) == "busy");
  CHECK(types.format(sequence, Value::sequence({number(2), number(1)})) == "[2, 1]");
  Type push;
  push.kind = Type::Kind::Message;
  push.name = "Push";
  push.fields = {{"round", range}, {"sender", client}, {"receiver", replica}};
  CHECK(types.format(types.add(push), Value::tuple({number(2), number(2), number(0)})) ==
        "Push(2) from Client 1 to Replica 1");
  CHECK(types.describe(pair) == "(round: 1..2, by: 1..2?)");
  CHECK(types.describe(map) == "map Client -> 1..2?");
  CHECK(types.describe(sequence) == "seq of 1..2 up to 2");
  CHECK(types.describe(process) == "process");
}

TEST_CASE_METHOD(Fixture, "equal types share an id") {
  Type type;
  type.kind = Type::Kind::Range;
  type.low = 1, type.high = 2;
  CHECK(types.add(type) == range);
  type.name = "Value";
  CHECK(types.add(type) != range);
}

}  // namespace
}  // namespace capstan::model
