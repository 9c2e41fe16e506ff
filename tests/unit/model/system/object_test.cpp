// SPDX-License-Identifier: MIT
// object: the answers of every built-in object, and of a written-out one.
#include "model/system/object.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <utility>

namespace {

using namespace capstan::model;

Value number(std::int64_t n) { return Value::integer(n); }

/// An object of one kind with the operations that D17 gives it; those in `silent` have no result.
struct Fixture {
  Protocol protocol;

  Fixture(ObjectKind kind, const std::vector<std::string>& ops,
          const std::vector<std::string>& silent) {
    Object& object = protocol.objects.emplace_back();
    object.kind = kind;
    for (const std::string& name : ops) {
      ObjectOp& op = object.ops.emplace_back();
      op.name = name;
      op.has_result = std::find(silent.begin(), silent.end(), name) == silent.end();
    }
  }
  int op(const std::string& name) const {
    const std::vector<ObjectOp>& ops = protocol.objects[0].ops;
    for (std::size_t i = 0; i < ops.size(); ++i) {
      if (ops[i].name == name) return static_cast<int>(i);
    }
    return -1;
  }
  ObjectAnswer answer(const Value& state, const std::string& name,
                      std::vector<Value> args = {}) const {
    return apply(protocol, 0, state, op(name), args);
  }
  bool reads(const std::string& name) const { return is_read_only(protocol.objects[0], op(name)); }
};

}  // namespace

TEST_CASE("a register gives what was written last") {
  const Fixture f(ObjectKind::Register, {"read", "write"}, {"write"});
  const ObjectAnswer written = f.answer(Value::none(), "write", {number(2)});
  CHECK(written.state == number(2));
  CHECK(written.result == Value::none());
  CHECK(f.answer(written.state, "read").result == number(2));
  CHECK(f.answer(Value::none(), "read").result == Value::none());
  CHECK(f.reads("read"));
  CHECK_FALSE(f.reads("write"));
}

TEST_CASE("cas changes the register only from the value that it expects") {
  const Fixture f(ObjectKind::CasRegister, {"read", "write", "cas"}, {"write"});
  const ObjectAnswer done = f.answer(number(1), "cas", {number(1), number(2)});
  CHECK(done.state == number(2));
  CHECK(done.result == Value::boolean(true));
  const ObjectAnswer refused = f.answer(number(3), "cas", {number(1), number(2)});
  CHECK(refused.state == number(3));
  CHECK(refused.result == Value::boolean(false));
  CHECK_FALSE(f.reads("cas"));
}

TEST_CASE("a counter counts") {
  const Fixture f(ObjectKind::Counter, {"read", "increment", "decrement", "add"},
                  {"increment", "decrement", "add"});
  CHECK(f.answer(number(4), "increment").state == number(5));
  CHECK(f.answer(number(4), "decrement").state == number(3));
  CHECK(f.answer(number(4), "add", {number(-6)}).state == number(-2));
  CHECK(f.answer(number(4), "add", {number(1)}).result == Value::none());
  CHECK(f.answer(number(4), "read").result == number(4));
  CHECK_THROWS_AS(f.answer(number(INT64_MAX), "increment"), ModelError);
}

TEST_CASE("a set holds each element once") {
  const Fixture f(ObjectKind::Set, {"read", "add", "remove", "contains"}, {"add", "remove"});
  const Value one = Value::set({number(1)});
  CHECK(f.answer(one, "add", {number(1)}).state == one);
  CHECK(f.answer(one, "add", {number(2)}).state == Value::set({number(1), number(2)}));
  CHECK(f.answer(one, "remove", {number(1)}).state == Value::set({}));
  CHECK(f.answer(one, "contains", {number(1)}).result == Value::boolean(true));
  CHECK(f.answer(one, "contains", {number(2)}).result == Value::boolean(false));
  CHECK(f.answer(one, "read").result == one);
  CHECK(f.reads("contains"));
}

TEST_CASE("a queue gives elements in the order they came, and none when empty") {
  const Fixture f(ObjectKind::Queue, {"enqueue", "dequeue"}, {"enqueue"});
  Value state = Value::sequence({});
  CHECK(f.answer(state, "dequeue").result == Value::none());
  CHECK(f.answer(state, "dequeue").state == state);
  state = f.answer(f.answer(state, "enqueue", {number(1)}).state, "enqueue", {number(2)}).state;
  const ObjectAnswer first = f.answer(state, "dequeue");
  CHECK(first.result == number(1));
  CHECK(first.state == Value::sequence({number(2)}));
}

TEST_CASE("a log keeps everything, a lock is held by one") {
  const Fixture log(ObjectKind::Log, {"append", "read"}, {"append"});
  const Value two = log.answer(Value::sequence({number(1)}), "append", {number(1)}).state;
  CHECK(log.answer(two, "read").result == Value::sequence({number(1), number(1)}));
  const Fixture lock(ObjectKind::Lock, {"acquire", "release"}, {});
  for (const Value& free : {Value::none(), Value::boolean(false)}) {
    CHECK(lock.answer(free, "acquire").result == Value::boolean(true));
    CHECK(lock.answer(free, "release").result == Value::boolean(false));
  }
  const Value held = lock.answer(Value::none(), "acquire").state;
  CHECK(lock.answer(held, "acquire").result == Value::boolean(false));
  CHECK(lock.answer(held, "acquire").state == held);
  CHECK(lock.answer(held, "release").result == Value::boolean(true));
}

namespace {

Statement returning(ExprPtr value) {
  Statement statement;
  statement.kind = StatementKind::Return;
  statement.value = std::move(value);
  return statement;
}

void add_counting_object(Protocol& protocol) {
  // state n: 0..2 = 0; op bump(k) -> int { for i in 1..k { if n == 2 { return 9 } n += 1 } return n
  // }; op peek() -> int { return n }
  Type range;
  range.kind = Type::Kind::Range;
  range.high = 2;
  const TypeId small = protocol.types.add(range);
  Type integer;
  integer.kind = Type::Kind::Int;
  const TypeId whole = protocol.types.add(integer);
  Object& object = protocol.objects.emplace_back();
  object.kind = ObjectKind::Written;
  const auto make = [](ExprKind kind, std::vector<ExprPtr> operands = {}) {
    auto expr = std::make_unique<Expr>();
    expr->kind = kind;
    expr->operands = std::move(operands);
    return expr;
  };
  const auto constant = [&](std::int64_t n) {
    auto expr = make(ExprKind::Constant);
    expr->value = number(n);
    return expr;
  };
  const auto n = [&] {
    auto expr = make(ExprKind::Variable);
    expr->slot = 0;
    return expr;
  };
  ObjectOp& bump = object.ops.emplace_back();
  bump.name = "bump";
  bump.has_result = true;
  bump.result = whole;
  bump.frame.slots.resize(2);
  Statement loop;
  loop.kind = StatementKind::For;
  loop.binders.resize(1);
  loop.binders[0].slots = {1};
  std::vector<ExprPtr> ends;
  ends.push_back(constant(1));
  ends.push_back(make(ExprKind::Local));
  ends.back()->slot = 0;
  loop.binders[0].set = make(ExprKind::Range, std::move(ends));
  Statement full;
  full.kind = StatementKind::If;
  std::vector<ExprPtr> compared;
  compared.push_back(n());
  compared.push_back(constant(2));
  full.value = make(ExprKind::Equal, std::move(compared));
  full.body.push_back(returning(constant(9)));
  loop.body.push_back(std::move(full));
  Statement up;
  up.kind = StatementKind::Assign;
  up.op = AssignOp::Add;
  up.place.slot = 0;
  up.place.type = small;
  up.value = constant(1);
  loop.body.push_back(std::move(up));
  bump.block.push_back(std::move(loop));
  bump.block.push_back(returning(n()));
  ObjectOp& peek = object.ops.emplace_back();
  peek.name = "peek";
  peek.has_result = true;
  peek.result = whole;
  peek.block.push_back(returning(n()));
}

}  // namespace

TEST_CASE("a written-out object runs its own code over its states") {
  Protocol protocol;
  add_counting_object(protocol);
  const Value start = Value::tuple({number(0)});
  const ObjectAnswer two = apply(protocol, 0, start, 0, {number(2)});
  CHECK(two.state == Value::tuple({number(2)}));
  CHECK(two.result == number(2));
  CHECK(apply(protocol, 0, start, 0, {number(3)}).result == number(9));
  CHECK(apply(protocol, 0, two.state, 1, {}).result == number(2));
  CHECK_FALSE(is_read_only(protocol.objects[0], 0));
  CHECK(is_read_only(protocol.objects[0], 1));
}
