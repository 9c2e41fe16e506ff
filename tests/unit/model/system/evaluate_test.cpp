// SPDX-License-Identifier: MIT
// evaluate: expressions built by hand, one for each kind and each model error.
#include "model/system/evaluate.hpp"

#include <catch2/catch.hpp>
#include <limits>
#include <map>
#include <utility>

namespace {

using namespace capstan::model;
using Values = std::vector<Value>;

Value number(std::int64_t n) { return Value::integer(n); }
Values numbers(std::initializer_list<std::int64_t> list) {
  Values values;
  for (const std::int64_t n : list) values.push_back(number(n));
  return values;
}

/// A protocol with roles Server[2] and Client[1], type Small = 0..3, and maps over Small.
struct World : GlobalView {
  Protocol protocol;
  TypeId small, option, tuple, map, gaps, set, sequence, process;
  Values locals = Values(8);
  Values own = numbers({7, 8});
  Values ghosts = numbers({5});
  std::map<int, Values> others{{0, numbers({10, 11})}, {1, numbers({20, 21})}};

  World() {
    TypeTable& types = protocol.types;
    types.processes() = {{0, 1, "Server 1"}, {0, 2, "Server 2"}, {1, 1, "Client"}};
    small = range("Small", 0, 3);
    option = of(Type::Kind::Option, small);
    process = of(Type::Kind::Process, {});
    tuple = pair(small, option);
    map = of(Type::Kind::Map, small, small);
    gaps = of(Type::Kind::Map, option, small);
    set = of(Type::Kind::Set, small);
    sequence = of(Type::Kind::Sequence, small);
    protocol.ghosts.push_back({.name = "seen", .type = small, .initial = {}, .span = {}});
    for (const char* name : {"Server", "Client"}) {
      Role& role = protocol.roles.emplace_back();
      role.name = name;
      for (const char* variable : {"value", "pair"}) {
        role.variables.push_back({.name = variable, .type = small, .initial = {}, .span = {}});
      }
    }
    protocol.roles[0].count = 2;
    protocol.roles[1].first_process = 2;
  }
  TypeId range(const char* name, std::int64_t low, std::int64_t high) {
    Type type;
    type.kind = Type::Kind::Range;
    type.name = name;
    type.low = low;
    type.high = high;
    return protocol.types.add(std::move(type));
  }
  TypeId of(Type::Kind kind, TypeId element, TypeId key = {}) {
    Type type;
    type.kind = kind;
    type.role = kind == Type::Kind::Process ? 0 : -1;
    type.high = kind == Type::Kind::Sequence ? 3 : 0;
    type.element = element;
    type.key = key;
    return protocol.types.add(std::move(type));
  }
  TypeId pair(TypeId left, TypeId right) {
    Type type;
    type.kind = Type::Kind::Tuple;
    type.fields = {{"left", left}, {"right", right}};
    return protocol.types.add(std::move(type));
  }

  const Values& variables(int p) const override { return others.at(p); }
  Value messages_in_flight(int message) const override {
    return Value::set({Value::tuple(numbers({message, 0, 1}))});
  }
  bool is_live(int p) const override { return p != 1; }
  bool is_done(int p) const override { return p == 1; }

  Environment environment() {
    Environment e;
    e.protocol = &protocol;
    e.locals = &locals;
    e.variables = &own;
    e.ghosts = &ghosts;
    e.self = 1;
    e.global = this;
    e.sender = 2;
    e.asker = Value::tuple(numbers({2, 0}));
    return e;
  }
  Value run(const ExprPtr& expr) {
    Environment e = environment();
    return evaluate(*expr, e);
  }
};

ExprPtr node(ExprKind kind, TypeId type = {}) {
  auto expr = std::make_unique<Expr>();
  expr->kind = kind;
  expr->type = type;
  return expr;
}
ExprPtr constant(Value value, TypeId type = {}) {
  ExprPtr expr = node(ExprKind::Constant, type);
  expr->value = std::move(value);
  return expr;
}
ExprPtr constant(std::int64_t n) { return constant(number(n)); }
ExprPtr local(int slot) {
  ExprPtr expr = node(ExprKind::Local);
  expr->slot = slot;
  return expr;
}
template <typename... Operands>
ExprPtr make(ExprKind kind, Operands... operands) {
  ExprPtr expr = node(kind);
  (expr->operands.push_back(std::move(operands)), ...);
  return expr;
}
ExprPtr typed(ExprPtr expr, TypeId type) {
  expr->type = type;
  return expr;
}
ExprPtr indexed(ExprPtr expr, int index) {
  expr->index = index;
  return expr;
}
ExprPtr set_of(std::initializer_list<std::int64_t> list) {
  return constant(Value::set(numbers(list)));
}
ExprPtr sequence_of(std::initializer_list<std::int64_t> list) {
  return constant(Value::sequence(numbers(list)));
}

std::string error_of(World& world, const ExprPtr& expr) {
  try {
    (void)world.run(expr);
  } catch (const ModelError& error) {
    return error.message;
  }
  return "no error";
}

/// kind(value for local 0 in `set` where local 0 > 1)
ExprPtr comprehension(ComprehensionKind kind, ExprPtr set, ExprPtr value, ExprPtr where = nullptr) {
  ExprPtr expr = node(ExprKind::Comprehension);
  expr->comprehension = std::make_unique<Comprehension>();
  expr->comprehension->kind = kind;
  Binder binder;
  binder.slots = {0};
  binder.set = std::move(set);
  expr->comprehension->binders.push_back(std::move(binder));
  expr->comprehension->value = std::move(value);
  expr->comprehension->where = std::move(where);
  return expr;
}

using enum ExprKind;

}  // namespace

TEST_CASE("names read the frame, the process, and the ghosts") {
  World world;
  world.locals[3] = number(42);
  CHECK(world.run(local(3)) == number(42));
  ExprPtr variable = node(ExprKind::Variable);
  variable->slot = 1;
  CHECK(world.run(variable) == number(8));
  CHECK(world.run(indexed(node(ExprKind::Ghost), 0)) == number(5));
  CHECK(world.run(node(Self)) == number(1));
  CHECK(world.run(node(Sender)) == number(2));
  CHECK(world.run(node(AskerToken)) == Value::tuple(numbers({2, 0})));
  CHECK(world.run(make(ProcessIndex, node(Self))) == number(2));
  CHECK(world.run(indexed(make(RoleMember, constant(1)), 1)) == number(2));
  CHECK(error_of(world, indexed(make(RoleMember, constant(2)), 1)) ==
        "there is no `Client 2`: they are counted from 1 to 1");
}

TEST_CASE("arithmetic is exact, divides downwards, and says when it cannot go on") {
  World world;
  const std::int64_t most = std::numeric_limits<std::int64_t>::max();
  const std::int64_t least = std::numeric_limits<std::int64_t>::min();
  CHECK(world.run(make(Add, constant(2), constant(3))) == number(5));
  CHECK(world.run(make(Subtract, constant(2), constant(3))) == number(-1));
  CHECK(world.run(make(Multiply, constant(2), constant(3))) == number(6));
  CHECK(world.run(make(Divide, constant(-7), constant(2))) == number(-4));
  CHECK(world.run(make(Divide, constant(7), constant(-2))) == number(-4));
  CHECK(world.run(make(Divide, constant(-6), constant(2))) == number(-3));
  CHECK(world.run(make(Modulo, constant(-7), constant(3))) == number(2));
  CHECK(world.run(make(Modulo, constant(-7), constant(-3))) == number(2));
  CHECK(world.run(make(Modulo, constant(least), constant(-1))) == number(0));
  CHECK(world.run(make(Abs, constant(-4))) == number(4));
  CHECK(world.run(make(Negate, constant(4))) == number(-4));
  CHECK(error_of(world, make(Divide, constant(1), constant(0))) == "division by zero: 1 / 0");
  CHECK(error_of(world, make(Modulo, constant(1), constant(0))) == "division by zero: 1 % 0");
  for (const auto& [kind, a, b] :
       {std::tuple{Add, most, std::int64_t{1}}, std::tuple{Subtract, least, std::int64_t{1}},
        std::tuple{Multiply, most, std::int64_t{2}}, std::tuple{Divide, least, std::int64_t{-1}}}) {
    CHECK(error_of(world, make(kind, constant(a), constant(b)))
              .starts_with("a number outgrows 64 bits"));
  }
}

TEST_CASE("the right operand counts only if the left one leaves the result open") {
  World world;
  const auto failing = [] { return make(Divide, constant(1), constant(0)); };
  CHECK(world.run(make(And, constant(0), failing())) == number(0));
  CHECK(world.run(make(Or, constant(1), failing())) == number(1));
  CHECK(world.run(make(Implies, constant(0), failing())) == number(1));
  CHECK(world.run(make(And, constant(1), constant(0))) == number(0));
  CHECK(world.run(make(Or, constant(0), constant(1))) == number(1));
  CHECK(world.run(make(Implies, constant(1), constant(0))) == number(0));
  CHECK(world.run(make(Coalesce, constant(3), failing())) == number(3));
  CHECK(world.run(make(Coalesce, constant(Value::none()), constant(4))) == number(4));
  CHECK(world.run(make(If, constant(1), constant(2), failing())) == number(2));
  CHECK(world.run(make(If, constant(0), failing(), constant(3))) == number(3));
  CHECK(world.run(make(Not, constant(0))) == number(1));
}

TEST_CASE("none is before every value, and `!` of it is a model error") {
  World world;
  const auto none = [] { return constant(Value::none()); };
  CHECK(world.run(make(Less, none(), constant(0))) == number(1));
  CHECK(world.run(make(GreaterEqual, none(), constant(0))) == number(0));
  CHECK(world.run(make(Equal, none(), none())) == number(1));
  CHECK(world.run(make(NotEqual, constant(1), constant(1))) == number(0));
  CHECK(world.run(make(Greater, constant(2), constant(1))) == number(1));
  CHECK(world.run(make(LessEqual, constant(2), constant(1))) == number(0));
  CHECK(world.run(make(Max2, none(), constant(1))) == number(1));
  CHECK(world.run(make(Min2, none(), constant(1))) == Value::none());
  CHECK(world.run(make(Force, constant(2))) == number(2));
  CHECK(error_of(world, make(Force, none())) == "`!` of `none`");
}

TEST_CASE("collections") {
  World world;
  CHECK(world.run(make(Range, constant(2), constant(4))) == Value::set(numbers({2, 3, 4})));
  CHECK(world.run(make(Range, constant(4), constant(2))) == Value::set({}));
  CHECK(error_of(world, make(Range, constant(1), constant(2'000'000))) ==
        "the range 1..2000000 has more than 1000000 elements");
  CHECK(world.run(make(Union, set_of({1, 3}), set_of({2, 3}))) == Value::set(numbers({1, 2, 3})));
  CHECK(world.run(make(Difference, set_of({1, 3}), set_of({3, 4}))) == Value::set(numbers({1})));
  CHECK(world.run(make(SubsetEqual, set_of({1}), set_of({1, 2}))) == number(1));
  CHECK(world.run(make(SubsetEqual, set_of({1, 3}), set_of({1, 2}))) == number(0));
  CHECK(world.run(make(In, constant(3), set_of({1, 3}))) == number(1));
  CHECK(world.run(make(NotIn, constant(3), sequence_of({3, 1}))) == number(0));
  CHECK(world.run(make(Concatenate, sequence_of({3, 1}), sequence_of({3}))) ==
        Value::sequence(numbers({3, 1, 3})));
  CHECK(world.run(make(MakeSet, constant(3), constant(1), constant(3))) ==
        Value::set(numbers({1, 3})));
  CHECK(world.run(make(MakeSequence, constant(3), constant(1))) ==
        Value::sequence(numbers({3, 1})));
  CHECK(world.run(indexed(make(Field, make(MakeTuple, constant(3), constant(1))), 1)) == number(1));
  CHECK(world.run(make(Sum, set_of({1, 3}))) == number(4));
  CHECK(world.run(make(Size, sequence_of({1, 1}))) == number(2));
  CHECK(world.run(make(First, sequence_of({4, 1}))) == number(4));
  CHECK(world.run(make(Last, sequence_of({4, 1}))) == number(1));
  CHECK(world.run(make(Max, sequence_of({4, 1}))) == number(4));
  CHECK(world.run(make(Min, sequence_of({4, 1}))) == number(1));
  CHECK(world.run(make(Max, set_of({}), constant(9))) == number(9));
  CHECK(error_of(world, make(Max, set_of({}))) == "`max` of nothing");
  CHECK(error_of(world, make(Min, set_of({}))) == "`min` of nothing");
  CHECK(error_of(world, make(First, sequence_of({}))) == "`first` of nothing");
  CHECK(error_of(world, make(Last, sequence_of({}))) == "`last` of nothing");
}

TEST_CASE("indices count from 1, slices are clipped, maps are total") {
  World world;
  CHECK(world.run(make(SequenceIndex, sequence_of({5, 6}), constant(2))) == number(6));
  CHECK(error_of(world, make(SequenceIndex, sequence_of({5, 6}), constant(3))) ==
        "index 3 lies outside a sequence of 2");
  CHECK(error_of(world, make(SequenceIndex, sequence_of({5, 6}), constant(0))) ==
        "index 0 lies outside a sequence of 2");
  CHECK(world.run(make(Slice, sequence_of({5, 6, 7}), constant(2), constant(9))) ==
        Value::sequence(numbers({6, 7})));
  CHECK(world.run(make(Slice, sequence_of({5, 6, 7}), constant(-1), constant(1))) ==
        Value::sequence(numbers({5})));
  const auto map = [&](std::initializer_list<std::int64_t> list) {
    return constant(Value::map(numbers(list)), world.map);
  };
  CHECK(world.run(make(MapIndex, map({5, 6, 7, 8}), constant(2))) == number(7));
  CHECK(error_of(world, make(MapIndex, map({5, 6, 7, 8}), constant(4))) ==
        "4 is no key of the map: its keys are Small");
  CHECK(world.run(typed(make(ConstantMap, constant(1)), world.map)) ==
        Value::map(numbers({1, 1, 1, 1})));
  CHECK(world.run(make(MakeMap, constant(1), constant(2))) == Value::map(numbers({1, 2})));
  CHECK(world.run(make(PointwiseMax, map({1, 2, 0, 0}), map({0, 3, 1, 0}))) ==
        Value::map(numbers({1, 3, 1, 0})));
  CHECK(world.run(make(PointwiseMin, map({1, 2, 0, 0}), map({0, 3, 1, 0}))) ==
        Value::map(numbers({0, 2, 0, 0})));
  CHECK(world.run(make(PointwiseLessEqual, map({1, 2, 0, 0}), map({1, 3, 1, 0}))) == number(1));
  CHECK(world.run(make(PointwiseLessEqual, map({1, 2, 0, 0}), map({0, 3, 1, 0}))) == number(0));
}

TEST_CASE("comprehensions bind, filter and fold") {
  World world;
  const auto all = [] { return set_of({1, 2, 3}); };
  const auto above_one = [] { return make(Greater, local(0), constant(1)); };
  const auto doubled = [] { return make(Multiply, local(0), constant(2)); };
  using enum ComprehensionKind;
  CHECK(world.run(comprehension(Set, all(), doubled(), above_one())) ==
        Value::set(numbers({4, 6})));
  CHECK(world.run(comprehension(Sequence, sequence_of({3, 1, 3}), doubled())) ==
        Value::sequence(numbers({6, 2, 6})));
  CHECK(world.run(comprehension(ComprehensionKind::Sum, all(), doubled())) == number(12));
  CHECK(world.run(comprehension(ComprehensionKind::Max, all(), doubled())) == number(6));
  CHECK(world.run(comprehension(ComprehensionKind::Min, all(), doubled(), above_one())) ==
        number(4));
  CHECK(world.run(comprehension(Every, all(), above_one())) == number(0));
  CHECK(world.run(comprehension(Every, set_of({}), constant(0))) == number(1));
  CHECK(world.run(comprehension(Some, all(), above_one())) == number(1));
  CHECK(world.run(comprehension(Some, set_of({1}), above_one())) == number(0));
  CHECK(world.run(comprehension(Count, all(), above_one())) == number(2));
  CHECK(error_of(world, comprehension(ComprehensionKind::Max, set_of({}), doubled())) ==
        "`max` of nothing");
  ExprPtr with_default = comprehension(ComprehensionKind::Max, set_of({}), doubled());
  with_default->comprehension->otherwise = constant(7);
  CHECK(world.run(with_default) == number(7));
}

TEST_CASE("every and some stop at the first element that decides") {
  World world;
  const auto failing_at_two = [] {
    return make(Divide, constant(1), make(Subtract, constant(2), local(0)));
  };
  CHECK(world.run(comprehension(ComprehensionKind::Some, set_of({1, 2}), failing_at_two())) ==
        number(1));
  CHECK(error_of(world, comprehension(ComprehensionKind::Every, set_of({1, 2}), failing_at_two()))
            .starts_with("division by zero"));
}

TEST_CASE("map comprehensions fill gaps with none and complain without gaps") {
  World world;
  const auto map_of = [&](TypeId type, ExprPtr set) {
    ExprPtr expr = comprehension(ComprehensionKind::Map, std::move(set),
                                 make(Subtract, constant(3), local(0)));
    expr->comprehension->key = local(0);
    return typed(std::move(expr), type);
  };
  CHECK(world.run(map_of(world.map, set_of({0, 1, 2, 3}))) == Value::map(numbers({3, 2, 1, 0})));
  CHECK(world.run(map_of(world.gaps, set_of({1}))) ==
        Value::map({Value::none(), number(2), Value::none(), Value::none()}));
  CHECK(error_of(world, map_of(world.map, set_of({1}))) ==
        "the map has no value for some of its keys");
  CHECK(error_of(world, map_of(world.map, set_of({9}))) ==
        "9 is no key of the map: its keys are Small");
}

TEST_CASE("bindings come in order; later sets may read earlier slots; the body may stop them") {
  World world;
  std::vector<Binder> binders(2);
  binders[0].slots = {0, 1};  // a, b in {1, 2}
  binders[0].set = set_of({1, 2});
  binders[1].slots = {2};  // c in a..b
  binders[1].set = make(Range, local(0), local(1));
  const ExprPtr where = make(NotEqual, local(2), constant(9));
  std::vector<std::vector<std::int64_t>> seen;
  Environment environment = world.environment();
  const auto note = [&] {
    seen.push_back({world.locals[0].number(), world.locals[1].number(), world.locals[2].number()});
    return seen.size() < 3;
  };
  for_each_binding(binders, where.get(), environment, note);
  CHECK(seen == std::vector<std::vector<std::int64_t>>{{1, 1, 1}, {1, 2, 1}, {1, 2, 2}});
}

TEST_CASE("functions are evaluated in their own frame, and of another process over its variables") {
  World world;
  Function& function = world.protocol.functions.emplace_back();
  function.frame.slots.resize(1);
  ExprPtr variable = node(ExprKind::Variable);
  variable->slot = 0;
  function.value = make(Add, local(0), std::move(variable));
  world.locals[0] = number(100);
  CHECK(world.run(indexed(make(Call, constant(1)), 0)) == number(8));
  CHECK(world.run(indexed(make(OtherCall, constant(0), constant(1)), 0)) == number(11));
  CHECK(world.locals[0] == number(100));
}

TEST_CASE("a chain of functions without end is a model error, not a crash") {
  World world;
  world.protocol.functions.resize(1);
  world.protocol.functions[0].value = indexed(make(Call), 0);
  CHECK(error_of(world, indexed(make(Call), 0)) == "function calls are nested too deeply");
  CHECK(error_of(world, indexed(make(Call), 0)) == "function calls are nested too deeply");
}

TEST_CASE("properties look into other processes and into the network") {
  World world;
  ExprPtr other = make(OtherVariable, constant(1));
  other->slot = 1;
  CHECK(world.run(other) == number(21));
  CHECK(world.run(make(IsLive, constant(1))) == number(0));
  CHECK(world.run(make(IsDone, constant(1))) == number(1));
  CHECK(world.run(indexed(node(MessagesInFlight), 4)) ==
        Value::set({Value::tuple(numbers({4, 0, 1}))}));
}

TEST_CASE("an assignment changes a part, keeps the rest, and checks what is stored") {
  World world;
  Environment environment = world.environment();
  Place place;
  place.slot = 0;
  place.type = world.small;
  CHECK(assign(place, AssignOp::Set, number(1), number(3), environment) == number(3));
  CHECK(assign(place, AssignOp::Add, number(1), number(2), environment) == number(3));
  CHECK(assign(place, AssignOp::Subtract, number(3), number(2), environment) == number(1));
  CHECK_THROWS_AS(assign(place, AssignOp::Add, number(2), number(2), environment), ModelError);
  try {
    (void)assign(place, AssignOp::Add, number(2), number(2), environment);
  } catch (const ModelError& error) {
    CHECK(error.message == "`value` would be 4, outside 0..3");
  }
  place.type = world.set;
  CHECK(assign(place, AssignOp::Add, Value::set(numbers({1})), Value::set(numbers({2})),
               environment) == Value::set(numbers({1, 2})));
  CHECK(assign(place, AssignOp::Subtract, Value::set(numbers({1, 2})), Value::set(numbers({2})),
               environment) == Value::set(numbers({1})));
  place.type = world.sequence;
  const Value full = Value::sequence(numbers({1, 2, 3}));
  CHECK(assign(place, AssignOp::Add, Value::sequence({}), full, environment) == full);
  CHECK_THROWS_AS(assign(place, AssignOp::Add, full, full, environment), ModelError);
}

TEST_CASE("an assignment reaches fields, keys and indices at depth") {
  World world;
  Environment environment = world.environment();
  const TypeId rows = world.of(Type::Kind::Map, world.tuple, world.small);
  Place place;
  place.slot = 1;
  place.type = world.small;
  place.steps.push_back({Place::Step::Kind::MapKey, -1, constant(2), rows});
  place.steps.push_back({Place::Step::Kind::Field, 0, nullptr, world.tuple});
  const Value row = Value::tuple({number(1), Value::none()});
  const Value changed =
      assign(place, AssignOp::Add, Value::map({row, row, row, row}), number(2), environment);
  CHECK(changed == Value::map({row, row, Value::tuple({number(3), Value::none()}), row}));
  try {
    (void)assign(place, AssignOp::Add, Value::map({row, row, row, row}), number(9), environment);
    FAIL("9 + 1 fits in no Small");
  } catch (const ModelError& error) {
    CHECK(error.message == "`pair[2].left` would be 10, outside 0..3");
  }
  Place element;
  element.slot = 0;
  element.type = world.small;
  element.steps.push_back({Place::Step::Kind::SequenceIndex, -1, constant(2), world.sequence});
  CHECK(assign(element, AssignOp::Set, Value::sequence(numbers({1, 2})), number(0), environment) ==
        Value::sequence(numbers({1, 0})));
  CHECK_THROWS_AS(
      assign(element, AssignOp::Set, Value::sequence(numbers({1})), number(0), environment),
      ModelError);
  place.root = Place::Root::Ghost;
  place.slot = 0;
  place.steps.clear();
  try {
    (void)assign(place, AssignOp::Set, number(0), number(9), environment);
    FAIL("9 is no Small");
  } catch (const ModelError& error) {
    CHECK(error.message == "`seen` would be 9, outside 0..3");
  }
}

TEST_CASE("captions show values as their types do") {
  World world;
  Caption caption;
  caption.pieces = {"", " holds ", ""};
  caption.holes.push_back(typed(node(Self), world.process));
  caption.holes.push_back(constant(number(2), world.small));
  Environment environment = world.environment();
  CHECK(format_caption(caption, environment) == "Server 2 holds 2");
}
