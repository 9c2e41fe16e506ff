// SPDX-License-Identifier: MIT
#include "checker/prove/segments.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "model/base/require.hpp"

namespace capstan::checker {

using model::Code;
using model::Statement;
using model::StatementKind;
using model::Type;
using model::TypeId;
using model::Value;

namespace {

class Finder {
 public:
  explicit Finder(const model::Protocol& protocol) : protocol_(protocol) {}

  std::vector<CodeSegment> all() {
    for (std::size_t r = 0; r < protocol_.roles.size(); ++r) add_role(static_cast<int>(r));
    return std::move(found_);
  }

 private:
  void add_role(int index) {
    using Kind = CodeSegment::Kind;
    const model::Role& role = protocol_.roles[static_cast<std::size_t>(index)];
    const auto name = [&](const std::string& what) {
      return fmt::format("`{}` of `{}`", what, role.name);
    };
    for (std::size_t i = 0; i < role.on_start.size(); ++i)
      add(Kind::Start, index, i, role.on_start[i], name("on start"));
    for (std::size_t i = 0; i < role.on_restart.size(); ++i)
      add(Kind::Restart, index, i, role.on_restart[i], name("on restart"));
    for (std::size_t i = 0; i < role.handlers.size(); ++i) {
      const auto message = static_cast<std::size_t>(role.handlers[i].message);
      add(Kind::Handler, index, i, role.handlers[i].code,
          name("on " + protocol_.messages[message].name));
    }
    for (std::size_t i = 0; i < role.actions.size(); ++i)
      add(Kind::Action, index, i, role.actions[i].code, name("action " + role.actions[i].name));
    for (std::size_t i = 0; i < role.operations.size(); ++i) {
      const model::Operation& operation = role.operations[i];
      const model::Object& object = protocol_.objects[static_cast<std::size_t>(operation.object)];
      const std::string& op = object.ops[static_cast<std::size_t>(operation.op)].name;
      add(Kind::Operation, index, i, operation.code, name("op " + object.name + "." + op));
    }
  }

  void add(CodeSegment::Kind kind, int role, std::size_t index, const Code& code,
           const std::string& name) {
    CodeSegment segment;
    segment.kind = kind;
    segment.role = role;
    segment.index = static_cast<int>(index);
    segment.code = &code;
    segment.name = name;
    std::vector<const Statement*> stops;
    try {
      stops = suspensions(code.block);
    } catch (const CannotEncode& reason) {
      segment.refused = reason;
    }
    found_.push_back(segment);
    for (std::size_t i = 0; i < stops.size(); ++i) {
      segment.at = stops[i];
      const bool is_ask = stops[i]->kind == StatementKind::Ask;
      const std::string which = stops.size() == 1 ? "" : fmt::format("{} ", i + 1);
      segment.name = fmt::format("{} after {}{}", name, is_ask ? "its ask " : "its wait ", which);
      segment.name.pop_back();
      found_.push_back(segment);
      if (!is_ask || !stops[i]->ask->has_else) continue;
      segment.otherwise = true;
      segment.name = fmt::format("the else of {}", segment.name);
      found_.push_back(segment);
      segment.otherwise = false;
    }
  }

  const model::Protocol& protocol_;
  std::vector<CodeSegment> found_;
};

void bind_action(const model::Action& action, Setting& setting, const std::string& prefix,
                 Entry& entry) {
  for (const model::Binder& binder : action.binders) {
    const TermPtr set = setting.encoder.evaluate(*binder.set, entry.scene);
    if (set->kind != Term::Kind::Set) throw CannotEncode{"a sequence", binder.set->span};
    const TypeId type = setting.encoder.protocol().types.at(binder.set->type).element;
    for (const int slot : binder.slots) {
      const TermPtr value = setting.universe.fresh(type, fmt::format("{}local {}", prefix, slot));
      entry.scene.locals.at(static_cast<std::size_t>(slot)) = value;
      entry.assumed.push_back(set->contains(value));
    }
  }
  if (action.binders_where)
    entry.assumed.push_back(setting.encoder.truth(*action.binders_where, entry.scene));
}

void bind_parameters(const CodeSegment& segment, Setting& setting, const std::string& prefix,
                     Entry& entry) {
  const model::Frame& frame = segment.code->frame;
  for (int i = 0; i < frame.parameter_count; ++i) {
    TermPtr& local = entry.scene.locals.at(static_cast<std::size_t>(i));
    if (!local)
      local = setting.universe.fresh(frame.slots[static_cast<std::size_t>(i)].type,
                                     fmt::format("{}local {}", prefix, i));
  }
}

/// What stays of the locals at a suspension, and what the ask brought.
void bind_living(const CodeSegment& segment, Setting& setting, const std::string& prefix,
                 Entry& entry) {
  const auto bind = [&](int slot) {
    const TypeId type = segment.code->frame.slots.at(static_cast<std::size_t>(slot)).type;
    if (setting.encoder.protocol().types.at(type).kind == Type::Kind::Unknown) return;
    entry.scene.locals.at(static_cast<std::size_t>(slot)) =
        setting.universe.fresh(type, fmt::format("{}local {}", prefix, slot));
  };
  for (const int slot : segment.at->live_slots) bind(slot);
  if (!segment.at->ask) return;
  const model::AskData& ask = *segment.at->ask;
  const int brought = segment.otherwise ? ask.replies_slot : ask.result_slot;
  if (brought >= 0) bind(brought);
}

/// The condition to be here; one that cannot be encoded is taken to hold.
void assume(const model::Expr* condition, Setting& setting, Entry& entry) {
  if (!condition) return;
  try {
    entry.scene.path = and_of(entry.scene.path, setting.encoder.truth(*condition, entry.scene));
  } catch (const CannotEncode&) {
    entry.is_exact = false;
  }
}

}  // namespace

std::vector<CodeSegment> segments_of(const model::Protocol& protocol) {
  return Finder(protocol).all();
}

bool assigns_any(const model::Protocol& protocol, const model::Block& block,
                 const std::vector<int>& slots) {
  const auto inner = [&](const model::Block& part) { return assigns_any(protocol, part, slots); };
  return std::any_of(block.begin(), block.end(), [&](const Statement& statement) {
    if (statement.kind == StatementKind::Assign &&
        statement.place.root == model::Place::Root::Variable &&
        std::ranges::find(slots, statement.place.slot) != slots.end())
      return true;
    if (statement.kind == StatementKind::Call &&
        inner(protocol.functions[static_cast<std::size_t>(statement.index)].block))
      return true;
    return inner(statement.body) || inner(statement.otherwise) ||
           (statement.ask && inner(statement.ask->otherwise));
  });
}

Entry enter(const CodeSegment& segment, Setting& setting, Scene scene, const std::string& prefix) {
  if (segment.refused) throw *segment.refused;
  Entry entry{std::move(scene), {}, true};
  entry.scene.locals.assign(segment.code->frame.slots.size(), nullptr);
  const z3::expr reading = setting.universe.any_number(prefix + "now");
  entry.scene.now = time_term(setting.universe.truth(true), reading);
  const bool is_action = segment.kind == CodeSegment::Kind::Action;
  const model::Role& role =
      setting.encoder.protocol().roles[static_cast<std::size_t>(segment.role)];
  if (segment.kind == CodeSegment::Kind::Handler) {
    const z3::expr sender = setting.universe.any_number(prefix + "sender");
    entry.scene.sender = number_term(sender);
    if (setting.universe.has_bounds())
      entry.assumed.push_back(sender >= 0 && sender < setting.encoder.protocol().process_count());
  }
  if (segment.at) {
    bind_living(segment, setting, prefix, entry);
    if (segment.at->kind == StatementKind::WaitUntil)
      assume(segment.at->value.get(), setting, entry);
    return entry;
  }
  if (is_action)
    bind_action(role.actions[static_cast<std::size_t>(segment.index)], setting, prefix, entry);
  bind_parameters(segment, setting, prefix, entry);
  assume(segment.code->guard.get(), setting, entry);
  return entry;
}

std::vector<Way> ways_of(const CodeSegment& segment, Setting& setting, const Scene& scene) {
  const model::Block& block = segment.code->block;
  if (!segment.at) return setting.execution.run(block, scene);
  return setting.execution.resume(block, *segment.at, segment.otherwise, scene);
}

TypeId process_type(const model::Protocol& protocol, int role) {
  for (std::uint32_t i = 0; i < protocol.types.size(); ++i) {
    const Type& type = protocol.types.at({i});
    if (type.kind == Type::Kind::Process && type.role == role) return {i};
  }
  throw CannotEncode{"a role whose processes nothing names", {}};
}

std::vector<TypeId> types_of(const std::vector<model::Variable>& variables) {
  std::vector<TypeId> types;
  for (const model::Variable& variable : variables) types.push_back(variable.type);
  return types;
}

std::vector<Value> decoded(Setting& setting, const z3::model& model,
                           const std::vector<TermPtr>& terms, const std::vector<TypeId>& types) {
  std::vector<Value> values;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    const Type& type = setting.encoder.protocol().types.at(types.at(i));
    if (!terms[i]) {
      values.push_back(Value::none());
    } else if (terms[i]->kind == Term::Kind::Opaque) {
      values.push_back(type.kind == Type::Kind::Sequence ? Value::sequence({}) : Value::none());
    } else {
      values.push_back(setting.universe.decode(model, terms[i], types[i]));
    }
  }
  return values;
}

ConcreteScene concrete(const CodeSegment& segment, Setting& setting, const z3::model& model,
                       const Scene& scene, const std::vector<std::pair<TermPtr, TypeId>>& chosen) {
  const model::Protocol& protocol = setting.encoder.protocol();
  ConcreteScene result;
  std::vector<TypeId> slots;
  for (const model::Frame::Slot& slot : segment.code->frame.slots) slots.push_back(slot.type);
  result.locals = decoded(setting, model, scene.locals, slots);
  result.variables =
      decoded(setting, model, scene.variables,
              types_of(protocol.roles[static_cast<std::size_t>(segment.role)].variables));
  std::vector<TypeId> ghosts;
  for (const model::Ghost& ghost : protocol.ghosts) ghosts.push_back(ghost.type);
  result.ghosts = decoded(setting, model, scene.ghosts, ghosts);
  const auto number = [&](const TermPtr& term) {
    std::int64_t value = 0;
    if (!model.eval(number_of(term), true).is_numeral_i64(value))
      throw CannotEncode{"a number beyond 64 bits", {}};
    return value;
  };
  result.self = static_cast<int>(number(scene.self));
  if (scene.sender) result.sender = static_cast<int>(number(scene.sender));
  if (scene.now) result.now = number(scene.now->parts[0]);
  for (const auto& [term, type] : chosen)
    result.chosen.push_back(setting.universe.decode(model, term, type));
  return result;
}

void replay(const model::Protocol& protocol, const CodeSegment& segment, ConcreteScene& scene) {
  Replay run(protocol);
  if (segment.at) {
    run.resume(segment.code->block, *segment.at, segment.otherwise, scene);
  } else {
    run.run(segment.code->block, scene);
  }
}

}  // namespace capstan::checker
