// SPDX-License-Identifier: MIT
// objects: what the clients are promised (D17): the built-in kinds with their operations, and
// written-out ones. Tested by: tests/unit/model/typed, tests/golden/typed
#include <fmt/format.h>

#include "model/typed/body.hpp"

namespace capstan::model {
namespace {

const std::map<std::string, ObjectKind> kKinds = {
    {"register", ObjectKind::Register}, {"cas_register", ObjectKind::CasRegister},
    {"counter", ObjectKind::Counter},   {"set", ObjectKind::Set},
    {"queue", ObjectKind::Queue},       {"log", ObjectKind::Log},
    {"lock", ObjectKind::Lock}};

ObjectOp make_op(std::string name, std::vector<Type::Field> parameters,
                 std::optional<TypeId> result = std::nullopt) {
  ObjectOp op;
  op.name = std::move(name);
  op.parameters = std::move(parameters);
  op.has_result = result.has_value();
  op.result = result.value_or(TypeId{});
  return op;
}

/// What may be written to a register: `none` of an optional type is its initial value only.
TypeId written_type(const TypeTable& types, TypeId element) {
  const Type& type = types.at(element);
  return type.kind == Type::Kind::Option ? type.element : element;
}

/// The operations of D17, in its order.
std::vector<ObjectOp> builtin_ops(TypeTable& types, ObjectKind kind, TypeId element) {
  const TypeId boolean = bool_type(types);
  const TypeId integer = int_type(types);
  std::vector<ObjectOp> ops;
  switch (kind) {
    case ObjectKind::Register:
    case ObjectKind::CasRegister:
      ops.push_back(make_op("read", {}, element));
      ops.push_back(make_op("write", {{"value", written_type(types, element)}}));
      if (kind == ObjectKind::CasRegister) {
        ops.push_back(
            make_op("cas", {{"old", element}, {"new", written_type(types, element)}}, boolean));
      }
      return ops;
    case ObjectKind::Counter:
      ops.push_back(make_op("read", {}, integer));
      ops.push_back(make_op("increment", {}));
      ops.push_back(make_op("decrement", {}));
      ops.push_back(make_op("add", {{"n", integer}}));
      return ops;
    case ObjectKind::Set:
      ops.push_back(make_op("read", {}, set_of(types, element)));
      ops.push_back(make_op("add", {{"element", element}}));
      ops.push_back(make_op("remove", {{"element", element}}));
      ops.push_back(make_op("contains", {{"element", element}}, boolean));
      return ops;
    case ObjectKind::Queue:
      ops.push_back(make_op("enqueue", {{"element", element}}));
      ops.push_back(make_op("dequeue", {}, option_of(types, element)));
      return ops;
    case ObjectKind::Log:
      ops.push_back(make_op("append", {{"element", element}}));
      ops.push_back(make_op("read", {}, sequence_of(types, element)));
      return ops;
    case ObjectKind::Lock:
      ops.push_back(make_op("acquire", {}, boolean));
      ops.push_back(make_op("release", {}, boolean));
      return ops;
    case ObjectKind::Written:
      return ops;
  }
  return ops;
}

/// The type of the state of a built-in object.
TypeId state_type(TypeTable& types, ObjectKind kind, TypeId element) {
  if (kind == ObjectKind::Counter) return int_type(types);
  if (kind == ObjectKind::Lock) return bool_type(types);
  if (kind == ObjectKind::Set) return set_of(types, element);
  if (kind == ObjectKind::Queue || kind == ObjectKind::Log) return sequence_of(types, element);
  return element;
}

/// Empty, zero, free or none; nullopt if the type has nothing of the kind.
std::optional<Value> empty_value(const TypeTable& types, TypeId id) {
  const Type& type = types.at(id);
  if (type.kind == Type::Kind::Option) return Value::none();
  if (type.kind == Type::Kind::Set) return Value::set({});
  if (type.kind == Type::Kind::Sequence) return Value::sequence({});
  if (type.kind == Type::Kind::Bool) return Value::boolean(false);
  const bool number = type.kind == Type::Kind::Int || type.kind == Type::Kind::Range;
  if (number && types.contains(id, Value::integer(0))) return Value::integer(0);
  return std::nullopt;
}

}  // namespace

void Elaboration::elaborate_objects() {
  for (std::size_t i = 0; i < file.objects.size(); ++i) {
    elaborate_object(i);
    refuse_times(protocol.objects[i]);
  }
}

/// A history is judged without clocks.
void Elaboration::refuse_times(const Object& object) {
  bool found = holds_time(types(), object.element);
  for (const Type::Field& state : object.states) found = found || holds_time(types(), state.type);
  for (const ObjectOp& op : object.ops) {
    found = found || holds_time(types(), op.result);
    for (const Type::Field& each : op.parameters) found = found || holds_time(types(), each.type);
  }
  if (!found) return;
  error("E0497", object.span,
        fmt::format("the object `{}` holds times, which is not supported yet", object.name),
        "in its values or operations")
      .helps.push_back(
          "what clients write and read is judged without clocks: keep the time in a variable or a "
          "message of the servers, and let the object hold the value alone");
}

void Elaboration::elaborate_object(std::size_t index) {
  const ast::Object& declared = file.objects[index];
  Object& object = protocol.objects[index];
  if (declared.key) {
    object.has_key = true;
    object.key = named_type(*declared.key);
    if (!is_unknown(object.key) && !types().domain(object.key)) {
      error("E0324", declared.key->span,
            fmt::format("{} cannot be the key of an object: it has too many values", a(object.key)),
            "not a small type");
    }
  }
  if (declared.builtin) {
    elaborate_builtin_object(declared, object);
  } else {
    elaborate_written_object(declared, object);
  }
}

void Elaboration::elaborate_builtin_object(const ast::Object& declared, Object& object) {
  const auto kind = kKinds.find(declared.builtin->text);
  if (kind == kKinds.end()) {
    Diagnostic& diagnostic = error(
        "E0214", declared.builtin->span,
        fmt::format("there is no built-in object `{}`", declared.builtin->text), "unknown object");
    std::vector<std::string> names;
    std::string list;
    for (const auto& [name, unused] : kKinds) {
      names.push_back(name);
      list += (list.empty() ? "`" : ", `") + name + "`";
    }
    suggest_for(diagnostic, declared.builtin->text, names);
    diagnostic.notes.push_back("the built-in objects are " + list);
    return;
  }
  object.kind = kind->second;
  const bool simple = object.kind == ObjectKind::Counter || object.kind == ObjectKind::Lock;
  if (simple != (declared.element == nullptr)) {
    error("E0324", simple ? declared.element->span : declared.builtin->span,
          simple ? fmt::format("a `{}` has no type of elements", declared.builtin->text)
                 : fmt::format("a `{}` needs the type of what it holds", declared.builtin->text),
          simple ? "not needed" : fmt::format("as in `{} of Value`", declared.builtin->text));
    return;
  }
  if (declared.element) {
    object.element = resolve(*declared.element);
    if (is_unknown(object.element)) {
      object.ops = builtin_ops(types(), object.kind, object.element);
      return;
    }
  }
  object.ops = builtin_ops(types(), object.kind, object.element);
  const TypeId state = state_type(types(), object.kind, object.element);
  if (declared.initial) {
    const auto value =
        constant(*declared.initial, state, fmt::format("the initial value of `{}`", object.name));
    object.initial = value.value_or(Value());
    if (!value || types().contains(state, *value)) return;
    error("E0403", declared.initial->span,
          fmt::format("`{}` would begin as {}, outside {}", object.name,
                      types().format(state, *value), types().describe(state)),
          "outside its type");
    return;
  }
  const auto empty = empty_value(types(), state);
  if (!empty) {
    error("E0406", declared.element ? declared.element->span : declared.name.span,
          fmt::format("`{}` has no initial value: {} has neither `none` nor 0", object.name,
                      a(object.element)),
          a(object.element))
        .helps.push_back(fmt::format("write `of {}?`, or give the value: `= ...`",
                                     text(declared.element->span)));
    return;
  }
  object.initial = *empty;
}

void Elaboration::elaborate_written_object(const ast::Object& declared, Object& object) {
  object.kind = ObjectKind::Written;
  std::vector<Value> initial;
  for (const ast::ObjectState& state : declared.states) {
    const std::string what = fmt::format("the state `{}`", state.name.text);
    const TypeId type = resolve(*state.type);
    object.states.push_back({state.name.text, type});
    refuse_declaration(-1, state.name);
    Value value;
    const auto known = is_unknown(type)
                           ? std::nullopt
                           : constant(*state.value, type, "the initial value of " + what);
    if (known) {
      value = *known;
      if (!types().contains(type, value)) {
        error("E0403", state.value->span,
              fmt::format("{} would begin as {}, outside {}", what, types().format(type, value),
                          types().describe(type)),
              "outside its type");
      }
    }
    initial.push_back(value);
  }
  object.initial = Value::tuple(std::move(initial));
  for (const ast::ObjectOp& written : declared.ops) {
    ObjectOp op;
    op.name = written.name.text;
    op.parameters = resolve_fields(written.fields, fmt::format("`{}`", op.name), false);
    op.has_result = written.result != nullptr;
    if (written.result) op.result = resolve(*written.result);
    for (const ObjectOp& other : object.ops) {
      if (other.name != op.name) continue;
      error("E0205", written.name.span,
            fmt::format("the object `{}` has two operations `{}`", object.name, op.name),
            "declared again");
    }
    object.ops.push_back(std::move(op));
  }
}

void Elaboration::elaborate_written_code(const ast::Object& declared, Object& object) {
  for (std::size_t i = 0; i < declared.ops.size(); ++i) {
    const ast::ObjectOp& written = declared.ops[i];
    ObjectOp& op = object.ops[i];
    Body body(*this, BodyKind::ObjectOp);
    body.object = &object;
    body.operation = &op;
    for (std::size_t p = 0; p < written.fields.size(); ++p) {
      body.parameter(written.fields[p].name, op.parameters[p].type);
    }
    op.block = body.block(written.block);
    op.frame = std::move(body.frame);
    if (op.has_result && falls_through(op.block)) {
      error("E0319", written.name.span,
            fmt::format("`{}.{}` must return {}, and this may end without", object.name, op.name,
                        a(op.result)),
            "may end without `return`")
          .notes.push_back("every operation of an object is answered in every state");
    }
  }
}

}  // namespace capstan::model
