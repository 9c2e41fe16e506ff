// SPDX-License-Identifier: MIT
// history_generator: see the header.
#include "tests/differential/history_generator.hpp"

#include <fmt/format.h>

#include <utility>

#include "model/system/object.hpp"

namespace capstan::tests {

using model::AssignOp;
using model::Expr;
using model::ExprKind;
using model::ExprPtr;
using model::History;
using model::HistoryEvent;
using model::Object;
using model::ObjectKind;
using model::ObjectOp;
using model::Protocol;
using model::Statement;
using model::StatementKind;
using model::Type;
using model::TypeId;
using model::Value;

namespace {

struct Types {
  TypeId boolean, number, value, set, sequence, option;
};

Types add_types(Protocol& protocol) {
  Types types;
  const auto add = [&](Type::Kind kind, TypeId element = {}, std::int64_t low = 0,
                       std::int64_t high = 0) {
    Type type;
    type.kind = kind;
    type.element = element;
    type.low = low;
    type.high = high;
    return protocol.types.add(type);
  };
  types.boolean = add(Type::Kind::Bool);
  types.number = add(Type::Kind::Int);
  types.value = add(Type::Kind::Range, {}, 0, 3);
  types.set = add(Type::Kind::Set, types.value);
  types.sequence = add(Type::Kind::Sequence, types.value, 0, 8);
  types.option = add(Type::Kind::Option, types.value);
  return types;
}

ObjectOp make_op(const std::string& name, std::vector<Type::Field> parameters,
                 bool has_result = false, TypeId result = {}) {
  ObjectOp op;
  op.name = name;
  for (const Type::Field& parameter : parameters)
    op.frame.slots.push_back({parameter.name, parameter.type});
  op.frame.parameter_count = static_cast<int>(parameters.size());
  op.parameters = std::move(parameters);
  op.has_result = has_result;
  op.result = result;
  return op;
}

ExprPtr slot(ExprKind kind, TypeId type, int number) {
  auto expr = std::make_unique<Expr>();
  expr->kind = kind;
  expr->type = type;
  expr->slot = number;
  return expr;
}
ExprPtr truth(const Types& types, bool value) {
  auto expr = std::make_unique<Expr>();
  expr->type = types.boolean;
  expr->value = Value::boolean(value);
  return expr;
}
Statement give(ExprPtr value) {
  Statement statement;
  statement.kind = StatementKind::Return;
  statement.value = std::move(value);
  return statement;
}
Statement change_balance(const Types& types, AssignOp op) {
  Statement statement;
  statement.kind = StatementKind::Assign;
  statement.place.slot = 0;
  statement.place.type = types.number;
  statement.op = op;
  statement.value = slot(ExprKind::Local, types.number, 0);
  return statement;
}

void add_account(Object& object, const Types& types) {
  object.states.push_back({"balance", types.number});
  object.initial = Value::tuple({Value::integer(2)});
  ObjectOp withdraw = make_op("withdraw", {{"n", types.number}}, true, types.boolean);
  auto is_short = std::make_unique<Expr>();
  is_short->kind = ExprKind::Greater;
  is_short->type = types.boolean;
  is_short->operands.push_back(slot(ExprKind::Local, types.number, 0));
  is_short->operands.push_back(slot(ExprKind::Variable, types.number, 0));
  Statement refuse;
  refuse.kind = StatementKind::If;
  refuse.value = std::move(is_short);
  refuse.body.push_back(give(truth(types, false)));
  withdraw.block.push_back(std::move(refuse));
  withdraw.block.push_back(change_balance(types, AssignOp::Subtract));
  withdraw.block.push_back(give(truth(types, true)));
  object.ops.push_back(std::move(withdraw));
  ObjectOp deposit = make_op("deposit", {{"n", types.number}});
  deposit.block.push_back(change_balance(types, AssignOp::Add));
  object.ops.push_back(std::move(deposit));
  ObjectOp balance = make_op("balance", {}, true, types.number);
  balance.block.push_back(give(slot(ExprKind::Variable, types.number, 0)));
  object.ops.push_back(std::move(balance));
}

void add_ops(Object& object, const Types& types) {
  const std::vector<Type::Field> one{{"v", types.value}};
  using enum ObjectKind;
  switch (object.kind) {
    case CasRegister:
      object.ops.push_back(
          make_op("cas", {{"old", types.value}, {"new", types.value}}, true, types.boolean));
      [[fallthrough]];
    case Register:
      object.initial = Value::integer(0);
      object.ops.push_back(make_op("read", {}, true, types.value));
      object.ops.push_back(make_op("write", one));
      return;
    case Counter:
      object.initial = Value::integer(0);
      object.ops.push_back(make_op("read", {}, true, types.number));
      object.ops.push_back(make_op("increment", {}));
      object.ops.push_back(make_op("decrement", {}));
      object.ops.push_back(make_op("add", {{"n", types.number}}));
      return;
    case Set:
      object.initial = Value::set({});
      object.ops.push_back(make_op("read", {}, true, types.set));
      object.ops.push_back(make_op("add", one));
      object.ops.push_back(make_op("remove", one));
      object.ops.push_back(make_op("contains", one, true, types.boolean));
      return;
    case Queue:
      object.initial = Value::sequence({});
      object.ops.push_back(make_op("enqueue", one));
      object.ops.push_back(make_op("dequeue", {}, true, types.option));
      return;
    case Log:
      object.initial = Value::sequence({});
      object.ops.push_back(make_op("append", one));
      object.ops.push_back(make_op("read", {}, true, types.sequence));
      return;
    case Lock:
      object.initial = Value::boolean(false);
      object.ops.push_back(make_op("acquire", {}, true, types.boolean));
      object.ops.push_back(make_op("release", {}, true, types.boolean));
      return;
    case Written:
      add_account(object, types);
      return;
  }
}

}  // namespace

Protocol make_object_protocol(ObjectKind kind, int clients) {
  Protocol protocol;
  protocol.name = kind_name(kind);
  const Types types = add_types(protocol);
  Object object;
  object.name = kind == ObjectKind::Written ? "account" : "x";
  object.kind = kind;
  object.element = types.value;
  add_ops(object, types);
  protocol.objects.push_back(std::move(object));
  model::Role role;
  role.name = "Client";
  role.count = clients;
  protocol.roles.push_back(std::move(role));
  for (int i = 1; i <= clients; ++i)
    protocol.types.processes().push_back({0, i, fmt::format("Client {}", i)});
  return protocol;
}

const std::vector<ObjectKind>& all_kinds() {
  using enum ObjectKind;
  static const std::vector<ObjectKind> kinds{Register, CasRegister, Counter, Set,
                                             Queue,    Log,         Lock,    Written};
  return kinds;
}

std::string kind_name(ObjectKind kind) {
  using enum ObjectKind;
  switch (kind) {
    case Register:
      return "register";
    case CasRegister:
      return "cas_register";
    case Counter:
      return "counter";
    case Set:
      return "set";
    case Queue:
      return "queue";
    case Log:
      return "log";
    case Lock:
      return "lock";
    case Written:
      return "account";
  }
  return "";
}

namespace {

class RandomHistory {
 public:
  RandomHistory(const Protocol& protocol, std::mt19937_64& random,
                const RandomHistoryOptions& options)
      : protocol_(protocol),
        object_(protocol.objects[0]),
        random_(random),
        options_(options),
        state_(object_.initial),
        clients_(static_cast<std::size_t>(protocol.process_count())) {}

  std::vector<HistoryEvent> make() {
    int left =
        options_.operations_least + below(options_.operations_most - options_.operations_least + 1);
    while (true) {
      std::vector<int> open;
      for (std::size_t c = 0; c < clients_.size(); ++c) {
        if (!clients_[c].is_stuck && (clients_[c].is_busy || left > 0))
          open.push_back(static_cast<int>(c));
      }
      if (open.empty()) return std::move(events_);
      const int process = open[static_cast<std::size_t>(below(static_cast<int>(open.size())))];
      Client& client = clients_[static_cast<std::size_t>(process)];
      if (client.is_busy) {
        go_on(process, client);
      } else {
        invoke(process, client);
        --left;
      }
    }
  }

 private:
  struct Client {
    bool is_busy = false, is_stuck = false, has_effect = false;
    int op = -1;
    std::vector<Value> args;
    Value result;
  };

  int below(int bound) { return static_cast<int>(random_() % static_cast<std::uint64_t>(bound)); }
  bool chance(double p) { return std::uniform_real_distribution<>(0, 1)(random_) < p; }
  Value any_value() { return Value::integer(1 + below(3)); }

  void invoke(int process, Client& client) {
    client = {};
    client.is_busy = true;
    client.op = below(static_cast<int>(object_.ops.size()));
    const ObjectOp& op = object_.ops[static_cast<std::size_t>(client.op)];
    for (std::size_t i = 0; i < op.parameters.size(); ++i) client.args.push_back(any_value());
    if (op.name == "cas" && chance(0.3)) client.args[0] = Value::integer(0);
    events_.push_back(event(HistoryEvent::Kind::Invoke, process, client));
  }

  void take_effect(Client& client) {
    const model::ObjectAnswer answer = model::apply(protocol_, 0, state_, client.op, client.args);
    state_ = answer.state;
    past_.push_back(state_);
    client.result = answer.result;
    client.has_effect = true;
  }

  void go_on(int process, Client& client) {
    if (!client.has_effect && chance(0.4)) return take_effect(client);
    if (chance(options_.left_pending)) {
      client.is_stuck = true;
      return;
    }
    client.is_busy = false;
    if (chance(options_.fail) && (!client.has_effect || chance(0.2))) {
      events_.push_back(event(HistoryEvent::Kind::Fail, process, client));
      return;
    }
    if (chance(options_.info)) {
      events_.push_back(event(HistoryEvent::Kind::Info, process, client));
      return;
    }
    if (!client.has_effect) take_effect(client);
    if (object_.ops[static_cast<std::size_t>(client.op)].has_result &&
        chance(options_.wrong_answer)) {
      client.result = any_result(client);
    }
    events_.push_back(event(HistoryEvent::Kind::Ok, process, client));
  }

  /// Mostly what an earlier state would have answered, as a stale replica does.
  Value any_result(const Client& client) {
    if (chance(0.7)) {
      const Value& stale =
          past_.empty() ? state_
                        : past_[static_cast<std::size_t>(below(static_cast<int>(past_.size())))];
      return model::apply(protocol_, 0, stale, client.op, client.args).result;
    }
    const ObjectOp& op = object_.ops[static_cast<std::size_t>(client.op)];
    const Type& type = protocol_.types.at(op.result);
    std::vector<Value> some;
    for (int i = below(4); i > 0; --i) some.push_back(any_value());
    switch (type.kind) {
      case Type::Kind::Bool:
        return Value::boolean(below(2) == 1);
      case Type::Kind::Int:
        return Value::integer(below(6) - 1);
      case Type::Kind::Option:
        return below(3) == 0 ? Value::none() : any_value();
      case Type::Kind::Set:
        return Value::set(some);
      case Type::Kind::Sequence:
        return Value::sequence(some);
      case Type::Kind::Range:
        return Value::integer(below(4));
      default:  // no operation here returns anything else
        return Value::none();
    }
  }

  static HistoryEvent event(HistoryEvent::Kind kind, int process, const Client& client) {
    HistoryEvent event;
    event.kind = kind;
    event.process = process;
    event.object = 0;
    event.op = client.op;
    if (kind == HistoryEvent::Kind::Invoke) event.args = client.args;
    if (kind == HistoryEvent::Kind::Ok) event.result = client.result;
    return event;
  }

  const Protocol& protocol_;
  const Object& object_;
  std::mt19937_64& random_;
  const RandomHistoryOptions& options_;
  Value state_;
  std::vector<Value> past_;
  std::vector<Client> clients_;
  std::vector<HistoryEvent> events_;
};

}  // namespace

std::vector<HistoryEvent> random_events(const Protocol& protocol, std::mt19937_64& random,
                                        const RandomHistoryOptions& options) {
  return RandomHistory(protocol, random, options).make();
}

void for_each_register_history(int count, bool pending,
                               const std::function<void(const std::vector<HistoryEvent>&)>& body) {
  constexpr int kKinds = 5;  // write 1, write 2, read 0, read 1, read 2
  const auto size = static_cast<std::size_t>(count);
  std::vector<int> kind(size, 0),
      gap(size, 0);  // operation i ends after the invocation of i + gap, or never
  const auto gaps = [&](std::size_t i) { return count - static_cast<int>(i) + (pending ? 1 : 0); };
  const auto advance = [&] {
    for (std::size_t i = 0; i < size; ++i) {
      if (++kind[i] < kKinds) return true;
      kind[i] = 0;
    }
    for (std::size_t i = 0; i < size; ++i) {
      if (++gap[i] < gaps(i)) return true;
      gap[i] = 0;
    }
    return false;
  };
  std::vector<HistoryEvent> events;
  do {
    events.clear();
    for (int at = 0; at < count; ++at) {
      HistoryEvent event;
      event.process = at;
      event.object = 0;
      const int mine = kind[static_cast<std::size_t>(at)];
      event.op = mine < 2 ? 1 : 0;
      if (mine < 2) event.args = {Value::integer(mine + 1)};
      events.push_back(event);
      for (int i = 0; i <= at; ++i) {
        const int other = kind[static_cast<std::size_t>(i)];
        if (i + gap[static_cast<std::size_t>(i)] != at) continue;
        HistoryEvent end;
        end.kind = HistoryEvent::Kind::Ok;
        end.process = i;
        end.object = 0;
        end.op = other < 2 ? 1 : 0;
        if (other >= 2) end.result = Value::integer(other - 2);
        events.push_back(end);
      }
    }
    body(events);
  } while (advance());
}

namespace {

/// Tries every operation as the next one, pending ones too; an order may end as soon as all
/// answered operations are in it.
bool can_go_on(const Protocol& protocol, const History& history, std::vector<bool>& placed,
               const Value& state) {
  bool is_complete = true;
  for (std::size_t i = 0; i < history.size(); ++i)
    is_complete = is_complete && (placed[i] || history[i].is_pending());
  if (is_complete) return true;
  for (std::size_t i = 0; i < history.size(); ++i) {
    bool may_be_next = !placed[i];
    for (std::size_t j = 0; j < history.size(); ++j) {
      may_be_next = may_be_next && (placed[j] || !(history[j].responded < history[i].invoked));
    }
    if (!may_be_next) continue;
    const model::ObjectAnswer answer =
        model::apply(protocol, 0, state, history[i].op, history[i].args);
    if (!history[i].is_pending() && answer.result != history[i].result) continue;
    placed[i] = true;
    const bool found = can_go_on(protocol, history, placed, answer.state);
    placed[i] = false;
    if (found) return true;
  }
  return false;
}

}  // namespace

bool is_linearizable_by_brute_force(const Protocol& protocol, const History& history) {
  std::vector<bool> placed(history.size(), false);
  return can_go_on(protocol, history, placed, protocol.objects[0].initial);
}

std::string describe(const Protocol& protocol, const std::vector<HistoryEvent>& events) {
  static const char* const kNames[] = {"call", "ok", "fail", "info"};
  std::string text;
  for (const HistoryEvent& event : events) {
    const ObjectOp& op = protocol.objects[0].ops[static_cast<std::size_t>(event.op)];
    text += fmt::format("{} {} {}(", event.process, kNames[static_cast<int>(event.kind)], op.name);
    for (const Value& argument : event.args) text += fmt::format("{} ", argument.number());
    text += ")";
    if (event.kind == HistoryEvent::Kind::Ok && op.has_result) {
      text += " -> " + protocol.types.format(op.result, event.result);
    }
    text += "\n";
  }
  return text;
}

}  // namespace capstan::tests
